import { bareUrl } from '../base/bare-url.ts'
import { isHttp } from '../base/is-http.ts'
import { ownMember } from '../base/json.ts'
import { parseUrl } from '../base/parse-url.ts'
import { trimTrailing } from '../base/trim-trailing.ts'
import { ConnectorError } from '../errors.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { Template } from '../model/template.ts'
import type { LoginRecord } from '../model/login-record.ts'
import { isDotSegment } from './parameter-style.ts'
import { templateText } from './template-text.ts'
import type { ApiAccess } from './types.ts'

/** Scheme, authority and remainder of a URL template; the first two are absent in a relative one. */
const TEMPLATE = /^(?:([^/?#]*?):(?=\/\/))?(?:\/\/([^/?#]*))?(.*)$/s

/** Labels of a host name, with dots between them. */
const HOST = /^[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*$/

/** Segments of a path. */
const SEGMENTS = /^[A-Za-z0-9._~!$&'()*+,;=%-]+(?:\/[A-Za-z0-9._~!$&'()*+,;=%-]+)*$/

/** What the configured value of a variable may be, by its position in the URL. */
type Rule = { readonly fits: (value: string) => boolean; readonly allowed: string }

const SCHEME_RULE: Rule = {
  fits: value => value === 'http' || value === 'https',
  allowed: 'http or https'
}
const PORT_RULE: Rule = { fits: value => /^\d{1,5}$/.test(value), allowed: 'a port number' }
const HOST_RULE: Rule = {
  fits: value => HOST.test(value),
  allowed: 'letters, digits, `-`, and dots between them'
}
const PATH_RULE: Rule = {
  fits: value => SEGMENTS.test(value) && !value.split('/').some(isDotSegment),
  allowed: 'segments of a path, without `:`, `?`, `#`, `@`, `\\`, `.` and `..`'
}

/** What decides about a server. */
export type ServerAccess = Pick<ApiAccess, 'serverUrl' | 'serverVariables' | 'variables'>

/**
 * The base URL of an endpoint's calls: that of a manifest; else the configured Server URL, else the endpoint's server with its
 * variables filled, resolved against the document's URL. Without a slash at its end, if a path follows.
 *
 * A configured value of a variable must be one that the document allows. Where it lists none, the value
 * cannot change the scheme or the host that the template fixes.
 *
 * @throws ConnectorError `URL_INVALID`, `CONFIG_INVALID` for a Server URL that is no base,
 *   `SERVER_VARIABLE_INVALID`, `VARIABLE_MISSING`, and `SERVER_MISSING` where the result is no absolute http or https URL.
 */
export function serverUrl(
  endpoint: Pick<EndpointRecord, 'server' | 'method' | 'path'>,
  documentUrl: string,
  access: ServerAccess
): string {
  const { server, method, path } = endpoint
  if (server.template !== undefined) return manifestUrl(server.template, path, access)
  if (access.serverUrl !== null) return configuredServer(access.serverUrl)
  const text = fillVariables(server, access.serverVariables)
  const url = parseUrl(text) ?? parseUrl(text, documentUrl)
  if (url !== null && isHttp(url)) return withoutEndSlash(url)
  throw new ConnectorError('SERVER_MISSING', { method, path })
}

/** @throws ConnectorError `VARIABLE_MISSING`, `URL_INVALID` with the variables. */
function manifestUrl(template: Template, path: string, access: ServerAccess): string {
  const url = parseUrl(templateText(template, access))
  if (url === null || !isHttp(url)) {
    const variables = template.flatMap(part => (typeof part === 'string' ? [] : part.variable))
    throw new ConnectorError('URL_INVALID', { name: variables.join(', ') })
  }
  // A variable may be the whole URL, of which a slash at the end is a part.
  const isWhole = path === '' || path.startsWith('#')
  return isWhole ? bareUrl(url) : withoutEndSlash(url)
}

/** The query that every call to the endpoint's server carries; blank for a configured Server URL. */
export function serverQuery(
  { server: { query = '', variables, template } }: Pick<EndpointRecord, 'server'>,
  access: ServerAccess
): string {
  if (template !== undefined) return parseUrl(templateText(template, access))?.search.slice(1) ?? ''
  if (query === '' || access.serverUrl !== null) return ''
  return fillVariables({ url: query, variables }, access.serverVariables)
}

function configuredServer(text: string): string {
  const url = parseUrl(text)
  if (url === null || !isHttp(url)) throw new ConnectorError('URL_INVALID', { name: 'Server URL' })
  if (url.search === '' && url.hash === '') return withoutEndSlash(url)
  throw new ConnectorError('CONFIG_INVALID', {
    name: 'Server URL',
    reason: 'it has a query or a fragment',
    allowed: 'a URL of scheme, host and path only'
  })
}

function withoutEndSlash({ origin, pathname }: URL): string {
  return origin + trimTrailing(pathname, '/')
}

function fillVariables(
  { url, variables }: EndpointRecord['server'],
  configured: ApiAccess['serverVariables']
): string {
  const ruleAt = rulesOf(url)
  return url.replace(/\{([^{}]*)\}/g, (variable, name: string, at: number) => {
    const [before, after] = [url[at - 1], url[at + variable.length]]
    const declared = ownMember(variables, name)
    const given = ownMember(configured, name) ?? ''
    if (given !== '') {
      checkVariable(name, given, declared?.allowed ?? null, ruleAt(at))
      return given
    }
    if (declared !== undefined) return withOneSlash(declared.default, before, after)
    throw new ConnectorError('SERVER_VARIABLE_INVALID', {
      name,
      reason: 'it has no value and no default',
      allowed: ruleAt(at).allowed
    })
  })
}

/** A default without the slashes at its ends that the template has beside the variable. */
function withOneSlash(text: string, before: string | undefined, after: string | undefined): string {
  const start = before === '/' ? text.replace(/^\/+/, '') : text
  return after === '/' ? trimTrailing(start, '/') : start
}

function checkVariable(
  name: string,
  value: string,
  allowed: readonly string[] | null,
  rule: Rule
): void {
  if (allowed === null ? rule.fits(value) : allowed.includes(value)) return
  throw new ConnectorError('SERVER_VARIABLE_INVALID', {
    name,
    reason:
      allowed === null
        ? 'it would change the host that is called'
        : 'the document does not allow it',
    allowed: allowed === null ? rule.allowed : `one of ${allowed.join(', ')}`
  })
}

/** The rule for a variable, by its index in the template. */
function rulesOf(template: string): (at: number) => Rule {
  const [, scheme, authority] = TEMPLATE.exec(template) ?? []
  const schemeEnd = scheme?.length ?? 0
  const start = template.indexOf('//') + 2
  return at => {
    if (at < schemeEnd) return SCHEME_RULE
    if (authority === undefined || at >= start + authority.length) return PATH_RULE
    // A colon directly before the variable begins the port.
    return at > start && template[at - 1] === ':' ? PORT_RULE : HOST_RULE
  }
}

/** The base of the relative URLs of a login. */
export type IdentityBase = {
  readonly documentUrl: string
  readonly access: ServerAccess
}

/**
 * A URL of a login. A relative one is resolved against the server (OpenAPI 4.7); one of the API that
 * begins with a slash is joined to it like the paths of mappings.
 *
 * @param owner `api` for a URL under `me`, `provider` for one of the security scheme.
 * @throws ConnectorError `LOGIN_URL_INVALID`, and those of `serverUrl` for a relative one.
 */
export function identityUrl(
  login: Pick<LoginRecord, 'scheme' | 'server'>,
  given: string,
  owner: 'api' | 'provider',
  { documentUrl, access }: IdentityBase
): URL {
  const text = given.trim()
  const url = parseUrl(text) ?? relative()
  if (url === null || !isHttp(url)) {
    // Without the parts in which people put secrets.
    const shown = (text.split(/[?#]/, 1)[0] ?? '').replace(/\/\/[^/]*@/, '//***@').slice(0, 200)
    throw new ConnectorError('LOGIN_URL_INVALID', { scheme: login.scheme, given: shown })
  }
  url.hash = ''
  return url

  function relative(): URL | null {
    const call = { server: login.server, method: 'GET', path: text }
    const server = serverUrl(call, documentUrl, access)
    const isPath = owner === 'api' && text.startsWith('/') && !text.startsWith('//')
    if (!isPath) return parseUrl(text, `${server}/`)
    const query = serverQuery(call, access)
    const mark = text.includes('?') ? '&' : '?'
    return parseUrl(server + text + (query === '' ? '' : mark + query))
  }
}
