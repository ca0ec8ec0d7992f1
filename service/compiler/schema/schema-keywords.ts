import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import type { LocatedSchema } from './schema-view.ts'
import { isExactNumber, isJsonArray, isJsonObject, jsonEqual, member } from '../../base/json.ts'

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
