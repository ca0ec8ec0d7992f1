import { isUtf8 } from 'node:buffer'
import {
  type BrotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  type Gunzip,
  type Inflate,
  type InflateRaw
} from 'node:zlib'

import type { ResponseBytes } from './response-budget.ts'
import { takeBytes } from './response-budget.ts'

/** Some servers refuse calls without a user agent. */
export const USER_AGENT = 'openapi-flow-connector'

/** RFC 9110 12.5.3. */
export const ACCEPT_ENCODING = 'gzip, deflate, br'

type Unpacker = Gunzip | Inflate | InflateRaw | BrotliDecompress

type Coding = {
  /** Whether a body may be in this coding. */
  readonly fits: (bytes: Uint8Array) => boolean
  readonly unpacker: (bytes: Uint8Array) => Unpacker
}

const GZIP: Coding = { fits: isGzip, unpacker: () => createGunzip() }

/** The content codings of `ACCEPT_ENCODING`. Many servers send `deflate` without its zlib header. */
const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  [
    'deflate',
    {
      fits: bytes => !isText(bytes),
      unpacker: bytes => (isZlib(bytes) ? createInflate() : createInflateRaw())
    }
  ],
  ['br', { fits: bytes => !isText(bytes), unpacker: () => createBrotliDecompress() }]
])

/** The registered content codings that are not asked for (RFC 9110 16.6). */
const OTHER_CODINGS: ReadonlySet<string> = new Set([
  'aes128gcm',
  'compress',
  'dcb',
  'dcz',
  'exi',
  'pack200-gzip',
  'x-compress',
  'zstd'
])

/** How much of a body decides whether it is text, and how much of a header is repeated. */
const TEXT_BYTES = 64
const CLAIM_MAX_LENGTH = 60

/** A content coding that `ACCEPT_ENCODING` does not list, or several nested ones. */
export class ContentCodingError extends Error {
  override readonly name = 'ContentCodingError'
}

/** A body is longer than it may be. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError'
  readonly code = 'ERR_BUFFER_TOO_LARGE'
}

/** How an answer is decoded. */
export type DecodeOptions = {
  /** Limit on the result in bytes. */
  readonly maxBytes: number
  /** Whether a body that is not in the coding that its header claims is returned as it is. */
  readonly takesPlain: boolean
  /** Logs what was ignored of a `Content-Encoding`. */
  readonly warn: WarnOfCoding
}

export type WarnOfCoding = (
  message: string,
  facts: { readonly host: string; readonly contentEncoding: string }
) => void

/**
 * Decodes one content coding (RFC 9110 8.4) of an answer. An empty body stays empty whatever its header
 * claims. Words that are no content coding, such as `utf-8`, are ignored.
 *
 * @param contentEncoding Value of the header; blank for none.
 * @param held What the decoded bytes count for, as they come; null for nothing.
 * @throws ContentCodingError for other or nested codings; BodyTooLargeError past the limit; ConnectorError
 *   `ANSWERS_FULL` or `FETCHES_FULL`; zlib's errors for malformed data.
 */
export async function decodeBody(
  bytes: Uint8Array,
  contentEncoding: string,
  { host }: URL,
  { maxBytes, takesPlain, warn }: DecodeOptions,
  held: ResponseBytes | null
): Promise<Uint8Array> {
  const words = contentEncoding.split(',').map(word => word.trim().toLowerCase())
  const claimed = words.filter(word => word !== '' && word !== 'identity')
  if (bytes.length === 0 || claimed.length === 0) return bytes
  const [name, ...nested] = claimed.filter(word => CODINGS.has(word) || OTHER_CODINGS.has(word))
  const coding = CODINGS.get(name ?? '')
  if (name !== undefined && (coding === undefined || nested.length > 0)) {
    throw new ContentCodingError()
  }
  const isPlain = coding === undefined || (takesPlain && !coding.fits(bytes))
  const ignored = claimed.filter(word => isPlain || word !== name)
  if (ignored.length > 0) {
    const contentEncoding = ignored.join(', ').slice(0, CLAIM_MAX_LENGTH)
    warn('the content encoding of an answer was ignored', { host, contentEncoding })
  }
  return isPlain ? bytes : unpack(coding.unpacker(bytes), bytes, maxBytes, held)
}

/** Unpacks bytes, and counts each chunk before the next one is made. */
function unpack(
  unpacker: Unpacker,
  bytes: Uint8Array,
  maxBytes: number,
  held: ResponseBytes | null
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let size = 0
    unpacker.on('data', (chunk: Uint8Array) => {
      size += chunk.length
      const refusal =
        size > maxBytes ? new BodyTooLargeError() : held && takeBytes(held, chunk.length)
      if (refusal !== null) unpacker.destroy(refusal)
      else chunks.push(chunk)
    })
    unpacker.once('end', () => resolve(Buffer.concat(chunks, size)))
    unpacker.once('error', reject)
    unpacker.end(bytes)
  })
}

function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b
}

/** The header of RFC 1950 2.2. */
function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0
}

/** Whether bytes are text. Those of a compressed body are neither UTF-8 nor free of control characters. */
function isText(bytes: Uint8Array): boolean {
  const sample = [...bytes.subarray(0, TEXT_BYTES), ...bytes.subarray(-1)]
  return isUtf8(bytes) && !sample.some(byte => byte < 0x20 && !WHITESPACE.has(byte))
}

const WHITESPACE: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d])

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
