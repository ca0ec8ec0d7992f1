import type { ProblemCode } from '../errors.ts'
import type { Settings } from '../settings.ts'
import { ConnectorError } from '../errors.ts'
import { bareUrl } from '../base/bare-url.ts'

type Fault =
  | 'denied'
  | 'name-timeout'
  | 'unreachable'
  | 'tls'
  | 'reset'
  | 'connect-timeout'
  | 'protocol'
  | 'too-large'

/** What the codes of node, undici, got and zlib mean; the first row that matches counts. */
const FAULTS: readonly (readonly [codes: RegExp, fault: Fault, reason: string])[] = [
  [/^EGRESS_DENIED$/, 'denied', ''],
  [/^read /, 'reset', 'the connection broke'],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, 'connect-timeout', 'no connection was made in time'],
  [
    /^(UND_ERR_RES_EXCEEDED_MAX_SIZE|ERR_BUFFER_TOO_LARGE)$/,
    'too-large',
    'the answer is too large'
  ],
  [/^ENOTFOUND$/, 'unreachable', 'the name is not known'],
  [/^ETIMEOUT$/, 'name-timeout', ''],
  [/^EAI_/, 'unreachable', 'the name could not be looked up'],
  [
    /^(ERR_PROXY_|UND_ERR_(PRX_|ABORTED$|HEADERS_TIMEOUT$))/,
    'unreachable',
    'the proxy made no connection'
  ],
  [/^ECONNREFUSED$/, 'unreachable', 'the connection was refused'],
  [/^(EHOST|ENET|EADDR|EACCES|EPERM|EINVAL)/, 'unreachable', 'no way leads there'],
  [/^CERT_HAS_EXPIRED$/, 'tls', 'its certificate has expired'],
  [/^(ERR_TLS_CERT_ALTNAME|HOSTNAME_MISMATCH)/, 'tls', 'its certificate is for another name'],
  [/^DEPTH_ZERO_SELF_SIGNED_CERT$/, 'tls', 'its certificate is self-signed'],
  [
    /^(UNABLE_TO_|SELF_SIGNED_CERT_IN_CHAIN$)/,
    'tls',
    'the issuer of its certificate is not trusted'
  ],
  [/^(CERT_|CRL_|INVALID_|PATH_LENGTH_|OCSP_)/, 'tls', 'its certificate is not valid'],
  [/ALERT_CERTIFICATE_REQUIRED$/, 'tls', 'it asks for a client certificate'],
  [
    /ALERT_(\w+_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA)$/,
    'tls',
    'it refused the client certificate'
  ],
  [
    /ALERT_HANDSHAKE_FAILURE$/,
    'tls',
    'it refused the handshake, perhaps for want of a client certificate'
  ],
  [
    /(PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW)$/,
    'tls',
    'it speaks no TLS 1.2 or newer'
  ],
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

const COMMON = { denied: 'EGRESS_DENIED', 'name-timeout': 'DNS_TIMEOUT' } as const

const UPSTREAM = {
  ...COMMON,
  unreachable: 'UPSTREAM_UNREACHABLE',
  tls: 'UPSTREAM_TLS',
  reset: 'UPSTREAM_RESET',
  'connect-timeout': 'UPSTREAM_CONNECT_TIMEOUT',
  'too-large': 'UPSTREAM_TOO_LARGE',
  protocol: 'UPSTREAM_PROTOCOL'
} as const satisfies Record<Fault, ProblemCode>

const DOCUMENT = {
  ...COMMON,
  unreachable: 'DOCUMENT_UNREACHABLE',
  tls: 'DOCUMENT_UNREACHABLE',
  reset: 'DOCUMENT_UNREACHABLE',
  'connect-timeout': 'DOCUMENT_CONNECT_TIMEOUT',
  'too-large': 'DOCUMENT_TOO_LARGE',
  protocol: 'DOCUMENT_UNREACHABLE'
} as const satisfies Record<Fault, ProblemCode>

const IDENTITY = {
  ...COMMON,
  unreachable: 'IDENTITY_UNREACHABLE',
  tls: 'IDENTITY_UNREACHABLE',
  reset: 'IDENTITY_UNREACHABLE',
  'connect-timeout': 'IDENTITY_UNREACHABLE',
  'too-large': 'IDENTITY_ANSWER_INVALID',
  protocol: 'IDENTITY_ANSWER_INVALID'
} as const satisfies Record<Fault, ProblemCode>

/**
 * What a failed call of an API means: one of `UPSTREAM_*`, `EGRESS_DENIED`, `DNS_TIMEOUT`, or `INTERNAL`
 * for what no server can cause.
 *
 * @param error Whatever the HTTP client threw. It may hold headers and queries, so nothing of it but
 *   its code goes on.
 */
export function upstreamFailure(
  error: unknown,
  { host }: URL,
  limits: Pick<Settings, 'CONNECT_TIMEOUT_MS' | 'RESPONSE_MAX_BYTES'>
): ConnectorError {
  return failure(error, (fault, reason, details) => {
    const limit = fault === 'too-large' ? limits.RESPONSE_MAX_BYTES : limits.CONNECT_TIMEOUT_MS
    return new ConnectorError(UPSTREAM[fault], { host, limit, reason }, details)
  })
}

/** The same for a fetch of a document: one of `DOCUMENT_*` in place of `UPSTREAM_*`. */
export function documentFailure(
  error: unknown,
  url: URL,
  limits: Pick<Settings, 'CONNECT_TIMEOUT_MS' | 'DOCUMENT_MAX_BYTES'>
): ConnectorError {
  return failure(error, (fault, reason, details) => {
    const limit = fault === 'too-large' ? limits.DOCUMENT_MAX_BYTES : limits.CONNECT_TIMEOUT_MS
    const holes = { host: url.host, url: bareUrl(url), limit, reason }
    return new ConnectorError(DOCUMENT[fault], holes, details)
  })
}

/** The same for a call of a login: one of `IDENTITY_*` in place of `UPSTREAM_*`. */
export function identityFailure(error: unknown, { host }: URL): ConnectorError {
  return failure(
    error,
    (fault, reason, details) => new ConnectorError(IDENTITY[fault], { host, reason }, details)
  )
}

function failure(
  error: unknown,
  problem: (fault: Fault, reason: string, details: { readonly cause: unknown }) => ConnectorError
): ConnectorError {
  if (error instanceof ConnectorError) return error
  const { fault, reason, code } = diagnose(error)
  const details = { cause: { code } }
  if (fault === null) return new ConnectorError('INTERNAL', {}, details)
  return problem(fault, `${reason} (${code})`, details)
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
  const own = ownCode(error)
  return [...codesWithin(inner, depth + 1), isOfConnection(error, own) ? `read ${own}` : own]
}

function ownCode(error: Error): string {
  // Some errors have a class of their own in place of a code.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  // What Node meets while it writes is EPROTO, in place of the code that it else makes of OpenSSL's words.
  const [, words] = /:SSL routines:[^:]*:([\w\s/]+):/.exec(error.message) ?? []
  if (code === 'EPROTO' && words !== undefined)
    return `ERR_SSL_${words.toUpperCase().replaceAll(' ', '_')}`
  // For undici this is an argument that is not valid.
  return error.message === 'Proxy Authentication Required (407)' ? 'ERR_PROXY_AUTHENTICATION' : code
}

/** Whether a way or time was lost on a connection that was made: the request may have arrived. */
function isOfConnection(error: Error, code: string): boolean {
  const isAtWork = 'syscall' in error && /^(read|write)/.test(`${error.syscall}`)
  return isAtWork && /^E(TIMEDOUT|HOST|NET)/.test(code)
}
