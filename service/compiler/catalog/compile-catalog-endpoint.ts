import { pointer } from '../../base/json-pointer.ts'
import { member, textMember } from '../../base/json.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'
import type { CatalogEndpoint, CatalogMapping, CatalogParameter } from '../../model/catalog.ts'
import type { ParameterRecord } from '../../model/endpoint-record.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import { compileEndpoint } from '../endpoint/compile-endpoint.ts'
import type { CompiledEndpoint, DeclaredOperation } from '../endpoint/types.ts'
import { exampleOfParameter } from '../example/read-example.ts'
import { viewSchema } from '../schema/view-schema.ts'
import type { CatalogScope } from './catalog-scope.ts'
import { compileAuth } from './compile-auth.ts'
import { compilePagination } from './compile-pagination.ts'
import { compileRequest, compileResponse } from './compile-schemas.ts'
import { shortText } from './short-text.ts'

/** Most characters of a description, and of a summary or an id. */
const DESCRIPTION_MAX = 20_000
const LINE_MAX = 1_000

/** An operation, before it stands in the collection of each of its tags. */
export type CatalogedOperation = Omit<CatalogEndpoint, 'collection' | 'name' | 'url' | 'tags'>

/** Catalogs an operation. Its fields are complete when those of the catalog are. */
export function compileCatalogEndpoint(
  catalog: CatalogScope,
  target: DeclaredOperation
): CatalogedOperation {
  const { compilation } = catalog.scope
  const { method, path, operation, at } = target
  const endpoint = compileEndpoint(catalog.scope, target)
  const mappings = catalog.mappings.get(endpoint.record.key) ?? []
  const parameters = endpoint.record.parameters.map(record =>
    compileParameter(catalog, endpoint, record)
  )
  const summary = shortText(operation?.summary, LINE_MAX)
  return {
    displayName: trimTrailing(path, '/') || path,
    method,
    path,
    operationId: shortText(textMember(operation, 'operationId')?.trim(), LINE_MAX),
    summary,
    description: catalog.texts.describe(operation?.description, DESCRIPTION_MAX) ?? summary,
    deprecated: operation?.deprecated === true,
    pointer: at,
    parameters,
    request: compileRequest(catalog, endpoint, parameters),
    response: compileResponse(catalog, endpoint),
    auth: compileAuth(compilation, endpoint),
    pagination: compilePagination(catalog, endpoint, mappings),
    flow: mappings.map(catalogMapping)
  }
}

/** How a flow type uses an endpoint, as a catalog shows it. */
export function catalogMapping({ type, verb, origin }: MappingRecord): CatalogMapping {
  return { type, verb, origin: origin.from }
}

function compileParameter(
  { scope: { compilation }, fields, texts, shown }: CatalogScope,
  { given }: CompiledEndpoint,
  record: ParameterRecord
): CatalogParameter {
  const { name, in: place, required } = record
  const object = given.get(`${place} ${name}`)
  const { value, at = '' } = object ?? {}
  const [[media = '', content] = []] = Object.entries(member(value, 'content') ?? {})
  const schema = content === undefined ? member(value, 'schema') : member(content, 'schema')
  const schemaAt =
    content === undefined ? pointer(at, 'schema') : pointer(at, 'content', media, 'schema')
  const view = schema === undefined ? undefined : viewSchema(compilation, { schema, at: schemaAt })
  const field = fields.field(name, view, required)
  const description = texts.describe(member(value, 'description'), DESCRIPTION_MAX)
  if (description !== null) field.description = description
  if (member(value, 'deprecated') === true) field.deprecated = true
  // What only the template of the path names is text.
  if (object === undefined) Object.assign(field, { dataType: 'STRING', dataTypeDisplay: 'STRING' })
  const example = shown(value && exampleOfParameter(compilation, value, at))
  const usual = shown(record.default)
  return Object.assign(field, {
    in: place,
    ...(usual !== undefined && { default: usual }),
    ...(example !== undefined && { example })
  })
}
