import type { JsonArray, JsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import { identityUrl } from '../plan/server-url.ts'
import type { GroupPorts } from './complete-groups.ts'
import { completeGroups } from './complete-groups.ts'
import { describeUser } from './describe-user.ts'
import { hasTenants } from './id-token-rules.ts'
import type { UserSources } from './identify-user.ts'
import { describeAnew } from './identify-user.ts'
import type { Discovery } from './oidc-discovery.ts'
import { requestUserInfo } from './openid-user-info.ts'
import type { Described, LoginMethod } from './types.ts'
import { outgoingUserId } from './user-id.ts'
import { unknownUser } from './user-profile.ts'

export type ReadAgainPorts = GroupPorts & {
  readonly discovery: Discovery
  readonly now: () => number
}

/** A login whose user info comes from the API. */
type ApiLogin = Exclude<LoginMethod['login'], { readonly kind: 'openIdConnect' }>

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
  ports: ReadAgainPorts,
  method: LoginMethod,
  { userId, known, authorization, claims }: KnownUser,
  signal: AbortSignal
): Promise<Described | null> {
  const { login } = method
  if (!known.hasUserInfo && claims === null) return known
  if (claims !== null && claims.sub !== known.subject) return null
  const sources =
    login.kind === 'openIdConnect'
      ? await openIdSources()
      : { info: await apiInfo(login), claims: null, hasTenants: false }
  if (sources === null) return known
  const { userId: found, described } = describeAnew(sources, login.map ?? {}, known, ports.now())
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

  function apiInfo({ failure, map }: ApiLogin): Promise<JsonObject | JsonArray> {
    const request = { url: userInfoUrl(), authorization, keys: method.userKeys(), failure }
    return describeUser(ports, request, map ?? {}, signal)
  }

  /** Null where there is nothing to read any more. */
  async function openIdSources(): Promise<UserSources | null> {
    const url = userInfoUrl()
    const server = await ports.discovery.read(url, signal)
    const provider = { url, server, secret: method.client?.secret ?? null }
    const accessToken = authorization.replace(/^Bearer /, '')
    const user = { accessToken, subject: known.subject ?? '', clientId: method.client?.id ?? '' }
    const read = await requestUserInfo(ports, provider, user, signal)
    if (read === null && claims === null) return null
    // As at the login, the claims of an ID token are enough.
    if (read?.claims === null && claims === null) throw unreadable(url, read.reason, read.status)
    const whole = (description: JsonObject, from: string | undefined): Promise<JsonObject> => {
      const request = { url: URL.parse(from ?? '') ?? url, authorization }
      return completeGroups(ports, description, { request, map: login.map ?? {} }, signal)
    }
    return {
      info: read?.claims ? await whole(read.claims, server.userinfo_endpoint) : null,
      claims: claims && (await whole(claims, server.token_endpoint)),
      hasTenants: hasTenants(server)
    }
  }
}

/** A provider that no longer accepts its token has ended the login. */
function unreadable({ host }: URL, reason: string, status: number | null): ConnectorError {
  return status === 401 || status === 403
    ? new ConnectorError('LOGIN_DENIED', { reason: 'the identity provider rejected its own token' })
    : new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason })
}
