const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Most bytes of a string that are looked at one by one. In longer ones, quotes are sought. */
const SHORT_BYTES = 64

/** Where the text after a JSON string that begins at `start` begins; the end of the bytes where it does not end. */
export function stringEnd(bytes: Uint8Array, start: number): number {
  const near = Math.min(bytes.length, start + SHORT_BYTES)
  let at = start + 1
  for (; at < near; at++) {
    const unit = bytes[at]
    if (unit === QUOTE) return at + 1
    if (unit === BACKSLASH) at++
  }
  for (let quote = bytes.indexOf(QUOTE, at); quote !== -1; ) {
    let slashes = 0
    while (quote - slashes > at && bytes[quote - 1 - slashes] === BACKSLASH) slashes++
    if (slashes % 2 === 0) return quote + 1
    quote = bytes.indexOf(QUOTE, quote + 1)
  }
  return bytes.length
}

/** Where the text after white space begins (RFC 8259 2). */
export function afterBlanks(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++
  return at
}
