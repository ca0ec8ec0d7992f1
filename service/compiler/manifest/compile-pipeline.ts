import type { Pointer } from '../../base/json-pointer.ts'
import { pointer, pointerTo } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, member, ownMember, plainText } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { fits } from '../../base/violations.ts'
import { suggestion } from '../../errors.ts'
import type { ConnectorModel } from '../../model/connector-model.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import type { PartitionRecord } from '../../model/partition-record.ts'
import type { PipelineOutput } from '../../model/pipeline-output.ts'
import { FILE_FORMATS, WRITE_MODES } from '../../model/pipeline-output.ts'
import { templateVariables } from '../../model/template-variables.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import { mappingKeys } from '../../model/type-record.ts'
import { misfit } from '../../parse/extensions.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { FileOutputForm, PartitionForm } from '../../vocabulary/manifest-forms.ts'
import type { MemberLint } from '../lint-members.ts'
import { lintMembers } from '../lint-members.ts'
import { locateDiagnostics } from '../locate-diagnostics.ts'
import { createReport } from '../report.ts'
import type { Report } from '../report.ts'
import { compileFields } from './compile-fields.ts'
import { compilePartition } from './compile-partition.ts'
import type { ManifestPart } from './manifest-scope.ts'
import { readForm } from './read-form.ts'

/** An input of a pipeline, and how it is cut into parts; null where it is read whole. */
export type PipelineInput = {
  readonly name: string
  readonly paging: PagingRecord | null
  readonly partition: PartitionRecord | null
}

/** What a manifest moves where, and what keeps it from being run. */
export type CompiledPipeline = {
  /** Those that an output takes. */
  readonly inputs: readonly PipelineInput[]
  readonly outputs: readonly PipelineOutput[]
  /** An error means that nothing is run. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Compiles the inputs, the transform and the outputs of a manifest that is run (docs/pipelines.md#running-a-pipeline).
 * Whether its inputs can be called, `compileManifest` says. Pure.
 *
 * @param partition Members of `partition` that the command gives to each input, in place of those of the manifest.
 */
export function compilePipeline(
  document: ParsedDocument,
  model: PipelineModel,
  partition: JsonObject = {}
): CompiledPipeline {
  const report = createReport()
  const config = member(document.root, 'CONFIG')
  checkTransform(report, member(config, 'transform'))
  const inputs = compileInputs(report, partsOf(config, 'input'), model, partition)
  const names = inputs.map(({ name }) => name)
  const outputs = partsOf(config, 'output').flatMap(([part, value]) => {
    const output = compileOutput(report, part, value, names)
    if (output === null) return []
    checkFields(report, part, output, ownMember(model.types, output.input))
    return [output]
  })
  checkPaths(report, outputs)
  const isTold = report.diagnostics.some(({ severity }) => severity === 'error')
  if (outputs.length === 0 && !isTold) {
    refuse(report, '/CONFIG', 'outputs', `it has no output of format ${FILE_FORMATS.join(', ')}`)
  }
  const taken = new Set(outputs.map(({ input }) => input))
  return {
    inputs: inputs.filter(({ name }) => taken.has(name)),
    outputs,
    diagnostics: locateDiagnostics(report.diagnostics, document)
  }
}

type PipelineModel = Pick<ConnectorModel, 'types' | 'mappings' | 'endpoints'>

function partsOf(
  config: JsonValue | undefined,
  kind: ManifestPart['kind']
): [ManifestPart, JsonValue][] {
  const section = `${kind}s`
  const held = member(config, section)
  if (!isJsonObject(held)) return []
  return Object.entries(held).map(([name, value]) => {
    const at = pointer('/CONFIG', section, name)
    return [{ kind, name, path: `${section}.${name}`, at }, value]
  })
}

function checkTransform(report: Report, transform: JsonValue | undefined): void {
  if (transform === undefined || transform === null) return
  const type = isJsonObject(transform) ? (transform.type ?? null) : transform
  if (typeof type === 'string' && type.trim().toLowerCase() === 'noop') return
  const given = typeof type === 'string' ? `"${type}"` : 'none that is known'
  const reason = `its type is ${given}, and only \`noop\`, which passes rows on as they are, can be used`
  refuse(report, '/CONFIG/transform', 'transform', reason)
}

/** The inputs that can be read. */
function compileInputs(
  report: Report,
  parts: readonly (readonly [ManifestPart, JsonValue])[],
  model: PipelineModel,
  partition: JsonObject
): readonly PipelineInput[] {
  if (parts.length === 0) refuse(report, '/CONFIG', 'inputs', 'it has no input')
  return parts.flatMap(([part, value]) => {
    const format = formatOf(value)
    if (member(value, 'incremental') !== undefined) {
      const reason = 'a run reads whole lists; `openapi-flow read` reads with `incremental`'
      refuse(report, pointer(part.at, 'incremental'), part.path, reason)
      return []
    }
    if (format === '' || format === 'rest_api') {
      return { name: part.name, ...cutInput(report, part, value, model, partition) }
    }
    const reason = `its format "${format}" is not read here; \`rest_api\` can be used`
    refuse(report, pointer(part.at, 'format'), part.path, reason)
    return []
  })
}

/** How an input is paged and cut. What is wrong is reported. */
function cutInput(
  report: Report,
  part: ManifestPart,
  input: JsonValue,
  { types, mappings, endpoints }: PipelineModel,
  given: JsonObject
): Omit<PipelineInput, 'name'> {
  const type = ownMember(types, part.name)
  const [key = ''] = type === undefined ? [] : mappingKeys(type, 'query')
  const mapping = ownMember(mappings, key)
  const paging = mapping?.paging ?? null
  const declared = member(input, 'partition') ?? null
  const isGiven = Object.keys(given).length > 0
  if (mapping === undefined || (declared === null && !isGiven)) return { paging, partition: null }
  const merged = isJsonObject(declared) ? { ...declared, ...given } : isGiven ? given : declared
  lintMembers(lintOf(report, `${part.path}.partition`), PartitionForm, merged, part.at)
  const value = readForm(PartitionForm, merged)
  const refuseAt = (path: readonly string[], reason: string): Omit<PipelineInput, 'name'> => {
    refuse(report, pointerTo(part.at, ['partition', ...path]), `${part.path}.partition`, reason)
    return { paging, partition: null }
  }
  if (!fits(PartitionForm, value)) {
    const { path = [], reason = '' } = misfit(PartitionForm, value) ?? {}
    return refuseAt(path, reason)
  }
  const endpoint = ownMember(endpoints, mapping.endpoint)
  const variables = templateVariables({
    endpoints: endpoint === undefined ? {} : { [endpoint.key]: endpoint },
    mappings: { [key]: mapping }
  })
  const partition = compilePartition(value, { type, paging, variables })
  return typeof partition === 'string' ? refuseAt([], partition) : { paging, partition }
}

function compileOutput(
  report: Report,
  part: ManifestPart,
  given: JsonValue,
  inputs: readonly string[]
): PipelineOutput | null {
  const unfit = (path: readonly string[], reason: string): null =>
    refuse(report, pointerTo(part.at, path), part.path, reason)
  if (!isJsonObject(given)) return unfit([], 'it must be an object with `format` and `path`')
  const format = FILE_FORMATS.find(name => name === formatOf(given))
  if (format === undefined) return unfit(['format'], formatFault(given))
  lintMembers(lintOf(report, part.path), FileOutputForm, given, part.at)
  const value = readForm(FileOutputForm, given)
  if (!fits(FileOutputForm, value)) {
    const { path = [], reason = '', words = [] } = misfit(FileOutputForm, value) ?? {}
    const text = path.reduce<JsonValue | undefined>(member, value)
    const near = typeof text === 'string' ? nearest(text, words) : undefined
    return unfit(path, reason + suggestion(near))
  }
  const fault = pathFault(value.path, format)
  if (fault !== null) return unfit(['path'], fault)
  const input = inputOf(value.input, part.name, inputs)
  if (input === null) return unfit(['input'], inputFault(value.input, inputs))
  const fields = value.schema === undefined ? null : compileFields({ report }, part, value.schema)
  if (fields?.length === 0) return unfit(['schema'], 'its `schema` has no field of a known type')
  const { path } = value
  const mode = WRITE_MODES.find(word => word === value.mode) ?? 'overwrite'
  if (mode === 'append' && format === 'parquet') {
    return unfit(
      ['mode'],
      'nothing can be appended to a Parquet file; `json`, `csv` and `delta` can be'
    )
  }
  if (mode === 'append' && format !== 'delta' && /^s3:/i.test(path)) {
    return unfit(
      ['mode'],
      'nothing can be appended to an object in S3; a table of `delta` can take rows'
    )
  }
  return { name: part.name, input, format, path, mode, fields }
}

function lintOf(report: Report, name: string): MemberLint {
  return {
    report,
    nameAt: path => (path === '' ? name : `${name}.${path}`),
    suggest: (word, known) => suggestion(nearest(word, known()))
  }
}

function formatOf(value: JsonValue): string {
  return plainText(member(value, 'format') ?? '')
    .trim()
    .toLowerCase()
}

function formatFault(given: JsonObject): string {
  const format = formatOf(given)
  const usable = `${FILE_FORMATS.join(', ')} can be used`
  if (format === '') return `it has no \`format\`; ${usable}`
  const near = suggestion(nearest(format, FILE_FORMATS))
  return `its format "${format}" is not written here${near}; ${usable}`
}

/** Why files cannot be written to a path; null if they can. */
function pathFault(path: string, format: PipelineOutput['format']): string | null {
  if (/^s3:/i.test(path)) {
    const isPlace = /^s3:\/\/[^/?#]+\/[^/]/i.test(path)
    if (!isPlace) return 'its path names no bucket and object, such as s3://bucket/customers.csv'
  }
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(path)?.[1]
  if (scheme !== undefined && scheme.toLowerCase() !== 's3') {
    return `its path begins with "${scheme}:"; a path of this machine or one that begins with s3:// can be used`
  }
  if (path.includes('{{')) return 'its path has a template, which a path cannot have'
  const isDirectory = format !== 'delta' && /[/\\]$/.test(path)
  return isDirectory ? 'its path is that of a directory; it must be that of a file' : null
}

/** The input that is named, else the only one, else that of the same name. */
function inputOf(
  named: string | undefined,
  output: string,
  inputs: readonly string[]
): string | null {
  const [only, another] = inputs
  const name = named ?? (another === undefined ? only : output)
  return inputs.find(input => input === name) ?? null
}

function inputFault(named: string | undefined, inputs: readonly string[]): string {
  if (named === undefined) return 'it must say in `input` which of the inputs it takes'
  return `there is no input "${named}" that can be read${suggestion(nearest(named, inputs))}`
}

/** A field that the input declares not to have would be empty in all rows. */
function checkFields(
  report: Report,
  part: ManifestPart,
  { input, fields }: PipelineOutput,
  type: TypeRecord | undefined
): void {
  if (fields === null || typeof type?.fields !== 'object') return
  const names = type.fields.map(({ name }) => name)
  const unknown = fields.find(({ name }) => !names.includes(name))
  if (unknown === undefined) return
  const near = suggestion(nearest(unknown.name, names))
  const reason = `its field "${unknown.name}" is none of \`schema\` of \`inputs.${input}\`${near}`
  refuse(report, pointer(part.at, 'schema'), part.path, reason)
}

/** Two outputs in one file would replace each other. */
function checkPaths(report: Report, outputs: readonly PipelineOutput[]): void {
  for (const [path, [first, second]] of Map.groupBy(outputs, output => output.path)) {
    if (first === undefined || second === undefined) continue
    const reason = `\`outputs.${first.name}\` is written to "${path}" too`
    refuse(report, pointer('/CONFIG/outputs', second.name), `outputs.${second.name}`, reason)
  }
}

function refuse(report: Report, at: Pointer, part: string, reason: string): null {
  report.add('PIPELINE_UNFIT', at, { part, reason })
  return null
}
