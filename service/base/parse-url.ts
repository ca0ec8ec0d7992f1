/** Most characters of a URL. Servers refuse longer ones, and reading one takes time. */
export const URL_MAX_LENGTH = 8_192

/** Most characters of a host name (RFC 1035 2.3.4). */
export const HOST_MAX_LENGTH = 253

/**
 * Parses a URL that was given by a caller, a document or an answer.
 *
 * @param base What a relative URL is resolved against.
 * @returns Null for what is no URL, for one of more than 8,192 characters, and for a host of more than 253.
 */
export function parseUrl(text: string, base?: string): URL | null {
  if (text.length > URL_MAX_LENGTH) return null
  const url = URL.parse(text, base)
  return url !== null && url.hostname.length <= HOST_MAX_LENGTH ? url : null
}
