/** Characters that a cookie value must not contain (RFC 6265 4.1.1). */
const NOT_IN_COOKIE_VALUE = /[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+/g

/** The same, with `=` and `%`. */
const NOT_IN_COOKIE = /[^\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c\x3e-\x5b\x5d-\x7e]+/g

/** Encodes a URL component. Lone surrogates are replaced. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

/** Decodes a URL component; undefined where it is not encoded right. */
export function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Encodes a cookie name, or part of a cookie value, reversibly. */
export function encodeCookie(text: string): string {
  return text.toWellFormed().replace(NOT_IN_COOKIE, encodeURIComponent)
}

/** Encodes only what a cookie value must not contain: the value may be encoded already. */
export function encodeCookieValue(text: string): string {
  return text.toWellFormed().replace(NOT_IN_COOKIE_VALUE, encodeURIComponent)
}
