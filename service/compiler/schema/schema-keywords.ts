import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, jsonEqual, member } from '../../base/json.ts'
import type { LocatedSchema, SchemaView } from './schema-view.ts'

/** Keywords that describe or restrict what a schema holds, and add nothing to it. */
const ADDS_NOTHING = new Set(
  (
    '$anchor $comment $defs $dynamicAnchor $id $schema default deprecated description example examples externalDocs maxProperties ' +
    'definitions minProperties nullable readOnly required title unevaluatedProperties writeOnly xml'
  ).split(' ')
)

/** Keywords that say something about a value, and hold no schema. */
const VALUE_KEYWORDS = (
  'type format nullable readOnly writeOnly title description default example examples deprecated enum const ' +
  'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern minItems maxItems ' +
  'uniqueItems minProperties maxProperties contentMediaType contentEncoding'
).split(' ')

const DESCRIBING_KEYWORDS = VALUE_KEYWORDS.filter(word => ADDS_NOTHING.has(word))

/** Keywords of which one replaces the other. */
const TWINS = [
  ['enum', 'const'],
  ['example', 'examples']
] as const

/** Whether a schema says nothing about what it holds; the keywords of `except` do not count. */
export function addsNothing(schema: JsonValue, except: readonly string[] = []): boolean {
  if (!isJsonObject(schema)) return schema === true
  return Object.entries(schema).every(([key, value]) => {
    if (key === 'type') return value === 'object' || jsonEqual(value, ['object', 'null'])
    if (key === 'additionalProperties') return typeof value === 'boolean'
    if (key.startsWith('x-')) return !key.startsWith('x-flow-')
    return ADDS_NOTHING.has(key) || except.includes(key)
  })
}

/** What a schema itself says about its values. */
export function valueKeywords(schema: JsonObject): JsonObject {
  return pick(schema, VALUE_KEYWORDS)
}

/** What a schema says about values without restricting them. */
export function describingKeywords(schema: JsonValue): JsonObject {
  return isJsonObject(schema) ? pick(schema, DESCRIBING_KEYWORDS) : {}
}

function pick(schema: JsonObject, words: readonly string[]): JsonObject {
  return Object.fromEntries(
    words.flatMap(word => {
      const value = schema[word]
      return value === undefined ? [] : [[word, value] as const]
    })
  )
}

/** The keywords of both: `over` adds and overrides, and takes none away. */
export function mergeKeywords(under: JsonObject, over: JsonObject): JsonObject {
  const replaced = new Set(
    TWINS.flatMap(([one, other]) => {
      return over[one] === undefined && over[other] === undefined ? [] : [one, other]
    })
  )
  const kept = Object.entries(under).filter(([word]) => !replaced.has(word as never))
  return { ...Object.fromEntries(kept), ...over }
}

/** The values that `enum` or `const` allow, without null; null for a schema that has neither. */
export function allowedValues(schema: JsonObject): readonly JsonValue[] | null {
  if (isJsonArray(schema.enum)) return schema.enum.filter(value => value !== null)
  return schema.const === undefined || schema.const === null ? null : [schema.const]
}

/** Whether null is the only value that keywords allow. */
export function allowOnlyNull({ type, enum: listed, const: only }: JsonObject): boolean {
  if (only === null || type === 'null' || jsonEqual(type, ['null'])) return true
  return isJsonArray(listed) && listed.length > 0 && listed.every(value => value === null)
}

/** Whether keywords allow null beside other values. */
export function allowNull({ type, enum: listed, const: only, nullable }: JsonObject): boolean {
  if (nullable === true || only === null) return true
  if (type !== undefined) return type === 'null' || (isJsonArray(type) && type.includes('null'))
  return isJsonArray(listed) && listed.includes(null)
}

/** The example of a schema itself: `example`, else the first of `examples`. */
export function ownExample(schema: JsonValue): JsonValue | undefined {
  const examples = member(schema, 'examples')
  return member(schema, 'example') ?? (isJsonArray(examples) ? examples[0] : undefined)
}

/** The example of a resolved schema; one of a part shows a scalar, but not the whole of an object. */
export function exampleOfView({ kind, keywords, node }: SchemaView): JsonValue | undefined {
  return ownExample(kind === 'object' || kind === 'array' ? node : keywords)
}

/** Infers the Schema Object of an example value from its shape. */
export function exampleSchema(value: JsonValue): JsonObject {
  if (isJsonObject(value)) {
    const properties = Object.entries(value).map(([key, held]) => [key, exampleSchema(held)])
    return { type: 'object', properties: Object.fromEntries(properties) }
  }
  if (isJsonArray(value)) {
    const [first] = value
    return first === undefined ? { type: 'array' } : { type: 'array', items: exampleSchema(first) }
  }
  if (typeof value === 'number' || isExactNumber(value)) return { type: 'number' }
  if (typeof value === 'boolean') return { type: 'boolean' }
  return value === null ? {} : { type: 'string' }
}

/** The members that `required` names. */
export function requiredIn(schema: JsonValue): readonly string[] {
  const listed = member(schema, 'required')
  return isJsonArray(listed) ? listed.filter(name => typeof name === 'string') : []
}

/** The schemas that a keyword lists. */
export function listedSchemas(node: JsonObject, keyword: string, at: Pointer): LocatedSchema[] {
  const listed = member(node, keyword)
  if (!isJsonArray(listed)) return []
  return listed.map((schema, index) => ({ schema, at: pointer(at, keyword, index) }))
}
