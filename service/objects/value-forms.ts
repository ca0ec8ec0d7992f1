import { exactNumber } from '../base/exact-number.ts'
import type { ExactNumber, JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, jsonEqual, plainText } from '../base/json.ts'
import type { ScalarKind } from '../model/type-record.ts'
import { writeGroupedLike } from './amount-text.ts'
import { writeBooleanLike } from './boolean-text.ts'
import { writeDateLike } from './date-forms.ts'
import { dateFromFlow } from './date-text.ts'
import { isSameMoment, readIso } from './moment.ts'
import { decimalText, flowText, readJson, scalarToText } from './scalar-text.ts'

/**
 * Whether a value came in the form in which the schema's kind is written, so that it needs no memory to be
 * written back as it came.
 *
 * @param shown The text that a flow got; null where the value could not be read.
 */
export function isOwnForm(kind: ScalarKind, value: JsonValue, shown: string | null): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return isNumber(value) && shown !== null
    case 'integer':
      return isNumber(value) && shown !== null && !shown.includes('.')
    case 'boolean':
      return typeof value === 'boolean'
    case 'date':
      return typeof value === 'string' && value === shown?.slice(0, 'YYYY-MM-DD'.length)
    case 'date-time':
      return value === shown
    case 'json':
      return shown !== null
    case 'any':
      return shown !== null && jsonEqual(readJson(shown.trim()) ?? shown, value)
    default:
      return kind satisfies never
  }
}

/** Whether a flow's text means no value: blank text, or the platform's empty date. */
export function isNoValue(kind: ScalarKind, text: string | null): boolean {
  if (text === null || text === '') return true
  if (kind === 'text' || kind === 'json' || kind === 'any') return false
  const trimmed = text.trim()
  const isDate = kind === 'date' || kind === 'date-time'
  return trimmed === '' || (isDate && dateFromFlow(kind, trimmed) === null)
}

/**
 * Whether a flow sends what an answer's value showed it, in whatever form the flow writes it: then the value
 * is unchanged.
 */
export function isAsShown(kind: ScalarKind, value: JsonValue, given: string | null): boolean {
  const shown = scalarToText(kind, value) || null
  const sent = flowText(kind, given)
  if (shown === sent) return sent !== null || isNoValue(kind, given)
  if (shown === null || sent === null || kind !== 'date-time') return false
  const [one, other] = [readIso(shown), readIso(sent)]
  return one !== undefined && other !== undefined && isSameMoment(one, other)
}

/**
 * Writes a value in the form in which another value of that kind came (docs/x-flow.md#values-in-other-forms):
 * words or digits of a boolean, a date or an amount in its other form, a number as text.
 *
 * @param value In the schema's own form, which is also the result where the other value shows none.
 */
export function writeLike(kind: ScalarKind, value: JsonValue, other: JsonValue): JsonValue {
  switch (kind) {
    case 'boolean':
      if (typeof value !== 'boolean') return value
      if (other === 0 || other === 1) return value ? 1 : 0
      return typeof other === 'string' ? (writeBooleanLike(value, other.trim()) ?? value) : value
    case 'number':
    case 'integer': {
      const decimal = isNumber(value) ? decimalText(value) : undefined
      if (decimal === undefined || typeof other !== 'string') return value
      const grouped = writeGroupedLike(decimal, other.trim())
      return grouped ?? (exactNumber(other.trim()) === undefined ? value : decimal)
    }
    case 'date':
    case 'date-time': {
      const moment = typeof value === 'string' ? readIso(value) : undefined
      if (moment === undefined) return value
      const text = writeDateLike(kind, moment, plainText(other).trim())
      if (text === undefined) return value
      return isNumber(other) ? (exactNumber(text) ?? value) : text
    }
    case 'text':
      return typeof value === 'string' ? textLike(value, other) : value
    case 'any':
      return typeof other === 'string' && !isStructure(value) ? plainText(value) : value
    case 'json':
      return value
    default:
      return kind satisfies never
  }
}

function isStructure(value: JsonValue): boolean {
  return isJsonArray(value) || isJsonObject(value)
}

/** A text as the number, boolean, object or list that came where text is declared, if it is one. */
function textLike(text: string, other: JsonValue): JsonValue {
  if (typeof other === 'string') return text
  const value = readJson(text)
  return value !== undefined && shapeOf(value) === shapeOf(other) ? value : text
}

function shapeOf(value: JsonValue): string {
  if (value === null) return 'null'
  if (isNumber(value)) return 'number'
  return isJsonArray(value) ? 'array' : typeof value
}

function isNumber(value: JsonValue): value is number | ExactNumber {
  return typeof value === 'number' || isExactNumber(value)
}
