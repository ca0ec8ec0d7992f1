import type { AuthorizationServer } from 'oauth4webapi'
import {
  allowInsecureRequests,
  customFetch,
  getValidatedIdTokenClaims,
  KEY_SELECTION,
  OperationProcessingError,
  processUserInfoResponse,
  userInfoRequest,
  validateApplicationLevelSignature,
  WWWAuthenticateChallengeError
} from 'oauth4webapi'

import { parseJson } from '../base/exact-number.ts'
import type { JsonObject } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { identityUrl } from '../plan/server-url.ts'
import { identifyUser } from './identify-user.ts'
import type { CodeGrant, CodeLoginPorts, OAuthClient } from './oauth2-login.ts'
import { codeGrantParameters, userTokens } from './oauth2-login.ts'
import type { Discovery } from './oidc-discovery.ts'
import { providerFetch } from './provider.ts'
import { providerFailure } from './provider-failure.ts'
import type { TokenSet } from './token-endpoint.ts'
import type { LoginMethod, LoginResult } from './types.ts'
import { unknownUser } from './user-profile.ts'

/**
 * Logs a user in by OpenID Connect: discovers the provider, exchanges the code, verifies the ID token's
 * signature, issuer, audience and expiry (OpenID Connect Core 3.1.3.7), then requests the UserInfo endpoint
 * if the provider has one. The platform handles state and nonce.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `IDENTITY_ANSWER_INVALID` for an invalid ID token,
 *   `LOGIN_USER_UNKNOWN`, `LOGIN_INSECURE`, `IDENTITY_*`, and those of `identityUrl`.
 */
export async function logInByOpenId(
  { client, requestTokens, discovery, now }: CodeLoginPorts & { readonly discovery: Discovery },
  { login, base }: LoginMethod<'openIdConnect'>,
  oauthClient: OAuthClient,
  grant: CodeGrant,
  signal: AbortSignal
): Promise<LoginResult> {
  const url = identityUrl(login, login.discoveryUrl, 'provider', base)
  const server = await discovery.read(url, signal)
  const endpoint = { server, client: oauthClient, isOpenId: true }
  const parameters = codeGrantParameters(grant)
  const set = await requestTokens(client, endpoint, 'authorization_code', parameters, signal)
  try {
    const claims = await verifiedClaims({ client, discovery }, url, server, set, signal)
    if (claims === null) {
      const { host } = new URL(server.issuer)
      throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: 'it has no id token' })
    }
    const { accessToken } = set
    const user = { accessToken, subject: String(claims.sub), clientId: oauthClient.id }
    const info = await requestUserInfo(client, server, user, signal)
    const identified = identifyUser({ info, claims }, login.map)
    if (identified === undefined) throw unknownUser(login.scheme, url)
    return { ...identified, tokens: userTokens(set, now()) }
  } catch (error) {
    throw providerFailure(error, new URL(server.issuer).host, 'authorization_code')
  }
}

/**
 * The claims of a validated ID token, after its signature is verified; null without an ID token.
 *
 * @throws any error of oauth4webapi, which may hold the token.
 */
export async function verifiedClaims(
  { client, discovery }: { readonly client: IdentityClient; readonly discovery: Discovery },
  url: URL,
  server: AuthorizationServer,
  set: TokenSet,
  signal: AbortSignal
): Promise<JsonObject | null> {
  if (getValidatedIdTokenClaims(set.response.read) === undefined) return null
  await verifySignature(client, discovery, url, server, set, signal)
  return idTokenClaims(set)
}

/** Verifies the ID token with the provider's keys. Reads them once more when none of them matches. */
async function verifySignature(
  client: IdentityClient,
  discovery: Discovery,
  url: URL,
  server: AuthorizationServer,
  { response: { raw } }: TokenSet,
  signal: AbortSignal
): Promise<void> {
  const options = {
    [customFetch]: providerFetch(client, signal),
    [allowInsecureRequests]: true
  }
  try {
    await validateApplicationLevelSignature(server, raw, options)
  } catch (error) {
    const isUnknownKey = error instanceof OperationProcessingError && error.code === KEY_SELECTION
    if (!isUnknownKey) throw error
    await validateApplicationLevelSignature(await discovery.reload(url, signal), raw, options)
  }
}

/** Whose user info is requested. */
export type InfoRequest = {
  readonly accessToken: string
  /** `sub` of the ID token. */
  readonly subject: string
  readonly clientId: string
}

/**
 * Requests the UserInfo endpoint (OpenID Connect Core 5.3); null if the provider has none.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `IDENTITY_*`.
 */
export async function requestUserInfo(
  client: IdentityClient,
  server: AuthorizationServer,
  { accessToken, subject, clientId }: InfoRequest,
  signal: AbortSignal
): Promise<JsonObject | null> {
  if (server.userinfo_endpoint === undefined) return null
  const self = { client_id: clientId }
  try {
    const response = await userInfoRequest(server, self, accessToken, {
      [customFetch]: providerFetch(client, signal),
      [allowInsecureRequests]: true
    })
    const text = await response.clone().text()
    await processUserInfoResponse(server, self, subject, response).catch(rejectToken)
    return exactObject(text)
  } catch (error) {
    throw providerFailure(error, new URL(server.issuer).host, 'authorization_code')
  }
}

/** The claims of a validated ID token, with exact numbers. */
function idTokenClaims({ response: { read } }: TokenSet): JsonObject {
  const [, payload = ''] = read.id_token?.split('.') ?? []
  return exactObject(Buffer.from(payload, 'base64url').toString())
}

function exactObject(text: string): JsonObject {
  const value = parseJson(text)
  return isJsonObject(value) ? value : {}
}

/** A challenge of the UserInfo endpoint is about the user's token, not about the connector. */
function rejectToken(error: unknown): never {
  if (!(error instanceof WWWAuthenticateChallengeError)) throw error
  const reason = 'the identity provider rejected its own token'
  throw new ConnectorError('LOGIN_DENIED', { reason })
}
