import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { ownerKey } from '../base/owner.ts'
import { ConnectorError } from '../errors.ts'
import { untilAborted } from '../time/deadline.ts'
import type { LoginScope } from './types.ts'

/** Limits the guessing of passwords. */
export type LoginFailures = {
  /**
   * Makes an attempt to log in with a user name. As many attempts run at once as may fail; the others wait for them.
   *
   * @param isFailure Whether an error of the attempt says that the password was wrong.
   * @throws ConnectorError `LOGIN_DENIED` after too many failures of that user name; else what the attempt throws.
   */
  attempt<T>(
    scope: LoginScope,
    username: string,
    attempt: () => Promise<T>,
    isFailure: (error: unknown) => boolean,
    signal: AbortSignal
  ): Promise<T>
}

const NAMES_MAX = 10_000
const FAILURES_MAX = 5
const WINDOW_MS = 60_000

/** How many attempts of one user name may wait. */
const WAITING_MAX = 100

/** Attempts of one user name: how many run, and what starts those that wait. */
type UnderWay = { running: number; readonly waiting: Set<() => void> }

/** Counts in memory: at most five failures of one user name of a tenant in a minute. */
export function createLoginFailures(now: () => number): LoginFailures {
  const failures = new LRUCache<string, number>({
    max: NAMES_MAX,
    ttl: WINDOW_MS,
    ttlResolution: 0,
    noUpdateTTL: true,
    perf: { now }
  })
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
    throw new ConnectorError('LOGIN_DENIED', { reason })
  }
  /** Waits until an attempt may run, and counts it as running. */
  const begin = async (key: string, signal: AbortSignal): Promise<UnderWay> => {
    const attempts = underWay.get(key) ?? { running: 0, waiting: new Set() }
    underWay.set(key, attempts)
    try {
      for (;;) {
        const failed = failures.get(key) ?? 0
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
  return {
    async attempt(scope, username, attempt, isFailure, signal) {
      const key = keyOf(scope, username)
      const attempts = await begin(key, signal)
      try {
        const result = await attempt()
        failures.delete(key)
        return result
      } catch (error) {
        if (isFailure(error)) failures.set(key, (failures.get(key) ?? 0) + 1)
        throw error
      } finally {
        end(key, attempts)
      }
    }
  }
}

/** Waits until another attempt has ended. */
function turn({ waiting }: UnderWay, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  waiting.add(resolve)
  return untilAborted(promise, signal).finally(() => waiting.delete(resolve))
}

function keyOf({ owner, schemaUrl }: LoginScope, username: string): string {
  const parts = [ownerKey(owner), schemaUrl, username.normalize('NFKC').trim().toLowerCase()]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
