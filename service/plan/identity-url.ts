import { ConnectorError } from '../errors.ts'
import type { LoginRecord } from '../model/login-record.ts'
import { serverUrl } from './server-url.ts'
import type { ApiAccess } from './types.ts'

/** What the addresses of a login are relative to. */
export type IdentityBase = {
  readonly documentUrl: string
  readonly access: Pick<ApiAccess, 'serverUrl' | 'serverVariables'>
}

/**
 * An address of a login. A relative one is resolved against the server (OpenAPI 4.7), and one of the API
 * that begins with a slash is joined to it as the paths of mappings are.
 *
 * @param place `api` for an address under `me`, `provider` for one of the security scheme itself.
 * @throws ConnectorError `LOGIN_URL_INVALID`, and those of `serverUrl` for a relative one.
 */
export function identityUrl(
  login: Pick<LoginRecord, 'scheme' | 'server'>,
  given: string,
  place: 'api' | 'provider',
  { documentUrl, access }: IdentityBase
): URL {
  const text = given.trim()
  const url = URL.parse(text) ?? relative()
  const isUsable =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === ''
  if (!isUsable) {
    const { scheme } = login
    throw new ConnectorError('LOGIN_URL_INVALID', { scheme, given: shown(text) })
  }
  url.hash = ''
  return url

  function relative(): URL | null {
    const call = { server: login.server, method: 'GET', path: text }
    const server = serverUrl(call, documentUrl, access)
    const isPath = place === 'api' && text.startsWith('/') && !text.startsWith('//')
    return isPath ? URL.parse(server + text) : URL.parse(text, `${server}/`)
  }
}

/** What was given, without the parts in which people put secrets. */
function shown(text: string): string {
  return (text.split(/[?#]/, 1)[0] ?? '').replace(/\/\/[^/]*@/, '//***@').slice(0, 200)
}
