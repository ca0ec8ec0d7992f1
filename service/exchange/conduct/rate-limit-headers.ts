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
 * Reads a header that says when a rate limit resets: seconds from now, seconds or milliseconds since 1970, or a
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

/**
 * Reads how many calls an answer allows, and for how long (ms), from the headers that the rate limit names. A
 * 429 allows none. Its `Retry-After` is about this call, and counts before the header, which may be about a longer window.
 *
 * @param date The wall clock (ms since 1970).
 * @returns Null if the answer does not say both.
 */
export function readAllowance(
  { remainingHeader, resetHeader }: RateLimitRecord,
  { status, headers }: Pick<Answer, 'status' | 'headers'>,
  date: number
): { readonly calls: number; readonly forMs: number } | null {
  const text = headers[remainingHeader ?? '']?.trim() ?? ''
  const isRefused = status === 429
  const calls = isRefused ? 0 : /^-?\d+$/.test(text) ? Number(text) : null
  const reset = readReset(headers[resetHeader ?? ''], date)
  const wait = readRetryAfter(headers['retry-after'], date)
  const forMs = isRefused ? (wait ?? reset) : (reset ?? wait)
  if (calls === null || forMs === undefined) return null
  return { calls, forMs: Math.min(forMs, HOLD_MAX_MS) }
}
