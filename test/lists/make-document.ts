import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject } from '../../service/base/json.ts'
import type { ListApi, Path } from './list-api.ts'
import { STATUSES, withValue } from './list-api.ts'

const THING = { $ref: '#/components/schemas/Thing' }

/** The OpenAPI document of an API whose operations are below `serverUrl`. */
export function makeDocument(api: ListApi, serverUrl: string): JsonObject {
  const isText = typeof api.rows[0]?.id !== 'number'
  const query = {
    path: '/things',
    ...(api.mapsRecords && { records: api.list.place.join('.') }),
    ...mappedParameters(api)
  }
  return {
    openapi: api.version,
    info: { title: 'Things', version: '1' },
    servers: [{ url: serverUrl }],
    paths: {
      '/things': {
        get: {
          parameters: parameters(api),
          ...(api.mapping === 'declared' && { 'x-flow-pagination': pagination(api) }),
          responses: { 200: { description: 'Things', ...headers(api), content: content(api) } }
        }
      }
    },
    components: {
      schemas: {
        Thing: {
          type: 'object',
          properties: {
            ...(api.hasId && { id: { type: isText ? 'string' : 'integer' } }),
            name: { type: 'string' },
            status: { type: 'string', enum: STATUSES },
            rank: { type: 'integer' }
          },
          'x-flow-type': { name: 'Thing' },
          'x-flow-query': query
        },
        ...(api.form === 'reference' && { Answer: answerSchema(api) })
      }
    }
  }
}

function mappedParameters({ mapping, size, position, filter, sorting }: ListApi): JsonObject {
  const isSized = size.param !== null && (mapping === 'limit' || mapping === 'both')
  const template = { from: 'orderBy', ascending: '{name}', descending: '-{name}' }
  const mapped: JsonObject = {
    ...(isSized && size.param !== null && { [size.param]: 'limit' }),
    ...(mapping === 'both' && 'param' in position && { [position.param]: 'offset' }),
    ...(filter !== null && { where: { status: 'status' } }),
    ...(sorting?.by === 'template' && { sort: template }),
    ...(sorting?.by === 'words' && { sort: 'orderBy', order: 'direction' })
  }
  return Object.keys(mapped).length === 0 ? {} : { parameters: mapped }
}

function parameters(api: ListApi): JsonValue[] {
  const { position, size, isDeclared } = api
  const list: JsonValue[] = []
  if (isDeclared && 'param' in position) {
    const words = api.zeroClue === 'words' ? { description: 'Zero-based page number.' } : {}
    list.push({ name: position.param, in: 'query', ...words, schema: positionSchema(api) })
  }
  if (size.param !== null) {
    list.push({ name: size.param, in: 'query', schema: { type: 'integer', ...sizeSchema(api) } })
  }
  list.push({ name: 'q', in: 'query', schema: { type: 'string' } })
  const { filter, sorting } = api
  if (filter !== null) {
    const words = filter.allowed === null ? {} : { enum: filter.allowed }
    const fallback = filter.fallback === null ? {} : { default: filter.fallback }
    list.push({ name: 'status', in: 'query', schema: { type: 'string', ...words, ...fallback } })
  }
  if (sorting !== null) {
    const { columns, by } = sorting
    const names = columns?.flatMap(name => (by === 'words' ? [name] : [name, `-${name}`]))
    const words = names === undefined ? {} : { enum: names }
    list.push({ name: 'sort', in: 'query', schema: { type: 'string', ...words } })
    const directions = { type: 'string', enum: ['asc', 'desc'] }
    if (by === 'words') list.push({ name: 'order', in: 'query', schema: directions })
  }
  return list
}

/** An exclusive maximum is a flag in OpenAPI 3.0. */
function sizeSchema({ size: { schema }, version }: ListApi): JsonObject {
  if (version === '3.0.3' || schema.exclusiveMaximum !== true) return schema
  const { maximum = null, ...rest } = schema
  return { ...rest, exclusiveMaximum: maximum }
}

function positionSchema({ position, zeroClue }: ListApi): JsonObject {
  if (position.by === 'cursor' || position.by === 'after') return { type: 'string' }
  switch (zeroClue) {
    case 'minimum':
      return { type: 'integer', minimum: 0 }
    case 'default':
      return { type: 'integer', default: 0 }
    case 'text':
      return { type: 'string', default: '0' }
    case 'example':
      return { type: 'integer', example: 0 }
    default: {
      const isFromOne = position.by === 'offset' && position.first === 1
      return { type: 'integer', ...(isFromOne && { default: 1, minimum: 1 }) }
    }
  }
}

/** What an author who knows the API declares. */
function pagination({ position, link, size, total, flag, list }: ListApi): JsonObject {
  const common: JsonObject = {
    ...(size.param !== null && { pageSizeParam: size.param }),
    ...(size.cap < 1_000 && { pageSize: size.cap }),
    ...(total?.of === 'list' && typeof total.at !== 'string' && { totalField: total.at.join('.') }),
    ...(flag?.of === 'more' && { hasMoreField: flag.at.join('.') })
  }
  if (link?.at === 'header') return { type: 'link_header', ...common }
  if (link !== null) return { type: 'next_link', linkField: dotted(link.place), ...common }
  switch (position.by) {
    case 'offset':
      return { type: 'offset', offsetParam: position.param, ...common }
    case 'page':
      return { type: 'page', pageParam: position.param, firstPage: position.first, ...common }
    case 'cursor':
      return {
        type: 'cursor',
        cursorParam: position.param,
        cursorField: dotted(position.mark),
        ...common
      }
    case 'after': {
      const cursorField = `${list.place.join('.')}[-1].id`
      return { type: 'cursor', cursorParam: position.param, cursorField, ...common }
    }
    default:
      return { type: 'none' }
  }
}

function dotted(path: Path): string {
  return path.map(name => name.replaceAll('.', '\\.')).join('.')
}

function headers({ link, total, schema, seed }: ListApi): JsonObject {
  const names = [
    ...(link?.at === 'header' ? ['Link'] : []),
    ...(typeof total?.at === 'string' ? [total.at] : [])
  ]
  if (schema === 'none' || names.length === 0 || seed % 3 === 0) return {}
  const declared = names.map(name => [name, { schema: { type: 'string' } }])
  return { headers: Object.fromEntries(declared) }
}

function content(api: ListApi): JsonObject {
  if (api.schema === 'none') return { 'application/json': {} }
  return { 'application/json': { schema: formOf(api, answerSchema(api)) } }
}

const FAILURE: JsonObject = {
  type: 'object',
  properties: { message: { type: 'string' }, traceId: { type: 'string' } }
}

function formOf({ form }: ListApi, schema: JsonObject): JsonObject {
  if (form === 'reference') return { $ref: '#/components/schemas/Answer' }
  if (form === 'oneOf') return { oneOf: [schema, FAILURE] }
  if (form !== 'allOf' || !isJsonObject(schema.properties)) return schema
  const [first, ...rest] = Object.entries(schema.properties)
  const parts = [Object.fromEntries(first === undefined ? [] : [first]), Object.fromEntries(rest)]
  return { allOf: parts.map(objectOf) }
}

function answerSchema({ list, schema, ...api }: ListApi): JsonObject {
  const { place, isMap, wrapper } = list
  if (schema === 'object' && place.length > 0) return { type: 'object' }
  const item = wrapper === null ? THING : objectOf({ key: { type: 'string' }, [wrapper]: THING })
  const items = isMap
    ? { type: 'object', additionalProperties: item }
    : { type: 'array', items: item }
  const at: [Path, JsonObject][] = [[place, items]]
  if (schema === 'full') {
    const { total, flag, pages, echo, position, link, zeroClue, end } = api
    const integer = { type: 'integer' }
    const count = { type: api.writesText ? 'string' : 'integer' }
    const orNull = (type: string): JsonObject =>
      api.version === '3.0.3' ? { type, nullable: true } : { type: [type, 'null'] }
    if (total !== null && typeof total.at !== 'string') at.push([total.at, count])
    if (flag !== null) at.push([flag.at, { type: 'boolean' }])
    if (pages !== null) at.push([pages, integer])
    if (echo.position !== null) at.push([echo.position, integer])
    if (echo.size !== null) at.push([echo.size, count])
    if (zeroClue === 'flag') at.push([['first'], { type: 'boolean' }])
    const mark = orNull(typeof end === 'number' ? 'integer' : 'string')
    if (position.by === 'cursor' && position.mark.length > 0) at.push([position.mark, mark])
    const uri = api.seed % 2 === 0 ? { format: 'uri' } : {}
    const address = { ...orNull('string'), ...uri }
    const relation = objectOf({ rel: { type: 'string' }, href: { type: 'string' } })
    if (link?.at === 'body' && link.form === 'relations') {
      at.push([link.place, { type: 'array', items: relation }])
    } else if (link?.at === 'body') at.push([link.place, address])
  }
  if (place.length === 0) return items
  const beside = schema === 'full' ? api.beside : {}
  const shape = at.reduce<JsonObject>(
    (body, [path, value]) => withValue(body, path, { schema: value }),
    Object.fromEntries(Object.entries(beside).map(([key, value]) => [key, example(value)]))
  )
  return shapeSchema(shape)
}

/** A tree whose leaves are `{schema}`, as the schema of its objects. */
function shapeSchema(shape: JsonObject): JsonObject {
  const entries = Object.entries(shape).map(([key, value]) => {
    const inner = isJsonObject(value) ? value : {}
    return [key, isJsonObject(inner.schema) ? inner.schema : shapeSchema(inner)] as const
  })
  return objectOf(Object.fromEntries(entries))
}

/** The shape of a constant member. */
function example(value: JsonValue): JsonObject {
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, example(inner)]))
  }
  return { schema: schemaOf(value) }
}

function schemaOf(value: JsonValue | undefined): JsonObject {
  if (isJsonArray(value))
    return { type: 'array', items: value.length > 0 ? schemaOf(value[0]) : { type: 'string' } }
  if (isJsonObject(value)) {
    return objectOf(
      Object.fromEntries(Object.entries(value).map(([key, one]) => [key, schemaOf(one)]))
    )
  }
  if (typeof value === 'number') return { type: 'integer' }
  return { type: typeof value === 'boolean' ? 'boolean' : 'string' }
}

function objectOf(properties: JsonObject): JsonObject {
  return { type: 'object', properties }
}
