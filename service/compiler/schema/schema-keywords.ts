import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, jsonEqual, member } from '../../base/json.ts'

const KINDS = ['object', 'array', 'string', 'number', 'integer', 'boolean'] as const
type Kind = (typeof KINDS)[number]

/** What a schema's values are: `mixed` for several kinds, `any` for none. */
export type SchemaKind = Kind | 'mixed' | 'any'

/** Keywords that describe or restrict what a schema holds, and add nothing to it. */
const ADDS_NOTHING = new Set(
  (
    '$comment default deprecated description example examples externalDocs maxProperties ' +
    'minProperties nullable readOnly required title unevaluatedProperties writeOnly xml'
  ).split(' ')
)

/** Whether a schema says nothing about what it holds; the keywords of `except` do not count. */
export function addsNothing(schema: JsonValue, except: readonly string[] = []): boolean {
  if (!isJsonObject(schema)) return false
  return Object.entries(schema).every(([key, value]) => {
    if (key === 'type') return value === 'object' || jsonEqual(value, ['object', 'null'])
    if (key === 'additionalProperties') return typeof value === 'boolean'
    if (key.startsWith('x-')) return !key.startsWith('x-flow-')
    return ADDS_NOTHING.has(key) || except.includes(key)
  })
}

/** The values that `enum` or `const` allow, without null; null for a schema that has neither. */
export function allowedValues(schema: JsonObject): readonly JsonValue[] | null {
  if (isJsonArray(schema.enum)) return schema.enum.filter(value => value !== null)
  return schema.const === undefined || schema.const === null ? null : [schema.const]
}

/** The kind that a schema's `type` names, or that its other keywords imply. */
export function kindOf(schema: JsonObject): { kind: SchemaKind; nullable: boolean } {
  const { kinds, nullable } = kindsOf(schema)
  return { kind: kinds.length > 1 ? mixOf(kinds) : (kinds[0] ?? 'any'), nullable }
}

function kindsOf(schema: JsonObject): { kinds: Kind[]; nullable: boolean } {
  const named = isJsonArray(schema.type) ? schema.type : [schema.type]
  const kinds = KINDS.filter(kind => named.includes(kind))
  if (schema.type !== undefined) return { kinds, nullable: named.includes('null') }
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) {
    return { kinds: ['object'], nullable: false }
  }
  if (schema.items !== undefined) return { kinds: ['array'], nullable: false }
  const values = isJsonArray(schema.enum) ? schema.enum : [schema.const]
  const implied = new Set(values.map(kindOfValue).filter(kind => kind !== undefined))
  return { kinds: [...implied], nullable: isJsonArray(schema.enum) && values.includes(null) }
}

function kindOfValue(value: JsonValue | undefined): Kind | undefined {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (isExactNumber(value)) return value.rawJSON.includes('.') ? 'number' : 'integer'
  return undefined
}

/** Several kinds at once: numbers stay numbers, other scalars become text, the rest is mixed. */
function mixOf(kinds: readonly Kind[]): SchemaKind {
  if (kinds.every(kind => kind === 'integer' || kind === 'number')) return 'number'
  return kinds.some(kind => kind === 'object' || kind === 'array') ? 'mixed' : 'string'
}

/** A schema that only null fits. */
export function isNullSchema(schema: JsonValue): boolean {
  return (
    isJsonObject(schema) &&
    (schema.type === 'null' || schema.const === null || jsonEqual(member(schema, 'enum'), [null]))
  )
}

/** The example of a schema itself: `example`, else the first of `examples`. */
export function ownExample(schema: JsonValue): JsonValue | undefined {
  const examples = member(schema, 'examples')
  return member(schema, 'example') ?? (isJsonArray(examples) ? examples[0] : undefined)
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
