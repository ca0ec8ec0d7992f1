import type { Moment } from './moment.ts'
import {
  fractionOf,
  inUtc,
  millisecondsOf,
  moment,
  momentAt,
  readIso,
  padDigits
} from './moment.ts'

/** No date is longer. */
const LENGTH_MAX = 64

const MIDNIGHT = '00:00:00'

/** Two digits of a year below this are of the 21st century (RFC 6265 5.1.1). */
const PIVOT = 70

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

type DateKind = 'date' | 'date-time'

/** A way to write dates; its `parts` are the groups of the pattern. */
type DateForm = {
  readonly pattern: RegExp
  readonly read: (parts: readonly string[]) => Moment | undefined
  /** Undefined for a moment that cannot be written so. */
  readonly write: (moment: Moment, parts: readonly string[], kind: DateKind) => string | undefined
}

/** `20240309` */
const COMPACT: DateForm = {
  pattern: /^(\d{4})(\d\d)(\d\d)$/,
  read: ([, year = '', month = '', day = '']) => moment(`${year}-${month}-${day}`, MIDNIGHT, 'Z'),
  write: given => dayOf(given)?.replaceAll('-', '')
}

/** Seconds since 1970 in ten digits, or milliseconds in thirteen. */
const EPOCH: DateForm = {
  pattern: /^(\d{10})(\d{3})?$/,
  read: ([, seconds = '', milliseconds = '0']) =>
    momentAt(Number(seconds) * 1000 + Number(milliseconds)),
  write: (given, [, , isInMilliseconds]) =>
    String(isInMilliseconds ? epochMilliseconds(given) : millisecondsOf(given) / 1000)
}

/** `/Date(1709993100000+0100)/`: milliseconds since 1970, and the offset of the place that they are shown in. */
const DATE_CALL: DateForm = {
  pattern: /^\/Date\((-?\d{1,15})([+-]\d{4})?\)\/$/,
  read: ([, milliseconds = '', offset = 'Z']) => {
    const epoch = moment('1970-01-01', MIDNIGHT, offset)
    const there = epoch && momentAt(Number(milliseconds) - millisecondsOf(epoch))
    return there && moment(there.date, there.time, offset)
  },
  write: (given, [, , offset = ''], kind) => {
    const day = kind === 'date' ? moment(given.date, MIDNIGHT, offset || 'Z') : given
    return day && `/Date(${epochMilliseconds(day)}${offset})/`
  }
}

/** `2024-03-09+02:00` (XML Schema) */
const DAY_WITH_OFFSET: DateForm = {
  pattern: /^(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:?\d\d)$/i,
  read: ([, day = '', offset = '']) => moment(day, MIDNIGHT, offset),
  write: (given, [, , offset = ''], kind) => {
    const day = dayOf(given)
    return day && day + (kind === 'date' ? offset : given.offset)
  }
}

/** `Sat, 09 Mar 2024 14:05:00 GMT` (RFC 1123), `Saturday, 09-Mar-24 14:05:00 GMT` (RFC 850) */
const NAMED_MONTH: DateForm = {
  pattern:
    /^(?:([a-z]{3,9}), )?(\d\d?)([ -])([a-z]{3})\3(\d{4}|\d\d) (\d\d:\d\d:\d\d) (GMT|UTC?|Z|[+-]\d\d:?\d\d)$/i,
  read: ([, , day = '', , name = '', digits = '', time = '', zone = '']) => {
    const month = MONTHS.indexOf(name.toLowerCase()) + 1
    const century = digits.length === 4 ? '' : Number(digits) < PIVOT ? '20' : '19'
    const date = `${century}${digits}-${padDigits(month)}-${padDigits(day)}`
    return moment(date, time, isNumeric(zone) ? zone : 'Z')
  },
  write: (given, [, weekday, day = '', separator = '', , year = '', , zone = '']) => {
    const at = isNumeric(zone) ? given : inUtc(given)
    if (at === undefined) return undefined
    const [digits = '', month = '', date = ''] = at.date.split('-')
    const century = Number(digits.slice(2)) < PIVOT ? '20' : '19'
    if (year.length === 2 && !digits.startsWith(century)) return undefined
    const name = DAYS[new Date(`${at.date}T${MIDNIGHT}Z`).getUTCDay()] ?? ''
    const monthName = MONTHS[Number(month) - 1] ?? ''
    const parts = [
      day.length === 1 ? String(Number(date)) : date,
      monthName.charAt(0).toUpperCase() + monthName.slice(1),
      year.length === 2 ? digits.slice(2) : digits
    ]
    const lead = weekday === undefined ? '' : `${weekday.length > 3 ? name : name.slice(0, 3)}, `
    const offset = at.offset === 'Z' ? '+00:00' : at.offset
    const end = isNumeric(zone) ? (zone.includes(':') ? offset : offset.replace(':', '')) : zone
    return `${lead}${parts.join(separator)} ${at.time.slice(0, MIDNIGHT.length)} ${end}`
  }
}

/** `2024-03-09 14:05:00 UTC` */
const ISO_WITH_ZONE: DateForm = {
  pattern: /^(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)( ?(?:UTC|GMT))$/i,
  read: ([, day = '', , time = '']) => readIso(`${day}T${time}Z`),
  write: (given, [, , separator = '', time = '', zone = '']) => {
    const at = inUtc(given)
    return at && at.date + separator + timeLike(at, time) + zone
  }
}

/** `2024-03-09T15:05:00+01:00[Europe/Paris]` (RFC 9557); the rules of its zone are not known here. */
const ISO_WITH_NAMED_ZONE: DateForm = {
  pattern: /^(\d{4}-\d\d-\d\dT(\d\d:\d\d[^[\]]*?)(?:Z|[+-]\d\d:\d\d))\[[\w+/-]+\]$/,
  read: ([, iso = '']) => readIso(iso),
  write: (given, [, , time = '']) => {
    const at = inUtc(given)
    return at && `${at.date}T${timeLike(at, time)}Z[UTC]`
  }
}

/** `25/12/2024` or `12/25/2024`, with or without a time, where one part cannot be a month. */
const DAY_AND_MONTH: DateForm = {
  pattern: /^(\d\d?)([/.-])(\d\d?)\2(\d{4})(?:([ T])(\d\d:\d\d(?::\d\d)?))?$/,
  read: ([, first = '', , second = '', year = '', , time = MIDNIGHT]) => {
    const isDayFirst = Number(first) > 12
    if (isDayFirst === Number(second) > 12) return undefined
    const [day, month] = isDayFirst ? [first, second] : [second, first]
    return readIso(`${year}-${padDigits(month)}-${padDigits(day)}T${time}Z`)
  },
  write: (given, [, first = '', separator = '', second = '', , blank, time]) => {
    const at = time === undefined ? given : inUtc(given)
    const date = time === undefined ? dayOf(given) : at?.date
    if (at === undefined || date === undefined) return undefined
    const [year = '', ...monthAndDay] = date.split('-')
    if (Number(first) > 12) monthAndDay.reverse()
    const isShort = first.length === 1 || second.length === 1
    const parts = isShort ? monthAndDay.map(part => String(Number(part))) : monthAndDay
    const clock = time === undefined ? '' : (blank ?? '') + timeLike(at, time)
    return [...parts, year].join(separator) + clock
  }
}

/** ISO 8601 in a form that is not the schema's own: a time under `date`, or none or no offset under `date-time`. */
const ISO: DateForm = {
  pattern:
    /^(\d{4}-\d\d-\d\d)(?:([ Tt])(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)( ?(?:Z|[+-]\d\d(?::?\d\d)?))?)?$/i,
  read: ([text = '']) => readIso(text),
  write: (given, [text = '', day = '', separator = '', time, offset], kind) => {
    if (kind === 'date') return given.date + text.slice(day.length)
    if (time === undefined) return dayOf(given)
    const at = offset === undefined ? inUtc(given) : undefined
    return at && at.date + separator + timeLike(at, time)
  }
}

const FORMS: readonly DateForm[] = [
  EPOCH,
  DATE_CALL,
  COMPACT,
  DAY_WITH_OFFSET,
  NAMED_MONTH,
  ISO_WITH_ZONE,
  ISO_WITH_NAMED_ZONE,
  DAY_AND_MONTH,
  ISO
]

/** Reads a date that is written in one of the usual forms besides ISO 8601 (docs/x-flow.md#values-in-other-forms). */
export function readDateForm(text: string): Moment | undefined {
  const found = formOf(text)
  return found?.form.read(found.parts)
}

/**
 * Writes a moment as another date of that kind was written. Undefined where that shows no form
 * but the schema's own, or the other form has no place for the time of the moment.
 */
export function writeDateLike(kind: DateKind, given: Moment, other: string): string | undefined {
  const found = formOf(other)
  if (found === undefined || found.form.read(found.parts) === undefined) return undefined
  return found.form.write(given, found.parts, kind)
}

function formOf(
  text: string
): { readonly form: DateForm; readonly parts: readonly string[] } | undefined {
  if (text.length > LENGTH_MAX) return undefined
  for (const form of FORMS) {
    const parts = form.pattern.exec(text)
    if (parts !== null) return { form, parts }
  }
  return undefined
}

/** The day of a midnight; undefined for another time of the day. */
function dayOf(given: Moment): string | undefined {
  const isMidnight = given.time.startsWith(MIDNIGHT) && fractionOf(given) === ''
  return isMidnight ? given.date : undefined
}

function epochMilliseconds(given: Moment): number {
  return millisecondsOf(given) + Number(fractionOf(given).slice(1, 4).padEnd(3, '0'))
}

function isNumeric(zone: string): boolean {
  return /^[+-]/.test(zone)
}

/** A time with seconds and as many digits of a fraction as another one has, or more where it needs them. */
function timeLike(given: Moment, other: string): string {
  const seconds = given.time.slice(0, MIDNIGHT.length)
  const digits = /\.(\d+)/.exec(other)?.[1]?.length ?? 0
  const fraction = fractionOf(given).slice(1).padEnd(digits, '0')
  if (fraction !== '') return `${seconds}.${fraction}`
  const hasSeconds = other.length > 'hh:mm'.length || !seconds.endsWith(':00')
  return hasSeconds ? seconds : seconds.slice(0, 'hh:mm'.length)
}
