import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { identityUrl } from '../plan/server-url.ts'
import type { Discovery } from './oidc-discovery.ts'
import type { LoginMethod } from './types.ts'

/**
 * URL to which the platform sends a browser to log in: the authorization endpoint with all parameters
 * except `redirect_uri` and `state`, which the platform adds. Blank for a login with user name and password.
 *
 * @throws ConnectorError `LOGIN_INSECURE` and `ORIGIN_NOT_APPROVED` for a URL that a browser must not be
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
  for (const [name, value] of Object.entries(login.client.authorizeParameters)) {
    url.searchParams.set(name, value)
  }
  url.searchParams.set('client_id', method.client?.id ?? '')
  url.searchParams.set('response_type', 'code')
  if (login.scope !== '') url.searchParams.set('scope', login.scope)
  // `%20` is a space to form decoders and URL decoders alike, `+` only to the former.
  url.search = url.searchParams.toString().replaceAll('+', '%20')
  return url.href
}

/** Host of the authorization URL, or of the API for a login with user name and password. */
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
      const { authorization_endpoint: endpoint } = await discovery.read(url, signal)
      if (typeof endpoint === 'string' && URL.canParse(endpoint)) {
        return identityUrl(login, endpoint, 'provider', base)
      }
      const reason = 'it has no authorization endpoint'
      throw new ConnectorError('IDENTITY_METADATA_INVALID', { host: url.host, reason })
    }
    default:
      return login satisfies never
  }
}
