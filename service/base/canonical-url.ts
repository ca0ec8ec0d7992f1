const UNRESERVED = /^[\w.~-]$/

/**
 * A URL in one form for all its spellings (RFC 3986 6.2.2), beyond what its parser does: unreserved characters are not
 * encoded, other encodings are in upper case, and the host has no dot at its end. It has no fragment, which is never
 * sent.
 */
export function canonicalUrl(given: URL): string {
  const url = new URL(given)
  url.hash = ''
  url.hostname = url.hostname.replace(/\.$/, '')
  return url.href.replaceAll(/%[\da-f]{2}/gi, encoded => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
    return UNRESERVED.test(character) ? character : encoded.toUpperCase()
  })
}
