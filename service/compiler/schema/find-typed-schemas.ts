import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../base/json.ts'
import { VERBS } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'

/** A schema that carries `x-flow-type` or a mapping. */
export type TypedSchema = { readonly schema: JsonObject; readonly at: Pointer }

const TYPE_KEYS = ['x-flow-type', ...VERBS.map(verb => `x-flow-${verb}`)]
/** Keywords that hold several schemas, and whether a value has their form. */
const SCHEMA_HOLDERS: readonly (readonly [string, (value: unknown) => boolean])[] = [
  ...['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'].map(
    key => [key, isJsonObject] as const
  ),
  ...['allOf', 'oneOf', 'anyOf', 'prefixItems'].map(key => [key, isJsonArray] as const)
]
const SCHEMA_MEMBERS = (
  'items additionalProperties not contains if then else propertyNames contentSchema additionalItems ' +
  'unevaluatedItems unevaluatedProperties'
).split(' ')

type Visit = (value: JsonValue | undefined, at: Pointer, search: Search) => void

type Search = {
  readonly compilation: Compilation
  readonly found: TypedSchema[]
  /** Targets of references into other documents, and how to search each. */
  readonly foreign: Map<Pointer, { readonly value: JsonValue; readonly visit: Visit }>
}

/**
 * Finds every schema with a flow key, wherever OpenAPI has a schema (docs/x-flow.md#where-the-keys-go): in
 * components, requests, responses, parameters, headers, callbacks and webhooks. In document order, components
 * first.
 * References within the document are not followed, as their targets are searched anyway. Of other
 * documents only targets of references are searched, after this one.
 */
export function findTypedSchemas(compilation: Compilation): TypedSchema[] {
  const search: Search = { compilation, found: [], foreign: new Map() }
  const { root } = compilation
  const { components } = root
  visitMap(components, 'schemas', '/components', search, visitSchema)
  visitMap(components, 'responses', '/components', search, visitContent)
  visitMap(components, 'requestBodies', '/components', search, visitContent)
  visitMap(components, 'pathItems', '/components', search, visitPathItem)
  visitMap(root, 'paths', '', search, visitPathItem)
  visitMap(root, 'webhooks', '', search, visitPathItem)
  visitMap(components, 'parameters', '/components', search, visitValue)
  visitMap(components, 'headers', '/components', search, visitValue)
  visitMap(components, 'mediaTypes', '/components', search, visitMedia)
  visitMap(components, 'callbacks', '/components', search, visitCallback)
  // The map grows while it is read.
  for (const [at, { value, visit }] of search.foreign) visit(value, at, search)
  return search.found
}

/** Visits every value of a map that an object has under a key. */
function visitMap(
  holder: JsonValue | undefined,
  key: string,
  at: Pointer,
  search: Search,
  visit: Visit
): void {
  const map = member(holder, key)
  if (!isJsonObject(map)) return
  for (const [name, value] of Object.entries(map)) visit(value, pointer(at, key, name), search)
}

/** Remembers the target of a reference into another document, to search it once, later. */
function followOut(value: JsonValue, at: Pointer, search: Search, visit: Visit): void {
  const { compilation, foreign } = search
  if (compilation.parts.length === 0 || member(value, '$ref') === undefined) return
  const target = compilation.peek(value, at)
  if (target === undefined || compilation.partAt(target.at) === undefined) return
  if (!foreign.has(target.at)) foreign.set(target.at, { value: target.value, visit })
}

function visitPathItem(item: JsonValue | undefined, at: Pointer, search: Search): void {
  if (!isJsonObject(item)) return
  followOut(item, at, search, visitPathItem)
  visitParameters(item, at, search)
  for (const [method, operation] of Object.entries(item)) {
    const operationAt = pointer(at, method)
    if (method === 'additionalOperations') {
      visitPathItem(operation, operationAt, search)
    } else if (isJsonObject(operation)) {
      visitContent(operation.requestBody, pointer(operationAt, 'requestBody'), search)
      visitMap(operation, 'responses', operationAt, search, visitContent)
      visitParameters(operation, operationAt, search)
      visitMap(operation, 'callbacks', operationAt, search, visitCallback)
    }
  }
}

function visitParameters(holder: JsonObject, at: Pointer, search: Search): void {
  const { parameters } = holder
  if (!isJsonArray(parameters)) return
  parameters.forEach((parameter, index) => {
    visitValue(parameter, pointer(at, 'parameters', index), search)
  })
}

/** A Callback Object: Path Items by their expressions. */
function visitCallback(callback: JsonValue | undefined, at: Pointer, search: Search): void {
  if (!isJsonObject(callback)) return
  followOut(callback, at, search, visitCallback)
  for (const [expression, item] of Object.entries(callback)) {
    visitPathItem(item, pointer(at, expression), search)
  }
}

/** The schemas of a Parameter or Header Object. */
function visitValue(value: JsonValue | undefined, at: Pointer, search: Search): void {
  if (!isJsonObject(value)) return
  followOut(value, at, search, visitValue)
  visitSchema(value.schema, pointer(at, 'schema'), search)
  visitMap(value, 'content', at, search, visitMedia)
}

/** The schemas of a Request Body or Response Object. */
function visitContent(value: JsonValue | undefined, at: Pointer, search: Search): void {
  if (!isJsonObject(value)) return
  followOut(value, at, search, visitContent)
  visitMap(value, 'content', at, search, visitMedia)
  visitMap(value, 'headers', at, search, visitValue)
}

function visitMedia(media: JsonValue | undefined, at: Pointer, search: Search): void {
  if (!isJsonObject(media)) return
  followOut(media, at, search, visitMedia)
  visitSchema(media.schema, pointer(at, 'schema'), search)
  visitSchema(media.itemSchema, pointer(at, 'itemSchema'), search)
  visitMap(media, 'encoding', at, search, visitEncoding)
}

function visitEncoding(encoding: JsonValue | undefined, at: Pointer, search: Search): void {
  visitMap(encoding, 'headers', at, search, visitValue)
}

function visitSchema(start: JsonValue | undefined, startAt: Pointer, search: Search): void {
  const open: [JsonValue | undefined, Pointer][] = [[start, startAt]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [schema, at] = next
    if (!isJsonObject(schema)) continue
    if (TYPE_KEYS.some(key => schema[key] !== undefined)) search.found.push({ schema, at })
    followOut(schema, at, search, visitSchema)
    const inside: [JsonValue | undefined, Pointer][] = []
    for (const [name, isHolder] of SCHEMA_HOLDERS) {
      const held = schema[name] ?? null
      if (!isHolder(held)) continue
      for (const [key, part] of Object.entries(held ?? {}))
        inside.push([part, pointer(at, name, key)])
    }
    for (const name of SCHEMA_MEMBERS) inside.push([schema[name], pointer(at, name)])
    for (const part of inside.reverse()) open.push(part)
  }
}
