import { randomBytes } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { entriesUpTo } from '../base/entries-up-to.ts'
import { createSingleFlight } from '../base/single-flight.ts'
import { ConnectorError } from '../errors.ts'
import { untilAborted } from '../time/deadline.ts'
import type { Sealer } from '../store/sealer.ts'
import type { Store } from '../store/types.ts'
import { loginContext } from './login-handles.ts'
import type { Described, LoginScope, UserTokens } from './types.ts'

/** What a session keeps: the newest tokens, and the description of the user that was read with them. */
export type LoginSession = { readonly tokens: UserTokens; readonly described: Described }

/** How the tokens of a session are renewed. */
export type Refresh = {
  /** Requests new tokens. `describe` then reads what the provider says of the user; null for another user. */
  request(
    refreshToken: string,
    signal: AbortSignal
  ): Promise<{
    readonly tokens: UserTokens
    describe(known: Described): Promise<Described | null>
  }>
}

/** Keeps the refresh tokens of logged-in users in the store; the platform never gets them. */
export type LoginSessions = {
  /** Stores a session. Returns its id, or null when there is no refresh token. */
  create(begun: LoginSession, scope: LoginScope): Promise<string | null>
  /**
   * What a session keeps; null when it has ended, also if the store has an older state than this process has
   * seen; undefined when the store no longer has it.
   */
  read(session: string, scope: LoginScope): Promise<LoginSession | null | undefined>
  /**
   * Replaces tokens that have expired or that an API rejected. A refresh token is used only once: of all
   * callers on all replicas that share the store, one refreshes and the others get its tokens. Only a refused
   * refresh token ends the session, and user info of another user.
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
  ): Promise<LoginSession | null>
}

/** A session as it is stored, with how often it was written: null when it has ended. */
type Counted = { readonly count: number; readonly kept: LoginSession | null }

/** How many sessions a process remembers the counts of. */
const COUNTS_MAX = 10_000

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
  const once = createSingleFlight<LoginSession | null>()
  const counts = new LRUCache<string, number>(entriesUpTo(COUNTS_MAX))

  const read = async (
    session: string,
    scope: LoginScope
  ): Promise<LoginSession | null | undefined> => {
    const sealed = await store.get(sessionKey(session))
    const opened = sealed === undefined ? undefined : sealer.open(sealed, contextOf(session, scope))
    if (opened === undefined) return undefined
    const { count, kept }: Counted = JSON.parse(opened)
    // Somebody put back what the store held before; its refresh token is used up, or the session has ended.
    if (count < (counts.get(session) ?? 0)) return null
    counts.set(session, count)
    return kept
  }
  const save = (session: string, scope: LoginScope, kept: LoginSession | null): Promise<void> => {
    const count = (counts.get(session) ?? 0) + 1
    counts.set(session, count)
    const counted: Counted = { count, kept }
    const sealed = sealer.seal(JSON.stringify(counted), contextOf(session, scope))
    return store.set(sessionKey(session), sealed, SESSION_LIFETIME_S, scope.owner)
  }

  /** Refreshes a session whose lock the caller holds. */
  const refreshLocked = async (
    session: string,
    scope: LoginScope,
    refused: string,
    refresh: Refresh,
    signal: AbortSignal
  ): Promise<LoginSession | null> => {
    const stored = await read(session, scope)
    if (stored == null || stored.tokens.refreshToken === null) return null
    if (stored.tokens.authorization !== refused) return stored
    try {
      const { tokens: fresh, describe } = await refresh.request(stored.tokens.refreshToken, signal)
      const tokens = { ...fresh, refreshToken: fresh.refreshToken ?? stored.tokens.refreshToken }
      // The old refresh token may be used up, so the new one is kept before anything else can fail.
      await save(session, scope, { ...stored, tokens })
      const described = await describe(stored.described)
      const renewed = described && { tokens, described }
      await save(session, scope, renewed)
      return renewed
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
  ): Promise<LoginSession | null> => {
    const holder = randomBytes(16).toString('base64url')
    const lock = `login-lock:${session}`
    // A refresh continues after its caller gives up: otherwise the next refresh token could get lost.
    const { signal } = new AbortController()
    while (!(await store.claim(lock, holder, refreshMaxS))) {
      await wait(POLL_MS, signal)
      const stored = await read(session, scope)
      if (stored == null) return null
      if (stored.tokens.authorization !== refused) return stored
    }
    try {
      return await refreshLocked(session, scope, refused, refresh, signal)
    } finally {
      await store.release(lock, holder)
    }
  }

  return {
    async create(begun, scope) {
      if (begun.tokens.refreshToken === null) return null
      const session = randomBytes(24).toString('base64url')
      await save(session, scope, begun)
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
  return `${loginContext(scope)} ${session} counted`
}
