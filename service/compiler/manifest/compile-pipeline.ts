import { pointer, pointerTo } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, member, ownMember } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { fits } from '../../base/violations.ts'
import { suggestion } from '../../errors.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import type { ApiOutput, PipelineOutput } from '../../model/pipeline-output.ts'
import { FILE_FORMATS, WRITE_MODES } from '../../model/pipeline-output.ts'
import { plainVariables } from '../../model/template-variables.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { FileOutputForm } from '../../vocabulary/manifest-forms.ts'
import { locateDiagnostics } from '../locate-diagnostics.ts'
import { createReport } from '../report.ts'
import type { Report } from '../report.ts'
import { compileApiOutput, isEndpoint, writtenFields } from './compile-api-output.ts'
import { compileFields, NO_FIELDS } from './compile-fields.ts'
import type { PipelineInput, PipelineModel } from './compile-pipeline-inputs.ts'
import { compileInputs } from './compile-pipeline-inputs.ts'
import { formFault } from './form-fault.ts'
import { lintPart } from './lint-part.ts'
import type { ManifestPart } from './manifest-scope.ts'
import { formatOf, inputFault, inputOf, pathFault, refuse } from './pipeline-scope.ts'
import { readForm } from './read-form.ts'

/** What a manifest moves where, and what keeps it from being run. */
export type CompiledPipeline = {
  /** Those that an output takes. */
  readonly inputs: readonly PipelineInput[]
  /** Those that are files or tables. */
  readonly outputs: readonly PipelineOutput[]
  /** Those that are endpoints. */
  readonly writes: readonly ApiOutput[]
  /** The variables that decide which rows are read, and where they are written. Credentials are none. */
  readonly variables: readonly string[]
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
  const outputs: PipelineOutput[] = []
  const writes: ApiOutput[] = []
  for (const [part, value] of partsOf(config, 'output')) {
    const isApi = isEndpoint(value)
    const output = isApi ? null : compileOutput(report, part, value, names)
    const write = isApi ? compileApiOutput(report, part, value, names) : null
    if (output !== null) outputs.push(output)
    if (write !== null) writes.push(write)
    const { input = '', fields = null } =
      output ?? (write && { input: write.input, fields: writtenFields(write) }) ?? {}
    checkFields(report, part, { input, fields }, ownMember(model.types, input))
  }
  checkPaths(report, outputs, writes)
  const isTold = report.diagnostics.some(({ severity }) => severity === 'error')
  const isFaulty = partsOf(config, 'output').length > 0
  if (outputs.length + writes.length === 0 && !isTold && !isFaulty) {
    const reason = `it has no output of format ${OUTPUT_FORMATS.join(', ')}`
    refuse(report, '/CONFIG', 'outputs', reason)
  }
  const taken = new Set([...outputs, ...writes].map(({ input }) => input))
  return {
    inputs: inputs.filter(({ name }) => taken.has(name)),
    outputs,
    writes,
    variables: [...plainVariables(model)].toSorted(),
    diagnostics: locateDiagnostics(report.diagnostics, document)
  }
}

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
  lintPart(report, FileOutputForm, given, part)
  const value = readForm(FileOutputForm, given)
  if (!fits(FileOutputForm, value)) {
    const { path, reason } = formFault(FileOutputForm, value)
    return unfit(path, reason)
  }
  const fault = pathFault('path', value.path, format === 'delta')
  if (fault !== null) return unfit(['path'], fault)
  const input = inputOf(value.input, part.name, inputs)
  if (input === null) return unfit(['input'], inputFault(value.input, inputs))
  const fields = value.schema === undefined ? null : compileFields({ report }, part, value.schema)
  if (fields?.length === 0) return unfit(['schema'], NO_FIELDS)
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

const OUTPUT_FORMATS = ['rest_api', ...FILE_FORMATS]

function formatFault(given: JsonObject): string {
  const format = formatOf(given)
  const usable = `${OUTPUT_FORMATS.join(', ')} can be used`
  if (format === '') return `it has no \`format\`; ${usable}`
  const near = suggestion(nearest(format, OUTPUT_FORMATS))
  return `its format "${format}" is not written here${near}; ${usable}`
}

/** A field that the input declares not to have would be empty in all rows. */
function checkFields(
  report: Report,
  part: ManifestPart,
  {
    input,
    fields
  }: { readonly input: string; readonly fields: readonly { readonly name: string }[] | null },
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
function checkPaths(
  report: Report,
  outputs: readonly PipelineOutput[],
  writes: readonly ApiOutput[]
): void {
  const files = [...outputs, ...writes.map(({ name, rejects }) => ({ name, path: rejects }))]
  for (const [path, [first, second]] of Map.groupBy(files, file => file.path)) {
    if (first === undefined || second === undefined) continue
    const reason = `\`outputs.${first.name}\` is written to "${path}" too`
    refuse(report, pointer('/CONFIG/outputs', second.name), `outputs.${second.name}`, reason)
  }
}
