import { isExactNumber, isJsonArray, isJsonObject, plainText } from '../../base/json.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import type { SchemaView } from '../schema/schema-view.ts'

/** From this many words on a text is prose. */
const PROSE_WORDS = 3

/** Of a longer text only the start is looked at. */
const LENGTH_MAX = 10_000

const WORD = /^["'(]?\p{L}[\p{L}’-]*(?:'[\p{L}’-]+)*[.,;:!?)"']*$/u
const DATE = /^\d{4}-\d{2}-\d{2}(?:[Tt ].*)?$/s

/** The schema of a parameter, and that of each value where it takes an array. */
type DefaultScope = {
  /** The Parameter Object. */
  readonly given: JsonObject
  readonly view: SchemaView
  /** Undefined for a parameter that takes no array. */
  readonly items: SchemaView | undefined
}

/**
 * Why a default is none that can be sent (docs/x-flow.md#parameters): it is a description, or breaks the schema of
 * its parameter. Undefined for a good one.
 *
 * Text that reads as the kind of the schema is good: `"20"` of an integer.
 */
export function faultOfDefault(
  value: JsonValue,
  { given, view, items }: DefaultScope
): string | undefined {
  const described = [given.description, view.node.description, items?.node.description]
  const isDescription =
    typeof value === 'string' && described.some(text => isSame(text, value)) && value.trim() !== ''
  const isAllowed = (items ?? view).allowed?.map(plainText).includes(plainText(value)) ?? false
  if (isDescription && !isAllowed) return 'it is the description again'
  if (items === undefined) return isAllowed ? undefined : faultOfValue(value, view)
  // A single value stands for a list of it, and a text with commas for several.
  const values = isJsonArray(value) ? value : typeof value === 'string' ? value.split(',') : [value]
  for (const item of values) {
    const fault = faultOfValue(typeof item === 'string' ? item.trim() : item, items)
    if (fault !== undefined) return fault
  }
  return undefined
}

function isSame(text: JsonValue | undefined, value: string): boolean {
  return typeof text === 'string' && text.trim().toLowerCase() === value.trim().toLowerCase()
}

function faultOfValue(value: JsonValue, view: SchemaView): string | undefined {
  const { allowed, node, kind } = view
  const text = plainText(value)
  if (allowed !== null) {
    return allowed.map(plainText).includes(text) ? undefined : 'it is not in the `enum`'
  }
  switch (kind) {
    case 'integer':
    case 'number':
      return faultOfNumber(value, kind, node)
    case 'boolean':
      // `True` is how other languages write it.
      return /^(?:true|false)$/i.test(text) ? undefined : 'it is no boolean'
    case 'string':
      return faultOfText(value, view)
    case 'object':
      return isJsonObject(value) ? undefined : 'it is no object'
    case 'array':
      return isJsonArray(value) ? undefined : 'it is no array'
    default:
      return isProse(text) && typeof value === 'string' ? 'it is prose' : undefined
  }
}

function faultOfNumber(
  value: JsonValue,
  kind: 'integer' | 'number',
  node: JsonObject
): string | undefined {
  const isNumeric = typeof value === 'number' || typeof value === 'string' || isExactNumber(value)
  const text = plainText(value).trim()
  const number =
    isNumeric && text !== '' ? Number(isExactNumber(value) ? value.rawJSON : text) : NaN
  if (!Number.isFinite(number)) return `it is no ${kind}`
  if (kind === 'integer' && !Number.isInteger(number)) return 'it is no integer'
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = node
  const isBelow =
    (typeof minimum === 'number' &&
      (exclusiveMinimum === true ? number <= minimum : number < minimum)) ||
    (typeof exclusiveMinimum === 'number' && number <= exclusiveMinimum)
  if (isBelow) return 'it is below the minimum'
  const isAbove =
    (typeof maximum === 'number' &&
      (exclusiveMaximum === true ? number >= maximum : number > maximum)) ||
    (typeof exclusiveMaximum === 'number' && number >= exclusiveMaximum)
  return isAbove ? 'it is above the maximum' : undefined
}

function faultOfText(value: JsonValue, { node, format }: SchemaView): string | undefined {
  if (isJsonObject(value) || isJsonArray(value)) return 'it is no text'
  const text = plainText(value)
  if (isProse(text)) return 'it is prose'
  const length = [...text.slice(0, LENGTH_MAX)].length
  const { minLength, maxLength } = node
  if (typeof minLength === 'number' && length < minLength) return 'it is shorter than `minLength`'
  if (typeof maxLength === 'number' && length > maxLength) return 'it is longer than `maxLength`'
  const isDate = format === 'date' || format === 'date-time'
  return isDate && !DATE.test(text) ? 'it is no date' : undefined
}

/** Whether a text is a sentence or a part of one. */
function isProse(text: string): boolean {
  const words = text
    .slice(0, LENGTH_MAX)
    .split(/\s+/)
    .filter(word => WORD.test(word))
  return words.length >= PROSE_WORDS
}
