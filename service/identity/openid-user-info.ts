import type { AuthorizationServer } from 'oauth4webapi'
import {
  allowInsecureRequests,
  customFetch,
  processUserInfoResponse,
  userInfoRequest
} from 'oauth4webapi'

import { parseJson } from '../base/exact-number.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, plainText } from '../base/json.ts'
import { mediaEssence } from '../base/media-type.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { tokenClaims } from './id-token-rules.ts'
import type { Discovery } from './oidc-discovery.ts'
import { providerFetch } from './provider.ts'
import type { WarnOfLogin } from './types.ts'
import type { SigningProvider } from './verify-signature.ts'
import { verifySignature } from './verify-signature.ts'

/** A user of whom there is a valid ID token. */
export type IdentifiedUser = {
  readonly clientId: string
  readonly accessToken: string
  readonly subject: string
  /** The metadata that a signed description must fit. */
  readonly rules: AuthorizationServer
}

const JWT_TYPE = 'application/jwt'

/** A signed token, which some providers send under another media type. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/

export type UserInfoPorts = {
  readonly client: IdentityClient
  readonly discovery: Discovery
  readonly warn: WarnOfLogin
}

/**
 * Requests the UserInfo endpoint (OpenID Connect Core 5.3), whose answer is JSON or a signed JWT. The ID token has
 * identified the user: an answer that cannot be used is a line of the log, and the claims of the ID token are enough.
 *
 * @returns The claims that are filled; none without an endpoint or a usable answer.
 * @throws ConnectorError `IDENTITY_ANSWER_INVALID` for the description of another user, `IDENTITY_*` when the endpoint
 *   is out of order; and the errors of oauth4webapi for a JWT that is not the provider's.
 */
export async function requestUserInfo(
  ports: UserInfoPorts,
  provider: SigningProvider,
  user: IdentifiedUser,
  signal: AbortSignal
): Promise<JsonObject> {
  const { server } = provider
  const { host } = new URL(server.issuer)
  if (server.userinfo_endpoint === undefined) return {}
  const found = await describedUser(ports, provider, user, signal)
  const subject = isJsonObject(found) ? subjectOf(found) : ''
  if (typeof found === 'string' || subject === '') {
    const reason = typeof found === 'string' ? found : 'it names no user'
    ports.warn('the userinfo endpoint of a provider gave no claims', { host, reason })
    return {}
  }
  if (subject !== user.subject) {
    const reason = 'its user is not the expected one'
    throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason })
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => !isBlank(value)))
}

/** The description of a user, or why it cannot be used. */
async function describedUser(
  ports: UserInfoPorts,
  provider: SigningProvider,
  { clientId, accessToken, rules }: IdentifiedUser,
  signal: AbortSignal
): Promise<JsonObject | string> {
  const self = { client_id: clientId }
  const response = await userInfoRequest(provider.server, self, accessToken, {
    [customFetch]: providerFetch(ports.client, signal),
    [allowInsecureRequests]: true
  }).catch((error: unknown) => {
    if (error instanceof ConnectorError && error.code === 'IDENTITY_ANSWER_INVALID') return error
    throw error
  })
  if (response instanceof ConnectorError) return response.message
  if (response.status !== 200) return `status ${response.status}`
  const text = (await response.text()).trim()
  const type = mediaEssence(response.headers.get('content-type') ?? '')
  if (type !== JWT_TYPE && !JWT.test(text)) return objectIn(text) ?? 'it is not a JSON object'
  if (text.split('.').length === 5) return 'it is encrypted'
  const raw = new Response(text, { headers: { 'content-type': JWT_TYPE } })
  const subject = subjectOf(tokenClaims(text))
  if (subject !== '') await processUserInfoResponse(rules, self, subject, raw)
  if (subject !== '') await verifySignature(ports, provider, { jwt: text, raw }, signal)
  return tokenClaims(text)
}

/** The user of a description; blank for none. */
function subjectOf({ sub }: JsonObject): string {
  const isNamed = (typeof sub === 'string' && sub.trim() !== '') || typeof sub === 'number'
  return isNamed ? plainText(sub) : ''
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isBlank(value: JsonValue): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '')
}
