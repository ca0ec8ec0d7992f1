/** What a terminal could take for a command, line breaks, and tabs, whose width is unknown. */
const CONTROLS = /\p{Cc}/gu

/** Text of others as a terminal can show it in one line: each control character is a blank. */
export function shownText(text: string): string {
  return text.replace(CONTROLS, ' ')
}
