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
import { unknownUser } from './basic-login.ts'
import type { Client, CodeLogin } from './oauth2-login.ts'
import { codeGrant, userTokens } from './oauth2-login.ts'
import type { Discovery } from './oidc-discovery.ts'
import { providerFetch } from './provider.ts'
import { providerFailure } from './provider-failure.ts'
import type { TokenSet } from './token-endpoint.ts'
import { requestTokens } from './token-endpoint.ts'
import type { LoggedIn, LoginMethod } from './types.ts'
import { readProfile } from './user-profile.ts'

/**
 * Logs a user in by OpenID Connect (x-flow 10): discovery, exchange of the code, the id token with its
 * signature, issuer, audience and expiry (OpenID Connect Core 3.1.3.7), then the userinfo endpoint where
 * the provider has one. State and nonce are the platform's.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `IDENTITY_ANSWER_INVALID` for a token that proves nothing,
 *   `LOGIN_USER_UNKNOWN`, `LOGIN_INSECURE`, `IDENTITY_*`, and those of its address.
 */
export async function logInByOpenId(
  client: IdentityClient,
  discovery: Discovery,
  { login, base }: LoginMethod<'openIdConnect'>,
  self: Client,
  given: CodeLogin,
  now: () => number,
  signal: AbortSignal
): Promise<LoggedIn> {
  const url = identityUrl(login, login.discoveryUrl, 'provider', base)
  const server = await discovery.read(url, signal)
  const endpoint = { server, client: self, isOpenId: true }
  const set = await requestTokens(client, endpoint, 'authorization_code', codeGrant(given), signal)
  const { host } = new URL(server.issuer)
  try {
    const claims = getValidatedIdTokenClaims(set.response.read)
    if (claims === undefined) {
      throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: 'it has no id token' })
    }
    await checkSignature(client, discovery, url, server, set, signal)
    const info = await userInfo(client, server, self, set.accessToken, claims.sub, signal)
    const profile = readProfile({ ...idTokenClaims(set), ...info }, login.map)
    if (profile === undefined) throw unknownUser(login.scheme, url)
    return { profile, tokens: userTokens(set, now()) }
  } catch (error) {
    throw providerFailure(error, host, 'user')
  }
}

/** Checks the id token with the provider's keys, which are read again once if none of them is the one. */
async function checkSignature(
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
    const isOtherKey = error instanceof OperationProcessingError && error.code === KEY_SELECTION
    if (!isOtherKey) throw error
    await validateApplicationLevelSignature(await discovery.renew(url, signal), raw, options)
  }
}

async function userInfo(
  client: IdentityClient,
  server: AuthorizationServer,
  self: Client,
  accessToken: string,
  subject: string,
  signal: AbortSignal
): Promise<JsonObject> {
  if (server.userinfo_endpoint === undefined) return {}
  const known = { client_id: self.id }
  const response = await userInfoRequest(server, known, accessToken, {
    [customFetch]: providerFetch(client, signal),
    [allowInsecureRequests]: true
  })
  const text = await response.clone().text()
  await processUserInfoResponse(server, known, subject, response).catch(refusedToken)
  return exactObject(text)
}

/** The claims of an id token that was found right, numbers with all their digits. */
function idTokenClaims({ response: { read } }: TokenSet): JsonObject {
  const [, payload = ''] = read.id_token?.split('.') ?? []
  return exactObject(Buffer.from(payload, 'base64url').toString())
}

function exactObject(text: string): JsonObject {
  const value = parseJson(text)
  return isJsonObject(value) ? value : {}
}

/** A challenge of this endpoint is about the user's token, not about the connector. */
function refusedToken(error: unknown): never {
  if (!(error instanceof WWWAuthenticateChallengeError)) throw error
  const reason = 'the identity provider rejected its own token'
  throw new ConnectorError('LOGIN_DENIED', { reason })
}
