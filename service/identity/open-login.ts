import type { JsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { identityUrl } from '../plan/server-url.ts'
import { apiOrigins, loginBinding } from './login-binding.ts'
import type { LoginHandles } from './login-handles.ts'
import type { LoginSession, LoginSessions, Refresh } from './login-sessions.ts'
import { clientWords, oauth2Endpoint, userTokens } from './oauth2-login.ts'
import type { Discovery } from './oidc-discovery.ts'
import { restrictHosts } from './provider.ts'
import { readUserAgain } from './read-user-again.ts'
import type { RecentDescriptions } from './recent-descriptions.ts'
import type { RequestTokens, TokenEndpoint, TokenSet } from './token-endpoint.ts'
import type { Described, LoginMethod, LoginScope, UserDetails, WarnOfLogin } from './types.ts'
import { verifiedClaims } from './verified-claims.ts'

/** A logged-in user. */
export type UserLogin = {
  readonly scheme: string
  readonly kind: 'basic' | 'bearer'
  /** Origins of the API that the user logged in to. */
  readonly origins: readonly string[]
  /** In the form of `outgoingUserId`. */
  readonly userId: string
  /**
   * What the provider says of the user, read again if that is an hour ago.
   *
   * @returns Null when the provider no longer accepts the login, or names another user.
   * @throws ConnectorError `IDENTITY_*`, `LOGIN_*` when the provider cannot be asked.
   */
  details(signal: AbortSignal): Promise<UserDetails | null>
  /** The current value of `Authorization`. */
  authorization(): string
  /**
   * Replaces a value that an API rejected; null when there is no other.
   *
   * @throws ConnectorError `IDENTITY_*` when the provider cannot be reached.
   */
  renew(refused: string, signal: AbortSignal): Promise<string | null>
}

export type OpenLoginPorts = {
  readonly client: IdentityClient
  readonly requestTokens: RequestTokens
  readonly discovery: Discovery
  readonly handles: LoginHandles
  readonly sessions: LoginSessions
  readonly recent: RecentDescriptions
  readonly warn: WarnOfLogin
  readonly now: () => number
}

/** A login handle as the platform sends it. */
export type PresentedHandle = {
  readonly token: string
  /** Id of the user in the same request, who must be the one who logged in. */
  readonly userId: string
}

/** The current credential of a login, and the description that was read with it. */
type Current = { readonly authorization: string; readonly described: Described }

/**
 * Opens a login handle and renews its tokens when they are due.
 *
 * @param methodOf The login method of a security scheme; undefined when the document no longer has it.
 * @returns Null for a handle that is invalid, expired, or of a login that counts elsewhere.
 * @throws ConnectorError `IDENTITY_*`, `LOGIN_*` when its tokens have expired and cannot be renewed for the moment.
 */
export async function openLogin(
  ports: OpenLoginPorts,
  presented: PresentedHandle,
  scope: LoginScope,
  methodOf: (scheme: string) => LoginMethod | undefined,
  signal: AbortSignal
): Promise<UserLogin | null> {
  const { handles, sessions, recent, now } = ports
  const handle = await handles.read(presented.token, scope)
  const method = handle === undefined ? undefined : methodOf(handle.scheme)
  if (handle === undefined || method === undefined) return null
  const userId = presented.userId.trim()
  if (handle.binding !== loginBinding(scope, method, userId)) return null
  const { session } = handle
  const stored = session === null ? undefined : await sessions.read(session, scope)
  if (stored === null) return null
  const { tokens, described } = stored ?? handle
  // The store may have evicted the session; then the handle's own tokens are used until they expire.
  const isEvicted = session !== null && stored === undefined
  if (isEvicted && !(Number(tokens.expiresAt) > now())) return null

  let current: Current = { authorization: tokens.authorization, described }
  const renew = async (refused: string, until: AbortSignal): Promise<string | null> => {
    if (session === null) return null
    const refresh = refreshAt(ports, method, userId)
    const renewed = await sessions.renew(session, scope, refused, refresh, until)
    if (renewed !== null) current = currentOf(renewed)
    return renewed?.tokens.authorization ?? null
  }
  const isDue = session !== null && tokens.renewAt !== null && tokens.renewAt <= now()
  if (isDue && !isEvicted) {
    const lasts = tokens.expiresAt === null || tokens.expiresAt > now()
    const renewed = await renew(tokens.authorization, signal).catch((error: unknown) => {
      signal.throwIfAborted()
      // Whatever the provider's trouble is, the user remains who it is.
      if (!lasts || !(error instanceof ConnectorError)) throw error
      return tokens.authorization
    })
    if (renewed === null) return null
  }
  const readAgain = (until: AbortSignal): Promise<Described | null> => {
    const client = restrictHosts(ports.client, method)
    const user = { userId, known: current.described, authorization: current.authorization }
    return readUserAgain({ ...ports, client }, method, { ...user, claims: null }, until)
  }
  return {
    scheme: handle.scheme,
    kind: method.login.kind === 'basic' ? 'basic' : 'bearer',
    origins: apiOrigins(method),
    userId,
    async details(until) {
      const read = (): Promise<Described | null> => {
        const login = [handle.binding, current.authorization]
        return recent.read(login, current.described, readAgain, until)
      }
      const described = await read().catch(async (error: unknown) => {
        if (!isDenied(error)) throw error
        return (await renew(current.authorization, until)) === null ? null : read().catch(ifDenied)
      })
      return described?.details ?? null
    },
    authorization: () => current.authorization,
    renew
  }
}

function currentOf({ tokens: { authorization }, described }: LoginSession): Current {
  return { authorization, described }
}

function isDenied(error: unknown): boolean {
  return error instanceof ConnectorError && error.code === 'LOGIN_DENIED'
}

function ifDenied(error: unknown): null {
  if (isDenied(error)) return null
  throw error
}

function refreshAt(ports: OpenLoginPorts, method: LoginMethod, userId: string): Refresh {
  const client = restrictHosts(ports.client, method)
  return {
    async request(refreshToken, signal) {
      const endpoint = await endpointOf(ports, method, signal)
      const parameters = { refresh_token: refreshToken }
      const set = await ports.requestTokens(client, endpoint, 'refresh_token', parameters, signal)
      const tokens = userTokens(set, ports.now())
      const { authorization } = tokens
      return {
        tokens,
        async describe(known) {
          try {
            const claims = await claimsOf({ ...ports, client }, method, endpoint, set, signal)
            const user = { userId, known, authorization, claims }
            return await readUserAgain({ ...ports, client }, method, user, signal)
          } catch (error) {
            if (!(error instanceof ConnectorError)) throw error
            // The tokens are good; the description is read again when it is an hour old.
            return known
          }
        }
      }
    }
  }
}

/** The claims of the ID token that came with new tokens (OpenID Connect Core 12.2); null for none that is valid. */
async function claimsOf(
  ports: OpenLoginPorts,
  { login, base }: LoginMethod,
  { server, client: { secret } }: TokenEndpoint,
  set: TokenSet,
  signal: AbortSignal
): Promise<JsonObject | null> {
  if (login.kind !== 'openIdConnect') return null
  const url = identityUrl(login, login.discoveryUrl, 'provider', base)
  return verifiedClaims(ports, { url, server, secret }, set, signal).catch(() => null)
}

async function endpointOf(
  { discovery }: OpenLoginPorts,
  { login, base, client }: LoginMethod,
  signal: AbortSignal
): Promise<TokenEndpoint> {
  if (client === null || login.kind === 'basic') throw new ConnectorError('LOGIN_UNAVAILABLE')
  if (login.kind === 'oauth2') {
    return oauth2Endpoint({ login, base }, client, login.refreshUrl ?? login.tokenUrl)
  }
  const url = identityUrl(login, login.discoveryUrl, 'provider', base)
  const server = await discovery.read(url, signal)
  return { server, client, ...clientWords(login.client), isOpenId: true }
}
