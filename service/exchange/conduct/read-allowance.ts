import type { RateLimitRecord } from '../../model/endpoint-record.ts'
import type { Answer } from '../types.ts'
import { readReset, readRetryAfter } from './retry-after.ts'

/** An API that asks for a longer pause is asked after this all the same, in milliseconds. */
const HOLD_MAX_MS = 3_600_000

/**
 * What an answer says of the calls that are left, and for how many milliseconds there are no more: in
 * the headers that the rate limit names; none are left after a 429. Null when it does not say.
 *
 * @param date The wall clock, in milliseconds since 1970.
 */
export function readAllowance(
  { remainingHeader, resetHeader }: RateLimitRecord,
  { status, headers }: Pick<Answer, 'status' | 'headers'>,
  date: number
): { readonly left: number; readonly forMs: number } | null {
  const text = headers[remainingHeader ?? '']?.trim() ?? ''
  const left = status === 429 ? 0 : /^-?\d+$/.test(text) ? Number(text) : null
  const forMs =
    readReset(headers[resetHeader ?? ''], date) ?? readRetryAfter(headers['retry-after'], date)
  if (left === null || forMs === undefined) return null
  return { left, forMs: Math.min(forMs, HOLD_MAX_MS) }
}
