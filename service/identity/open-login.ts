import { ConnectorError } from '../errors.ts'
import { apiOrigins, loginBinding } from './login-binding.ts'
import type { LoginHandles } from './login-handles.ts'
import type { RefreshPorts } from './login-refresh.ts'
import { refreshAt } from './login-refresh.ts'
import type { LoginSession, LoginSessions } from './login-sessions.ts'
import { restrictHosts } from './provider.ts'
import { readUserAgain } from './read-user-again.ts'
import type { RecentDescriptions } from './recent-descriptions.ts'
import type { Described, LoginMethod, LoginScope, UserDetails } from './types.ts'

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

export type OpenLoginPorts = RefreshPorts & {
  readonly handles: LoginHandles
  readonly sessions: LoginSessions
  readonly recent: RecentDescriptions
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
