const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d(?:\.\d+)?)? ?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/

/** Length of `YYYY-MM-DDThh:mm:ss.sssZ`: years before 1 and after 9999 are longer. */
const ISO_LENGTH = 24

/** A point in time as it was written: never moved to another offset. */
export type Moment = {
  /** `YYYY-MM-DD` */
  readonly date: string
  /** `hh:mm:ss`, with a fraction if one was written. */
  readonly time: string
  /** `Z` or `±hh:mm`; `Z` where none was written. */
  readonly offset: string
}

/** Reads ISO 8601, also with a blank for `T`, without seconds or without an offset. */
export function readIso(text: string): Moment | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [, date = '', minutes = '00:00', seconds = ':00', offset = 'Z'] = match
  return moment(date, minutes + seconds, offset)
}

/**
 * A moment of a calendar day, of which every part is checked; undefined if there is no such moment.
 *
 * @param time `hh:mm:ss`, with or without a fraction.
 * @param offset `Z`, `±hh`, `±hhmm` or `±hh:mm`; at most 14 hours as in the platform's own dates.
 */
export function moment(date: string, time: string, offset: string): Moment | undefined {
  const day = Number(date.slice(8))
  const valid =
    Number(date.slice(0, 4)) > 0 &&
    day > 0 &&
    day <= daysIn(Number(date.slice(0, 4)), Number(date.slice(5, 7))) &&
    Number(time.slice(0, 2)) < 24 &&
    Number(time.slice(3, 5)) < 60 &&
    Number(time.slice(6, 8)) < 60
  const written = writeOffset(offset)
  return valid && written !== undefined ? { date, time, offset: written } : undefined
}

/** The same point in time, written in UTC; undefined outside of the years 1 to 9999. */
export function inUtc(given: Moment): Moment | undefined {
  return given.offset === 'Z' ? given : utcMoment(millisecondsOf(given), fractionOf(given))
}

/** The moment of a number of milliseconds since 1970, in UTC. */
export function momentAt(milliseconds: number): Moment | undefined {
  const left = ((milliseconds % 1000) + 1000) % 1000
  const fraction = left === 0 ? '' : `.${padDigits(left, 3)}`
  return utcMoment(milliseconds - left, fraction)
}

/** Milliseconds since 1970 of a moment without its fraction of a second. */
export function millisecondsOf({ date, time, offset }: Moment): number {
  const utc = Date.parse(`${date}T${time.slice(0, 8)}Z`)
  if (offset === 'Z') return utc
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4))
  return utc - (offset.startsWith('-') ? -minutes : minutes) * 60_000
}

/** Fraction of a second with its point; blank for none. */
export function fractionOf({ time }: Moment): string {
  const fraction = time.slice(8)
  return /[1-9]/.test(fraction) ? fraction : ''
}

/** Whether two moments are the same point in time. */
export function isSameMoment(a: Moment, b: Moment): boolean {
  // Fractions are compared as numbers: `.5` is `.500`.
  const fractions = [a, b].map(each => Number(`0${fractionOf(each)}`))
  return millisecondsOf(a) === millisecondsOf(b) && fractions[0] === fractions[1]
}

export function padDigits(part: string | number, digits = 2): string {
  return String(part).padStart(digits, '0')
}

function utcMoment(milliseconds: number, fraction: string): Moment | undefined {
  // RangeError for a number that is no time.
  if (!(Math.abs(milliseconds) <= 8.64e15)) return undefined
  const iso = new Date(milliseconds).toISOString()
  if (iso.length !== ISO_LENGTH || iso.startsWith('0000')) return undefined
  return { date: iso.slice(0, 10), time: iso.slice(11, 19) + fraction, offset: 'Z' }
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  if (month < 1 || month > 12) return 0
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** `Z` or `±hh:mm`, at most 14 hours away as the platform's own dates. */
function writeOffset(offset: string): string | undefined {
  if (offset === 'Z' || offset === 'z') return 'Z'
  const hours = offset.slice(1, 3)
  const minutes = offset.length > 3 ? offset.slice(-2) : '00'
  if (Number(minutes) > 59 || Number(hours) * 60 + Number(minutes) > 14 * 60) return undefined
  return `${offset.slice(0, 3)}:${minutes}`
}
