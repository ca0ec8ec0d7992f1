import { readRetryAfter, untilDate } from '../../base/retry-after.ts'
import type { RateLimitRecord } from '../../model/endpoint-record.ts'
import type { Answer } from '../types.ts'

const ISO_DATE = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/i

const NUMBER = /^\d+(?:\.\d+)?$/

/** From these values on, a number is a time since 1970 in seconds or milliseconds, not a duration. */
const EPOCH_SECONDS = 1e9
const EPOCH_MILLISECONDS = 1e12

/** The longest pause that an API may ask for (ms). */
const HOLD_MAX_MS = 3_600_000

/**
 * Reads a header that says when a rate limit resets, or a `Retry-After`: seconds from now, seconds or milliseconds since 1970, or a
 * date.
 *
 * @param date The wall clock (ms since 1970).
 * @returns Milliseconds from now; undefined for anything else.
 */
export function readReset(text: string | undefined, date: number): number | undefined {
  const given = text?.trim() ?? ''
  if (ISO_DATE.test(given)) return untilDate(given, date)
  const number = NUMBER.test(given) ? Number(given) : 0
  if (number >= EPOCH_MILLISECONDS) return Math.max(0, number - date)
  if (number >= EPOCH_SECONDS) return Math.max(0, number * 1000 - date)
  return readRetryAfter(given, date)
}

/** Whether an API refuses a call for its rate limit: by a 429, or a 403 that says when to come back. */
export function isRateRefusal({ status, headers }: Pick<Answer, 'status' | 'headers'>): boolean {
  return status === 429 || (status === 403 && headers['retry-after'] !== undefined)
}

/**
 * Reads how many calls an answer allows, and for how long (ms), from the headers that the rate limit names. A
 * refusal for the rate limit allows none.
 *
 * @param date The wall clock (ms since 1970).
 * @returns Null if the answer does not say both.
 */
export function readAllowance(
  { remainingHeader, resetHeader }: RateLimitRecord,
  answer: Pick<Answer, 'status' | 'headers'>,
  date: number
): { readonly calls: number; readonly forMs: number } | null {
  const { headers } = answer
  const text = headers[remainingHeader ?? '']?.trim() ?? ''
  const isRefusal = isRateRefusal(answer)
  const calls = isRefusal ? 0 : /^-?\d+$/.test(text) ? Number(text) : null
  const resetMs = readReset(headers[resetHeader ?? ''], date)
  const askedMs = readReset(headers['retry-after'], date)
  // A refusal may be for another limit than the one that the headers count.
  const forMs = isRefusal ? (askedMs ?? resetMs) : (resetMs ?? askedMs)
  if (calls === null || forMs === undefined) return null
  return { calls, forMs: Math.min(forMs, HOLD_MAX_MS) }
}
