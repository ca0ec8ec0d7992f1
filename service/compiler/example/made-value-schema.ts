import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isExactNumber, member, textMember } from '../../base/json.ts'
import type { MadeExampleSchema } from '../../model/example-record.ts'
import type { SchemaKind } from '../schema/schema-kind.ts'
import type { SchemaView } from '../schema/schema-view.ts'

/** Longest text that is made, or taken from `default` or `enum`. */
const TEXT_MAX = 200

/** Longest pattern that texts are made for. */
const PATTERN_MAX = 64

/** How many values of an `enum` are considered. */
const TRIED_MAX = 20

/** Bound of made numbers, up to which doubles are exact. */
const NUMBER_MAX = 1e15

/** Range of numbers where the schema has no bounds. */
const USUAL_RANGE = 1_000

/**
 * Single characters and sets of them, each with a count of two digits at the most, between anchors: no
 * groups, choices or look-around, so that the length is bounded and nothing is tried twice.
 */
const SIMPLE_PATTERN =
  /^\^?(?:(?:[\w :;,/@#%&=~'"<>!.-]|\\[dw.+*?(){}/|^$-]|\[(?:[\w :;,/@#%&=~.-]|\\[dw.-])+\])(?:[?*+]|\{\d{1,2}(?:,\d{0,2})?\})?)*\$?$/

/** Formats that the generator knows. */
const FORMATS = new Set('date date-time duration email hostname ipv4 ipv6 time uri uuid'.split(' '))

const BASE64_PATTERN = '^[A-Za-z0-9]{8}$'

/**
 * The value that a schema itself has: its `default`, else the first of its `enum` or its `const`, where it
 * is a scalar of the schema's kind; null where nothing else is allowed; undefined for none.
 */
export function givenValue({
  keywords,
  kind,
  allowed,
  onlyNull
}: SchemaView): JsonValue | undefined {
  const isNull = onlyNull || allowed?.length === 0
  if (isNull) return null
  const given = [keywords.default, ...(allowed?.slice(0, TRIED_MAX) ?? [])]
  return given.find(value => value !== undefined && fitsKind(value, kind))
}

function fitsKind(value: JsonValue, kind: SchemaKind): boolean {
  if (typeof value === 'string') return value.length <= TEXT_MAX && isKind(kind, 'string')
  if (typeof value === 'boolean') return isKind(kind, 'boolean')
  if (typeof value !== 'number' && !isExactNumber(value)) return false
  const whole = isExactNumber(value) ? /^-?\d+$/.test(value.rawJSON) : Number.isInteger(value)
  return isKind(kind, 'number') || (whole && kind === 'integer')
}

function isKind(kind: SchemaKind, wanted: SchemaKind): boolean {
  return kind === wanted || kind === 'any' || kind === 'mixed'
}

/** A text of the schema's format or simple pattern, else of its length, clamped. */
export function madeTextSchema(node: JsonObject, format: string): MadeExampleSchema {
  if (FORMATS.has(format)) return { type: 'string', format }
  if (format === 'byte') return { type: 'string', pattern: BASE64_PATTERN }
  const pattern = textMember(node, 'pattern')
  if (pattern !== undefined && isSimple(pattern)) return { type: 'string', pattern }
  const maxLength = Math.min(count(node, 'maxLength') ?? TEXT_MAX, TEXT_MAX)
  const minLength = Math.min(Math.max(count(node, 'minLength') ?? 0, 4), maxLength)
  return { type: 'string', minLength, maxLength: Math.min(minLength + 8, maxLength) }
}

function isSimple(pattern: string): boolean {
  if (pattern.length > PATTERN_MAX || !SIMPLE_PATTERN.test(pattern)) return false
  try {
    return new RegExp(pattern).source !== ''
  } catch {
    return false
  }
}

/** A count of characters or items that a schema declares. */
export function count(node: JsonObject, word: string): number | undefined {
  const found = finite(node, word)
  return found !== undefined && found >= 0 ? Math.floor(found) : undefined
}

/** A number between the schema's bounds, of its multiples where these fit. */
export function madeNumberSchema(node: JsonObject, type: 'integer' | 'number'): MadeExampleSchema {
  const isWhole = type === 'integer'
  // In 3.0 an exclusive bound is a word beside `minimum`, later it is the bound.
  const bound = (word: string, exclusive: string, step: 1 | -1): number | undefined => {
    const own = finite(node, exclusive)
    const found = own ?? finite(node, word)
    const excluded = own !== undefined || node[exclusive] === true
    if (found === undefined || !isWhole) return found
    const whole = step === 1 ? Math.ceil(found) : Math.floor(found)
    return excluded && whole === found ? whole + step : whole
  }
  const low = bound('minimum', 'exclusiveMinimum', 1)
  const high = bound('maximum', 'exclusiveMaximum', -1)
  const minimum = clamp(low ?? Math.min(1, (high ?? USUAL_RANGE) - USUAL_RANGE))
  const maximum = Math.max(minimum, clamp(high ?? minimum + USUAL_RANGE))
  const multipleOf = finite(node, 'multipleOf') ?? (isWhole || maximum - minimum < 1 ? 0 : 0.01)
  const fits =
    multipleOf > 0 &&
    (!isWhole || Number.isInteger(multipleOf)) &&
    Math.floor(maximum / multipleOf) * multipleOf >= minimum
  return { type, minimum, maximum, ...(fits ? { multipleOf } : {}) }
}

function clamp(bound: number): number {
  return Math.max(-NUMBER_MAX, Math.min(NUMBER_MAX, bound))
}

function finite(node: JsonObject, word: string): number | undefined {
  const found = member(node, word)
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}
