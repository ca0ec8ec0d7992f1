/** What RFC 6265 4.1.1 lets a cookie's value hold. */
const NOT_IN_COOKIE_VALUE = /[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+/g

/** The same without `=`, and without `%`, which marks the rest. */
const NOT_IN_COOKIE = /[^\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c\x3e-\x5b\x5d-\x7e]+/g

/** Text as a part of a URL; halves of characters are replaced. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

/** Text as a cookie's name, or as a part of its value that reads back. */
export function encodeCookie(text: string): string {
  return text.toWellFormed().replace(NOT_IN_COOKIE, encodeURIComponent)
}

/** Text as the whole value of a cookie: what may stand there stays as it is, for it may be encoded already. */
export function encodeCookieValue(text: string): string {
  return text.toWellFormed().replace(NOT_IN_COOKIE_VALUE, encodeURIComponent)
}
