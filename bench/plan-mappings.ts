import { follow } from '../service/base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../service/base/json.ts'
import { isJsonArray, isJsonObject, plainText } from '../service/base/json.ts'
import { createCompilation } from '../service/compiler/compilation.ts'
import { ConnectorError } from '../service/errors.ts'
import { inferKeys } from '../service/compiler/infer/infer-keys.ts'
import { boundParameters } from '../service/model/bound-parameters.ts'
import { USUAL_OPTIONS } from '../service/model/compile-options.ts'
import type { OpenModel } from '../service/model/connector-model.ts'
import type { EndpointRecord } from '../service/model/endpoint-record.ts'
import type { MappingRecord, Source } from '../service/model/mapping-record.ts'
import { isRead } from '../service/model/mapping-record.ts'
import type { TypeRecord } from '../service/model/type-record.ts'
import { bodyForm } from '../service/objects/body-form.ts'
import { decodeObjects } from '../service/objects/decode-objects.ts'
import { encodeObject } from '../service/objects/encode-object.ts'
import { compositeId, ownId } from '../service/objects/external-id.ts'
import { findProperty, typeNamed } from '../service/objects/type-lookup.ts'
import type { FlowObject } from '../service/objects/types.ts'
import type { ParsedDocument } from '../service/parse/parse-document.ts'
import { EVERY_OBJECT } from '../service/plan/filter/every-object.ts'
import { startWindow } from '../service/plan/paging/page-window.ts'
import { planRequest } from '../service/plan/plan-request.ts'
import type { ApiAccess, OperationInput, RequestPlan } from '../service/plan/types.ts'
import type { Maker } from './made-values.ts'
import { madeBody, madeParameters, madeValue } from './made-values.ts'

/** A mapping with the request that it makes of made values, or the code of the problem for which it makes none. */
export type PlannedMapping = { readonly key: string } & (
  | { readonly plan: RequestPlan; readonly problem: null }
  | { readonly plan: null; readonly problem: ConnectorError }
)

/** How many objects a load asks for. */
const LIMIT = 3

/** What is planned with: the document for its schemas, and what was compiled from it. */
type Scope = Maker & { readonly model: OpenModel; readonly access: ApiAccess }

/**
 * Plans a request for every mapping of the model of a document that calls the API, with values that are made from the schemas of the document: an id,
 * an object to save, and what a load must be filtered by.
 *
 * @throws Error for anything but a problem of the request.
 */
export function planMappings(
  document: ParsedDocument,
  model: OpenModel,
  access: ApiAccess
): PlannedMapping[] {
  // Inferred types stand where their keys would be.
  const keyed = inferKeys(document, USUAL_OPTIONS).document
  const scope = { compilation: createCompilation(keyed), model, access, made: new Map() }
  return [...model.mappings.keys()].flatMap((key): PlannedMapping[] => {
    // An example is answered from the document.
    if (model.mappings.get(key)?.example !== null) return []
    try {
      return [{ key, plan: planMapping(scope, key), problem: null }]
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      return [{ key, plan: null, problem: error }]
    }
  })
}

function planMapping(scope: Scope, key: string): RequestPlan {
  const { model, access } = scope
  const mapping = found(model.mappings.get(key))
  const endpoint = found(model.endpoints.get(mapping.endpoint))
  const values = madeParameters(scope, endpoint)
  return planRequest({
    endpoint,
    use: mapping,
    types: model.types,
    documentUrl: model.index.documentUrl,
    access,
    input: isRead(mapping.verb)
      ? readInput(scope, mapping, endpoint, values)
      : writeInput(scope, mapping, endpoint, values)
  })
}

const NO_INPUT: OperationInput = {
  id: null,
  object: null,
  body: null,
  filter: null,
  page: null,
  ifMatch: null,
  user: {}
}

function readInput(
  { model }: Scope,
  mapping: MappingRecord,
  endpoint: EndpointRecord,
  values: JsonObject
): OperationInput {
  const body = mapping.body === null ? null : {}
  if (mapping.verb === 'load') {
    const id = idOf(model, mapping, endpoint, values)
    return { ...NO_INPUT, id, body, filter: { ...EVERY_OBJECT, id } }
  }
  const type = typeNamed(model.types, mapping.type)
  const conditions = sourcesOf(mapping, endpoint).flatMap(({ name, required, source }) => {
    if (!required || source.from !== 'filter') return []
    const { column, criterion } = source
    return [{ column, criterion, value: comparand(type, column, values[name]) }]
  })
  const where = { ...EVERY_OBJECT.where, conditions }
  const filter = { ...EVERY_OBJECT, where, limit: LIMIT }
  const { paging } = mapping
  const page = paging && startWindow(paging, type.name, { limit: LIMIT, offset: 0 }, LIMIT).request
  return { ...NO_INPUT, body, filter, page }
}

/** The text of a value for a column; one that a column of numbers can be compared with. */
function comparand(type: TypeRecord, column: string, value: JsonValue | undefined): string {
  const text = textOf(value)
  const form = findProperty(type, column)?.value
  const isNumber = form?.form === 'scalar' && (form.kind === 'integer' || form.kind === 'number')
  return isNumber && !/^-?\d+$/.test(text) ? '1' : text
}

function writeInput(
  scope: Scope,
  mapping: MappingRecord,
  endpoint: EndpointRecord,
  values: JsonObject
): OperationInput {
  const { types } = scope.model
  const isNew = mapping.verb === 'save'
  const object = madeObject(scope, mapping, endpoint, values)
  const form = bodyForm(endpoint.body, mapping.body)
  const body =
    form === null
      ? null
      : encodeObject(types, mapping.type, object, {
          mode: isNew ? 'create' : 'update',
          body: form,
          blank: mapping.blank
        })
  const { identity } = typeNamed(types, mapping.type)
  // A new object has an id where it is the client's.
  const members = encodeObject(types, mapping.type, object, { mode: 'create', body: null })
  const id = isNew
    ? (ownId(identity, members) ?? null)
    : idOf(scope.model, mapping, endpoint, values)
  return { ...NO_INPUT, id, object, body }
}

/** An object of the type, with what the body's own schema asks for. */
function madeObject(
  scope: Scope,
  mapping: MappingRecord,
  endpoint: EndpointRecord,
  values: JsonObject
): FlowObject {
  const { compilation, model } = scope
  const type = typeNamed(model.types, mapping.type)
  const row = madeValue(scope, follow(compilation.root, type.pointer), type.pointer)
  const wanted = madeBody(scope, endpoint, mapping)
  const members = { ...(isJsonObject(row) ? row : {}), ...(isJsonObject(wanted) ? wanted : {}) }
  const customs = sourcesOf(mapping, endpoint).flatMap(({ name, source }) =>
    source.from === 'property' ? [[source.path.join('.'), textOf(values[name])] as const] : []
  )
  const known = new Map(customs)
  return found(decodeObjects(model.types, type.name, [members], { known }).objects[0])
}

/** The id that fills what a mapping takes it for: one value, or the parts of a composite key. */
function idOf(
  model: OpenModel,
  mapping: MappingRecord,
  endpoint: EndpointRecord,
  values: JsonObject
): string {
  const taken = sourcesOf(mapping, endpoint).flatMap(({ name, source }) =>
    source.from === 'id' ? [{ name, part: source.part }] : []
  )
  const parts = new Map(taken.map(({ name, part }) => [part ?? '', textOf(values[name])]))
  const { identity } = typeNamed(model.types, mapping.type)
  return parts.get('') ?? compositeId(identity, {}, parts) ?? '1'
}

type BoundSource = {
  readonly name: string
  readonly required: boolean
  readonly source: Source
}

function sourcesOf({ bindings }: MappingRecord, endpoint: EndpointRecord): BoundSource[] {
  return boundParameters(endpoint, bindings).flatMap(({ name, required, sources, fallback }) =>
    sources.map(source => ({ name, source, required: required && fallback === undefined }))
  )
}

function textOf(value: JsonValue | undefined): string {
  const single = isJsonArray(value) ? value[0] : value
  return single === undefined || single === null ? '1' : plainText(single)
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the model lacks a record that it refers to')
  return value
}
