import { isIdempotencyKey, isIfMatch } from '../../base/header-names.ts'
import { jsonEqual } from '../../base/json.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import { boundParameters } from '../../model/bound-parameters.ts'
import type { BodyRecord, PagingRecord } from '../../model/endpoint-record.ts'
import type { ExampleRecord } from '../../model/example-record.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import { compileTypedExample } from '../example/compile-example.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import { compileRecords } from './compile-answer.ts'
import { compileBindings } from './compile-bindings.ts'
import { compileBodyUse } from './compile-body.ts'
import type { CompiledEndpoint, CompiledEndpoints } from './compile-endpoint.ts'
import { compileEndpoint } from './compile-endpoint.ts'
import { compilePaging, declaredPagination, pagingWords } from './compile-paging.ts'
import type { SecuritySchemes } from './compile-security.ts'
import { findOperation } from './find-operation.ts'

/** Everything about the document that mappings share. */
export type MappingScope = {
  readonly types: ReadonlyMap<string, TypeDraft>
  readonly securitySchemes: SecuritySchemes
  readonly endpoints: CompiledEndpoints
}

export type CompiledMapping = {
  readonly record: MappingRecord
  readonly endpoint: Pick<CompiledEndpoint, 'record' | 'example'>
  /** What the type adds to the examples of the endpoint; null for nothing. */
  readonly example: ExampleRecord | null
}

/** Compiles one mapping of one type, with the endpoint that it uses. */
export function compileMapping(
  compilation: Compilation,
  scope: MappingScope,
  draft: TypeDraft,
  mapping: DeclaredMapping
): CompiledMapping {
  const { verb, at } = mapping
  const target = findOperation(compilation, mapping)
  const endpoint = compileEndpoint(compilation, scope.securitySchemes, scope.endpoints, target)
  const sources = { type: draft, types: scope.types, verb, key: `x-flow-${verb}` }
  const bindings = compileBindings(compilation, sources, mapping, endpoint)
  const parameters = boundParameters(endpoint.record, bindings)
  const record: MappingRecord = {
    key: `${verb}:${draft.name}`,
    verb,
    type: draft.name,
    endpoint: endpoint.record.key,
    pointer: at,
    bindings,
    body: compileBodyUse(compilation, draft, mapping, endpoint.record.body),
    records: compileRecords(compilation, draft, mapping, endpoint.primary),
    batchSize: compileBatch(compilation, mapping, endpoint.record.body),
    paging: ownPaging(compilation, mapping, endpoint, parameters),
    example: exampleChoice(mapping),
    origin: { from: 'annotated', score: null, reasons: [] }
  }
  if (record.example === null && target.operation !== undefined) {
    reportUnfilled(compilation, mapping, endpoint, parameters)
  }
  reportIgnored(compilation, mapping, endpoint)
  const { answers, primary, example: declared } = endpoint
  const example = compileTypedExample(compilation, {
    draft,
    mapping,
    record,
    target,
    answers,
    primary,
    declared
  })
  return { record, endpoint, example }
}

function exampleChoice({ extension: { example } }: DeclaredMapping): MappingRecord['example'] {
  if (example === undefined || example === false) return null
  if (example === true) return { response: null, name: null }
  const { response, examples } = example
  return { response: response === undefined ? null : String(response), name: examples ?? null }
}

/** How a mapping that reads pages its list, where that is otherwise than the endpoint says. */
function ownPaging(
  compilation: Compilation,
  mapping: DeclaredMapping,
  { record, holders, primary }: CompiledEndpoint,
  parameters: readonly BoundParameter[]
): PagingRecord | null {
  if (!isRead(mapping.verb)) return null
  const { extension } = mapping
  const paging = compilePaging(compilation, {
    declared: extension.pagination ?? declaredPagination(holders),
    parameters,
    filled: new Set(Object.keys(extension.parameters ?? {})),
    primary
  })
  if (mapping.verb === 'query' && paging.origin === 'inferred') {
    compilation.report.add('PAGING_INFERRED', mapping.at, {
      key: `x-flow-${mapping.verb}`,
      place: pagingWords(paging)
    })
  }
  return jsonEqual(paging, record.paging) ? null : paging
}

/**
 * How many objects a save sends in one request at the most; null: each alone. Where several objects cannot
 * be sent at once, `batch` is a diagnostic and counts for nothing.
 */
function compileBatch(
  compilation: Compilation,
  { verb, at, extension }: DeclaredMapping,
  body: BodyRecord | null
): number | null {
  if (extension.batch === undefined) return null
  if (verb === 'save' && body?.encoding === 'json') return extension.batch.size
  compilation.report.add('BATCH_UNUSABLE', pointer(at, 'batch'), {
    key: `x-flow-${verb}`,
    path: extension.path,
    reason:
      verb === 'save' ? 'the operation takes no JSON body' : 'only new objects are sent together'
  })
  return null
}

function reportUnfilled(
  compilation: Compilation,
  { at, verb }: DeclaredMapping,
  { record: { method, path } }: CompiledEndpoint,
  parameters: readonly BoundParameter[]
): void {
  for (const parameter of parameters) {
    const { name, required, sources, fallback } = parameter
    if (!required || sources.length > 0 || fallback !== undefined) continue
    // The connector fills these itself.
    if (isIdempotencyKey(parameter) || (isIfMatch(parameter) && verb === 'update')) continue
    compilation.report.add('PARAMETER_UNFILLED', pointer(at, 'parameters'), {
      parameter: name,
      method,
      path
    })
  }
}

/** A save whose refusal is ignored would lose what it should have saved. */
function reportIgnored(
  compilation: Compilation,
  { verb, extension }: DeclaredMapping,
  { record: { conduct }, retryAt }: CompiledEndpoint
): void {
  const saves = verb === 'save' || verb === 'update'
  if (!saves || conduct.retry.ignore.length === 0) return
  compilation.report.add('RETRY_IGNORE_UNUSABLE', pointer(retryAt, 'x-flow-retry', 'ignore'), {
    key: `x-flow-${verb}`,
    path: extension.path
  })
}
