import { randomBytes } from 'node:crypto'

import { createSingleFlight } from '../base/single-flight.ts'
import { ConnectorError } from '../errors.ts'
import { untilAborted } from '../time/deadline.ts'
import type { Sealer } from '../store/sealer.ts'
import type { Store } from '../store/types.ts'
import { loginContext } from './login-handles.ts'
import type { LoginScope, UserTokens } from './types.ts'

/** Requests new tokens with a refresh token. */
export type Refresh = (refreshToken: string, signal: AbortSignal) => Promise<UserTokens>

/** Keeps the refresh tokens of logged-in users in the store; the platform never gets them. */
export type LoginSessions = {
  /** Stores tokens. Returns the session's id, or null when there is no refresh token. */
  create(tokens: UserTokens, scope: LoginScope): Promise<string | null>
  /** The newest tokens of a session; null when it has ended, undefined when the store no longer has it. */
  read(session: string, scope: LoginScope): Promise<UserTokens | null | undefined>
  /**
   * Replaces tokens that have expired or that an API rejected. A refresh token is used only once: of all
   * callers on all replicas that share the store, one refreshes and the others get its tokens.
   *
   * @param refused The value of `Authorization` to replace.
   * @returns Null when the session has ended.
   * @throws ConnectorError `IDENTITY_*` when the provider cannot be reached; the session remains.
   */
  renew(
    session: string,
    scope: LoginScope,
    refused: string,
    refresh: Refresh,
    signal: AbortSignal
  ): Promise<UserTokens | null>
}

/** How long a session is kept after its last refresh (s). */
export const SESSION_LIFETIME_S = 30 * 24 * 60 * 60

/** How often to poll for the tokens that another replica refreshes (ms). */
const POLL_MS = 50

export type LoginSessionPorts = {
  readonly store: Store
  readonly sealer: Sealer
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Maximum duration of one refresh (s), after which another replica may try. */
  readonly refreshMaxS: number
}

/** Keeps sessions sealed in the store. */
export function createLoginSessions(ports: LoginSessionPorts): LoginSessions {
  const { store, sealer, wait, refreshMaxS } = ports
  const once = createSingleFlight<UserTokens | null>()

  const read = async (
    session: string,
    scope: LoginScope
  ): Promise<UserTokens | null | undefined> => {
    const sealed = await store.get(sessionKey(session))
    const opened = sealed === undefined ? undefined : sealer.open(sealed, contextOf(session, scope))
    return opened === undefined ? undefined : JSON.parse(opened)
  }
  const save = (session: string, scope: LoginScope, tokens: UserTokens | null): Promise<void> => {
    const sealed = sealer.seal(JSON.stringify(tokens), contextOf(session, scope))
    return store.set(sessionKey(session), sealed, SESSION_LIFETIME_S, scope.owner)
  }

  /** Refreshes a session whose lock the caller holds. */
  const refreshLocked = async (
    session: string,
    scope: LoginScope,
    refused: string,
    refresh: Refresh,
    signal: AbortSignal
  ): Promise<UserTokens | null> => {
    const stored = await read(session, scope)
    if (stored == null || stored.refreshToken === null) return null
    if (stored.authorization !== refused) return stored
    try {
      const fresh = await refresh(stored.refreshToken, signal)
      const tokens = { ...fresh, refreshToken: fresh.refreshToken ?? stored.refreshToken }
      await save(session, scope, tokens)
      return tokens
    } catch (error) {
      const isOver = error instanceof ConnectorError && error.code === 'LOGIN_DENIED'
      if (!isOver) throw error
      // The platform still has the handle, which must not become valid again.
      await save(session, scope, null)
      return null
    }
  }

  /** Acquires the session's lock and refreshes, unless another replica refreshes first. */
  const lockAndRefresh = async (
    session: string,
    scope: LoginScope,
    refused: string,
    refresh: Refresh
  ): Promise<UserTokens | null> => {
    const holder = randomBytes(16).toString('base64url')
    const lock = `login-lock:${session}`
    // A refresh continues after its caller gives up: otherwise the next refresh token could get lost.
    const { signal } = new AbortController()
    while (!(await store.claim(lock, holder, refreshMaxS))) {
      await wait(POLL_MS, signal)
      const stored = await read(session, scope)
      if (stored == null) return null
      if (stored.authorization !== refused) return stored
    }
    try {
      return await refreshLocked(session, scope, refused, refresh, signal)
    } finally {
      await store.release(lock, holder)
    }
  }

  return {
    async create(tokens, scope) {
      if (tokens.refreshToken === null) return null
      const session = randomBytes(24).toString('base64url')
      await save(session, scope, tokens)
      return session
    },
    read,
    renew(session, scope, refused, refresh, signal) {
      const renewed = once(session, () => lockAndRefresh(session, scope, refused, refresh))
      return untilAborted(renewed, signal)
    }
  }
}

function sessionKey(session: string): string {
  return `login-session:${session}`
}

function contextOf(session: string, scope: LoginScope): string {
  return `${loginContext(scope)} ${session}`
}
