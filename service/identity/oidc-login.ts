import { getValidatedIdTokenClaims } from 'oauth4webapi'

import { ConnectorError } from '../errors.ts'
import { identityUrl } from '../plan/server-url.ts'
import { completeGroups } from './complete-groups.ts'
import { idTokenRules, tokenClaims } from './id-token-rules.ts'
import type { CodeGrant, CodeLoginPorts, OAuthClient } from './oauth2-login.ts'
import { clientWords, codeGrantParameters, userTokens } from './oauth2-login.ts'
import type { Discovery } from './oidc-discovery.ts'
import { requestUserInfo } from './openid-user-info.ts'
import { providerFailure } from './provider-failure.ts'
import type { LoginMethod, LoginResult } from './types.ts'
import { readProfile, unknownUser } from './user-profile.ts'
import { verifySignature } from './verify-signature.ts'

/**
 * Logs a user in by OpenID Connect: discovers the provider, exchanges the code, verifies the ID token's
 * signature, issuer, audience and expiry (OpenID Connect Core 3.1.3.7), then requests the UserInfo endpoint
 * if the provider has one. The platform handles state and nonce.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `IDENTITY_ANSWER_INVALID` for an invalid ID token,
 *   `LOGIN_USER_UNKNOWN`, `LOGIN_INSECURE`, `IDENTITY_*`, and those of `identityUrl`.
 */
export async function logInByOpenId(
  ports: CodeLoginPorts & { readonly discovery: Discovery },
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
  const { host } = new URL(server.issuer)
  try {
    const { raw, read } = set.response
    const validated = getValidatedIdTokenClaims(read)
    if (validated === undefined || read.id_token === undefined) {
      throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: 'it has no id token' })
    }
    const { id, secret } = oauthClient
    const provider = { url, server, secret }
    const jwt = read.id_token
    await verifySignature(ports, provider, { jwt, raw }, signal)
    const rules = idTokenRules(provider, jwt)
    const { accessToken } = set
    const user = { clientId: id, accessToken, subject: validated.sub, rules }
    const info = await requestUserInfo(ports, provider, user, signal)
    const description = { ...tokenClaims(jwt), ...info }
    const profile = readProfile(description, login.map)
    if (profile === undefined) throw unknownUser(login.scheme, url)
    const tokens = userTokens(set, now())
    const { scheme, map } = login
    const sources = [server.userinfo_endpoint, server.token_endpoint].flatMap(
      given => URL.parse(given ?? '') ?? []
    )
    const { authorization } = tokens
    const described = { scheme, description, path: map.groups, sources, authorization }
    return { profile: await completeGroups(ports, profile, described, signal), tokens }
  } catch (error) {
    throw providerFailure(error, host, 'authorization_code')
  }
}
