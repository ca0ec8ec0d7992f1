import type { Pointer } from '../base/json-pointer.ts'
import { pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import type { Compilation } from './compilation.ts'

/** A schema that carries `x-flow-type` or a mapping, and where it stands. */
export type TypedSchema = { readonly schema: JsonObject; readonly at: Pointer }

const MAPPING_KEYS = [
  'x-flow-load',
  'x-flow-query',
  'x-flow-save',
  'x-flow-update',
  'x-flow-delete'
]
const SCHEMA_LISTS = ['allOf', 'oneOf', 'anyOf', 'prefixItems']
const SCHEMA_MAPS = ['properties', 'patternProperties', '$defs', 'definitions']
const SCHEMA_MEMBERS = ['items', 'additionalProperties', 'not', 'contains']

/**
 * Finds every schema with a flow key (x-flow 2): in `components.schemas`, and inline wherever a
 * request or a response holds a schema. In document order, components first. References are not
 * followed: what they refer to is found where it stands.
 */
export function findTypedSchemas(compilation: Compilation): TypedSchema[] {
  const found: TypedSchema[] = []
  const { root } = compilation
  eachMember(root.components, '/components', ['schemas'], (schema, at) =>
    visitSchema(schema, at, found)
  )
  eachMember(root.components, '/components', ['responses', 'requestBodies'], (value, at) =>
    visitContent(value, at, found)
  )
  eachMember(root.components, '/components', ['pathItems'], (item, at) =>
    visitPathItem(item, at, found)
  )
  eachMember(root, '', ['paths'], (item, at) => visitPathItem(item, at, found))
  return found
}

function visitPathItem(item: JsonValue, at: Pointer, found: TypedSchema[]): void {
  if (!isJsonObject(item)) return
  for (const [method, operation] of Object.entries(item)) {
    if (method === 'additionalOperations') {
      visitPathItem(operation, pointer(at, method), found)
    } else if (isJsonObject(operation)) {
      visitContent(operation.requestBody, pointer(at, method, 'requestBody'), found)
      eachMember(operation, pointer(at, method), ['responses'], (value, responseAt) =>
        visitContent(value, responseAt, found)
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
function visitContent(value: JsonValue | undefined, at: Pointer, found: TypedSchema[]): void {
  eachMember(value, at, ['content'], (media, mediaAt) => {
    if (isJsonObject(media)) visitSchema(media.schema, pointer(mediaAt, 'schema'), found)
  })
}

function visitSchema(start: JsonValue | undefined, startAt: Pointer, found: TypedSchema[]): void {
  const open: [JsonValue | undefined, Pointer][] = [[start, startAt]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [schema, at] = next
    if (!isJsonObject(schema)) continue
    if (
      schema['x-flow-type'] !== undefined ||
      MAPPING_KEYS.some(key => schema[key] !== undefined)
    ) {
      found.push({ schema, at })
    }
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
