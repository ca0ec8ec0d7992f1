import type { JsonArray, JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../base/json.ts'
import { splitPath } from '../base/dotted-path.ts'
import { ConnectorError } from '../errors.ts'
import type { BodyRefusal, BodyUse, WrapStep } from '../model/body-record.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { EndpointUse } from '../model/mapping-record.ts'
import { writeForm, writeMultipart } from './form-fields.ts'
import type { ParameterValue } from './parameter-values.ts'
import type { OperationInput, PlannedBody } from './types.ts'

/** Prefix of the names of values that go into the body. */
export const BODY_PREFIX = 'body.'

type Call = {
  readonly endpoint: EndpointRecord
  readonly use: EndpointUse
  readonly input: Pick<OperationInput, 'body' | 'page'>
}

/**
 * Writes an encoded object, or the array of those of a batch, as a request body
 * (docs/x-flow.md#request-bodies): with its constants, wrapped, with the values that parameters and paging put
 * into it; as JSON, form-urlencoded or multipart. Null for no body.
 *
 * @param values Those of members of the body.
 * @throws ConnectorError `BODY_UNSUPPORTED`, and `BODY_REQUIRED` where a save or an update has nothing to send,
 *   though it must; `PARAMETER_INVALID` for a value that a form or a file cannot have.
 */
export function planBody(call: Call, values: readonly ParameterValue[]): PlannedBody | null {
  const { endpoint, use, input } = call
  if (use.body !== null && 'refused' in use.body) throw refusedBody(call, use.body)
  if (endpoint.body === null || use.body === null) return null
  if (input.body === null && values.length === 0) return null
  const objects = isJsonArray(input.body) ? input.body : [input.body ?? {}]
  const isSave = use.verb === 'save' || use.verb === 'update'
  if (isSave && endpoint.body.required && objects.some(isEmpty) && !isFilled(use.body, values)) {
    const reason = 'it requires a body, and no property that it takes is filled'
    throw refusedBody(call, { refused: 'BODY_REQUIRED', reason })
  }
  const isBatch = isJsonArray(input.body)
  const wrapped = withValues(call, wrapObjects(use.body, objects, isBatch), values)
  const { mediaType, fields = {} } = endpoint.body
  switch (endpoint.body.encoding) {
    case 'json':
      return { encoding: 'text', mediaType, text: JSON.stringify(wrapped) }
    case 'form':
      return { encoding: 'text', mediaType, text: writeForm(endpoint, fields, wrapped) }
    case 'multipart':
      return { encoding: 'multipart', parts: writeMultipart(endpoint, fields, wrapped) }
    default:
      return endpoint.body.encoding satisfies never
  }
}

function refusedBody({ endpoint, use }: Call, refusal: BodyRefusal): ConnectorError {
  const { method, path } = endpoint
  if (refusal.refused === 'BODY_UNSUPPORTED') {
    return new ConnectorError('BODY_UNSUPPORTED', { method, path, given: refusal.given })
  }
  const { reason } = refusal
  return new ConnectorError('BODY_REQUIRED', { method, path, type: use.type ?? '', reason })
}

/**
 * Whether values fill a body without the object: constants and the id alone do only where the body takes nothing else
 * of the object.
 */
function isFilled({ shape, wrap }: BodyUse, values: readonly ParameterValue[]): boolean {
  const around = wrap.flatMap(step => (step.form === 'member' ? [step.key] : []))
  const filled = new Set(values.map(({ parameter: { place } }) => place?.path.join('.')))
  const isLeft = Object.entries(shape?.members ?? {}).some(
    ([key, { as = key }]) => !filled.has([...around, as].join('.'))
  )
  return shape?.members && !isLeft
    ? values.length > 0
    : values.some(({ parameter }) => parameter.sources.some(({ from }) => from !== 'id'))
}

function isEmpty(value: JsonValue): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0
}

/**
 * Puts objects into the levels around them. The innermost array holds them all, each with the levels inside of
 * it; without an array, a batch is one at the place of the object.
 */
function wrapObjects({ wrap, shape }: BodyUse, objects: JsonArray, isBatch: boolean): JsonValue {
  const complete = objects.map(object =>
    isJsonObject(object) ? { ...shape?.constants, ...object } : object
  )
  const list = wrap.findLastIndex(({ form }) => form === 'list')
  if (list === -1) return wrapAt(wrap, isBatch ? complete : (complete[0] ?? {}))
  const items = complete.map(object => wrapAt(wrap.slice(list + 1), object))
  return wrapAt(wrap.slice(0, list), items)
}

function wrapAt(wrap: readonly WrapStep[], value: JsonValue): JsonValue {
  return wrap.reduceRight<JsonValue>(
    (inner, step) => (step.form === 'list' ? [inner] : { ...step.constants, [step.key]: inner }),
    value
  )
}

/** A body with the values of its bound members, and with those of paging that have no binding. */
function withValues(
  { input: { page } }: Call,
  body: JsonValue,
  values: readonly ParameterValue[]
): JsonValue {
  const bound = new Set(values.map(({ parameter }) => parameter.name))
  const paged = Object.entries(page?.values ?? {}).filter(
    ([name]) => name.startsWith(BODY_PREFIX) && !bound.has(name)
  )
  const withPage = paged.reduce<JsonValue>(
    (held, [name, value]) => withValueAt(held, splitPath(name.slice(BODY_PREFIX.length)), value),
    body
  )
  return values.reduce((held, { parameter: { place }, value }) => {
    const isItem = place?.list === true && !isJsonArray(value)
    return withValueAt(held, place?.path ?? [], isItem ? [value] : value, place?.lists)
  }, withPage)
}

/**
 * A copy of a JSON value with another one at a path; of an array in each item.
 *
 * @param lists Positions in the path before which an array of one object stands, if nothing is there yet.
 */
function withValueAt(
  held: JsonValue,
  path: readonly string[],
  value: JsonValue,
  lists: readonly number[] = []
): JsonValue {
  const [key, ...inner] = path
  if (key === undefined) return value
  if (isJsonArray(held)) return held.map(item => withValueAt(item, path, value, lists))
  const members: JsonObject = isJsonObject(held) ? held : {}
  const rest = lists.map(position => position - 1)
  const below = member(held, key) ?? (rest.includes(0) ? [{}] : {})
  return { ...members, [key]: withValueAt(below, inner, value, rest) }
}
