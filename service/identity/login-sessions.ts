import { randomBytes } from 'node:crypto'

import { createSingleFlight } from '../base/single-flight.ts'
import { ConnectorError } from '../errors.ts'
import { untilAborted } from '../time/deadline.ts'
import type { Sealer } from '../store/sealer.ts'
import type { Store } from '../store/types.ts'
import { loginContext } from './login-handles.ts'
import type { LoginScope, UserTokens } from './types.ts'

/** Gets new tokens for a refresh token. */
export type Refresh = (refreshToken: string, signal: AbortSignal) => Promise<UserTokens>

/** The refresh tokens of users who are logged in. They never leave the store. */
export type LoginSessions = {
  /** Keeps tokens; gives the name under which they lie, or null where there is none to refresh with. */
  begin(tokens: UserTokens, scope: LoginScope): Promise<string | null>
  /** The newest tokens of a session; null when it is over, undefined when the store has forgotten it. */
  read(session: string, scope: LoginScope): Promise<UserTokens | null | undefined>
  /**
   * Tokens in place of those that an API refused or whose time is over. A refresh token is used once,
   * by one caller at a time over all replicas that share the store; the others get what it brought.
   *
   * @param refused The value of `Authorization` that is of no use any more.
   * @returns Null when the session is over.
   * @throws ConnectorError `IDENTITY_*` when the provider cannot be asked; the session goes on.
   */
  renew(
    session: string,
    scope: LoginScope,
    refused: string,
    refresh: Refresh,
    signal: AbortSignal
  ): Promise<UserTokens | null>
}

/** Seconds since the last refresh for which a session is kept. */
export const SESSION_LIFE_S = 30 * 24 * 60 * 60

/** Milliseconds between two looks at what another replica brings. */
const LOOK_EVERY_MS = 50

export type LoginSessionPorts = {
  readonly store: Store
  readonly sealer: Sealer
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Seconds that one refresh takes at the most; then another replica may try. */
  readonly refreshMaxS: number
}

/** Sessions in a store, sealed. */
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
  const keep = (session: string, scope: LoginScope, tokens: UserTokens | null): Promise<void> => {
    const sealed = sealer.seal(JSON.stringify(tokens), contextOf(session, scope))
    return store.set(sessionKey(session), sealed, SESSION_LIFE_S, scope.tenant)
  }

  /** Refreshes under the session's lock, which the caller has. */
  const refreshed = async (
    session: string,
    scope: LoginScope,
    refused: string,
    refresh: Refresh,
    signal: AbortSignal
  ): Promise<UserTokens | null> => {
    const held = await read(session, scope)
    if (held == null || held.refreshToken === null) return null
    if (held.authorization !== refused) return held
    try {
      const fresh = await refresh(held.refreshToken, signal)
      const tokens = { ...fresh, refreshToken: fresh.refreshToken ?? held.refreshToken }
      await keep(session, scope, tokens)
      return tokens
    } catch (error) {
      const isOver = error instanceof ConnectorError && error.code === 'LOGIN_DENIED'
      if (!isOver) throw error
      // The platform keeps the handle, which must not come back to life.
      await keep(session, scope, null)
      return null
    }
  }

  /** Waits for the session's lock as long as another caller may have it. */
  const renewAlone = async (
    session: string,
    scope: LoginScope,
    refused: string,
    refresh: Refresh
  ): Promise<UserTokens | null> => {
    const holder = randomBytes(16).toString('base64url')
    const lock = `login-lock:${session}`
    // What one caller began goes on without it: a refresh token that is used up must not get lost.
    const { signal } = new AbortController()
    while (!(await store.claim(lock, holder, refreshMaxS))) {
      await wait(LOOK_EVERY_MS, signal)
      const held = await read(session, scope)
      if (held == null) return null
      if (held.authorization !== refused) return held
    }
    try {
      return await refreshed(session, scope, refused, refresh, signal)
    } finally {
      await store.release(lock, holder)
    }
  }

  return {
    async begin(tokens, scope) {
      if (tokens.refreshToken === null) return null
      const session = randomBytes(24).toString('base64url')
      await keep(session, scope, tokens)
      return session
    },
    read,
    renew(session, scope, refused, refresh, signal) {
      const renewed = once(session, () => renewAlone(session, scope, refused, refresh))
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
