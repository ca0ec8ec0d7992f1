import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, textMember } from '../../base/json.ts'
import { parameterTarget } from './parameter-target.ts'

/**
 * A tree for the converter, and what was taken out of it. Data of the author would be changed by the converter: it
 * removes null, and knows no exact numbers.
 */
export type PreparedSwagger = {
  readonly tree: JsonObject
  /** Puts back what was taken out. */
  restore(value: JsonValue): JsonValue
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch']

/** Members with data of the author. */
const DATA = new Set(['default', 'enum', 'example', 'x-example'])

/** Members whose keys are names. */
const NAME_MAPS = new Set(
  'definitions parameters responses securityDefinitions headers properties paths scopes'.split(' ')
)

/** The extension that a member of a form has in place of its `collectionFormat`. */
export const FORM_FORMAT = 'x-form-format'

/** The beginning of a text that stands for data. */
const MARK = '\u0000data '

/**
 * Prepares a Swagger 2.0 document for the converter, so that it loses nothing: data is taken out; a `$ref` stands
 * alone, or in an `allOf` where it has keys of ours beside it; arrays have the `collectionFormat` that is the
 * default; forms with a file are multipart; each operation has a list of parameters, into which those of its path
 * with a body are put; media types that are left out are JSON.
 */
export function prepareSwagger(root: JsonObject): PreparedSwagger {
  const taken: JsonValue[] = []
  const take = (value: JsonValue): string => `${MARK}${taken.push(value) - 1}`
  const copy = (value: JsonValue, isNameMap: boolean): JsonValue => {
    if (isJsonArray(value)) return value.map(item => copy(item, false))
    if (isExactNumber(value)) return take(value)
    if (!isJsonObject(value)) return value
    if (!isNameMap && typeof value.$ref === 'string') return reference(value, take)
    const members = Object.entries(value).map(([key, held]): [string, JsonValue] => {
      if (!isNameMap && (DATA.has(key) || key.startsWith('x-flow'))) return [key, take(held)]
      if (!isNameMap && key === 'examples' && isJsonObject(held)) return [key, mapped(held, take)]
      return [key, copy(held, !isNameMap && NAME_MAPS.has(key) && isJsonObject(held))]
    })
    return withFormat(Object.fromEntries(members))
  }
  const tree = copy(root, false)
  return {
    tree: isJsonObject(tree) ? { produces: ['application/json'], ...tree, ...pathsOf(tree) } : {},
    restore: value => restored(value, taken)
  }
}

/** A reference without what stands beside it, which Swagger ignores, but for keys of ours. */
function reference(value: JsonObject, take: (value: JsonValue) => string): JsonObject {
  const { $ref = '' } = value
  const keys = Object.entries(value).filter(([key]) => key.startsWith('x-flow'))
  if (keys.length === 0) return { $ref }
  const taken = keys.map(([key, held]): [string, JsonValue] => [key, take(held)])
  return { allOf: [{ $ref }], ...Object.fromEntries(taken) }
}

function mapped(value: JsonObject, change: (value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, change(held)]))
}

/** An array parameter with its format, which is values separated by commas where nothing is said. */
function withFormat(value: JsonObject): JsonObject {
  const place = textMember(value, 'in') ?? 'body'
  if (place === 'body' || value.type !== 'array') return value
  const { collectionFormat = 'csv', ...parameter } = value
  if (place !== 'formData') return { ...parameter, collectionFormat }
  // The converter knows no formats of forms, but keeps extensions.
  return { ...parameter, [FORM_FORMAT]: collectionFormat }
}

function pathsOf(root: JsonObject): JsonObject {
  const { paths } = root
  return isJsonObject(paths) ? { paths: mapped(paths, item => preparedPath(root, item)) } : {}
}

function preparedPath(root: JsonObject, item: JsonValue): JsonValue {
  if (!isJsonObject(item)) return item
  const given = isJsonArray(item.parameters) ? item.parameters : []
  const { shared = [], kept = [] } = Object.groupBy(given, parameter =>
    isInBody(root, parameter) ? 'shared' : 'kept'
  )
  const operations = METHODS.flatMap((method): [string, JsonValue][] => {
    const operation = item[method]
    return isJsonObject(operation) ? [[method, preparedOperation(root, operation, shared)]] : []
  })
  return {
    ...item,
    ...(item.parameters !== undefined && { parameters: kept }),
    ...Object.fromEntries(operations)
  }
}

function isInBody(root: JsonObject, parameter: JsonValue): boolean {
  return ['body', 'formData'].includes(textMember(parameterTarget(root, parameter), 'in') ?? '')
}

function preparedOperation(
  root: JsonObject,
  operation: JsonObject,
  shared: readonly JsonValue[]
): JsonObject {
  const own = isJsonArray(operation.parameters) ? operation.parameters : []
  const places = new Set(own.map(parameter => placeOf(root, parameter)))
  const others = shared.filter(each => !places.has(placeOf(root, each)))
  // The converter changes values in place, and refuses one that stands twice.
  const parameters = [...own, ...others.map(each => structuredClone(each))]
  const hasFile = parameters.some(
    each => textMember(parameterTarget(root, each), 'type') === 'file'
  )
  const consumes = operation.consumes ?? root.consumes
  const isForm = JSON.stringify(consumes ?? '').includes('multipart/form-data')
  return {
    ...operation,
    parameters,
    ...(hasFile && !isForm && { consumes: ['multipart/form-data'] })
  }
}

function placeOf(root: JsonObject, parameter: JsonValue): string {
  const target = parameterTarget(root, parameter)
  const place = textMember(target, 'in') ?? ''
  // An operation has one body, whatever its name is.
  return place === 'body' ? place : `${place} ${textMember(target, 'name')}`
}

function restored(value: JsonValue, taken: readonly JsonValue[]): JsonValue {
  if (typeof value === 'string') {
    return value.startsWith(MARK) ? (taken[Number(value.slice(MARK.length))] ?? null) : value
  }
  if (isJsonArray(value)) return value.map(item => restored(item, taken))
  if (!isJsonObject(value)) return value
  return mapped(value, held => restored(held, taken))
}
