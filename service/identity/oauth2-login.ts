import type { IdentityClient } from '../net/identity-client.ts'
import type { OAuthClientRecord } from '../model/oauth-client-record.ts'
import { identityUrl } from '../plan/server-url.ts'
import { describeUser } from './describe-user.ts'
import { identifyUser } from './identify-user.ts'
import type { RequestTokens, TokenEndpoint, TokenSet } from './token-endpoint.ts'
import type { LoginMethod, LoginResult, UserTokens, WarnOfLogin } from './types.ts'
import { unknownUser } from './user-profile.ts'

/** An authorization code grant (RFC 6749 4.1). */
export type CodeGrant = {
  readonly code: string
  /** The `redirect_uri` of the authorization request; null when the platform does not send it. */
  readonly redirectUri: string | null
  /** The PKCE code verifier (RFC 7636); null for none. */
  readonly verifier: string | null
}

/** Id and secret with which a provider knows the connector. */
export type OAuthClient = NonNullable<LoginMethod['client']>

/** What a login by a code needs. */
export type CodeLoginPorts = {
  readonly client: IdentityClient
  readonly requestTokens: RequestTokens
  readonly warn: WarnOfLogin
  readonly now: () => number
}

/**
 * Logs a user in by OAuth 2.0: exchanges the code for tokens, then requests `userInfoUrl` with them.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `LOGIN_USER_UNKNOWN`, `LOGIN_INSECURE`, `IDENTITY_*`, and those
 *   of `identityUrl`.
 */
export async function logInByOAuth2(
  ports: CodeLoginPorts,
  { login, base, userKeys }: LoginMethod<'oauth2'>,
  oauthClient: OAuthClient,
  grant: CodeGrant,
  signal: AbortSignal
): Promise<LoginResult> {
  const { client, requestTokens, now } = ports
  const endpoint = oauth2Endpoint({ login, base }, oauthClient, login.tokenUrl)
  const parameters = codeGrantParameters(grant)
  const set = await requestTokens(client, endpoint, 'authorization_code', parameters, signal)
  const tokens = userTokens(set, now())
  const url = identityUrl(login, login.userInfoUrl, 'api', base)
  const { authorization } = tokens
  const request = { url, authorization, keys: userKeys(), failure: login.failure }
  const info = await describeUser(ports, request, login.map, signal)
  const user = identifyUser({ info, claims: null, hasTenants: false }, login.map)
  if (user === undefined) throw unknownUser(login.scheme, url)
  return { ...user, tokens }
}

/** How long before its expiry a token is renewed (ms); a quarter of its lifetime if that is less. */
const RENEWAL_MARGIN_MS = 30_000

/** The token endpoint of a security scheme; `tokenUrl` as in the document. */
export function oauth2Endpoint(
  { login, base }: Pick<LoginMethod<'oauth2'>, 'login' | 'base'>,
  client: OAuthClient,
  tokenUrl: string
): TokenEndpoint {
  const { href, origin } = identityUrl(login, tokenUrl, 'provider', base)
  const server = { issuer: origin, token_endpoint: href }
  return { server, client, ...clientWords(login.client), isOpenId: false }
}

/** What requests for tokens have besides. */
export function clientWords({
  auth,
  tokenParameters
}: OAuthClientRecord): Pick<TokenEndpoint, 'clientAuth' | 'parameters'> {
  return { clientAuth: auth, parameters: tokenParameters }
}

/** Parameters of the access token request (RFC 6749 4.1.3, RFC 7636 4.5). */
export function codeGrantParameters({
  code,
  redirectUri,
  verifier
}: CodeGrant): Record<string, string> {
  return {
    code,
    ...(redirectUri !== null && { redirect_uri: redirectUri }),
    ...(verifier !== null && { code_verifier: verifier })
  }
}

export function userTokens(
  { accessToken, expiresInS, refreshToken }: TokenSet,
  now: number
): UserTokens {
  const authorization = `Bearer ${accessToken}`
  if (expiresInS === null) return { authorization, expiresAt: null, renewAt: null, refreshToken }
  const lifetime = expiresInS * 1000
  const expiresAt = now + lifetime
  const renewAt = expiresAt - Math.min(RENEWAL_MARGIN_MS, lifetime / 4)
  return { authorization, expiresAt, renewAt, refreshToken }
}
