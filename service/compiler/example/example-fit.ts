import type { JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, plainText } from '../../base/json.ts'
import { listFirst } from '../../base/list-first.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { LISTED_MAX, kindName, nameOf, shown } from './value-kinds.ts'

/** A number as text. */
const NUMBER = /^\s*[+-]?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i

/** The start of an ISO date. */
const DATE = /^\s*[+-]?\d{4}-\d{2}(-\d{2})?/

/**
 * Why an example cannot be a value of its schema, for a diagnostic; null if it can. A scalar of another kind fits if
 * it is written like one of the schema's kind, as a number in quotation marks is.
 */
export function misfitOf(value: JsonValue, view: SchemaView): string | null {
  const { kind, format, nullable, onlyNull, allowed } = view
  if (value === null) return nullable || onlyNull || kind === 'any' ? null : 'null is not allowed'
  if (kind === 'any' || kind === 'mixed') return null
  const ofAnotherKind = `it is ${nameOf(value)} where ${kindName(view)} is due`
  if (kind === 'object') return isJsonObject(value) ? null : ofAnotherKind
  if (kind === 'array') return isJsonArray(value) ? null : ofAnotherKind
  if (isJsonArray(value) || isJsonObject(value)) return ofAnotherKind
  const text = plainText(value)
  if (allowed !== null && !allowed.some(each => plainText(each) === text)) {
    return `${shown(value)} is none of ${listFirst(allowed.map(shown), LISTED_MAX)}`
  }
  switch (kind) {
    case 'string': {
      const isDate = format === 'date' || format === 'date-time'
      return isDate && !DATE.test(text) ? `${shown(value)} is no date` : null
    }
    case 'boolean':
      return typeof value === 'boolean' || /^(true|false)$/i.test(text) ? null : ofAnotherKind
    case 'number':
    case 'integer':
      if (typeof value === 'boolean' || !NUMBER.test(text)) return ofAnotherKind
      return kind === 'integer' && isFraction(value) ? ofAnotherKind : null
    default:
      return kind satisfies never
  }
}

function isFraction(value: JsonValue): boolean {
  if (isExactNumber(value)) return /\.\d*[1-9]/.test(value.rawJSON) && !/e/i.test(value.rawJSON)
  return !Number.isInteger(Number(value))
}
