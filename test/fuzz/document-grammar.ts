import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { isJsonObject } from '../../service/base/json.ts'
import type { Chooser } from './chooser.ts'
import { growExtension } from './extension-grammar.ts'
import { growSchemes } from './login-grammar.ts'
import { growOperation, idParameter } from './operation-grammar.ts'
import { growSchema, reference } from './schema-grammar.ts'

/** A document, and what a caller and an API have to know of it. */
export type GrownDocument = {
  readonly root: JsonObject
  readonly types: readonly string[]
  readonly schemas: { readonly [name: string]: JsonObject }
  /** The schema of the answer to each operation, by method and path template. */
  readonly answers: { readonly [operation: string]: JsonValue }
}

/** The methods that fit a verb. */
const METHODS: { readonly [verb: string]: readonly [string, ...string[]] } = {
  query: ['get'],
  load: ['get'],
  save: ['post'],
  update: ['put', 'patch'],
  delete: ['delete']
}
const WRAPS = ['', 'data', 'items', 'results', 'data.items', 'd.results'] as const

/** Most types, and most properties of one, of a document that is large. */
const TYPES_MAX = 60
const PROPERTIES_MAX = 3_000

/** Grows a document by the grammar of OpenAPI and of the `x-flow` keys, with a few mistakes. */
export function growDocument(chooser: Chooser): GrownDocument {
  const { below, pick, once, size } = chooser
  const count = once(10) ? size(TYPES_MAX) : below(3)
  const types = Array.from({ length: 1 + count }, (_, index) => `T${index}`)
  const schemas: { [name: string]: JsonObject } = {}
  for (const type of types) schemas[type] = growType(chooser, type, types)
  const paths: { [path: string]: JsonObject } = {}
  const answers: { [operation: string]: JsonValue } = {}
  for (const type of types) {
    const list = wrapped(chooser, pick(WRAPS), { type: 'array', items: reference(type) })
    const add = (method: string, path: string, answer: JsonValue): void => {
      answers[`${method} ${path}`] = answer
      const operation = growOperation(chooser, type, method, answer)
      paths[path] = { ...paths[path], [method]: operation }
      if (path.includes('{')) paths[path] = { parameters: [idParameter(chooser)], ...paths[path] }
    }
    add('get', `/${type}`, list)
    add('post', `/${type}`, wrapped(chooser, pick(WRAPS), reference(type)))
    for (const method of ['get', 'put', 'patch', 'delete']) {
      add(method, `/${type}/{id}`, wrapped(chooser, pick(WRAPS), reference(type)))
    }
  }
  const schemes = growSchemes(chooser)
  const root: JsonObject = {
    openapi: pick(['3.0.3', '3.1.0', '3.1.1']),
    info: { title: 'Grown', version: '1' },
    servers: [
      {
        url: once(20) ? '//' : pick(['/v1', '/v1', '/', '/{v}', 'v1/']),
        variables: { v: { default: 'v1' } }
      }
    ],
    ...(once(3) && { security: [{ [pick(['key', ...Object.keys(schemes)])]: [] }] }),
    ...(once(5) && { 'x-flow-failure': growExtension(chooser, 'x-flow-failure') }),
    ...(once(5) && { 'x-flow-retry': growExtension(chooser, 'x-flow-retry') }),
    ...(once(5) && { 'x-flow-pagination': growExtension(chooser, 'x-flow-pagination') }),
    paths,
    components: {
      securitySchemes: schemes,
      schemas
    }
  }
  return { root, types, schemas, answers }
}

/** A schema in objects of one member each. */
function wrapped({ once }: Chooser, path: string, schema: JsonObject): JsonObject {
  const beside: JsonObject = once(3) ? { total: { type: 'integer' }, next: { type: 'string' } } : {}
  return path
    .split('.')
    .filter(name => name !== '')
    .reduceRight<JsonObject>(
      (inner, name) => ({ type: 'object', properties: { ...beside, [name]: inner } }),
      schema
    )
}

function growType(chooser: Chooser, name: string, types: readonly string[]): JsonObject {
  const { pick, once, size } = chooser
  const schema = growSchema(chooser, types, 0, 'object')
  const more = once(15) ? size(PROPERTIES_MAX) : 0
  const properties = Array.from({ length: more }, (_, index): readonly [string, JsonObject] => [
    `p${index}`,
    { type: pick(['string', 'integer', 'boolean', 'array']) }
  ])
  const key = (verb: string): JsonObject => {
    const grown = growExtension(chooser, `x-flow-${verb}`)
    const path = verb === 'query' || verb === 'save' ? `/${name}` : `/${name}/{id}`
    const given: JsonObject = isJsonObject(grown) ? grown : {}
    const parameters = isJsonObject(given.parameters) ? given.parameters : {}
    return {
      ...given,
      ...(!once(30) && { path }),
      ...(!once(4) && { operation: pick(METHODS[verb] ?? ['get']) }),
      ...(path.includes('{') && { parameters: { ...parameters, id: 'externalId' } }),
      example: once(12)
    }
  }
  const verbs = Object.keys(METHODS).filter(() => !once(6))
  return {
    ...schema,
    properties: {
      ...(isJsonObject(schema.properties) && schema.properties),
      ...Object.fromEntries(properties)
    },
    'x-flow-type': {
      name,
      ...(once(4) && { id: pick<JsonValue>(['name', ['id', 'name'], 'owner.id', 'nothing']) }),
      ...(once(6) && { customProperties: { list: 'string', day: 'date', odd: 'odd' } })
    },
    ...Object.fromEntries(verbs.map(verb => [`x-flow-${verb}`, key(verb)]))
  }
}
