import type { Pointer } from '../../base/json-pointer.ts'
import { follow, pointerParts } from '../../base/json-pointer.ts'
import { fits } from '../../base/violations.ts'
import type {
  Catalog,
  CatalogCollection,
  CatalogDataType,
  CatalogEndpoint,
  CatalogField,
  CatalogOptions,
  CatalogParameter,
  CatalogRequest,
  CatalogResponse
} from '../../model/catalog.ts'
import type { ConnectorModel } from '../../model/connector-model.ts'
import type { EndpointRecord } from '../../model/endpoint-record.ts'
import type { FieldRecord } from '../../model/field-record.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { compileFields } from '../manifest/compile-fields.ts'
import { readForm } from '../manifest/read-form.ts'
import { InputForm, OutputForm } from '../../vocabulary/manifest-forms.ts'
import { createReport } from '../report.ts'
import type { CatalogLinks } from './catalog-links.ts'
import { createCatalogLinks } from './catalog-links.ts'
import { catalogService } from './catalog-service.ts'
import { catalogScheme } from './compile-auth.ts'
import { catalogMapping } from './compile-catalog-endpoint.ts'
import { paginationOf } from './compile-pagination.ts'

const DATA_TYPES: { readonly [type in FieldRecord['type']]: CatalogDataType } = {
  string: 'STRING',
  integer: 'INT',
  long: 'LONG',
  float: 'FLOAT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
  binary: 'BYTES'
}

const SECTIONS = ['inputs', 'outputs'] as const
type Section = (typeof SECTIONS)[number]

/** An input or output of a manifest. */
type Part = {
  readonly section: Section
  readonly name: string
  /** As `schema` declares them. */
  readonly fields: readonly CatalogField[]
  /** The place of the records in an answer; blank for the whole. */
  readonly rootKey: string
}

/** Catalogs a manifest: its inputs and its outputs are collections (docs/catalog.md#manifests). */
export function catalogManifest(
  document: ParsedDocument,
  model: ConnectorModel,
  options: CatalogOptions
): Catalog {
  const service = catalogService(document.root, model, options)
  const links = createCatalogLinks(service.docUrl, service.documentUrl)
  const mappings = new Map(Object.values(model.mappings).map(each => [each.endpoint, each]))
  const endpoints = Object.values(model.endpoints).flatMap(record => {
    const part = partAt(document, record.pointer)
    return part === null ? [] : [catalogPart(part, record, mappings.get(record.key), links)]
  })
  const used = SECTIONS.filter(section => endpoints.some(each => each.collection === section))
  const collections = used.map((name): CatalogCollection => {
    return { name, displayName: name, description: null, url: links.collection(name) }
  })
  const fields = endpoints.reduce(
    (sum, { request, response, parameters }) =>
      sum +
      parameters.length +
      (request?.from === 'body' ? request.fields.length : 0) +
      (response?.fields.length ?? 0),
    0
  )
  return {
    service,
    collections,
    endpoints,
    counts: {
      collections: collections.length,
      endpoints: endpoints.length,
      operations: endpoints.length,
      fields,
      fieldsLeft: 0,
      endpointsLeft: 0
    },
    diagnostics: model.index.diagnostics
  }
}

function partAt({ root }: ParsedDocument, at: Pointer): Part | null {
  const [, given, name = ''] = pointerParts(at) ?? []
  const section = SECTIONS.find(known => known === given)
  const written = follow(root, at)
  if (section === undefined || written === undefined) return null
  const form = section === 'inputs' ? InputForm : OutputForm
  const value = readForm(form, written)
  if (!fits(form, value)) return null
  const kind = section === 'inputs' ? 'input' : 'output'
  const part = { kind, name, path: `${section}.${name}`, at } as const
  // What is wrong with it is told by the model.
  const declared = compileFields({ report: createReport() }, part, value.schema ?? [])
  const fields = declared.map(({ name: field, type }): CatalogField => {
    const dataType = DATA_TYPES[type]
    return { name: field, dataType, dataTypeDisplay: dataType }
  })
  const rootKey = fits(InputForm, value) ? (value.response?.root_key ?? '') : ''
  return { section, name, fields, rootKey }
}

function catalogPart(
  { section, name, fields, rootKey }: Part,
  record: EndpointRecord,
  mapping: MappingRecord | undefined,
  links: CatalogLinks
): CatalogEndpoint {
  const { method, path, security, pointer } = record
  const parameters = record.parameters.map(({ name: parameter, in: place }): CatalogParameter => {
    const text = { dataType: 'STRING', dataTypeDisplay: 'STRING' } as const
    return { name: parameter, in: place, ...text, required: true }
  })
  const records = { mediaType: 'application/json', schema: name, isList: true, fields }
  const inUrl = parameters.filter(({ in: place }) => place === 'query' || place === 'path')
  const asked: CatalogRequest | null =
    inUrl.length === 0
      ? null
      : { from: 'parameters', mediaType: null, schema: null, isList: false, fields: inUrl }
  const response: CatalogResponse = {
    status: '200',
    ...records,
    ...(rootKey !== '' && { within: rootKey })
  }
  const isInput = section === 'inputs'
  return {
    collection: section,
    name: `${name}/${method.toLowerCase()}`,
    displayName: name,
    url: links.endpoint(section, name),
    method,
    path,
    operationId: name,
    summary: null,
    description: null,
    deprecated: false,
    tags: [section],
    pointer,
    parameters,
    request: isInput ? asked : { from: 'body', ...records },
    response: isInput ? response : null,
    auth: security.map(schemes => schemes.map(scheme => catalogScheme(scheme))),
    pagination: mapping?.paging ? paginationOf(mapping.paging) : null,
    flow: mapping === undefined ? [] : [catalogMapping(mapping)]
  }
}
