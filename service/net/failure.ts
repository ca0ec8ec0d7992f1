import type { ProblemCode } from '../errors.ts'
import type { Settings } from '../settings.ts'
import { ConnectorError } from '../errors.ts'
import { bareUrl } from './bare-url.ts'

type Fault = 'unreachable' | 'certificate' | 'reset' | 'connect-timeout' | 'protocol' | 'too-large'

/** What the codes of node, undici, got and zlib mean; the first row that matches counts. */
const FAULTS: readonly (readonly [codes: RegExp, fault: Fault, reason: string])[] = [
  [/^read /, 'reset', 'the connection broke'],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, 'connect-timeout', 'no connection was made in time'],
  [
    /^(UND_ERR_RES_EXCEEDED_MAX_SIZE|ERR_BUFFER_TOO_LARGE)$/,
    'too-large',
    'the answer is too large'
  ],
  [/^ENOTFOUND$/, 'unreachable', 'the name is not known'],
  [/^(EAI_|ENODATA|ESERVFAIL)/, 'unreachable', 'the name could not be looked up'],
  [/^ECONNREFUSED$/, 'unreachable', 'the connection was refused'],
  [/^(EHOST|ENET|EADDR|EACCES|EPERM|EINVAL)/, 'unreachable', 'no way leads there'],
  [/^CERT_HAS_EXPIRED$/, 'certificate', 'it has expired'],
  [/^(ERR_TLS_CERT_ALTNAME|HOSTNAME_MISMATCH)/, 'certificate', 'it is for another name'],
  [/SELF_SIGNED_CERT/, 'certificate', 'it is self-signed'],
  [/^UNABLE_TO_/, 'certificate', 'its issuer is not known'],
  [/^(CERT_|CRL_|INVALID_|PATH_LENGTH_|OCSP_)/, 'certificate', 'it is not valid'],
  [/^(ERR_SSL_|ERR_TLS_|EPROTO$)/, 'protocol', 'TLS is not spoken there'],
  [/HEADERS?_OVERFLOW$/, 'protocol', 'the headers of the answer are too long'],
  [/^(HPE_|HTTPParserError$)/, 'protocol', 'the answer is malformed'],
  [/^(Z_|ERR__|ERR_BROTLI)/, 'protocol', 'the answer cannot be decompressed'],
  [/^ContentCodingError$/, 'protocol', 'its content encoding is not gzip, deflate or br alone'],
  [/^(ECONN|EPIPE$|UND_ERR_(SOCKET|INFO|DESTROYED|CLOSED)$)/, 'reset', 'the connection was closed'],
  [
    /(PREMATURE_CLOSE|(RES|HTTP)_CONTENT_LENGTH_MISMATCH|RESPONSE_STREAM)$/,
    'reset',
    'the answer broke off'
  ]
]

const UPSTREAM = {
  unreachable: 'UPSTREAM_UNREACHABLE',
  certificate: 'UPSTREAM_TLS',
  reset: 'UPSTREAM_RESET',
  'connect-timeout': 'UPSTREAM_CONNECT_TIMEOUT',
  'too-large': 'UPSTREAM_TOO_LARGE',
  protocol: 'UPSTREAM_PROTOCOL'
} as const satisfies Record<Fault, ProblemCode>

const DOCUMENT = {
  unreachable: 'DOCUMENT_UNREACHABLE',
  certificate: 'DOCUMENT_UNREACHABLE',
  reset: 'DOCUMENT_UNREACHABLE',
  'connect-timeout': 'DOCUMENT_CONNECT_TIMEOUT',
  'too-large': 'DOCUMENT_TOO_LARGE',
  protocol: 'DOCUMENT_UNREACHABLE'
} as const satisfies Record<Fault, ProblemCode>

/**
 * What a failed call of an API means: one of `UPSTREAM_*`, or `INTERNAL` for what no server can
 * cause.
 *
 * @param error Whatever the HTTP client threw. It may hold headers and queries, so nothing of it but
 *   its code goes on.
 */
export function upstreamFailure(
  error: unknown,
  url: URL,
  limits: Pick<Settings, 'CONNECT_TIMEOUT_MS' | 'RESPONSE_MAX_BYTES'>
): ConnectorError {
  if (error instanceof ConnectorError) return error
  const { fault, reason, code } = diagnose(error)
  if (fault === null) return new ConnectorError('INTERNAL', {}, { cause: { code } })
  const limit = fault === 'too-large' ? limits.RESPONSE_MAX_BYTES : limits.CONNECT_TIMEOUT_MS
  const holes = { host: url.host, reason: `${reason} (${code})`, limit }
  return new ConnectorError(UPSTREAM[fault], holes, { cause: { code } })
}

/** The same for a fetch of a document: one of `DOCUMENT_*`, or `INTERNAL`. */
export function documentFailure(
  error: unknown,
  url: URL,
  limits: Pick<Settings, 'CONNECT_TIMEOUT_MS' | 'DOCUMENT_MAX_BYTES'>
): ConnectorError {
  if (error instanceof ConnectorError) return error
  const { fault, reason, code } = diagnose(error)
  if (fault === null) return new ConnectorError('INTERNAL', {}, { cause: { code } })
  const limit = fault === 'too-large' ? limits.DOCUMENT_MAX_BYTES : limits.CONNECT_TIMEOUT_MS
  const subject = fault === 'certificate' ? 'the certificate was refused, ' : ''
  const holes = { url: bareUrl(url), reason: `${subject}${reason} (${code})`, limit }
  return new ConnectorError(DOCUMENT[fault], holes, { cause: { code } })
}

function diagnose(error: unknown): { fault: Fault | null; reason: string; code: string } {
  const codes = codesWithin(error)
  for (const code of codes) {
    const row = FAULTS.find(([pattern]) => pattern.test(code))
    if (row !== undefined) return { fault: row[1], reason: row[2], code }
  }
  return { fault: null, reason: '', code: codes.at(-1) ?? 'UNKNOWN' }
}

/** The codes of an error and of what caused it, the innermost first, as that says most. */
function codesWithin(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return []
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause
  // Some errors have a class of their own in place of a code.
  const own = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return [...codesWithin(inner, depth + 1), isOfConnection(error, own) ? `read ${own}` : own]
}

/** Whether a way or time was lost on a connection that was made: the request may have arrived. */
function isOfConnection(error: Error, code: string): boolean {
  const isAtWork = 'syscall' in error && /^(read|write)/.test(`${error.syscall}`)
  return isAtWork && /^E(TIMEDOUT|HOST|NET)/.test(code)
}
