import { createRollingCount } from './rolling-count.ts'

/** How many of an origin's calls may be repeats, so that repeats do not multiply an outage. */
export type RetryBudgetLimits = {
  /** Milliseconds over which calls are counted. */
  readonly windowMs: number
  /** Repeats for each call. */
  readonly share: number
  /** Repeats that few calls may have all the same. */
  readonly floor: number
}

export type RetryBudget = {
  /** A call is made for the first time. */
  called(): void
  /** Takes one repeat; false when none is left. */
  spend(): boolean
}

/**
 * The retry budget of one tenant and origin (x-flow 8).
 *
 * @param now A clock in milliseconds that never goes back.
 */
export function createRetryBudget(limits: RetryBudgetLimits, now: () => number): RetryBudget {
  const calls = createRollingCount(limits.windowMs, now)
  const repeats = createRollingCount(limits.windowMs, now)
  return {
    called: () => calls.add(),
    spend() {
      if (repeats.total() >= Math.max(limits.floor, Math.floor(limits.share * calls.total()))) {
        return false
      }
      repeats.add()
      return true
    }
  }
}
