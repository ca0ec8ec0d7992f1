import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

/** How the connector names itself to every server that it calls; some refuse callers without a name. */
export const USER_AGENT = 'openapi-flow-connector'

/** What requests say they accept (RFC 9110 12.5.3). */
export const ACCEPT_ENCODING = 'gzip, deflate, br'

type Decoder = (bytes: Uint8Array, bound: { maxOutputLength: number }) => Promise<Uint8Array>

const gunzipBytes: Decoder = promisify(gunzip)
const DECODERS: { readonly [coding: string]: Decoder } = {
  gzip: gunzipBytes,
  'x-gzip': gunzipBytes,
  deflate: promisify(inflate),
  br: promisify(brotliDecompress)
}

/** A content coding other than one of `ACCEPT_ENCODING`, or several on top of each other. */
export class ContentCodingError extends Error {
  override readonly name = 'ContentCodingError'
}

/**
 * Undoes one content coding (RFC 9110 8.4). An empty body stays empty whatever its header claims.
 *
 * @param contentEncoding The header's value; blank for none.
 * @param maxOutputLength Bytes of the result at the most; unpacking ends there.
 * @throws ContentCodingError for several codings or another one; RangeError with the code
 *   `ERR_BUFFER_TOO_LARGE` past the bound; zlib's errors for what is not in the coding.
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

/** Headers of an answer, each with one value: several of one name are joined by ", ". */
export function joinHeaders(headers: {
  readonly [name: string]: string | string[] | undefined
}): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return joined
}
