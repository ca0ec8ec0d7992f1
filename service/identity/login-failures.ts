import { createHash } from 'node:crypto'

import { canonicalUrl } from '../base/canonical-url.ts'
import type { Owner } from '../base/owner.ts'
import { ownerKey } from '../base/owner.ts'
import { ConnectorError } from '../errors.ts'
import { createFairCache } from '../store/fair-cache.ts'
import type { Store } from '../store/types.ts'
import { untilAborted } from '../time/deadline.ts'

/** An attempt to log in with a password. */
export type PasswordAttempt<T> = {
  readonly owner: Owner
  /** The URL that says whether the password is right. */
  readonly checkUrl: URL
  readonly username: string
  readonly check: () => Promise<T>
  /** Whether an error of the check says that the password was wrong. */
  readonly isFailure: (error: unknown) => boolean
  readonly signal: AbortSignal
}

/** Limits the guessing of passwords. */
export type LoginFailures = {
  /**
   * Makes an attempt to log in. As many attempts with a user name run at once as may fail; the others wait for them.
   *
   * @throws ConnectorError `LOGIN_DENIED` after too many failures of that user name; else what the check throws.
   */
  attempt<T>(attempt: PasswordAttempt<T>): Promise<T>
}

const FAILURES_MAX = 5
const WINDOW_MS = 60_000

/** Memory for failures, and what those of one user name take besides their key. */
const FAILURES_MAX_BYTES = 16 * 1024 * 1024
const FAILURE_BYTES = 100

/** How long after a login a user is known at an API (s). */
const KNOWN_S = 30 * 24 * 60 * 60

/** How many attempts of one user name may wait. */
const WAITING_MAX = 100

/** Failures of a minute, and when it ends (ms). */
type Failures = { readonly count: number; readonly endsAt: number }

/** Attempts of one user name: how many run, and what starts those that wait. */
type UnderWay = { running: number; readonly waiting: Set<() => void> }

/**
 * Counts in memory, twice: at most five failures of one user name of a tenant in a minute, and as many of all tenants
 * together where nobody has logged in with that name for 30 days, since the name of a tenant proves nothing. Counts are
 * by the address that checks passwords, since anybody can publish another document for it.
 *
 * @param now A monotonic clock in milliseconds: a clock that is set gives no guesses back, and locks nobody out.
 * @param store Remembers who has logged in.
 */
export function createLoginFailures(now: () => number, store: Store): LoginFailures {
  const failures = createFairCache<Failures>({
    maxBytes: FAILURES_MAX_BYTES,
    sizeOf: (_, key) => FAILURE_BYTES + 2 * key.length,
    now
  })
  /** Problems that say that no password was checked. */
  const denials = new WeakSet<Error>()
  const underWay = new Map<string, UnderWay>()

  const forgetIdle = (key: string, { running, waiting }: UnderWay): void => {
    if (running === 0 && waiting.size === 0) underWay.delete(key)
  }
  const assertMayTry = (failed: number, { waiting }: UnderWay): void => {
    const isBusy = waiting.size >= WAITING_MAX
    if (failed < FAILURES_MAX && !isBusy) return
    const reason = isBusy
      ? 'too many logins with this name at once; try again'
      : 'too many failed logins with this name; try again in a minute'
    const denial = new ConnectorError('LOGIN_DENIED', { reason })
    denials.add(denial)
    throw denial
  }
  /** Waits until an attempt may run, and counts it as running. */
  const begin = async (key: string, signal: AbortSignal): Promise<UnderWay> => {
    const attempts = underWay.get(key) ?? { running: 0, waiting: new Set() }
    underWay.set(key, attempts)
    try {
      for (;;) {
        const failed = failures.get(key)?.count ?? 0
        assertMayTry(failed, attempts)
        if (failed + attempts.running < FAILURES_MAX) break
        await turn(attempts, signal)
      }
    } catch (error) {
      forgetIdle(key, attempts)
      throw error
    }
    attempts.running++
    return attempts
  }
  const end = (key: string, attempts: UnderWay): void => {
    attempts.running--
    forgetIdle(key, attempts)
    for (const start of attempts.waiting) start()
  }
  const countFailure = (key: string, owner: Owner): void => {
    const { count, endsAt } = failures.get(key) ?? { count: 0, endsAt: now() + WINDOW_MS }
    failures.set(key, { count: count + 1, endsAt }, (endsAt - now()) / 1000, owner)
  }
  /** Makes an attempt that counts under a key. */
  const counted = async <T>(
    key: string,
    { owner, isFailure, signal }: PasswordAttempt<T>,
    check: () => Promise<T>
  ): Promise<T> => {
    const attempts = await begin(key, signal)
    try {
      const result = await check()
      failures.delete(key)
      return result
    } catch (error) {
      const isDenial = error instanceof Error && denials.has(error)
      if (!isDenial && isFailure(error)) countFailure(key, owner)
      throw error
    } finally {
      end(key, attempts)
    }
  }
  return {
    async attempt(attempt) {
      const user = hashed([guessTarget(attempt.checkUrl), canonicalName(attempt.username)])
      const knownKey = `login-known:1:${user}`
      const isKnown = (await store.get(knownKey)) !== undefined
      const result = await counted(hashed([user, ownerKey(attempt.owner)]), attempt, () =>
        isKnown ? attempt.check() : counted(user, attempt, attempt.check)
      )
      await store.set(knownKey, '1', KNOWN_S, attempt.owner)
      return result
    }
  }
}

/** Waits until another attempt has ended. */
function turn({ waiting }: UnderWay, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  waiting.add(resolve)
  return untilAborted(promise, signal).finally(() => waiting.delete(resolve))
}

/** What all spellings of an address that checks passwords have in common. Its query may be anything. */
function guessTarget(checkUrl: URL): string {
  const { hostname, port, pathname } = new URL(canonicalUrl(checkUrl))
  const segments = pathname.toLowerCase().split('/').filter(Boolean)
  return JSON.stringify([hostname, port, segments])
}

/** What all spellings of a user name have in common that an API may take for the same. */
function canonicalName(username: string): string {
  return username
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\p{C}\s]+/gu, '')
}

function hashed(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
