import { createRollingCount } from '../../base/sliding-window.ts'
import { ConnectorError } from '../../errors.ts'
import type { RequestPlan } from '../../plan/types.ts'
import type { Outcome } from './circuit.ts'

/** Statuses that are asked for again unless `on` names others. */
const USUAL_STATUSES: readonly number[] = [408, 429, 502, 503, 504]

/** Methods that do the same however often they are called (RFC 9110 9.2.2), and QUERY. */
const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'])

/** Failures before anything of the request has left. */
const NEVER_LEFT = new Set(['UPSTREAM_UNREACHABLE', 'UPSTREAM_CONNECT_TIMEOUT', 'DNS_TIMEOUT'])

/** Failures of the way to an API, or of the API as a whole. */
const FAILURES = new Set([
  ...NEVER_LEFT,
  'UPSTREAM_RESET',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_TLS',
  'UPSTREAM_PROTOCOL'
])

/** Answers that cannot be used, from an API that is there. */
const ANSWERS = new Set(['UPSTREAM_REDIRECT', 'UPSTREAM_NOT_JSON', 'UPSTREAM_TOO_LARGE'])

/**
 * Whether a call that failed may be made again.
 *
 * A connection that was never made: always. A reset: unless the method does more when it is repeated.
 * A status of `x-flow-retry.on`, or a usual one: the same, and also for 429, for a call that carries an
 * Idempotency-Key, and where `on` stands on the very operation. A time-out of the answer: never.
 */
export function isRepeatable(
  { method, conduct, idempotencyKey }: RequestPlan,
  error: unknown
): error is ConnectorError {
  if (!(error instanceof ConnectorError)) return false
  const { on, onIsOwn, ignore } = conduct.retry
  const { code, status } = error
  const harmless = REPEATABLE.has(method)
  if (code !== 'API_ERROR') return NEVER_LEFT.has(code) || (harmless && code === 'UPSTREAM_RESET')
  if (ignore.includes(status) || !(on ?? USUAL_STATUSES).includes(status)) return false
  return harmless || status === 429 || idempotencyKey !== null || onIsOwn
}

/** Whether a call does no more when it is made again, whatever became of it the first time. */
export function mayBeRepeated({ method, idempotencyKey }: RequestPlan): boolean {
  return REPEATABLE.has(method) || idempotencyKey !== null
}

/** What the end of a call says about its API. An API's own 4xx shows that it is there. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ConnectorError)) return 'unknown'
  if (error.code === 'API_ERROR') return error.status >= 500 ? 'failure' : 'success'
  if (FAILURES.has(error.code)) return 'failure'
  return ANSWERS.has(error.code) ? 'success' : 'unknown'
}

/** The waits between the tries of a call, in milliseconds. */
export type PauseLimits = { readonly firstMs: number; readonly mostMs: number }

/**
 * A wait at random, up to a bound that doubles from try to try: full jitter, so that calls that failed
 * together do not come again together.
 *
 * @param repeat 0 before the first repeat.
 * @param random At least 0, below 1.
 */
export function jitteredPause(limits: PauseLimits, repeat: number, random: number): number {
  return random * Math.min(limits.mostMs, limits.firstMs * 2 ** repeat)
}

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
 * The retry budget of one tenant and origin.
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
