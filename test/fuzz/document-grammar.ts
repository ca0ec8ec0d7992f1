import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import type { Chooser } from './chooser.ts'

/** A document, and what a caller and an API have to know of it. */
export type GrownDocument = {
  readonly root: JsonObject
  readonly types: readonly string[]
  readonly schemas: { readonly [name: string]: JsonObject }
  /** The schema of the answer to each operation, by method and path template. */
  readonly answers: { readonly [operation: string]: JsonValue }
}

const NAMES = [
  'id',
  'name',
  'status',
  'tags',
  'owner',
  'price',
  'due',
  'data',
  'items',
  'a.b',
  '$x',
  'é',
  '__proto__',
  ''
] as const
const FORMATS = [
  'date',
  'date-time',
  'int64',
  'double',
  'byte',
  'binary',
  'uuid',
  'email',
  'password',
  'unix-time',
  'odd'
] as const
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
const MEDIA_TYPES = [
  'application/json',
  'application/json',
  'application/hal+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
  'application/merge-patch+json',
  '*/*',
  'application/vnd.Ā+json',
  ''
] as const
const STYLES = [
  'form',
  'simple',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
  'label',
  'matrix',
  'odd'
] as const
const WRAPS = ['', 'data', 'items', 'results', 'data.items', 'd.results'] as const

const DEPTH_MAX = 3

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

function reference(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` }
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

/** A schema of a kind, or of any. */
function growSchema(
  chooser: Chooser,
  types: readonly string[],
  depth: number,
  kind?: string
): JsonObject {
  const { pick, once, below } = chooser
  const type = kind ?? pick(depth < DEPTH_MAX ? KINDS : SCALARS)
  const marks: JsonObject = {
    ...(once(12) && { nullable: true }),
    ...(once(12) && { readOnly: true }),
    ...(once(16) && { writeOnly: true }),
    ...(once(16) && { default: pick<JsonValue>(['x', 1, null, [], {}]) }),
    ...(once(16) && { enum: [pick<JsonValue>(['a', 1, null]), 'b'] })
  }
  switch (type) {
    case 'object': {
      const members = ['id', ...chooser.some(10, () => pick(NAMES))]
      const properties = members.map(name => [name, growSchema(chooser, types, depth + 1)] as const)
      return {
        type,
        properties: Object.fromEntries(properties),
        ...(once(2) && { required: members.slice(0, 1 + below(3)) }),
        ...(once(5) && {
          additionalProperties: once(2) ? true : growSchema(chooser, types, depth + 1)
        })
      }
    }
    case 'array':
      return { type, items: growSchema(chooser, types, depth + 1), ...marks }
    case 'map':
      return {
        type: 'object',
        additionalProperties: growSchema(chooser, types, depth + 1),
        ...marks
      }
    case 'reference':
      return once(20) ? reference('Nothing') : reference(pick([types[0] ?? 'T0', ...types]))
    case 'choice':
      return {
        [pick(['oneOf', 'anyOf', 'allOf'])]: Array.from({ length: 1 + below(3) }, () =>
          growSchema(chooser, types, depth + 1)
        )
      }
    case 'nothing':
      return { ...marks }
    default:
      return { type, ...(once(3) && { format: pick(FORMATS) }), ...marks }
  }
}

const SCALARS = ['string', 'string', 'integer', 'number', 'boolean', 'nothing'] as const
const KINDS = [...SCALARS, 'string', 'object', 'array', 'map', 'reference', 'choice'] as const

function idParameter({ pick }: Chooser): JsonObject {
  return { name: 'id', in: 'path', required: true, schema: { type: pick(['string', 'integer']) } }
}

function growOperation(
  chooser: Chooser,
  type: string,
  method: string,
  answer: JsonValue
): JsonObject {
  const { pick, once } = chooser
  const parameters = chooser.some(6, () => ({
    name: pick([
      'q',
      'limit',
      'offset',
      'page',
      'X-V',
      'after',
      'Idempotency-Key',
      'If-Match',
      'Ā',
      'id'
    ]),
    in: pick(['query', 'query', 'header', 'cookie', 'path', 'odd']),
    ...(once(4) && { required: true }),
    ...(once(4) && { style: pick(STYLES), explode: once(2) }),
    ...(once(6) && { allowReserved: true }),
    schema: growSchema(chooser, [type], 1)
  }))
  const encoding = {
    name: {
      style: pick(STYLES),
      contentType: pick(['text/plain', 'image/png', 'x']),
      allowReserved: true
    }
  }
  const body = {
    content: { [pick(MEDIA_TYPES)]: { schema: reference(type), ...(once(3) && { encoding }) } }
  }
  const status = pick(['200', '200', '201', '204', '2XX', 'default', '404'])
  const headers = { ETag: { schema: { type: 'string' } } }
  return {
    parameters,
    ...(method !== 'get' && !once(6) && { requestBody: { required: once(2), ...body } }),
    ...(once(6) && { 'x-flow-rate-limit': { requestsPerSecond: 1_000 } }),
    responses: {
      [status]: {
        description: 'ok',
        headers,
        ...(status !== '204' && {
          content: { [pick(MEDIA_TYPES)]: { schema: answer, ...(once(4) && { example: {} }) } }
        })
      }
    }
  }
}
