/** The three forms of a date in HTTP (RFC 9110 5.6.7): IMF-fixdate, RFC 850, asctime. */
const HTTP_DATE =
  /^(?:[a-z]{3}, \d\d [a-z]{3} \d{4} [\d:]{8} GMT|[a-z]{6,9}, \d\d-[a-z]{3}-\d\d [\d:]{8} GMT|[a-z]{3} [a-z]{3} [ \d]\d [\d:]{8} \d{4})$/i

const SECONDS = /^\d+(?:\.\d+)?$/

/**
 * Reads a `Retry-After` (RFC 9110 10.2.3).
 *
 * @param date The wall clock (ms since 1970).
 * @returns Milliseconds from now, 0 for a date in the past; undefined if it is neither seconds nor a date.
 */
export function readRetryAfter(text: string | undefined, date: number): number | undefined {
  const given = text?.trim() ?? ''
  if (SECONDS.test(given)) return Number(given) * 1000
  return HTTP_DATE.test(given) ? untilDate(given, date) : undefined
}

/** As `readRetryAfter`, in whole seconds; null instead of undefined. */
export function retryAfterSeconds(text: string | undefined, date: number): number | null {
  const milliseconds = readRetryAfter(text, date)
  return milliseconds === undefined ? null : Math.ceil(milliseconds / 1000)
}

/** Milliseconds until a date as text, 0 for one in the past; undefined for anything else. */
export function untilDate(text: string, date: number): number | undefined {
  // asctime has no zone; it is UTC too.
  const time = Date.parse(/(?:GMT|Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text} GMT`)
  return Number.isNaN(time) ? undefined : Math.max(0, time - date)
}
