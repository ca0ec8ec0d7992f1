import type { SQLInputValue } from 'node:sqlite'

import { numberText } from '../service/base/exact-number.ts'
import type { JsonValue } from '../service/base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject } from '../service/base/json.ts'

/** Values by column, ready to be bound to a statement. */
export type Columns = { readonly [column: string]: SQLInputValue }

/** The columns that a field's value fills, or what the value must be. */
export type Reader = (field: string, value: JsonValue) => Columns | string

const INT64_MAX = 2n ** 63n - 1n

/** `text` as an SQLite integer; undefined when it is none. */
export function wholeNumber(text: string): bigint | undefined {
  if (!/^-?\d{1,19}$/.test(text)) return undefined
  const value = BigInt(text)
  return value > INT64_MAX || value < -INT64_MAX ? undefined : value
}

export function text(minimum: number, maximum: number): Reader {
  return (field, value) =>
    typeof value === 'string' && value.length >= minimum && value.length <= maximum
      ? { [field]: value }
      : `must be a text of ${minimum} to ${maximum} characters`
}

export function pattern(form: RegExp, expected: string): Reader {
  return (field, value) =>
    typeof value === 'string' && form.test(value) ? { [field]: value } : `must be ${expected}`
}

export function oneOf(...allowed: readonly string[]): Reader {
  return (field, value) =>
    typeof value === 'string' && allowed.includes(value)
      ? { [field]: value }
      : `must be one of ${allowed.join(', ')}`
}

export function nullable(read: Reader): Reader {
  return (field, value) => (value === null ? { [field]: null } : read(field, value))
}

/** Digits of a JSON number; undefined for anything else. */
function digits(value: JsonValue): string | undefined {
  return typeof value === 'number' || isExactNumber(value) ? numberText(value) : undefined
}

export function whole(field: string, value: JsonValue): Columns | string {
  const found = wholeNumber(digits(value) ?? '')
  return found === undefined ? 'must be a whole number' : { [field]: found }
}

export function decimal(field: string, value: JsonValue): Columns | string {
  const found = digits(value)
  return found === undefined ? 'must be a number' : { [field]: found }
}

export function atLeastZero(field: string, value: JsonValue): Columns | string {
  return digits(value)?.startsWith('-') ? 'must be at least 0' : decimal(field, value)
}

export function day(field: string, value: JsonValue): Columns | string {
  const isDay = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
  const date = new Date(isDay ? `${value}T00:00:00Z` : Number.NaN)
  // A day that no month has rolls over into the next month.
  return isDay && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
    ? { [field]: value }
    : 'must be a day such as 2024-05-31'
}

export function moment(field: string, value: JsonValue): Columns | string {
  const isMoment =
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i.test(value)
  const date = new Date(isMoment ? value : Number.NaN)
  return Number.isNaN(date.getTime())
    ? 'must be a moment such as 2024-05-31T12:00:00Z'
    : { [field]: `${date.toISOString().slice(0, 19)}Z` }
}

/** An object of texts, each stored in a column `field_member`. */
export function group(...members: readonly string[]): Reader {
  return (field, value) => {
    const expected = `must be an object with the texts ${members.join(', ')}`
    if (!isJsonObject(value)) return expected
    const known = Object.entries(value).every(
      ([member, given]) => members.includes(member) && typeof given === 'string'
    )
    if (!known) return expected
    return Object.fromEntries(
      members.map(member => {
        const given = value[member]
        return [`${field}_${member}`, typeof given === 'string' ? given : null]
      })
    )
  }
}

/** A list of names, as JSON text. */
export function names(field: string, value: JsonValue): Columns | string {
  const isNames =
    isJsonArray(value) &&
    value.every(name => typeof name === 'string' && name.length >= 1 && name.length <= 40)
  return isNames
    ? { [field]: JSON.stringify([...new Set(value)]) }
    : 'must be a list of texts of 1 to 40 characters'
}

/** A whole number in a query string. */
export function count(minimum: number, maximum: number): Reader {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `${minimum} on` : `${minimum} to ${maximum}`
  return (field, value) => {
    const found = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : -1
    return found < minimum || found > maximum
      ? `must be a whole number from ${range}`
      : { [field]: found }
  }
}

export function wholeText(field: string, value: JsonValue): Columns | string {
  const found = typeof value === 'string' ? wholeNumber(value) : undefined
  return found === undefined ? 'must be a whole number' : { [field]: found }
}
