import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import type { Chooser } from './chooser.ts'
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

const SOURCES = [
  'externalId',
  'name',
  'status',
  'owner.id',
  '$User.Email',
  '$Var.A',
  '$Var.B',
  'search',
  'limit',
  'nothing',
  ''
] as const
const WRAPS = ['', 'data', 'items', 'results', 'data.items', 'd.results'] as const

/** Grows a document by the grammar of OpenAPI and of the `x-flow` keys, with a few mistakes. */
export function growDocument(chooser: Chooser): GrownDocument {
  const { below, pick, once } = chooser
  const types = Array.from({ length: 1 + below(3) }, (_, index) => `T${index}`)
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
  const root: JsonObject = {
    openapi: pick(['3.0.3', '3.1.0', '3.1.1']),
    info: { title: 'Grown', version: '1' },
    servers: [
      { url: pick(['/v1', '/', '/{v}', '//', 'v1/']), variables: { v: { default: 'v1' } } }
    ],
    ...(once(3) && { security: [{ key: [] }] }),
    ...(once(5) && {
      'x-flow-failure': pick<JsonValue>([false, { flag: 'ok' }, { flag: 'a.b', failed: [0, null] }])
    }),
    paths,
    components: {
      securitySchemes: {
        key: {
          type: 'apiKey',
          in: pick(['header', 'query', 'cookie']),
          name: pick(['X-Key', 'key', 'a b'])
        }
      },
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
  const { pick, once, below } = chooser
  const key = (verb: string): JsonObject => {
    const path = verb === 'query' || verb === 'save' ? `/${name}` : `/${name}/{id}`
    const parameters = Object.fromEntries(
      chooser.some(4, () => [
        pick(['id', 'q', 'limit', 'offset', 'X-V', 'body.a', 'query.q']),
        growSource(chooser)
      ])
    )
    return {
      path: once(30) ? '/nowhere' : path,
      ...(verb === 'update' && { method: pick(['put', 'patch', 'post']) }),
      parameters: path.includes('{')
        ? { ...parameters, id: once(10) ? 'name' : 'externalId' }
        : parameters,
      ...(once(6) && { pagination: growPaging(chooser) }),
      ...(once(8) && { records: pick(WRAPS) }),
      ...(once(8) && verb === 'save' && { batch: 1 + below(3) }),
      ...(once(12) && { example: true })
    }
  }
  const verbs = ['query', 'load', 'save', 'update', 'delete'].filter(() => !once(6))
  return {
    ...growSchema(chooser, types, 0, 'object'),
    'x-flow-type': { name },
    ...Object.fromEntries(verbs.map(verb => [`x-flow-${verb}`, key(verb)]))
  }
}

function growSource({ pick, once }: Chooser): JsonValue {
  const source = pick(SOURCES)
  return once(3)
    ? {
        from: source,
        ...(once(2) && { default: pick<JsonValue>(['1', 2, null, true]) }),
        ...(once(4) && { encode: 'double' })
      }
    : source
}

function growPaging({ pick, below }: Chooser): JsonObject {
  return {
    type: pick(['offset', 'page', 'cursor', 'nextLink', 'none', 'odd']),
    positionParam: pick(['offset', 'page', 'q']),
    pageSizeParam: 'limit',
    pageSize: below(20),
    cursorParam: pick(['after', 'q', 'X-V']),
    cursorField: pick(['next', 'meta.next', 'header:X-Next']),
    nextField: 'next',
    totalField: 'total'
  }
}
