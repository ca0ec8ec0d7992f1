import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../base/json.ts'
import { VERBS } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'

/** A schema that carries `x-flow-type` or a mapping, and where it stands. */
export type TypedSchema = { readonly schema: JsonObject; readonly at: Pointer }

const MAPPING_KEYS = VERBS.map(verb => `x-flow-${verb}`)
const SCHEMA_LISTS = ['allOf', 'oneOf', 'anyOf', 'prefixItems']
const SCHEMA_MAPS = ['properties', 'patternProperties', '$defs', 'definitions']
const SCHEMA_MEMBERS = ['items', 'additionalProperties', 'not', 'contains']

type Visit = (value: JsonValue | undefined, at: Pointer, search: Search) => void

/** What is looked for, and what was found in which other documents. */
type Search = {
  readonly compilation: Compilation
  readonly found: TypedSchema[]
  /** What references into other documents lead to, by its place, with how it is looked through. */
  readonly foreign: Map<Pointer, { readonly value: JsonValue; readonly visit: Visit }>
}

/**
 * Finds every schema with a flow key (x-flow 2): in `components.schemas`, and inline wherever a
 * request or a response holds a schema. In document order, components first. References within the
 * document are not followed: what they refer to is found where it stands. Of another document counts
 * what is referred to, with what is in it, after all of this one.
 */
export function findTypedSchemas(compilation: Compilation): TypedSchema[] {
  const search: Search = { compilation, found: [], foreign: new Map() }
  const { root } = compilation
  eachMember(root.components, '/components', ['schemas'], (schema, at) =>
    visitSchema(schema, at, search)
  )
  eachMember(root.components, '/components', ['responses', 'requestBodies'], (value, at) =>
    visitContent(value, at, search)
  )
  eachMember(root.components, '/components', ['pathItems'], (item, at) =>
    visitPathItem(item, at, search)
  )
  eachMember(root, '', ['paths'], (item, at) => visitPathItem(item, at, search))
  // The map grows while it is read.
  for (const [at, { value, visit }] of search.foreign) visit(value, at, search)
  return search.found
}

/** Notes what a reference leads to in another document, to be looked through once, later. */
function followOut(
  value: JsonValue,
  at: Pointer,
  { compilation, foreign }: Search,
  visit: Visit
): void {
  if (compilation.parts.length === 0 || member(value, '$ref') === undefined) return
  const target = compilation.peek(value, at)
  if (target === undefined || compilation.partAt(target.at) === undefined) return
  if (!foreign.has(target.at)) foreign.set(target.at, { value: target.value, visit })
}

function visitPathItem(item: JsonValue | undefined, at: Pointer, search: Search): void {
  if (!isJsonObject(item)) return
  followOut(item, at, search, visitPathItem)
  for (const [method, operation] of Object.entries(item)) {
    if (method === 'additionalOperations') {
      visitPathItem(operation, pointer(at, method), search)
    } else if (isJsonObject(operation)) {
      visitContent(operation.requestBody, pointer(at, method, 'requestBody'), search)
      eachMember(operation, pointer(at, method), ['responses'], (value, responseAt) =>
        visitContent(value, responseAt, search)
      )
    }
  }
}

function eachMember(
  holder: JsonValue | undefined,
  at: Pointer,
  names: readonly string[],
  visit: (value: JsonValue, at: Pointer) => void
): void {
  if (!isJsonObject(holder)) return
  for (const name of names) {
    const map = holder[name]
    if (!isJsonObject(map)) continue
    for (const [key, value] of Object.entries(map)) visit(value, pointer(at, name, key))
  }
}

/** The schemas of a Request Body or Response Object. */
function visitContent(value: JsonValue | undefined, at: Pointer, search: Search): void {
  if (!isJsonObject(value)) return
  followOut(value, at, search, visitContent)
  eachMember(value, at, ['content'], (media, mediaAt) => visitMedia(media, mediaAt, search))
}

function visitMedia(media: JsonValue | undefined, at: Pointer, search: Search): void {
  if (!isJsonObject(media)) return
  followOut(media, at, search, visitMedia)
  visitSchema(media.schema, pointer(at, 'schema'), search)
}

function visitSchema(start: JsonValue | undefined, startAt: Pointer, search: Search): void {
  const open: [JsonValue | undefined, Pointer][] = [[start, startAt]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [schema, at] = next
    if (!isJsonObject(schema)) continue
    if (
      schema['x-flow-type'] !== undefined ||
      MAPPING_KEYS.some(key => schema[key] !== undefined)
    ) {
      search.found.push({ schema, at })
    }
    followOut(schema, at, search, visitSchema)
    const inside: [JsonValue | undefined, Pointer][] = []
    for (const name of SCHEMA_MAPS) {
      const map = schema[name]
      if (!isJsonObject(map)) continue
      for (const key of Object.keys(map)) inside.push([map[key], pointer(at, name, key)])
    }
    for (const name of SCHEMA_LISTS) {
      const list = schema[name]
      if (!isJsonArray(list)) continue
      list.forEach((part, index) => {
        inside.push([part, pointer(at, name, index)])
      })
    }
    for (const name of SCHEMA_MEMBERS) inside.push([schema[name], pointer(at, name)])
    for (const part of inside.reverse()) open.push(part)
  }
}
