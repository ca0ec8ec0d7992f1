import type { JsonObject, JsonValue } from '../service/base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../service/base/json.ts'

/** Values of required parameters that nothing else fills, by type. */
const CONSTANTS: Record<string, JsonValue> = { integer: 1, number: 1, boolean: true, array: ['a'] }
const SCHEMAS = '#/components/schemas/'

/** Mappings of a schema by their keys. */
type Mappings = { readonly [key: string]: JsonObject }

/**
 * Returns an annotated copy of a document, deterministically: every component schema of type `object` becomes
 * a flow type of the same name, with
 *
 * - `x-flow-query` on the GET that returns a list of it and has the fewest path parameters,
 * - `x-flow-load` on the first GET that returns one of it and has a path parameter.
 *
 * The last path parameter is the id, `per_page` the limit; other required parameters are constants.
 */
export function annotateDocument(document: JsonObject): JsonObject {
  const components = member(document, 'components')
  const schemas = member(components, 'schemas')
  if (!isJsonObject(components) || !isJsonObject(schemas)) return document
  const queries = bestQueries(document)
  const loads = firstLoads(document)
  const annotated = Object.entries(schemas).map(([name, schema]) => {
    if (!isJsonObject(schema) || schema.type !== 'object') return [name, schema]
    const mappings = { ...queries.get(name), ...loads.get(name) }
    return [name, { ...schema, 'x-flow-type': { name }, ...mappings }]
  })
  return { ...document, components: { ...components, schemas: Object.fromEntries(annotated) } }
}

/** A type whose query has no path parameters; undefined for none. */
export function listedType(annotated: JsonObject): string | undefined {
  const schemas = member(member(annotated, 'components'), 'schemas')
  const found = Object.entries(isJsonObject(schemas) ? schemas : {}).find(([, schema]) => {
    const path = textMember(member(schema, 'x-flow-query'), 'path')
    return path !== undefined && !path.includes('{') && member(schema, 'properties') !== undefined
  })
  return found?.[0]
}

/** Names of the flow types that have properties, and so are installed. */
export function typeNames(annotated: JsonObject): string[] {
  const schemas = member(member(annotated, 'components'), 'schemas')
  return Object.entries(isJsonObject(schemas) ? schemas : {}).flatMap(([name, schema]) => {
    const properties = member(schema, 'properties')
    const isInstalled = isJsonObject(properties) && Object.keys(properties).length > 0
    return isInstalled && member(schema, 'x-flow-type') !== undefined ? [name] : []
  })
}

function bestQueries(document: JsonObject): Map<string, Mappings> {
  const best = new Map<string, { readonly blanks: number; readonly mapping: JsonObject }>()
  for (const { path, get, parameters } of gets(document)) {
    const answer = answerOf(get)
    const name =
      member(answer, 'type') === 'array' ? schemaName(member(answer, 'items')) : undefined
    if (name === undefined) continue
    const blanks = path.split('{').length
    if ((best.get(name)?.blanks ?? Number.POSITIVE_INFINITY) <= blanks) continue
    best.set(name, { blanks, mapping: { path, parameters: bindings(parameters, undefined) } })
  }
  return new Map([...best].map(([name, { mapping }]) => [name, { 'x-flow-query': mapping }]))
}

function firstLoads(document: JsonObject): Map<string, Mappings> {
  const loads = new Map<string, Mappings>()
  for (const { path, get, parameters } of gets(document)) {
    const name = schemaName(answerOf(get))
    const id = [...path.matchAll(/\{([^}]+)\}/g)].at(-1)?.[1]
    if (name === undefined || id === undefined || loads.has(name)) continue
    loads.set(name, { 'x-flow-load': { path, parameters: bindings(parameters, id) } })
  }
  return loads
}

/** Every GET, in the order of the document, with its parameters and those of its path. */
function gets(document: JsonObject): { path: string; get: JsonValue; parameters: JsonObject[] }[] {
  const paths = member(document, 'paths')
  return Object.entries(isJsonObject(paths) ? paths : {}).flatMap(([path, item]) => {
    const get = member(item, 'get')
    if (get === undefined) return []
    const declared = [member(item, 'parameters'), member(get, 'parameters')]
    const parameters = declared
      .flatMap(list => (isJsonArray(list) ? list : []))
      .map(parameter => resolved(document, parameter))
      .filter(isJsonObject)
    return [{ path, get, parameters }]
  })
}

function bindings(parameters: readonly JsonObject[], id: string | undefined): JsonObject {
  const entries = parameters.flatMap((parameter): [string, JsonValue][] => {
    const name = textMember(parameter, 'name') ?? ''
    if (name === id && parameter.in === 'path') return [[name, 'id']]
    if (name === 'per_page') return [[name, 'limit']]
    return parameter.required === true ? [[name, { default: constant(parameter) }]] : []
  })
  return Object.fromEntries(entries)
}

function constant(parameter: JsonObject): JsonValue {
  const schema = member(parameter, 'schema')
  const allowed = member(schema, 'enum')
  if (isJsonArray(allowed)) return allowed[0] ?? ''
  return CONSTANTS[textMember(schema, 'type') ?? ''] ?? 'octocat'
}

/** The schema of the JSON of a GET's 200 answer, where it has one. */
function answerOf(get: JsonValue): JsonValue | undefined {
  const content = member(member(member(get, 'responses'), '200'), 'content')
  return member(member(content, 'application/json'), 'schema')
}

/** The name in a reference to a component schema. */
function schemaName(schema: JsonValue | undefined): string | undefined {
  const reference = textMember(schema, '$ref')
  return reference?.startsWith(SCHEMAS) === true ? reference.slice(SCHEMAS.length) : undefined
}

/** Follows a reference within the document. */
function resolved(document: JsonObject, value: JsonValue): JsonValue | undefined {
  const reference = textMember(value, '$ref')
  if (reference === undefined) return value
  const keys = reference.replace(/^#\//, '').split('/')
  return keys.reduce<JsonValue | undefined>((at, key) => member(at, key), document)
}
