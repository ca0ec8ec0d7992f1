import { isIdempotencyKey, isIfMatch } from '../../base/header-names.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import { boundParameters } from '../../model/bound-parameters.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import type { ExampleRecord } from '../../model/example-record.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import { isRead, mappingKey } from '../../model/mapping-record.ts'
import { pagingWords } from '../../model/paging-words.ts'
import { compileTypedExample } from '../example/compile-example.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { LocatedSchema } from '../schema/schema-view.ts'
import { compileAnswer } from './compile-judged-answer.ts'
import { compileBindings } from './compile-bindings.ts'
import { compileBodyUse } from './compile-body-use.ts'
import { compileEndpoint, declaredPagination } from './compile-endpoint.ts'
import type { PagingScope } from './compile-paging.ts'
import { compilePaging, lastIdPath } from './compile-paging.ts'
import { compileRecords } from './compile-records.ts'
import { compileSavedAnswers } from './compile-saved-answer.ts'
import { compileUpdateRules } from './compile-update-rules.ts'
import { findOperation } from './find-operation.ts'
import type { CompiledEndpoint, MappingContext, MappingScope } from './types.ts'

export type CompiledMapping = {
  readonly record: MappingRecord
  readonly endpoint: Pick<CompiledEndpoint, 'record' | 'example' | 'given' | 'primary'>
  /** What the type adds to the examples of the endpoint; null for nothing. */
  readonly example: ExampleRecord | null
  /** What the schema of the answer has instead of the type; null if it has some of it or does not say. */
  readonly foreign: string | null
  /** The schema of the answer to a save where it is something else than the type; null for none. */
  readonly other: LocatedSchema | null
}

/** Compiles one mapping of one type, with the endpoint that it uses. */
export function compileMapping(
  scope: MappingScope,
  draft: TypeDraft,
  mapping: DeclaredMapping
): CompiledMapping {
  const { verb, at, index } = mapping
  const endpoint = compileEndpoint(scope, findOperation(scope.compilation, mapping))
  const context: MappingContext = { ...scope, draft, mapping, endpoint }
  const declared = compileBindings(context)
  const { body, implied } = compileBodyUse(context, declared)
  const bindings = [...declared, ...implied]
  const parameters = boundParameters(endpoint.record, bindings)
  const records = compileRecords(context)
  const answer = compileAnswer(context, records)
  const saved = compileSavedAnswers(context, records)
  const lastId = lastIdPath(context, records)
  const paging = pagingOf(context, { bindings, parameters, lastId })
  const origin = scope.compilation.originOf(at)
  const record: MappingRecord = {
    key: mappingKey(verb, draft.name, index),
    verb,
    type: draft.name,
    endpoint: endpoint.record.key,
    pointer: at,
    bindings,
    body,
    records,
    answer: { ...answer.record, saved: saved.forms },
    batchSize: compileBatch(context),
    ...compileUpdateRules(context, origin),
    paging,
    example: exampleChoice(mapping),
    origin
  }
  if (record.example === null && endpoint.target.operation !== undefined) {
    reportUnfilled(context, parameters, paging)
  }
  reportIgnored(context)
  const example = compileTypedExample(context, record)
  return { record, endpoint, example, foreign: answer.foreign, other: saved.other }
}

function exampleChoice({ extension: { example } }: DeclaredMapping): MappingRecord['example'] {
  if (example === undefined || example === false) return null
  if (example === true) return { response: null, name: null }
  const { response, examples } = example
  return { response: response === undefined ? null : String(response), name: examples ?? null }
}

/** The paging of a mapping that reads. What is inferred for a query is a diagnostic. */
function pagingOf(
  context: MappingContext,
  scope: Omit<PagingScope, 'declared'>
): PagingRecord | null {
  const { compilation, mapping, endpoint } = context
  const { verb, key, at, extension } = mapping
  if (!isRead(verb)) return null
  const declared = extension.pagination ?? declaredPagination(endpoint.holders)
  const paging = compilePaging(context, { ...scope, declared })
  if (verb === 'query' && paging.origin === 'inferred') {
    compilation.report.add('PAGING_INFERRED', at, { key, place: pagingWords(paging) })
  }
  return paging
}

/** How many objects a save sends in one request; null for one. An unusable `batch` is a diagnostic. */
function compileBatch({ compilation, mapping, endpoint }: MappingContext): number | null {
  const { verb, key, at, extension } = mapping
  const { batch, path } = extension
  if (batch === undefined) return null
  if (verb === 'save' && endpoint.record.body?.encoding === 'json') return batch.size
  const reason =
    verb === 'save' ? 'the operation takes no JSON body' : 'only new objects are sent together'
  compilation.report.add('BATCH_UNUSABLE', pointer(at, 'batch'), { key, path, reason })
  return null
}

function reportUnfilled(
  { compilation, mapping: { at, verb }, endpoint: { record } }: MappingContext,
  parameters: readonly BoundParameter[],
  paging: PagingRecord | null
): void {
  const { method, path } = record
  const isNumbered = paging?.type === 'offset' || paging?.type === 'page'
  const paged = [paging?.pageSizeParam, isNumbered ? paging?.positionParam : null]
  for (const parameter of parameters) {
    const { name, required, sources, fallback } = parameter
    if (!required || sources.length > 0 || fallback !== undefined) continue
    if (parameter.in === 'query' && paged.includes(name)) continue
    // The connector fills these itself.
    if (isIdempotencyKey(parameter) || (isIfMatch(parameter) && verb === 'update')) continue
    const holes = { parameter: name, method, path }
    compilation.report.add('PARAMETER_UNFILLED', pointer(at, 'parameters'), holes)
  }
}

/** A save whose refusal is ignored would lose the object. */
function reportIgnored({ compilation, mapping, endpoint }: MappingContext): void {
  const { verb, key, extension } = mapping
  const isSave = verb === 'save' || verb === 'update'
  if (!isSave || endpoint.record.conduct.retry.ignore.length === 0) return
  const at = pointer(endpoint.retryAt, 'x-flow-retry', 'ignore')
  compilation.report.add('RETRY_IGNORE_UNUSABLE', at, { key, path: extension.path })
}
