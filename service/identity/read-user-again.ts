import type { JsonObject } from '../base/json.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { identityUrl } from '../plan/server-url.ts'
import { describeAnew } from './identify-user.ts'
import type { Discovery } from './oidc-discovery.ts'
import { requestUserInfo } from './oidc-login.ts'
import type { Described, LoginMethod } from './types.ts'
import { outgoingUserId } from './user-id.ts'
import { fetchUserInfo } from './user-info.ts'
import { unknownUser } from './user-profile.ts'

export type ReadAgainPorts = {
  readonly client: IdentityClient
  readonly discovery: Discovery
  readonly now: () => number
}

/** A user who is logged in, and the credential with which the user info is requested. */
export type KnownUser = {
  /** In the form of `outgoingUserId`. */
  readonly userId: string
  readonly known: Described
  /** The value of `Authorization`. */
  readonly authorization: string
  /** The claims of a new ID token; null for none. */
  readonly claims: JsonObject | null
}

/**
 * Reads again what a provider says of a user, since groups and addresses change.
 *
 * @returns Null when the provider names another user.
 * @throws ConnectorError as the login did.
 */
export async function readUserAgain(
  { client, discovery, now }: ReadAgainPorts,
  method: LoginMethod,
  { userId, known, authorization, claims }: KnownUser,
  signal: AbortSignal
): Promise<Described | null> {
  const { login } = method
  if (!known.hasUserInfo && claims === null) return known
  if (claims !== null && claims.sub !== known.subject) return null
  const info = known.hasUserInfo ? await readInfo() : null
  const { userId: found, described } = describeAnew({ info, claims }, login.map ?? {}, known, now())
  // With OpenID Connect, `sub` has been compared; with a password, the user name is the id.
  if (found === null && login.kind === 'oauth2') throw unknownUser(login.scheme, userInfoUrl())
  return found === null || outgoingUserId(found) === userId ? described : null

  function userInfoUrl(): URL {
    const { base } = method
    if (login.kind === 'openIdConnect') {
      return identityUrl(login, login.discoveryUrl, 'provider', base)
    }
    const given = login.kind === 'basic' ? login.checkUrl : login.userInfoUrl
    return identityUrl(login, given, 'api', base)
  }

  async function readInfo(): Promise<JsonObject> {
    const url = userInfoUrl()
    if (login.kind !== 'openIdConnect') {
      return fetchUserInfo(client, url, authorization, login.map ?? {}, signal)
    }
    const server = await discovery.read(url, signal)
    const accessToken = authorization.replace(/^Bearer /, '')
    const user = { accessToken, subject: known.subject ?? '', clientId: method.client?.id ?? '' }
    return (await requestUserInfo(client, server, user, signal)) ?? {}
  }
}
