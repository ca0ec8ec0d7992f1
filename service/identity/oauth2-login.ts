import type { IdentityClient } from '../net/identity-client.ts'
import { identityUrl } from '../plan/server-url.ts'
import { unknownUser } from './basic-login.ts'
import type { TokenSet } from './token-endpoint.ts'
import { requestTokens } from './token-endpoint.ts'
import type { LoggedIn, LoginMethod, UserTokens } from './types.ts'
import { describeUser } from './user-info.ts'
import { readProfile } from './user-profile.ts'

/** What a browser brought back from an identity provider (protocol 9.1). */
export type CodeLogin = {
  readonly code: string
  /** Exactly as the browser was sent with it; null where the platform does not say it. */
  readonly redirectUri: string | null
  /** PKCE (RFC 7636); null for none. */
  readonly verifier: string | null
}

/** What the connector is at a provider. */
export type Client = NonNullable<LoginMethod['client']>

/**
 * Logs a user in by OAuth 2.0 (x-flow 10): exchanges the code, then asks `userInfoUrl` who it is.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `LOGIN_USER_UNKNOWN`, `LOGIN_INSECURE`, `IDENTITY_*`, and those
 *   of its addresses.
 */
export async function logInByOAuth2(
  client: IdentityClient,
  { login, base }: LoginMethod<'oauth2'>,
  self: Client,
  given: CodeLogin,
  now: () => number,
  signal: AbortSignal
): Promise<LoggedIn> {
  const endpoint = oauth2Endpoint({ login, base }, self, login.tokenUrl)
  const set = await requestTokens(client, endpoint, 'authorization_code', codeGrant(given), signal)
  const tokens = userTokens(set, now())
  const url = identityUrl(login, login.userInfoUrl, 'api', base)
  const description = await describeUser(client, url, tokens.authorization, signal)
  const profile = readProfile(description, login.map)
  if (profile === undefined) throw unknownUser(login.scheme, url)
  return { profile, tokens }
}

/** Milliseconds before its end from which a token is renewed, of one that lives long enough. */
const MARGIN_MS = 30_000

/** The token endpoint of a security scheme; `tokenUrl` as the document says it. */
export function oauth2Endpoint(
  { login, base }: Pick<LoginMethod<'oauth2'>, 'login' | 'base'>,
  self: Client,
  tokenUrl: string
) {
  const { href, origin } = identityUrl(login, tokenUrl, 'provider', base)
  return { server: { issuer: origin, token_endpoint: href }, client: self, isOpenId: false }
}

/** The parameters of an authorization code grant (RFC 6749 4.1.3, RFC 7636 4.5). */
export function codeGrant({ code, redirectUri, verifier }: CodeLogin): Record<string, string> {
  return {
    code,
    ...(redirectUri !== null && { redirect_uri: redirectUri }),
    ...(verifier !== null && { code_verifier: verifier })
  }
}

/** What a user has from a token endpoint. */
export function userTokens(
  { accessToken, expiresInS, refreshToken }: TokenSet,
  now: number
): UserTokens {
  const authorization = `Bearer ${accessToken}`
  if (expiresInS === null) return { authorization, expiresAt: null, renewAt: null, refreshToken }
  const lifetime = expiresInS * 1000
  const expiresAt = now + lifetime
  const renewAt = expiresAt - Math.min(MARGIN_MS, lifetime / 4)
  return { authorization, expiresAt, renewAt, refreshToken }
}
