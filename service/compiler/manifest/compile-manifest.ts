import type { Form } from '../../base/form.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer, pointerTo } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import {
  deepFreeze,
  dictionary,
  isJsonArray,
  isJsonObject,
  member,
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
import { knownMembers, misfit } from '../../parse/extensions.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { locateDiagnostics } from '../locate-diagnostics.ts'
import type { Report } from '../report.ts'
import { createReport } from '../report.ts'
import type { CompiledPart } from './compile-part.ts'
import { compileInput, compileOutput } from './compile-part.ts'
import { compilePartTable } from './compile-part-table.ts'
import { compilePartType } from './compile-part-type.ts'
import { InputForm, OutputForm } from './manifest-forms.ts'
import type { ManifestPart } from './manifest-scope.ts'
import { sectionOf } from './manifest-scope.ts'

/** Formats of other readers and writers, which such a file may have beside ours. */
const OTHER_FORMATS = new Set(
  'avro bigquery csv database delta excel feather hive iceberg jdbc json jsonl kafka mongodb mysql ndjson orc parquet postgres postgresql redshift s3 snowflake sql sqlite text xml'.split(
    ' '
  )
)

/** Members of the file that say nothing of endpoints. */
const SKIPPED = ['MODEL', 'VERSION', 'NAME', 'DESCRIPTION', 'TAGS']

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
  const config = member(document.root, 'CONFIG')
  reportSkipped(report, document.root, '', [...SKIPPED, 'CONFIG'])
  const parts = isJsonObject(config) ? compileParts(report, config) : []
  const isTold = report.diagnostics.some(({ severity }) => severity === 'error')
  if (parts.length === 0 && !isTold) report.add('MANIFEST_EMPTY', '')
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
    if (type === null) continue
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

function compileParts(report: Report, config: JsonObject): CompiledPart[] {
  reportSkipped(report, config, '/CONFIG', ['inputs', 'outputs', 'transform'])
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
      if (compiled.length === PARTS_MAX) break
      const part = { kind, name, path: `${section}.${name}`, at: pointer(at, name) }
      const found = compilePart(report, part, value)
      if (found !== null) compiled.push(found)
    }
  }
  return compiled
}

function compilePart(report: Report, part: ManifestPart, value: JsonValue): CompiledPart | null {
  if (!isRestApi(report, part, value)) return null
  const form: Form = part.kind === 'input' ? InputForm : OutputForm
  reportUnknown(report, part, form, value, part.at, '')
  if (part.kind === 'input' && fits(InputForm, value)) return compileInput({ report }, part, value)
  if (part.kind === 'output' && fits(OutputForm, value))
    return compileOutput({ report }, part, value)
  const { path = [], reason = '' } = misfit(form, value) ?? {}
  const at = pointerTo(part.at, path)
  report.add('MANIFEST_INVALID', at, { part: part.path, reason, section: sectionOf(part) })
  return null
}

/** Whether a part is one of ours; a diagnostic for any other. */
function isRestApi(report: Report, part: ManifestPart, value: JsonValue): boolean {
  const given = textMember(value, 'format')
  // Without a format it is told by its URL.
  if (given === undefined && textMember(value, 'url') !== undefined) return true
  const format = given?.trim().toLowerCase() ?? ''
  if (format === 'rest_api') return true
  const at = given === undefined ? part.at : pointer(part.at, 'format')
  if (OTHER_FORMATS.has(format)) {
    const reason = `format "${given}" is no endpoint`
    report.add('MANIFEST_PART_SKIPPED', at, { part: part.path, reason })
  } else {
    const near = suggestion(nearest(format, ['rest_api', ...OTHER_FORMATS]))
    report.add('MANIFEST_FORMAT_UNKNOWN', at, {
      part: part.path,
      given: given ?? '',
      suggestion: near
    })
  }
  return false
}

/** Reports the members of a part that its form does not have. */
function reportUnknown(
  report: Report,
  part: ManifestPart,
  form: Form,
  value: JsonValue,
  at: Pointer,
  member: string
): void {
  if (isJsonArray(value)) {
    const { items } = form
    if (items === undefined) return
    for (const [index, item] of value.entries()) {
      reportUnknown(report, part, items, item, pointer(at, index), `${member}[${index}]`)
    }
    return
  }
  const known = knownMembers(form)
  if (known === null || !isJsonObject(value)) return
  for (const [name, held] of Object.entries(value)) {
    const path = member === '' ? name : `${member}.${name}`
    const inner = Object.hasOwn(known, name) ? known[name] : undefined
    if (inner !== undefined) {
      reportUnknown(report, part, inner, held, pointer(at, name), path)
      continue
    }
    report.add('MEMBER_UNKNOWN', pointer(at, name), {
      key: member === '' ? part.path : `${part.path}.${member}`,
      given: name,
      suggestion: suggestion(nearest(name, Object.keys(known))),
      known: Object.keys(known).join(', ')
    })
  }
}

/** Notes members that mean nothing here, and suggests the nearest word for those that are nobody's. */
function reportSkipped(
  report: Report,
  holder: JsonObject,
  at: Pointer,
  known: readonly string[]
): void {
  for (const name of Object.keys(holder)) {
    if (known.includes(name)) continue
    report.add('MEMBER_UNKNOWN', pointer(at, name), {
      key: at === '' ? 'manifest' : 'CONFIG',
      given: name,
      suggestion: suggestion(nearest(name, known)),
      known: known.join(', ')
    })
  }
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
