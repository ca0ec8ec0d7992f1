import { readDateForm } from './date-forms.ts'
import type { Moment } from './moment.ts'
import { moment, readIso, padDigits } from './moment.ts'

const DAY_LENGTH = 'YYYY-MM-DD'.length
const MIDNIGHT = 'T00:00:00Z'

const AMERICAN =
  /^(\d\d?)\/(\d\d?)\/(\d{4})(?: (\d\d?)(:\d\d)(:\d\d(?:\.\d+)?)?(?: ?([AP])M)?(?: ([+-]\d\d:\d\d))?)?$/i

/** The usual form: a day that every year has, alone or with a time as flows take it. */
const USUAL =
  /^(?!000[01])\d{4}-(?:02-(?:0[1-9]|1\d|2[0-8])|(?!02)(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|30))(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d))?$/

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
  const moment = readIso(text) ?? readDateForm(text)
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

function readAmerican(text: string): Moment | undefined {
  const match = AMERICAN.exec(text)
  if (match === null) return undefined
  const [, month = '', day = '', year = '', given = '0', minutes = ':00', seconds = ':00'] = match
  const half = match[7]?.toLowerCase()
  if (half !== undefined && (Number(given) < 1 || Number(given) > 12)) return undefined
  const hour = half === undefined ? given : (Number(given) % 12) + (half === 'p' ? 12 : 0)
  const date = `${year}-${padDigits(month)}-${padDigits(day)}`
  return moment(date, padDigits(hour) + minutes + seconds, match[8] ?? 'Z')
}
