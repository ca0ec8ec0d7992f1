import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonObject, member, textMember } from '../../base/json.ts'
import { isJsonMediaType, mediaEssence } from '../../base/media-type.ts'
import type {
  CatalogParameter,
  CatalogRequest,
  CatalogResponse,
  CatalogSchema
} from '../../model/catalog.ts'
import { isSuccess } from '../endpoint/compile-answer.ts'
import type { CompiledEndpoint, DeclaredAnswer } from '../endpoint/types.ts'
import { exampleOfSchema, namedExamples, readExample } from '../example/read-example.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'
import type { CatalogScope } from './catalog-scope.ts'
import { schemaName } from './data-type.ts'

/** A Media Type Object. */
type Media = { readonly value: JsonValue | undefined; readonly at: Pointer }

/** Statuses of answers in the order in which one of them is cataloged. */
const STATUSES = ['200', '201', '202', '203', '204']

/**
 * What an operation takes: its body, else the parameters of its path and query (docs/catalog.md#request-schema). Null
 * for neither.
 */
export function compileRequest(
  catalog: CatalogScope,
  endpoint: CompiledEndpoint,
  parameters: readonly CatalogParameter[]
): CatalogRequest | null {
  const { compilation } = catalog.scope
  const { body, target } = endpoint
  const at = pointer(target.at, 'requestBody')
  const declared = compilation.resolveObject(target.operation?.requestBody, at)
  if (declared === undefined) {
    const fields = parameters.filter(({ in: place }) => place === 'query' || place === 'path')
    if (fields.length === 0) return null
    return { from: 'parameters', mediaType: null, schema: null, isList: false, fields }
  }
  const content = member(declared.value, 'content')
  const types = Object.keys(isJsonObject(content) ? content : {})
  const written = mediaEssence(body.record?.mediaType ?? '')
  // A JSON patch is taken too, which is never written.
  const mediaType =
    types.find(type => mediaEssence(type) === written) ??
    types.find(isJsonMediaType) ??
    types[0] ??
    null
  const mediaAt = pointer(declared.at, 'content', mediaType ?? '')
  const media = { value: member(content, mediaType ?? ''), at: mediaAt }
  const schema = body.schema ?? (isJsonMediaType(mediaType ?? '') ? schemaOf(media) : undefined)
  return compileSchema(catalog, { from: 'body' as const, mediaType }, schema, media)
}

function schemaOf({ value, at }: Media): LocatedSchema | undefined {
  const schema = member(value, 'schema')
  return schema === undefined ? undefined : { schema, at: pointer(at, 'schema') }
}

/**
 * What an operation answers: with status 200, else 201 to 204, whichever has a schema first, else any other success,
 * else `default` (docs/catalog.md#response-schema). Null where none is declared.
 */
export function compileResponse(
  catalog: CatalogScope,
  { answers, primary }: CompiledEndpoint
): CatalogResponse | null {
  const usual = STATUSES.flatMap(status => answers.find(answer => answer.status === status) ?? [])
  const others = answers.filter(({ status }) => isSuccess(status) && !STATUSES.includes(status))
  const successes = [...usual, ...others]
  const answer = successes.find(({ schema }) => schema !== undefined) ?? successes[0] ?? primary
  if (answer === undefined) return null
  const { status, schema, media, mediaAt } = answer
  const mediaType = answer.mediaType ?? Object.keys(answer.content)[0] ?? null
  const data = dataOf(catalog, schema)
  const head = { status, mediaType, ...(data !== undefined && { within: 'data' }) }
  return compileSchema(catalog, head, data ?? schema, { value: media, at: mediaAt })
}

/** The schema of the member `data` of an answer that is declared in place, with a reference there. */
function dataOf(
  { scope: { compilation } }: CatalogScope,
  located: DeclaredAnswer['schema']
): LocatedSchema | undefined {
  if (located === undefined || member(located.schema, '$ref') !== undefined) return undefined
  const schema = member(member(located.schema, 'properties'), 'data')
  if (schema === undefined || textMember(schema, '$ref') === undefined) return undefined
  const within = { schema, at: pointer(located.at, 'properties', 'data') }
  return viewSchema(compilation, within) && within
}

/** A schema with what is known of it already. It gets its fields later. */
function compileSchema<Head extends Pick<CatalogSchema, 'mediaType'>>(
  catalog: CatalogScope,
  head: Head,
  located: LocatedSchema | undefined,
  media: Media
): Head & CatalogSchema {
  const { compilation } = catalog.scope
  const view = located && viewSchema(compilation, located)
  const item = view && viewItems(compilation, view)
  const example = catalog.shown(exampleOf(catalog, located, view, media))
  const named = item ?? view
  const schema = {
    ...head,
    schema: named === undefined ? null : schemaName(named),
    isList: view?.kind === 'array',
    fields: [],
    ...(example !== undefined && { example })
  }
  if (view !== undefined) catalog.fields.fill(schema, view)
  return schema
}

/** The first example of a Media Type Object, else of its schema. */
function exampleOf(
  { scope: { compilation } }: CatalogScope,
  located: LocatedSchema | undefined,
  view: SchemaView | undefined,
  { value, at }: Media
): JsonValue | undefined {
  const single = member(value, 'example')
  if (single !== undefined) return readExample(compilation, single, pointer(at, 'example'), view)
  const named = namedExamples(compilation, member(value, 'examples'), pointer(at, 'examples'), view)
  return named[0]?.[1] ?? (located && exampleOfSchema(compilation, located, view))
}
