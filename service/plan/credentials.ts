import { isRefusedHeader } from '../base/header-names.ts'
import type { OperationRecord, SecuritySchemeRecord } from '../model/types.ts'
import { refusalOf } from './invalid-parameter.ts'
import { encodeCookie, isFieldValue } from './parameter-style.ts'
import type { ApiAccess, RequestPlan } from './types.ts'

type Credential = RequestPlan['credential']

/** What a call carries to prove its caller, and what is missing for it. */
export type PlannedCredential = Pick<RequestPlan, 'credential' | 'missingCredential'>

/** Characters of a header's name (RFC 9110 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const NO_CREDENTIAL: Credential = { headers: {}, query: [], cookies: [] }

/**
 * The credentials that an operation's `security` names (x-flow 10): those of the first alternative of
 * which every scheme can be met by the configuration. No `security` and an empty alternative send
 * none. Where none can be met the call goes out without, and what is missing is named.
 *
 * @throws ConnectorError `PARAMETER_INVALID` for a scheme or a secret that no header can carry.
 */
export function planCredential(
  operation: Pick<OperationRecord, 'security' | 'apiKeySchemes' | 'method' | 'path'>,
  access: ApiAccess
): PlannedCredential {
  const { security } = operation
  const keys = readApiKeys(access.apiKey, new Set(operation.apiKeySchemes))
  const isMet = (scheme: SecuritySchemeRecord): boolean =>
    secretOf(scheme, keys, access) !== undefined
  const chosen = security.find(schemes => schemes.every(isMet))
  if (chosen === undefined) {
    return { credential: NO_CREDENTIAL, missingCredential: missing(security, isMet) }
  }
  const credentials = chosen.map(scheme =>
    carried(operation, scheme, secretOf(scheme, keys, access) ?? '')
  )
  return {
    credential: {
      headers: Object.fromEntries(credentials.flatMap(({ headers }) => Object.entries(headers))),
      query: credentials.flatMap(({ query }) => query),
      cookies: credentials.flatMap(({ cookies }) => cookies)
    },
    missingCredential: null
  }
}

/** Whether a header can be sent under a name that a document gives. */
export function isSendableHeader(name: string): boolean {
  return TOKEN.test(name) && !isRefusedHeader(name)
}

/** The key of a scheme: that of its own `scheme=value` line, else the text without such lines. */
type ApiKeys = { readonly own: ReadonlyMap<string, string>; readonly shared: string }

function readApiKeys(text: string | null, names: ReadonlySet<string>): ApiKeys {
  const own = new Map<string, string>()
  const rest = (text ?? '').split(/\r?\n/).filter(line => {
    const split = line.indexOf('=')
    const name = line.slice(0, Math.max(split, 0)).trim()
    if (!names.has(name)) return true
    own.set(name, line.slice(split + 1).trim())
    return false
  })
  return { own, shared: rest.join('\n').trim() }
}

/** What a scheme sends; undefined when the configuration does not have it. */
function secretOf(
  scheme: SecuritySchemeRecord,
  keys: ApiKeys,
  { bearerToken, basic }: ApiAccess
): string | undefined {
  switch (scheme.kind) {
    case 'apiKey':
      return (keys.own.get(scheme.name) ?? keys.shared) || undefined
    case 'basic':
      if (basic === null) return undefined
      return `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}`
    case 'bearer':
    case 'oauth2':
    case 'openIdConnect':
      return bearerToken === null ? undefined : `Bearer ${bearerToken}`
    case 'other':
      return undefined
    default:
      return scheme satisfies never
  }
}

function carried(
  operation: Pick<OperationRecord, 'method' | 'path'>,
  scheme: SecuritySchemeRecord,
  secret: string
): Credential {
  const name = scheme.kind === 'apiKey' ? scheme.parameter : 'Authorization'
  const place = scheme.kind === 'apiKey' ? scheme.in : 'header'
  if (place === 'query') return { ...NO_CREDENTIAL, query: [[name, secret]] }
  if (place === 'cookie') return { ...NO_CREDENTIAL, cookies: [[encodeCookie(name), secret]] }
  const refuse = refusalOf(operation, name)
  if (!isSendableHeader(name)) {
    throw refuse(
      `security scheme "${scheme.name}" puts a secret into a header that cannot be set`,
      'Name another header in the security scheme'
    )
  }
  if (isFieldValue(secret)) return { ...NO_CREDENTIAL, headers: { [name]: secret } }
  throw refuse(
    'a header cannot hold its characters',
    `Correct configuration value "${configurationName(scheme)}"`
  )
}

/** The configuration value that the first alternative lacks which configuration can meet at all. */
function missing(
  security: OperationRecord['security'],
  isMet: (scheme: SecuritySchemeRecord) => boolean
): string | null {
  const alternative = security.find(schemes => schemes.every(({ kind }) => kind !== 'other'))
  const lacking = alternative?.find(scheme => !isMet(scheme))
  return lacking === undefined ? null : configurationName(lacking)
}

function configurationName({ kind }: SecuritySchemeRecord): string {
  if (kind === 'apiKey') return 'API Key'
  return kind === 'basic' ? 'Basic: Username' : 'Bearer Token'
}
