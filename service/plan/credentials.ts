import { isSendableHeader } from '../base/header-names.ts'
import { encodeCookie } from '../base/percent-encoding.ts'
import type { CredentialName } from '../model/credential-name.ts'
import type { LoginRecord } from '../model/login-record.ts'
import { CREDENTIAL_NAMES, credentialFor } from '../model/credential-name.ts'
import type { EndpointRecord, SecuritySchemeRecord } from '../model/endpoint-record.ts'
import { isFieldValue, refusalOf } from './parameter-style.ts'
import { templateText } from './template-text.ts'
import type { ApiAccess, Grant, RequestPlan } from './types.ts'

type Credential = RequestPlan['credential']

/** The credential of a call, and what is missing for it. */
export type PlannedCredential = Pick<RequestPlan, 'credential' | 'grant' | 'missingCredential'>

/** How a scheme is met: by a configured secret, a token to fetch, or nothing in the request. */
type Means = { readonly secret: string } | { readonly grant: Grant } | 'nothing'

/** Nothing. */
export const NO_CREDENTIAL: Credential = { headers: {}, query: [], cookies: [] }

const NO_SECURITY: PlannedCredential = {
  credential: NO_CREDENTIAL,
  grant: null,
  missingCredential: null
}

type SecuredEndpoint = Pick<
  EndpointRecord,
  'security' | 'sendsByName' | 'apiKeySchemes' | 'method' | 'path'
>

/** What a call carries where the document says nothing about security. */
const BY_NAME: EndpointRecord['security'] = [
  [{ name: 'Bearer Token', kind: 'bearer' }],
  [{ name: 'Basic: Username', kind: 'basic' }],
  []
]

function securityOf({ security, sendsByName }: SecuredEndpoint): EndpointRecord['security'] {
  return sendsByName ? BY_NAME : security
}

/**
 * The credentials for an endpoint's `security`: those of the first alternative of which every scheme can
 * be met. An alternative with the user's login comes before all others, with `Login: shared` after them.
 * No `security` and an empty alternative send none. Where no alternative can be met the call is sent
 * without, and names the missing configuration value. If the document says nothing about security, a
 * configured bearer token or basic login is sent.
 *
 * @param origin Where the call goes.
 * @throws ConnectorError `PARAMETER_INVALID` for a scheme or a secret that no header can hold, `VARIABLE_MISSING`.
 */
export function planCredential(
  endpoint: SecuredEndpoint,
  origin: string,
  access: ApiAccess
): PlannedCredential {
  const security = securityOf(endpoint)
  if (security.length === 0) return NO_SECURITY
  const keys = readApiKeys(access.apiKey, new Set(endpoint.apiKeySchemes))
  const means = security.map(schemes =>
    schemes.map(scheme => meansOf(scheme, origin, keys, access))
  )
  const chosen = chosenAlternative(means, access.loginIsShared)
  if (chosen === undefined) {
    return { ...NO_SECURITY, missingCredential: missingValue(security, means) }
  }
  const credentials: Credential[] = []
  const grants: Grant[] = []
  for (const [index, scheme] of (security[chosen] ?? []).entries()) {
    const met = means[chosen]?.[index] ?? 'nothing'
    if (met === 'nothing') continue
    if ('grant' in met) grants.push(met.grant)
    else credentials.push(credentialOf(endpoint, scheme, met.secret))
  }
  return {
    credential: {
      headers: Object.fromEntries(credentials.flatMap(({ headers }) => Object.entries(headers))),
      query: credentials.flatMap(({ query }) => query),
      cookies: credentials.flatMap(({ cookies }) => cookies)
    },
    // A call has one `Authorization`, and the user's comes first.
    grant: grants.find(({ from }) => from === 'login') ?? grants[0] ?? null,
    missingCredential: null
  }
}

/**
 * What a call that carries the user's credential carries besides: the keys of the alternative of its endpoint's
 * `security` that names the user's scheme.
 *
 * @throws ConnectorError as `planCredential`.
 */
export function planKeys(
  endpoint: SecuredEndpoint,
  { scheme, kind }: Pick<LoginRecord, 'scheme' | 'kind'>,
  access: ApiAccess
): Credential {
  // The call goes to the API that the user logs in to, whichever that is.
  const origin = ''
  const login = { scheme, kind: kind === 'basic' ? kind : 'bearer', origins: [origin] } as const
  const asUser = { ...access, login, loginIsShared: false }
  const { credential } = planCredential(endpoint, origin, asUser)
  const { headers } = credential
  const names = Object.keys(headers).filter(name => name.toLowerCase() !== 'authorization')
  return {
    ...credential,
    headers: Object.fromEntries(names.map(name => [name, headers[name] ?? '']))
  }
}

/** The credentials that are configured. */
export function configuredCredentials(
  access: Pick<ApiAccess, 'apiKey' | 'bearerToken' | 'basic'>
): CredentialName[] {
  const values = {
    'API Key': access.apiKey,
    'Bearer Token': access.bearerToken,
    'Basic: Username': access.basic
  }
  return CREDENTIAL_NAMES.filter(name => values[name] !== null)
}

/** The configured credentials for which an endpoint's `security` names no scheme. */
export function unsentCredentials(endpoint: SecuredEndpoint, access: ApiAccess): CredentialName[] {
  const schemes = securityOf(endpoint).flat()
  return configuredCredentials(access).filter(
    name => !schemes.some(scheme => credentialFor(scheme) === name)
  )
}

/** Whether a call carries anything that only approved hosts may see. */
export function carriesSecret({
  credential,
  grant,
  secrets
}: Pick<RequestPlan, 'credential' | 'grant' | 'secrets'>): boolean {
  const { headers, query, cookies } = credential
  const count = Object.keys(headers).length + query.length + cookies.length + secrets.length
  return grant !== null || count > 0
}

/** An address that an API gave for the next call, without the query parameters of the call's credential. */
export function withoutCredential(given: URL, { query }: Credential): string {
  const url = new URL(given)
  if (!query.some(([name]) => url.searchParams.has(name))) return url.href
  // `searchParams.delete` would rewrite the rest of the query.
  const isKept = (pair: string): boolean =>
    !query.some(([name]) => new URLSearchParams(pair).has(name))
  url.search = url.search.slice(1).split('&').filter(isKept).join('&')
  return url.href
}

/** Index of the alternative to use; undefined where none can be met. */
function chosenAlternative(
  alternatives: readonly (readonly (Means | undefined)[])[],
  loginIsShared: boolean
): number | undefined {
  const met = alternatives.flatMap((means, index) => (means.includes(undefined) ? [] : [index]))
  const isOfUser = (index: number): boolean =>
    (alternatives[index] ?? []).some(
      means => typeof means === 'object' && 'grant' in means && means.grant.from === 'login'
    )
  const ofUser = met.find(isOfUser)
  if (!loginIsShared) return ofUser ?? met[0]
  const configured = met.find(index => !isOfUser(index))
  // An alternative that sends nothing is no shared login.
  const isEmpty = configured !== undefined && alternatives[configured]?.length === 0
  return isEmpty ? (ofUser ?? configured) : (configured ?? ofUser)
}

/** The configured API keys: of a scheme its `scheme=value` line, else the text without such lines. */
type ApiKeys = { readonly own: ReadonlyMap<string, string>; readonly shared: string }

function readApiKeys(text: string | null, names: ReadonlySet<string>): ApiKeys {
  const own = new Map<string, string>()
  const lines = (text ?? '').split(/\r?\n/).filter(line => {
    const split = line.indexOf('=')
    const name = line.slice(0, Math.max(split, 0)).trim()
    if (!names.has(name)) return true
    own.set(name, line.slice(split + 1).trim())
    return false
  })
  return { own, shared: lines.join('\n').trim() }
}

/** How a scheme is met, by the user's login first unless it is shared; undefined when it is not. */
function meansOf(
  scheme: SecuritySchemeRecord,
  origin: string,
  keys: ApiKeys,
  access: ApiAccess
): Means | undefined {
  if (scheme.kind === 'mutualTLS') return access.hasCertificate ? 'nothing' : undefined
  const login: Means | undefined = isLoginFor(scheme, origin, access.login)
    ? { grant: { from: 'login' } }
    : undefined
  const configured = configuredMeans(scheme, keys, access)
  return access.loginIsShared ? (configured ?? login) : (login ?? configured)
}

/** A user's token also serves a scheme that asks for some bearer token, but only at the API of the login. */
function isLoginFor(
  { name, kind }: SecuritySchemeRecord,
  origin: string,
  login: ApiAccess['login']
): boolean {
  if (login === null || login.scheme === name) return login !== null
  return login.kind === 'bearer' && kind === 'bearer' && login.origins.includes(origin)
}

function configuredMeans(
  scheme: SecuritySchemeRecord,
  keys: ApiKeys,
  access: ApiAccess
): Means | undefined {
  const { bearerToken, basic, client } = access
  switch (scheme.kind) {
    case 'given':
      return { secret: givenSecret(scheme, access) }
    case 'apiKey': {
      const secret = keys.own.get(scheme.name) ?? keys.shared
      return secret === '' ? undefined : { secret }
    }
    case 'basic':
      return basic === null ? undefined : { secret: basicAuthorization(basic) }
    case 'bearer':
    case 'oauth2':
    case 'openIdConnect': {
      if (bearerToken !== null) return { secret: `Bearer ${bearerToken}` }
      const own = scheme.kind === 'oauth2' ? scheme.clientCredentials : null
      const canAsk = own !== null && client !== null && client.secret !== null
      return canAsk ? { grant: { from: 'client', scheme: scheme.name, ...own } } : undefined
    }
    case 'mutualTLS':
    case 'other':
      return undefined
    default:
      return scheme satisfies never
  }
}

/** @throws ConnectorError `VARIABLE_MISSING` */
function givenSecret(
  { secret, form }: Extract<SecuritySchemeRecord, { kind: 'given' }>,
  access: ApiAccess
): string {
  const text = templateText(secret, access)
  if (form === 'plain') return text
  return form === 'bearer' ? `Bearer ${text}` : `Basic ${Buffer.from(text).toString('base64')}`
}

/** A value of `Authorization` for a user name and a password (RFC 7617). */
export function basicAuthorization({
  username,
  password
}: NonNullable<ApiAccess['basic']>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function credentialOf(
  endpoint: Pick<EndpointRecord, 'method' | 'path'>,
  scheme: SecuritySchemeRecord,
  secret: string
): Credential {
  const isNamed = scheme.kind === 'apiKey' || scheme.kind === 'given'
  const name = isNamed ? scheme.parameter : 'Authorization'
  const location = isNamed ? scheme.in : 'header'
  if (location === 'query') return { ...NO_CREDENTIAL, query: [[name, secret]] }
  if (location === 'cookie') return { ...NO_CREDENTIAL, cookies: [[encodeCookie(name), secret]] }
  const refuse = refusalOf(endpoint, name)
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

/** The configuration value that the first alternative lacks that configuration can meet at all. */
function missingValue(
  security: EndpointRecord['security'],
  means: readonly (readonly (Means | undefined)[])[]
): string | null {
  const unconfigurable = ['other', 'mutualTLS']
  const chosen = security.findIndex(schemes =>
    schemes.every(({ kind }) => !unconfigurable.includes(kind))
  )
  const lacking = security[chosen]?.find((_, index) => means[chosen]?.[index] === undefined)
  return lacking === undefined ? null : configurationName(lacking)
}

function configurationName(scheme: SecuritySchemeRecord): string {
  if (scheme.kind === 'given') return 'Variables'
  if (scheme.kind === 'apiKey') return 'API Key'
  if (scheme.kind === 'basic') return 'Basic: Username'
  const canAsk = scheme.kind === 'oauth2' && scheme.clientCredentials !== null
  return canAsk ? 'OAuth2/OIDC: Client Id' : 'Bearer Token'
}
