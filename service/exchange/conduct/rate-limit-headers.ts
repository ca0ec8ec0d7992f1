import type { RateLimitRecord } from '../../model/endpoint-record.ts'
import type { Answer } from '../types.ts'

/** The three forms of a date in HTTP (RFC 9110 5.6.7): those of today, of RFC 850, of asctime. */
const HTTP_DATE =
  /^(?:[a-z]{3}, \d\d [a-z]{3} \d{4} [\d:]{8} GMT|[a-z]{6,9}, \d\d-[a-z]{3}-\d\d [\d:]{8} GMT|[a-z]{3} [a-z]{3} [ \d]\d [\d:]{8} \d{4})$/i

const ISO_DATE = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/i

const NUMBER = /^\d+(?:\.\d+)?$/

/** From here on a number is a moment since 1970, in seconds or in milliseconds, and no span. */
const EPOCH_SECONDS = 1e9
const EPOCH_MILLISECONDS = 1e12

/** An API that asks for a longer pause is asked after this all the same, in milliseconds. */
const HOLD_MAX_MS = 3_600_000

/**
 * What a `Retry-After` says (RFC 9110 10.2.3): milliseconds from now, undefined for what is neither
 * seconds nor a date. A date that is over is no time at all.
 *
 * @param date The wall clock, in milliseconds since 1970.
 */
export function readRetryAfter(text: string | undefined, date: number): number | undefined {
  const given = text?.trim() ?? ''
  if (NUMBER.test(given)) return Number(given) * 1000
  return HTTP_DATE.test(given) ? untilDate(given, date) : undefined
}

/**
 * What a header says that names when a rate limit counts anew: milliseconds from now. APIs write it
 * as seconds to come, as seconds or milliseconds since 1970, or as a date; undefined for all else.
 *
 * @param date The wall clock, in milliseconds since 1970.
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
 * How many calls an answer says are left, and for how many milliseconds there are no more: in the
 * headers that the rate limit names; none are left after a 429. Null when it does not say.
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

function untilDate(text: string, date: number): number | undefined {
  // The form without a zone is in UTC too.
  const moment = Date.parse(/(?:GMT|Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text} GMT`)
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - date)
}
