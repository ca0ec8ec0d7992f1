import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

/** Some servers refuse calls without a user agent. */
export const USER_AGENT = 'openapi-flow-connector'

/** RFC 9110 12.5.3. */
export const ACCEPT_ENCODING = 'gzip, deflate, br'

type Decoder = (bytes: Uint8Array, bound: { maxOutputLength: number }) => Promise<Uint8Array>

const gunzipBytes: Decoder = promisify(gunzip)
const DECODERS: { readonly [coding: string]: Decoder } = {
  gzip: gunzipBytes,
  'x-gzip': gunzipBytes,
  deflate: promisify(inflate),
  br: promisify(brotliDecompress)
}

/** A content coding that `ACCEPT_ENCODING` does not list, or several nested ones. */
export class ContentCodingError extends Error {
  override readonly name = 'ContentCodingError'
}

/**
 * Decodes one content coding (RFC 9110 8.4). An empty body stays empty whatever its header claims.
 *
 * @param contentEncoding Value of the header; blank for none.
 * @param maxOutputLength Limit on the result in bytes.
 * @throws ContentCodingError for other or nested codings; RangeError with code `ERR_BUFFER_TOO_LARGE`
 *   past the limit; zlib's errors for malformed data.
 */
export async function decodeBody(
  bytes: Uint8Array,
  contentEncoding: string,
  maxOutputLength: number
): Promise<Uint8Array> {
  const coding = contentEncoding.trim().toLowerCase()
  if (bytes.length === 0 || coding === '' || coding === 'identity') return bytes
  const decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined
  if (decode === undefined) throw new ContentCodingError()
  return decode(bytes, { maxOutputLength })
}

/** Joins several values of one header by ", ". */
export function joinHeaders(headers: {
  readonly [name: string]: string | string[] | undefined
}): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return joined
}
