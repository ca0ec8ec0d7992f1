import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject } from '../../base/json.ts'

const KINDS = ['object', 'array', 'string', 'number', 'integer', 'boolean'] as const
type Kind = (typeof KINDS)[number]

/** What a schema's values are: `mixed` for several kinds, `any` for none. */
export type SchemaKind = Kind | 'mixed' | 'any'

/** The kind whose members or items a schema describes. */
export type Structure = 'object' | 'array'

/** The `type` of a schema that allows values of every kind. */
export const EVERY_TYPE: readonly JsonValue[] = ['object', 'array', 'string', 'number', 'boolean']

/** Keywords that apply to values of one kind only (JSON Schema 2020-12, Validation 6). */
const OF_TEXT = ['pattern', 'minLength', 'maxLength', 'contentMediaType', 'contentEncoding']
const OF_NUMBERS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']
const OF_LISTS = ['minItems', 'maxItems', 'uniqueItems']

const INTEGER_FORMAT = /^(u?int(eger)?\d*|long|short)$/
const NUMBER_FORMAT = /^(float|double|decimal|number|numeric)\d*$/

/**
 * The kind that `type` names, else the one that the other keywords imply (docs/x-flow.md#types-and-properties):
 * members or items, the values that are allowed, the format, what restricts values of one kind, the default and
 * the example.
 */
export function kindOf(keywords: JsonObject, structure: Structure | null): SchemaKind {
  const { type } = keywords
  if (type !== undefined) {
    const named = isJsonArray(type) ? type : [type]
    return mixOf(KINDS.filter(kind => named.includes(kind)))
  }
  return structure ?? kindOfValues(keywords) ?? restrictedKind(keywords) ?? shownKind(keywords)
}

/** The kind of the values that `enum` or `const` allow. */
function kindOfValues({ enum: listed, const: only }: JsonObject): SchemaKind | undefined {
  const values = isJsonArray(listed) ? listed : [only]
  const kinds = new Set(values.map(kindOfValue).filter(kind => kind !== undefined))
  return kinds.size === 0 ? undefined : mixOf([...kinds])
}

function restrictedKind(keywords: JsonObject): SchemaKind | undefined {
  const { format } = keywords
  const has = (words: readonly string[]): boolean =>
    words.some(word => keywords[word] !== undefined)
  if (typeof format === 'string') {
    const lower = format.toLowerCase()
    if (INTEGER_FORMAT.test(lower)) return 'integer'
    if (NUMBER_FORMAT.test(lower)) return 'number'
    return lower === 'boolean' ? 'boolean' : 'string'
  }
  if (has(OF_TEXT)) return 'string'
  if (has(OF_NUMBERS)) return 'number'
  return has(OF_LISTS) ? 'array' : undefined
}

/** The kind of the default or the example, where that is a scalar. */
function shownKind({ default: usual, example, examples }: JsonObject): SchemaKind {
  const [first] = isJsonArray(examples) ? examples : []
  const kinds = [usual, example, first].map(kindOfValue)
  return kinds.find(kind => kind !== undefined && kind !== 'object' && kind !== 'array') ?? 'any'
}

function kindOfValue(value: JsonValue | undefined): Kind | undefined {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (isExactNumber(value)) return value.rawJSON.includes('.') ? 'number' : 'integer'
  if (isJsonArray(value)) return 'array'
  return isJsonObject(value) ? 'object' : undefined
}

/** The kinds that a list of types names, in its order. Integers are among numbers. */
export function listedKinds(type: JsonValue | undefined): readonly Kind[] {
  const listed = isJsonArray(type) ? type : []
  const named = listed.flatMap(word => KINDS.find(kind => kind === word) ?? [])
  return [...new Set(named)].filter(kind => kind !== 'integer' || !named.includes('number'))
}

/** Several kinds at once: numbers stay numbers, other scalars become text, the rest is mixed. */
export function mixOf(kinds: readonly Kind[]): SchemaKind {
  const [only, another] = kinds
  if (another === undefined) return only ?? 'any'
  if (kinds.every(kind => kind === 'integer' || kind === 'number')) return 'number'
  return kinds.some(kind => kind === 'object' || kind === 'array') ? 'mixed' : 'string'
}
