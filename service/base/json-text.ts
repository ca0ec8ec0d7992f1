/**
 * The offset after the string literal of JSON text that begins at `start`; the text's length when it
 * does not end. Looked for by hand, because a pattern overflows on a string of many megabytes.
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

/** What a JSON string may not hold as it is (RFC 8259 7), and what may be half of a character. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

/** Whether a text stands in a JSON string as it is. */
export function isPlain(text: string): boolean {
  return !ESCAPED.test(text)
}

/** Text as a JSON string: what `JSON.stringify` gives, in half of its time for the short and plain. */
export function quoted(text: string): string {
  return isPlain(text) ? `"${text}"` : JSON.stringify(text)
}
