import type { JsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import { identityUrl } from '../plan/server-url.ts'
import { completeGroups } from './complete-groups.ts'
import { hasTenants } from './id-token-rules.ts'
import { identifyUser } from './identify-user.ts'
import type { CodeGrant, CodeLoginPorts, OAuthClient } from './oauth2-login.ts'
import { clientWords, codeGrantParameters, userTokens } from './oauth2-login.ts'
import type { Discovery } from './oidc-discovery.ts'
import type { InfoRequest } from './openid-user-info.ts'
import { requestUserInfo } from './openid-user-info.ts'
import { providerFailure } from './provider-failure.ts'
import type { LoginMethod, LoginResult } from './types.ts'
import { unknownUser } from './user-profile.ts'
import { verifiedClaims } from './verified-claims.ts'
import type { SigningProvider } from './verify-signature.ts'

export type OpenIdPorts = CodeLoginPorts & { readonly discovery: Discovery }

/**
 * Logs a user in by OpenID Connect: discovers the provider, exchanges the code, verifies the ID token's
 * signature, issuer, audience and expiry (OpenID Connect Core 3.1.3.7), then requests the UserInfo endpoint
 * if the provider has one. The platform handles state and nonce.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `IDENTITY_ANSWER_INVALID` for an invalid ID token,
 *   `LOGIN_USER_UNKNOWN`, `LOGIN_INSECURE`, `IDENTITY_*`, and those of `identityUrl`.
 */
export async function logInByOpenId(
  ports: OpenIdPorts,
  { login, base }: LoginMethod<'openIdConnect'>,
  oauthClient: OAuthClient,
  grant: CodeGrant,
  signal: AbortSignal
): Promise<LoginResult> {
  const { client, requestTokens, discovery, now } = ports
  const url = identityUrl(login, login.discoveryUrl, 'provider', base)
  const server = await discovery.read(url, signal)
  const words = clientWords(login.client)
  const endpoint = { server, client: oauthClient, ...words, isOpenId: true }
  const parameters = codeGrantParameters(grant)
  const set = await requestTokens(client, endpoint, 'authorization_code', parameters, signal)
  const tokens = userTokens(set, now())
  try {
    const provider = { url, server, secret: oauthClient.secret }
    const claims = await verifiedClaims(ports, provider, set, signal)
    if (claims === null) {
      const { host } = new URL(server.issuer)
      throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: 'it has no id token' })
    }
    const { accessToken } = set
    const user = { accessToken, subject: String(claims.sub), clientId: oauthClient.id }
    const info = await infoOf(ports, provider, user, signal)
    const { authorization } = tokens
    const whole = (description: JsonObject, from: string | undefined): Promise<JsonObject> => {
      const request = { url: URL.parse(from ?? '') ?? url, authorization }
      return completeGroups(ports, description, { request, map: login.map }, signal)
    }
    const sources = {
      info: info && (await whole(info, server.userinfo_endpoint)),
      claims: await whole(claims, server.token_endpoint),
      hasTenants: hasTenants(server)
    }
    const identified = identifyUser(sources, login.map)
    if (identified === undefined) throw unknownUser(login.scheme, url)
    return { ...identified, tokens }
  } catch (error) {
    throw providerFailure(error, new URL(server.issuer).host, 'authorization_code')
  }
}

/** The ID token has identified the user: without usable user info, its claims are enough, and the log says why. */
async function infoOf(
  ports: OpenIdPorts,
  provider: SigningProvider,
  user: InfoRequest,
  signal: AbortSignal
): Promise<JsonObject | null> {
  const info = await requestUserInfo(ports, provider, user, signal)
  if (info === null || info.claims !== null) return info?.claims ?? null
  const { host } = provider.url
  ports.warn('the userinfo endpoint of a provider gave no claims', { host, reason: info.reason })
  return null
}
