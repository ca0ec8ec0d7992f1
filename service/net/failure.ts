import { errorCode } from '../base/error-code.ts'
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

/** Meaning of the error codes of Node, undici, got and zlib. The first match counts. */
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
  [/^(EHOST|ENET|EADDR|EACCES|EPERM|EINVAL)/, 'unreachable', 'there is no route to it'],
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
    /ALERT_([A-Z]{2,20}_CERTIFICATE|CERTIFICATE_[A-Z]{2,20}|UNKNOWN_CA)$/,
    'tls',
    'it refused the client certificate'
  ],
  [
    /ALERT_HANDSHAKE_FAILURE$/,
    'tls',
    'it refused the handshake, perhaps because it needs a client certificate'
  ],
  [
    /(PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW)$/,
    'tls',
    'it does not support TLS 1.2 or newer'
  ],
  [/^(ERR_SSL_|ERR_TLS_|EPROTO$)/, 'protocol', 'it does not speak TLS'],
  [/HEADERS?_OVERFLOW$/, 'protocol', 'the headers of the answer are too long'],
  [/^(HPE_|HTTPParserError$)/, 'protocol', 'the answer is malformed'],
  [/^ERR_TOO_MANY_PARTS$/, 'protocol', 'the answer comes in too many parts'],
  [/^(Z_|ERR__|ERR_BROTLI)/, 'protocol', 'the answer cannot be decompressed'],
  [/^ContentCodingError$/, 'protocol', 'its content encoding is not gzip, deflate or br alone'],
  [/^(ECONN|EPIPE$|UND_ERR_(SOCKET|INFO|DESTROYED|CLOSED)$)/, 'reset', 'the connection was closed'],
  [
    /(PREMATURE_CLOSE|(RES|HTTP)_CONTENT_LENGTH_MISMATCH|RESPONSE_STREAM)$/,
    'reset',
    'the answer is incomplete'
  ]
]

/** Columns of the table below: what was called. */
const [API, DOCUMENT, LOGIN] = [0, 1, 2] as const

/** The problem of each fault. */
const PROBLEMS_OF = {
  denied: ['EGRESS_DENIED', 'EGRESS_DENIED', 'EGRESS_DENIED'],
  'name-timeout': ['DNS_TIMEOUT', 'DNS_TIMEOUT', 'DNS_TIMEOUT'],
  unreachable: ['UPSTREAM_UNREACHABLE', 'DOCUMENT_UNREACHABLE', 'IDENTITY_UNREACHABLE'],
  tls: ['UPSTREAM_TLS', 'DOCUMENT_UNREACHABLE', 'IDENTITY_UNREACHABLE'],
  reset: ['UPSTREAM_RESET', 'DOCUMENT_UNREACHABLE', 'IDENTITY_UNREACHABLE'],
  'connect-timeout': [
    'UPSTREAM_CONNECT_TIMEOUT',
    'DOCUMENT_CONNECT_TIMEOUT',
    'IDENTITY_UNREACHABLE'
  ],
  'too-large': ['UPSTREAM_TOO_LARGE', 'DOCUMENT_TOO_LARGE', 'IDENTITY_ANSWER_INVALID'],
  protocol: ['UPSTREAM_PROTOCOL', 'DOCUMENT_UNREACHABLE', 'IDENTITY_ANSWER_INVALID']
} as const satisfies Record<Fault, readonly ProblemCode[]>

/**
 * Converts the error of an API call to a problem: `UPSTREAM_*`, `EGRESS_DENIED`, `DNS_TIMEOUT`, or
 * `INTERNAL` for an error that no server can cause.
 *
 * @param error Error of the HTTP client. It may contain headers and queries, so only its code is kept.
 */
export function upstreamFailure(
  error: unknown,
  { host }: URL,
  limits: Pick<Settings, 'CONNECT_TIMEOUT_MS' | 'RESPONSE_MAX_BYTES'>
): ConnectorError {
  return failure(error, (fault, reason, details) => {
    const limit = fault === 'too-large' ? limits.RESPONSE_MAX_BYTES : limits.CONNECT_TIMEOUT_MS
    return new ConnectorError(PROBLEMS_OF[fault][API], { host, limit, reason }, details)
  })
}

/** The same for documents, with `DOCUMENT_*` codes. */
export function documentFailure(
  error: unknown,
  url: URL,
  limits: Pick<Settings, 'CONNECT_TIMEOUT_MS' | 'DOCUMENT_MAX_BYTES'>
): ConnectorError {
  return failure(error, (fault, reason, details) => {
    const limit = fault === 'too-large' ? limits.DOCUMENT_MAX_BYTES : limits.CONNECT_TIMEOUT_MS
    const holes = { host: url.host, url: bareUrl(url), limit, reason }
    return new ConnectorError(PROBLEMS_OF[fault][DOCUMENT], holes, details)
  })
}

/** The same for logins, with `IDENTITY_*` codes. */
export function identityFailure(error: unknown, { host }: URL): ConnectorError {
  return failure(
    error,
    (fault, reason, details) =>
      new ConnectorError(PROBLEMS_OF[fault][LOGIN], { host, reason }, details)
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
  const codes = errorCodes(error)
  for (const code of codes) {
    const row = FAULTS.find(([pattern]) => pattern.test(code))
    if (row !== undefined) return { fault: row[1], reason: row[2], code }
  }
  return { fault: null, reason: '', code: codes.at(-1) ?? 'UNKNOWN' }
}

/** The codes of an error and its causes, the innermost and most specific first. */
function errorCodes(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return []
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause
  const own = ownCode(error)
  return [...errorCodes(inner, depth + 1), isConnectionLost(error, own) ? `read ${own}` : own]
}

function ownCode(error: Error): string {
  // Some errors are told apart by class instead of code.
  const code = errorCode(error) ?? error.name
  // While writing, Node reports EPROTO instead of a code derived from OpenSSL's message.
  const [, words] = /:SSL routines:[^:]*:([\w\s/]+):/.exec(error.message) ?? []
  if (code === 'EPROTO' && words !== undefined)
    return `ERR_SSL_${words.toUpperCase().replaceAll(' ', '_')}`
  // undici reports this as an invalid argument.
  return error.message === 'Proxy Authentication Required (407)' ? 'ERR_PROXY_AUTHENTICATION' : code
}

/** Whether an established connection was lost or timed out: the request may have arrived. */
function isConnectionLost(error: Error, code: string): boolean {
  const isEstablished = 'syscall' in error && /^(read|write)/.test(`${error.syscall}`)
  return isEstablished && /^E(TIMEDOUT|HOST|NET)/.test(code)
}
