import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isExactNumber, member, textMember } from '../../base/json.ts'
import type { MadeNumber, MadeNumberSchema, MadeTextSchema } from '../../model/example-record.ts'
import type { SchemaKind } from '../schema/schema-kind.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { likelyFirst } from './likely-choices.ts'
import { isMadePattern } from './made-pattern.ts'

/** Longest text that is made, or taken from `default` or `enum`. */
const TEXT_MAX = 200

/** How many values of an `enum` are looked at, and how many of them are considered. */
const SORTED_MAX = 500
const TRIED_MAX = 20

/** Longer names of formats are none that is known. */
const FORMAT_MAX = 40

/**
 * The values that a schema itself gives, the likeliest first: its `default`, then those of its `enum` or its `const`,
 * where they are scalars of the schema's kind; null where nothing else is allowed. Undefined for none.
 */
export function givenValues({
  keywords,
  kind,
  allowed,
  onlyNull
}: SchemaView): readonly JsonValue[] | undefined {
  if (onlyNull || allowed?.length === 0) return [null]
  const usual = keywords.default
  const sorted = likelyFirst(allowed?.slice(0, SORTED_MAX) ?? [])
  const listed = sorted.slice(0, TRIED_MAX).filter(value => fitsKind(value, kind))
  const telling = listed.filter(value => value !== '')
  const choices = telling.length > 0 ? telling : listed
  // Blank text is what a property has before it has a value.
  const isUsual = usual !== undefined && usual !== '' && fitsKind(usual, kind)
  const values = isUsual ? [usual, ...choices.filter(value => !isSame(value, usual))] : choices
  return values.length === 0 ? undefined : values
}

function isSame(a: JsonValue, b: JsonValue): boolean {
  return a === b || (isExactNumber(a) && isExactNumber(b) && a.rawJSON === b.rawJSON)
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

/** The format, pattern and length of a text; clamped, without a pattern that nothing can be made of. */
export function madeTextSchema({ keywords, format }: SchemaView): MadeTextSchema {
  const pattern = textMember(keywords, 'pattern')
  const least = count(keywords, 'minLength')
  const most = count(keywords, 'maxLength')
  const minLength = least === undefined ? 0 : Math.min(least, TEXT_MAX)
  return {
    type: 'string',
    ...(format !== '' && format.length <= FORMAT_MAX && { format }),
    ...(pattern !== undefined && isMadePattern(pattern) && { pattern }),
    ...(minLength > 0 && { minLength }),
    ...(most !== undefined && most < TEXT_MAX && { maxLength: Math.max(most, minLength) })
  }
}

/** A count of characters or items that a schema declares. */
export function count(node: JsonObject, word: string): number | undefined {
  const found = member(node, word)
  return typeof found === 'number' && found >= 0 ? Math.floor(found) : undefined
}

/** The bounds and steps of a number, with every digit. */
export function madeNumberSchema(
  { keywords, format, description }: SchemaView,
  type: 'integer' | 'number'
): MadeNumberSchema {
  // In 3.0 an exclusive bound is a word beside `minimum`, later it is the bound.
  const low = boundOf(keywords, 'minimum', 'exclusiveMinimum')
  const high = boundOf(keywords, 'maximum', 'exclusiveMaximum')
  const multipleOf = numberMember(keywords, 'multipleOf')
  // No format says so; a name says whether it is a moment.
  const isOpen = format === '' || format === 'int64'
  const named = isOpen && /millisecond/i.test(description ?? '') ? 'milliseconds' : format
  return {
    type,
    ...(named !== '' && named.length <= FORMAT_MAX && { format: named }),
    ...low,
    ...high,
    ...(multipleOf !== undefined && { multipleOf })
  }
}

function boundOf(
  keywords: JsonObject,
  word: 'minimum' | 'maximum',
  exclusive: 'exclusiveMinimum' | 'exclusiveMaximum'
): { readonly [word in typeof word | typeof exclusive]?: MadeNumber } {
  const bound = numberMember(keywords, word)
  const beyond = numberMember(keywords, exclusive)
  if (bound !== undefined && keywords[exclusive] === true) return { [exclusive]: bound }
  return {
    ...(bound !== undefined && { [word]: bound }),
    ...(beyond !== undefined && { [exclusive]: beyond })
  }
}

function numberMember(node: JsonObject, word: string): MadeNumber | undefined {
  const found = member(node, word)
  return typeof found === 'number' || isExactNumber(found) ? found : undefined
}
