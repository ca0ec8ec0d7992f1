import { ConnectorError } from '../errors.ts'
import type { LoginRecord } from '../model/types.ts'
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
  const url = URL.parse(given) ?? relative()
  const isUsable =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === ''
  if (!isUsable) {
    const { scheme } = login
    throw new ConnectorError('LOGIN_URL_INVALID', { scheme, given: given.slice(0, 200) })
  }
  url.hash = ''
  return url

  function relative(): URL | null {
    const server = serverUrl(
      { server: login.server, method: 'GET', path: given },
      documentUrl,
      access
    )
    const isPath = place === 'api' && given.startsWith('/') && !given.startsWith('//')
    return isPath ? URL.parse(server + given) : URL.parse(given, `${server}/`)
  }
}
