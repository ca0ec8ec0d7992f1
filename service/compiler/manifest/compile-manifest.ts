import type { Pointer } from '../../base/json-pointer.ts'
import { pointer, pointerTo } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import {
  deepFreeze,
  dictionary,
  isJsonObject,
  member,
  plainText,
  textMember
} from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { fits } from '../../base/violations.ts'
import { suggestion } from '../../errors.ts'
import type { ConnectorModel } from '../../model/connector-model.ts'
import type { EndpointRecord } from '../../model/endpoint-record.ts'
import type { ExampleRecord, ExampleTable } from '../../model/example-record.ts'
import type { MappingRecord, Responses } from '../../model/mapping-record.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import {
  InputForm,
  ManifestForm,
  OTHER_FORMATS,
  OutputForm
} from '../../vocabulary/manifest-forms.ts'
import { locateDiagnostics } from '../locate-diagnostics.ts'
import type { Report } from '../report.ts'
import { createReport } from '../report.ts'
import type { CompiledPart } from './compile-part.ts'
import { compileInput, compileOutput } from './compile-part.ts'
import { compilePartTable } from './compile-part-table.ts'
import { compilePartType } from './compile-part-type.ts'
import { findStrayTemplate } from './find-stray-template.ts'
import { formFault } from './form-fault.ts'
import { lintPart } from './lint-part.ts'
import type { ManifestPart } from './manifest-scope.ts'
import { sectionOf } from './manifest-scope.ts'
import { readForm } from './read-form.ts'

/** Most inputs and outputs. */
const PARTS_MAX = 1_000

/**
 * Compiles a manifest into the model that requests follow (docs/pipelines.md#manifests): a type for each input and
 * output of format `rest_api`; an input and an output of one name share a type. Pure, as `compileModel`.
 */
export function compileManifest(
  document: ParsedDocument,
  responses: Responses = 'live'
): ConnectorModel {
  const report = createReport()
  for (const note of document.origin.notes) report.addNote(note)
  const config = member(document.root, 'CONFIG')
  lintPart(report, ManifestForm, document.root, { at: '', path: '' })
  const parts = compileConfig(report, config)
  const isTold = report.diagnostics.some(({ severity }) => severity === 'error')
  if (parts.length === 0 && !isTold) report.add('MANIFEST_EMPTY', placeOfParts(config))
  const byType = Map.groupBy(parts, ({ part }) => part.name)
  const types: TypeRecord[] = []
  const endpoints = new Map<string, EndpointRecord>()
  const mappings: MappingRecord[] = []
  const tables: (readonly [type: string, table: ExampleTable])[] = []
  const example = responses === 'example' ? { response: null, name: null } : null
  for (const [name, ofType] of byType) {
    const own = ofType.map(({ part, endpoint, mapping }): MappingRecord => {
      const key = uniqueKey(endpoint.key, part, endpoints)
      endpoints.set(key, { ...endpoint, key, path: key.slice(endpoint.method.length + 1) })
      return { ...mapping, endpoint: key, example }
    })
    const type = compilePartType(name, ofType, own)
    if (type === null) {
      for (const { part } of ofType)
        report.add('MANIFEST_OUTPUT_UNTYPED', part.at, { part: part.path })
      continue
    }
    types.push(type)
    const table = example && compilePartTable(document.url, type)
    if (table !== null) tables.push([name, table])
    for (const mapping of own) mappings.push(mapping)
  }
  return deepFreeze({
    index: {
      title: textMember(document.root, 'NAME') ?? textMember(document.root, 'MODEL') ?? '',
      documentUrl: document.url,
      types: types.map(({ name }) => name).toSorted(),
      logins: [],
      origins: {
        documentUrl: document.url,
        servers: [...endpoints.values()].map(({ server }) => server),
        identityUrls: []
      },
      credentials: { taken: [], sendsByName: false },
      ...(types.some(({ fields }) => fields === 'first page') && { needsFirstPages: true }),
      diagnostics: locateDiagnostics(report.diagnostics, document)
    },
    types: dictionary(types.map(type => [type.name, type])),
    endpoints: dictionary([...endpoints]),
    mappings: dictionary(mappings.map(record => [record.key, record])),
    tables: dictionary(tables),
    examples: dictionary(example === null ? [] : mappings.flatMap(exampleOf))
  })
}

/** A query is answered by the objects of its table. */
function exampleOf({ verb, endpoint }: MappingRecord): [endpoint: string, answer: ExampleRecord][] {
  return verb === 'query' ? [[endpoint, { status: '200', answers: { '200': { named: {} } } }]] : []
}

function compileConfig(report: Report, config: JsonValue | undefined): CompiledPart[] {
  if (isJsonObject(config)) return compileParts(report, config)
  if (config !== undefined && config !== null) {
    const section = 'manifests'
    const reason = 'it must be an object with `inputs` or `outputs`'
    report.add('MANIFEST_INVALID', '/CONFIG', { part: 'CONFIG', reason, section })
  }
  return []
}

/** Where an input would stand in a manifest without any. */
function placeOfParts(config: JsonValue | undefined): Pointer {
  if (config === undefined) return ''
  return member(config, 'inputs') === undefined ? '/CONFIG' : '/CONFIG/inputs'
}

function compileParts(report: Report, config: JsonObject): CompiledPart[] {
  if (config.transform !== undefined) {
    const holes = { part: 'transform', reason: 'flows read and write the endpoints themselves' }
    report.add('MANIFEST_PART_SKIPPED', '/CONFIG/transform', holes)
  }
  const compiled: CompiledPart[] = []
  for (const kind of ['input', 'output'] as const) {
    const section = `${kind}s`
    const at = pointer('/CONFIG', section)
    const held = config[section]
    if (held === undefined || held === null) continue
    if (!isJsonObject(held)) {
      const reason = `it must be an object, with each ${kind} under its name`
      report.add('MANIFEST_INVALID', at, { part: section, reason, section })
      continue
    }
    for (const [name, value] of Object.entries(held)) {
      const part = { kind, name, path: `${section}.${name}`, at: pointer(at, name) }
      if (compiled.length === PARTS_MAX) {
        const reason =
          'a manifest has at most 1,000 inputs and outputs, and those after it are left out'
        report.add('MANIFEST_MEMBER_IGNORED', part.at, {
          member: name,
          part: section,
          reason,
          section
        })
        return compiled
      }
      const found = compilePart(report, part, value)
      if (found !== null) compiled.push(found)
    }
  }
  return compiled
}

function compilePart(report: Report, part: ManifestPart, given: JsonValue): CompiledPart | null {
  const invalid = (path: readonly string[], reason: string): null => {
    const holes = { part: part.path, reason, section: sectionOf(part) }
    report.add('MANIFEST_INVALID', pointerTo(part.at, path), holes)
    return null
  }
  if (!isJsonObject(given)) return invalid([], 'it must be an object with `format` and `url`')
  const format = plainText(given.format ?? '').trim()
  if (format === '' && given.url === undefined) {
    return invalid([], 'it has neither `format` nor `url`')
  }
  if (!isRestApi(report, part, format)) return null
  const form = part.kind === 'input' ? InputForm : OutputForm
  lintPart(report, form, given, part)
  const value = readForm(form, given)
  const stray = findStrayTemplate(form, value)
  if (stray !== undefined) {
    const takers = '`url`, `auth` and the values of `headers` and `params`'
    return invalid(stray, `${stray.join('.')} has a template, which only ${takers} may have`)
  }
  if (part.kind === 'input' && fits(InputForm, value)) return compileInput({ report }, part, value)
  if (part.kind === 'output' && fits(OutputForm, value))
    return compileOutput({ report }, part, value)
  const { path, reason } = formFault(form, value)
  return invalid(path, reason)
}

/** Whether a format is ours, as is none, because then the part has a URL; a diagnostic for any other. */
function isRestApi(report: Report, part: ManifestPart, given: string): boolean {
  const format = given.toLowerCase()
  if (format === '' || format === 'rest_api') return true
  const at = pointer(part.at, 'format')
  if (OTHER_FORMATS.includes(format)) {
    const reason = `format "${given}" is no endpoint`
    report.add('MANIFEST_PART_SKIPPED', at, { part: part.path, reason })
  } else {
    const near = suggestion(nearest(format, ['rest_api', ...OTHER_FORMATS]))
    report.add('MANIFEST_FORMAT_UNKNOWN', at, { part: part.path, given, suggestion: near })
  }
  return false
}

/** The key of an endpoint, with the name of its part if another has the same method and path. */
function uniqueKey(
  key: string,
  { name, kind }: ManifestPart,
  taken: ReadonlyMap<string, EndpointRecord>
): string {
  if (!taken.has(key)) return key
  const named = `${key}#${name}`
  return taken.has(named) ? `${named}-${kind}` : named
}
