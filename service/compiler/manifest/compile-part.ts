import type { PagingRecord } from '../../model/endpoint-record.ts'
import type { FieldRecord } from '../../model/field-record.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import { pointer } from '../../base/json-pointer.ts'
import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import { compileFields, NO_FIELDS } from './compile-fields.ts'
import type { ManifestEndpoint } from './compile-manifest-endpoint.ts'
import { compileManifestEndpoint } from './compile-manifest-endpoint.ts'
import { compileManifestPaging } from './compile-manifest-paging.ts'
import type { InputForm, OutputForm } from '../../vocabulary/manifest-forms.ts'
import { INPUT_METHODS, OUTPUT_METHODS } from '../../vocabulary/manifest-forms.ts'
import type { ManifestPart, ManifestScope } from './manifest-scope.ts'
import { sectionOf } from './manifest-scope.ts'

/** An input or output that became a mapping of the type of its name. */
export type CompiledPart = ManifestEndpoint & {
  readonly part: ManifestPart
  readonly mapping: MappingRecord
  /** Null where `schema` does not declare them. */
  readonly fields: readonly FieldRecord[] | null
}

const BATCH_SIZE = 100

const FROM_MANIFEST = { from: 'manifest', score: null, reasons: [] } as const

/** Compiles an input: a query of the type of its name. Null, with a diagnostic, if it cannot be called. */
export function compileInput(
  scope: ManifestScope,
  part: ManifestPart,
  form: InputForm
): CompiledPart | null {
  const method = methodOf(scope, part, form.method, INPUT_METHODS)
  const paging = compileManifestPaging(form.pagination)
  if (typeof paging === 'string') return refuse(scope, part, 'pagination', paging)
  const compiled = method === null ? null : compileManifestEndpoint(scope, part, form, method, null)
  if (compiled === null) return null
  if (form.schema === undefined) {
    scope.report.add('MANIFEST_FIELDS_INFERRED', part.at, { part: part.path })
  }
  const mapping: MappingRecord = {
    ...mappingOf(part, compiled, 'query'),
    records: { at: 'path', path: form.response?.root_key ?? '' },
    paging
  }
  const fields = form.schema === undefined ? null : compileFields(scope, part, form.schema)
  if (fields?.length === 0) return refuse(scope, part, 'schema', NO_FIELDS)
  const { incremental } = form
  if (incremental === undefined) return { part, ...compiled, mapping, fields }
  const names = fields?.map(({ name }) => name)
  if (names !== undefined && !names.includes(incremental.field)) {
    const near = suggestion(nearest(incremental.field, names))
    const reason = `its field "${incremental.field}" is none of \`schema\`${near}`
    return refuse(scope, part, 'incremental', reason)
  }
  return { part, ...compiled, mapping: { ...mapping, incremental }, fields }
}

/** Compiles an output: a save of the type of its name, in batches. Null, with a diagnostic, if it cannot be called. */
export function compileOutput(
  scope: ManifestScope,
  part: ManifestPart,
  form: OutputForm
): CompiledPart | null {
  const method = methodOf(scope, part, form.method, OUTPUT_METHODS)
  if (method === null) return null
  const body = {
    mediaType: 'application/json',
    encoding: 'json',
    required: true,
    isDeclared: true
  } as const
  const compiled = compileManifestEndpoint(scope, part, form, method, body)
  if (compiled === null) return null
  const mapping: MappingRecord = {
    ...mappingOf(part, compiled, 'save'),
    body: { wrap: [], exclude: [], shape: null },
    batchSize: form.batch_size ?? BATCH_SIZE
  }
  const fields = form.schema === undefined ? null : compileFields(scope, part, form.schema)
  if (fields?.length === 0) return refuse(scope, part, 'schema', NO_FIELDS)
  return { part, ...compiled, mapping, fields }
}

function mappingOf(
  part: ManifestPart,
  { endpoint, bindings }: ManifestEndpoint,
  verb: 'query' | 'save'
): MappingRecord {
  return {
    key: `${verb}:${part.name}`,
    verb,
    type: part.name,
    endpoint: endpoint.key,
    pointer: part.at,
    bindings,
    body: null,
    records: { at: 'path', path: '' },
    answer: { list: null, saved: verb === 'save' ? {} : null },
    batchSize: null,
    blank: null,
    merge: 'never',
    paging: null satisfies PagingRecord | null,
    example: null,
    origin: FROM_MANIFEST
  }
}

function methodOf(
  scope: ManifestScope,
  part: ManifestPart,
  given: string | undefined,
  allowed: readonly [usual: string, ...others: string[]]
): string | null {
  const [usual] = allowed
  const method = (given ?? usual).trim().toUpperCase()
  if (allowed.includes(method)) return method
  return refuse(scope, part, 'method', `its method "${given}" is none of ${allowed.join(', ')}`)
}

function refuse({ report }: ManifestScope, part: ManifestPart, key: string, reason: string): null {
  const holes = { part: part.path, reason, section: sectionOf(part) }
  report.add('MANIFEST_INVALID', pointer(part.at, key), holes)
  return null
}
