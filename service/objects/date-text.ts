const DAY_LENGTH = 'YYYY-MM-DD'.length
const MIDNIGHT = 'T00:00:00Z'

const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d(?:\.\d+)?)? ?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/
const AMERICAN =
  /^(\d\d?)\/(\d\d?)\/(\d{4})(?: (\d\d?)(:\d\d)(:\d\d(?:\.\d+)?)?(?: ?([AP])M)?(?: ([+-]\d\d:\d\d))?)?$/i

/** The usual form: a day that every year has, alone or with a time as flows take it. */
const USUAL =
  /^(?!000[01])\d{4}-(?:02-(?:0[1-9]|1\d|2[0-8])|(?!02)(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|30))(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d))?$/

/** A point in time as it was written: never moved to another offset. */
type Moment = {
  /** `YYYY-MM-DD` */
  readonly date: string
  /** `hh:mm:ss`, with a fraction if one was written. */
  readonly time: string
  /** `Z` or `±hh:mm`; `Z` where none was written. */
  readonly offset: string
}

/**
 * Converts a date of an API's answer for flows: RFC 3339 with seconds and offset (docs/x-flow.md#dates).
 * A `date` is midnight UTC of the day as written. Null for year 1, the platform's empty date; undefined
 * for text that is no date.
 *
 * @example dateFromApi('date', '2024-03-09') // '2024-03-09T00:00:00Z'
 */
export function dateFromApi(kind: 'date' | 'date-time', text: string): string | null | undefined {
  if (USUAL.test(text)) {
    const isDay = text.length === DAY_LENGTH
    return isDay || kind === 'date' ? `${text.slice(0, DAY_LENGTH)}${MIDNIGHT}` : text
  }
  const moment = readIso(text)
  return moment && (isNone(moment) ? null : write(kind, moment, MIDNIGHT))
}

/**
 * Converts a flow's date for the API: `date` is the calendar day as written, `date-time` is RFC 3339, in
 * UTC where no offset is given. Besides ISO 8601 it reads the platform's
 * `03/09/2024 02:05:00 PM +00:00`. Null for year 1, the empty date; undefined for text that is no date.
 */
export function dateFromFlow(kind: 'date' | 'date-time', text: string): string | null | undefined {
  const moment = readIso(text) ?? readAmerican(text)
  return moment && (isNone(moment) ? null : write(kind, moment, ''))
}

function write(kind: 'date' | 'date-time', moment: Moment, midnight: string): string {
  if (kind === 'date') return moment.date + midnight
  return `${moment.date}T${moment.time}${moment.offset}`
}

function isNone(moment: Moment): boolean {
  return moment.date === '0001-01-01' && moment.time.startsWith('00:00:00')
}

function readIso(text: string): Moment | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [, date = '', minutes = '00:00', seconds = ':00', offset = 'Z'] = match
  return moment(date, minutes + seconds, offset)
}

function readAmerican(text: string): Moment | undefined {
  const match = AMERICAN.exec(text)
  if (match === null) return undefined
  const [, month = '', day = '', year = '', given = '0', minutes = ':00', seconds = ':00'] = match
  const half = match[7]?.toLowerCase()
  if (half !== undefined && (Number(given) < 1 || Number(given) > 12)) return undefined
  const hour = half === undefined ? given : (Number(given) % 12) + (half === 'p' ? 12 : 0)
  const date = `${year}-${twoDigits(month)}-${twoDigits(day)}`
  return moment(date, twoDigits(hour) + minutes + seconds, match[8] ?? 'Z')
}

function twoDigits(part: string | number): string {
  return String(part).padStart(2, '0')
}

/** @param time `hh:mm:ss`, with or without a fraction. */
function moment(date: string, time: string, offset: string): Moment | undefined {
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
