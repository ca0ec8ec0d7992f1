/**
 * The offset after the JSON string literal that begins at `start`; the length of the text when it does not
 * end. A regular expression would overflow the stack on very long strings.
 */
export function jsonStringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; ) {
    let slashes = 0
    while (text[quote - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return quote + 1
    quote = text.indexOf('"', quote + 1)
  }
  return text.length
}

/** Characters that JSON strings must escape (RFC 8259 7), or that are not ASCII. */
const NOT_PLAIN = /[^ !#-[\]-~]/

/** Of longer texts the expression takes longer than `JSON.stringify`. */
const SHORT_LENGTH = 4_096

/** Whether a text is short, ASCII, and needs no escaping in JSON. */
export function isPlain(text: string): boolean {
  return text.length <= SHORT_LENGTH && !NOT_PLAIN.test(text)
}

/** Whether a text is ASCII. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}

/** The same as `JSON.stringify`, twice as fast for short plain text. */
export function quoted(text: string): string {
  return isPlain(text) ? `"${text}"` : JSON.stringify(text)
}
