import { createRollingCount } from '../../base/sliding-window.ts'
import { ConnectorError } from '../../errors.ts'
import type { RequestPlan } from '../../plan/types.ts'
import type { Outcome } from './circuit.ts'
import { isRateRefusal } from './rate-limit-headers.ts'

/** Statuses that are retried unless `on` names others. */
const USUAL_STATUSES: readonly number[] = [408, 429, 502, 503, 504]

/** Idempotent methods (RFC 9110 9.2.2), and QUERY. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'])

/** Failures before any part of the request was sent. */
const NEVER_SENT = new Set(['UPSTREAM_UNREACHABLE', 'UPSTREAM_CONNECT_TIMEOUT', 'DNS_TIMEOUT'])

/** Failures to connect. */
const UNREACHED = new Set([...NEVER_SENT, 'UPSTREAM_TLS'])

/** Failures to get an answer over a connection. */
const FAILURES = new Set(['UPSTREAM_RESET', 'UPSTREAM_TIMEOUT', 'UPSTREAM_PROTOCOL'])

/** Unusable answers of an API that is up. */
const UNUSABLE_ANSWERS = new Set(['UPSTREAM_REDIRECT', 'UPSTREAM_NOT_JSON', 'UPSTREAM_TOO_LARGE'])

/**
 * Decides whether a failed call may be repeated (docs/x-flow.md#retries):
 *
 * - if no connection was made: always;
 * - after a reset: if the method is idempotent;
 * - after a status of `x-flow-retry.on`, or a usual one: if the method is idempotent, after 429 and what is like it, with an
 *   Idempotency-Key, or if the operation itself declares `on`;
 * - after a time-out of the answer: never.
 */
export function isRepeatable(
  { method, conduct, idempotencyKey }: RequestPlan,
  error: unknown
): error is ConnectorError {
  if (!(error instanceof ConnectorError)) return false
  const { on, onIsOwn, ignore } = conduct.retry
  const { code, upstream } = error
  const isRefused = code === 'API_ERROR' && upstream !== null && isRateRefusal(upstream)
  const status = isRefused ? 429 : error.status
  const harmless = IDEMPOTENT.has(method)
  if (code !== 'API_ERROR') return NEVER_SENT.has(code) || (harmless && code === 'UPSTREAM_RESET')
  if (ignore.includes(error.status) || !(on ?? USUAL_STATUSES).includes(status)) return false
  return harmless || status === 429 || idempotencyKey !== null || onIsOwn
}

/** Statuses of 5xx by which a server says that it does not do what was asked (RFC 9110 15.6.2, 15.6.6). */
const NEVER_DONE: readonly number[] = [501, 505]

/** Failures before the call was made. */
const NOT_CALLED = /^(RATE_LIMITED|CIRCUIT_OPEN|ORIGIN_|EGRESS_|HOST_|IDENTITY_|LOGIN_|CONFIG_)/

/**
 * What a call that failed has done: nothing, as it was `not sent`; nothing that harms if it is made again (`refused`); or
 * what nobody knows.
 */
export type FailedEffect = 'not sent' | 'refused' | 'unknown'

/**
 * What a call has done that failed for good (docs/pipelines.md#what-is-promised).
 *
 * @param call The call; an idempotency key counts as unknown, because only the same key makes it harmless.
 */
export function effectOf(
  { method, conduct }: Pick<RequestPlan, 'method' | 'conduct'>,
  error: unknown
): FailedEffect {
  const harmless: FailedEffect = IDEMPOTENT.has(method) ? 'refused' : 'unknown'
  if (!(error instanceof ConnectorError)) return harmless
  if (wasNotSent(error)) return 'not sent'
  const { code, upstream } = error
  if (code === 'OBJECT_CHANGED' || code === 'UPSTREAM_REDIRECT') return 'refused'
  if (code !== 'API_ERROR') return harmless
  const status = upstream?.status ?? 0
  if (status < 500 || NEVER_DONE.includes(status)) return 'refused'
  const { on, onIsOwn } = conduct.retry
  return onIsOwn && on?.includes(status) === true ? 'refused' : harmless
}

/** Whether a call that failed was not made, or turned away for its rate limit. */
export function wasNotSent(error: unknown): boolean {
  if (!(error instanceof ConnectorError)) return false
  const { code, upstream } = error
  if (code === 'API_ERROR') return upstream !== null && isRateRefusal(upstream)
  return UNREACHED.has(code) || NOT_CALLED.test(code)
}

/** Whether a call may be made again whatever an earlier one has done. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}

/** The outcome of a failed call. An API's own 4xx shows that it is up. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ConnectorError)) return 'unknown'
  if (error.code === 'API_ERROR') return error.status >= 500 ? 'failure' : 'success'
  if (UNREACHED.has(error.code)) return 'unreached'
  if (FAILURES.has(error.code)) return 'failure'
  return UNUSABLE_ANSWERS.has(error.code) ? 'success' : 'unknown'
}

/** The pauses between attempts (ms). */
export type PauseLimits = { readonly firstMs: number; readonly mostMs: number }

/**
 * A random pause up to a bound that doubles with each attempt: full jitter, so that calls that failed together
 * do not return together.
 *
 * @param repeat 0 before the first repeat.
 * @param random At least 0, below 1.
 */
export function jitteredPause(limits: PauseLimits, repeat: number, random: number): number {
  return random * Math.min(limits.mostMs, limits.firstMs * 2 ** repeat)
}

/** Limits the share of repeats among the calls of an origin, so that they do not multiply an outage. */
export type RetryBudgetLimits = {
  /** How long calls are counted (ms). */
  readonly windowMs: number
  /** Repeats per call. */
  readonly share: number
  /** Repeats that are allowed however few the calls are. */
  readonly floor: number
}

export type RetryBudget = {
  /** Counts a first attempt. */
  called(): void
  /** Takes one repeat; false if none is available. */
  spend(): boolean
}

/**
 * Creates the retry budget of one owner and origin.
 *
 * @param now A monotonic clock (ms).
 */
export function createRetryBudget(limits: RetryBudgetLimits, now: () => number): RetryBudget {
  const calls = createRollingCount(limits.windowMs, now)
  const repeats = createRollingCount(limits.windowMs, now)
  return {
    called: () => calls.add(),
    spend() {
      const budget = Math.max(limits.floor, Math.floor(limits.share * calls.total()))
      if (repeats.total() >= budget) return false
      repeats.add()
      return true
    }
  }
}
