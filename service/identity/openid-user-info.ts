import type { AuthorizationServer } from 'oauth4webapi'
import {
  allowInsecureRequests,
  customFetch,
  processUserInfoResponse,
  skipSubjectCheck,
  userInfoRequest
} from 'oauth4webapi'

import { parseJson } from '../base/exact-number.ts'
import type { JsonObject } from '../base/json.ts'
import { isExactNumber, isJsonObject, plainText } from '../base/json.ts'
import { parseUrl } from '../base/parse-url.ts'
import { ConnectorError } from '../errors.ts'
import type { UserMap } from '../model/login-record.ts'
import type { GroupPorts } from './complete-groups.ts'
import { completeGroups } from './complete-groups.ts'
import { identityUrl } from '../plan/server-url.ts'
import { NO_CREDENTIAL } from '../plan/credentials.ts'
import type { RequestPlan } from '../plan/types.ts'
import { idTokenRules, tokenClaims } from './id-token-rules.ts'
import type { Discovery } from './oidc-discovery.ts'
import { providerFetch, withKeys } from './provider.ts'
import { providerFailure } from './provider-failure.ts'
import type { LoginMethod } from './types.ts'
import type { SigningProvider } from './verify-signature.ts'
import { verifySignature } from './verify-signature.ts'

/** Whose user info is requested. */
export type InfoRequest = {
  readonly accessToken: string
  /** `sub` of the ID token. */
  readonly subject: string
  readonly clientId: string
  /** What the call carries besides. */
  readonly keys: RequestPlan['credential']
}

export type UserInfoPorts = GroupPorts & { readonly discovery: Discovery }

/** The keys for the UserInfo endpoint of a provider, if it is an operation of the document. */
export function userInfoKeys(
  { login, base, userKeys }: LoginMethod<'openIdConnect'>,
  { userinfo_endpoint: endpoint = '' }: AuthorizationServer
): RequestPlan['credential'] {
  const { userOperation } = login
  if (userOperation === null) return NO_CREDENTIAL
  const url = identityUrl(login, userOperation.path, 'api', base)
  return parseUrl(endpoint)?.href === url.href ? userKeys() : NO_CREDENTIAL
}

/** The claims of a user, with all groups; or why there are none, and the status of the answer if it is a failing one. */
export type UserInfo =
  | { readonly claims: JsonObject }
  | { readonly claims: null; readonly reason: string; readonly status: number | null }

const JWT_TYPE = 'application/jwt'

/** A signed token; some providers send it under another media type. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/

/**
 * Requests the UserInfo endpoint (OpenID Connect Core 5.3), whose answer is JSON or a signed JWT; null if the provider
 * has none.
 *
 * @throws ConnectorError `IDENTITY_ANSWER_INVALID` for the description of another user, or a JWT that is not the
 *   provider's, `IDENTITY_*` when the endpoint is out of order.
 */
export async function requestUserInfo(
  ports: UserInfoPorts,
  provider: SigningProvider,
  user: InfoRequest,
  map: UserMap,
  signal: AbortSignal
): Promise<UserInfo | null> {
  const { server } = provider
  const { host } = new URL(server.issuer)
  if (server.userinfo_endpoint === undefined) return null
  try {
    const found = await describedUser(ports, provider, user, signal)
    if (found.claims === null) return found
    const subject = subjectOf(found.claims)
    if (subject === '') return unusable('it names no user')
    if (subject !== user.subject) {
      const reason = 'its user is not the expected one'
      throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason })
    }
    const url = parseUrl(server.userinfo_endpoint) ?? provider.url
    const request = { url, authorization: `Bearer ${user.accessToken}` }
    return { claims: await completeGroups(ports, found.claims, { request, map }, signal) }
  } catch (error) {
    throw providerFailure(error, host, 'authorization_code')
  }
}

async function describedUser(
  ports: UserInfoPorts,
  provider: SigningProvider,
  { clientId, accessToken, keys }: InfoRequest,
  signal: AbortSignal
): Promise<UserInfo> {
  const self = { client_id: clientId }
  const response = await userInfoRequest(provider.server, self, accessToken, {
    [customFetch]: providerFetch(withKeys(ports.client, keys), signal),
    [allowInsecureRequests]: true
  }).catch((error: unknown) => {
    if (error instanceof ConnectorError && error.code === 'IDENTITY_ANSWER_INVALID') return error
    throw error
  })
  if (response instanceof ConnectorError) return unusable(response.message)
  const { status } = response
  if (status !== 200) return unusable(`status ${status}`, status)
  const text = (await response.text()).trim()
  if (!JWT.test(text)) {
    const claims = objectIn(text)
    return claims === null ? unusable('it is neither a JSON object nor a signed token') : { claims }
  }
  const raw = new Response(text, { headers: { 'content-type': JWT_TYPE } })
  await processUserInfoResponse(idTokenRules(provider, text), self, skipSubjectCheck, raw)
  await verifySignature(ports, provider, { jwt: text, raw }, signal)
  return { claims: tokenClaims(text) }
}

function unusable(reason: string, status: number | null = null): UserInfo {
  return { claims: null, reason, status }
}

/** The user of a description; blank for none. */
function subjectOf({ sub }: JsonObject): string {
  if (typeof sub === 'string') return sub.trim() === '' ? '' : sub
  return typeof sub === 'number' || isExactNumber(sub) ? plainText(sub) : ''
}

function objectIn(text: string): JsonObject | null {
  try {
    const value = parseJson(text)
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}
