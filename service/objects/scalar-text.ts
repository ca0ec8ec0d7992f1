import { exactNumber, numberText, parseJson } from '../base/exact-number.ts'
import type { ExactNumber, JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { ScalarKind } from '../model/type-record.ts'
import { readGrouped } from './amount-text.ts'
import { readBoolean } from './boolean-text.ts'
import { dateFromApi, dateFromFlow } from './date-text.ts'

/** JSON that is nested deeper is refused, so that no value can exhaust the stack. */
export const JSON_DEPTH_MAX = 200

/** The name of each kind in messages. */
export const EXPECTED = {
  text: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  date: 'a date',
  'date-time': 'a date and time',
  json: 'JSON text',
  any: 'text or JSON'
} as const satisfies Record<ScalarKind, string>

/** The property of a text, for messages. */
type PropertyName = { readonly type: string; readonly property: string }

/**
 * Writes a JSON value as the text of a flow (docs/protocol.md#values): numbers with all their digits,
 * booleans in lower case, dates with seconds and offset, kind `json` as JSON text. For kinds `text` and
 * `any` each scalar is its text, objects and arrays are their JSON. Booleans, dates and numbers are also read in
 * the usual other forms (docs/x-flow.md#values-in-other-forms).
 *
 * @returns Null for no value; undefined for a value that cannot be read as that kind.
 */
export function scalarToText(kind: ScalarKind, value: JsonValue): string | null | undefined {
  if (value === null) return null
  switch (kind) {
    case 'text':
    case 'any':
      return textOfAny(value)
    case 'number':
    case 'integer':
      return numericText(value)
    case 'boolean':
      if (typeof value === 'boolean') return String(value)
      if (value === 0 || value === 1) return String(value === 1)
      if (typeof value !== 'string') return undefined
      return blankOr(value, text => readBoolean(text)?.toString())
    case 'date':
    case 'date-time': {
      const text = typeof value === 'number' ? String(value) : value
      if (typeof text !== 'string') return undefined
      return blankOr(text, date => dateFromApi(kind, date))
    }
    case 'json':
      return jsonText(value)
    default:
      return kind satisfies never
  }
}

/**
 * Reads a flow's text as a JSON value; undefined for none: blank text of any kind but `text`, or the
 * platform's empty date.
 *
 * @throws ConnectorError `VALUE_INVALID` naming the property and what it takes.
 */
export function scalarToJson(
  kind: ScalarKind,
  text: string,
  { type, property }: PropertyName
): JsonValue | undefined {
  if (kind === 'text') return text
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  const value = readText(kind, trimmed)
  if (value !== undefined) return value === NONE ? undefined : value
  throw new ConnectorError('VALUE_INVALID', { property, type, expected: EXPECTED[kind] })
}

/**
 * Normalizes a flow's text: numbers, booleans and dates to the form that answers have, anything else as
 * it is. Null for no value and for text that is not of the kind.
 */
export function flowText(kind: ScalarKind, text: string | null): string | null {
  if (text === null || text === '') return null
  if (kind === 'text' || kind === 'json' || kind === 'any') return text
  const trimmed = text.trim()
  switch (kind) {
    case 'number':
    case 'integer': {
      const number = exactNumber(trimmed)
      return number === undefined ? null : (decimalText(number) ?? null)
    }
    case 'boolean':
      return booleanText(trimmed) ?? null
    case 'date':
    case 'date-time': {
      const date = dateFromFlow(kind, trimmed)
      return date ? (dateFromApi(kind, date) ?? null) : null
    }
    default:
      return kind satisfies never
  }
}

/** Decimal text of a number, never with an exponent; undefined past 400 digits. */
export function decimalText(value: number | ExactNumber): string | undefined {
  if (typeof value !== 'number') return numberText(value)
  const text = String(value)
  // Only very large and very small doubles print with an exponent.
  return Number.isFinite(value) && !text.includes('e') ? text : numberText(value)
}

const NONE = Symbol('no value')

function readText(
  kind: Exclude<ScalarKind, 'text'>,
  text: string
): JsonValue | typeof NONE | undefined {
  switch (kind) {
    case 'number':
      return exactNumber(text)
    case 'integer': {
      const number = exactNumber(text)
      const whole = number !== undefined && !decimalText(number)?.includes('.')
      return whole ? number : undefined
    }
    case 'boolean': {
      const written = booleanText(text)
      return written === undefined ? undefined : written === 'true'
    }
    case 'date':
    case 'date-time': {
      const date = dateFromFlow(kind, text)
      return date === null ? NONE : date
    }
    case 'json':
      return readJson(text)
    case 'any':
      // Text that is no JSON is text.
      return readJson(text) ?? text
    default:
      return kind satisfies never
  }
}

/** Parses JSON text of bounded depth; undefined for anything else. */
export function readJson(text: string): JsonValue | undefined {
  try {
    const value = parseJson(text)
    return isShallow(value) ? value : undefined
  } catch {
    return undefined
  }
}

function blankOr(
  text: string,
  read: (text: string) => string | null | undefined
): string | null | undefined {
  const trimmed = text.trim()
  return trimmed === '' ? null : read(trimmed)
}

function booleanText(text: string): string | undefined {
  const folded = text.toLowerCase()
  return folded === 'true' || folded === 'false' ? folded : undefined
}

function numericText(value: JsonValue): string | null | undefined {
  if (typeof value === 'number' || isExactNumber(value)) return decimalText(value)
  if (typeof value !== 'string') return undefined
  return blankOr(value, text => {
    const number = exactNumber(text) ?? exactNumber(readGrouped(text) ?? '')
    return number === undefined ? undefined : decimalText(number)
  })
}

function textOfAny(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || isExactNumber(value)) return decimalText(value)
  return typeof value === 'boolean' ? String(value) : jsonText(value)
}

function jsonText(value: JsonValue): string | undefined {
  return isShallow(value) ? JSON.stringify(value) : undefined
}

/** Whether a value is nested at most `JSON_DEPTH_MAX` levels deep. */
function isShallow(value: JsonValue, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return true
  if (isJsonArray(value)) {
    if (depth === JSON_DEPTH_MAX) return value.length === 0
    for (const item of value) {
      if (typeof item === 'object' && !isShallow(item, depth + 1)) return false
    }
    return true
  }
  for (const key in value) {
    if (depth === JSON_DEPTH_MAX || !isShallow(value[key] ?? null, depth + 1)) return false
  }
  return true
}
