import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { identityUrl } from '../plan/server-url.ts'
import type { Discovery } from './oidc-discovery.ts'
import type { LoginMethod } from './types.ts'

/**
 * Where the platform sends a browser to log in (protocol 9.2): the authorization endpoint with everything
 * but `redirect_uri` and `state`, which the platform adds. Blank for a login by user name and password.
 *
 * @throws ConnectorError `LOGIN_INSECURE` and `ORIGIN_NOT_APPROVED` for an address that no browser may be
 *   sent to, `LOGIN_URL_INVALID`, `IDENTITY_METADATA_INVALID`, and those of discovery.
 */
export async function loginUrl(
  client: IdentityClient,
  discovery: Discovery,
  method: LoginMethod,
  signal: AbortSignal
): Promise<string> {
  const { login } = method
  if (login.kind === 'basic') return ''
  const url = await loginAddress(discovery, method, signal)
  method.assertHost(url)
  if (!client.isSecure(url)) throw new ConnectorError('LOGIN_INSECURE', { host: url.host })
  url.searchParams.set('client_id', method.client?.id ?? '')
  url.searchParams.set('response_type', 'code')
  if (login.scope !== '') url.searchParams.set('scope', login.scope)
  // A blank is written so that both ways of reading a query agree on it.
  url.search = url.searchParams.toString().replaceAll('+', '%20')
  return url.href
}

/** The host at which users log in: of the authorization URL, or of the API (x-flow 10). */
export async function loginHost(
  discovery: Discovery,
  method: LoginMethod,
  signal: AbortSignal
): Promise<string> {
  return (await loginAddress(discovery, method, signal)).host
}

async function loginAddress(
  discovery: Discovery,
  { login, base }: LoginMethod,
  signal: AbortSignal
): Promise<URL> {
  switch (login.kind) {
    case 'basic':
      return identityUrl(login, login.checkUrl, 'api', base)
    case 'oauth2':
      return identityUrl(login, login.authorizationUrl, 'provider', base)
    case 'openIdConnect': {
      const url = identityUrl(login, login.discoveryUrl, 'provider', base)
      const { authorization_endpoint: given } = await discovery.read(url, signal)
      if (typeof given === 'string' && URL.canParse(given)) {
        return identityUrl(login, given, 'provider', base)
      }
      const reason = 'it has no authorization endpoint'
      throw new ConnectorError('IDENTITY_METADATA_INVALID', { host: url.host, reason })
    }
    default:
      return login satisfies never
  }
}
