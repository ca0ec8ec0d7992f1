import { listFirst } from '../../base/list-first.ts'
import type { CatalogChange } from '../../model/catalog-change.ts'
import type {
  Catalog,
  CatalogEndpoint,
  CatalogField,
  CatalogSchema,
  CatalogScheme
} from '../../model/catalog.ts'

/** Most details of one change. */
const DETAILS_MAX = 50

/** Most characters of a value that a detail shows. */
const SHOWN_MAX = 80

/**
 * What has changed from an earlier catalog to a later one, in the order of a catalog: the service, its collections, its
 * endpoints; what was removed comes last of each. What a catalog tells of its document's place does not count.
 */
export function compareCatalogs(earlier: Catalog, later: Catalog): CatalogChange[] {
  const [before, after] = [withoutPlace(earlier), withoutPlace(later)]
  return [
    ...changeOf({ what: 'service', collection: '', endpoint: null }, [
      ...textChanges(earlier.service, later.service, ['name', 'title', 'version', 'description']),
      ...listChanges('server', earlier.service.servers, later.service.servers)
    ]),
    ...compareBy(
      before.collections,
      after.collections,
      ({ name }) => name,
      'collection',
      (a, b) => textChanges(a, b, ['displayName', 'description', 'url'])
    ),
    ...compareBy(before.endpoints, after.endpoints, keyOf, 'endpoint', endpointChanges)
  ]
}

/** A catalog without links to its document. */
function withoutPlace({
  service,
  collections,
  endpoints
}: Catalog): Pick<Catalog, 'collections' | 'endpoints'> {
  const linked = <T extends { readonly url: string }>(entry: T): T =>
    entry.url === service.documentUrl ? { ...entry, url: '' } : entry
  return { collections: collections.map(linked), endpoints: endpoints.map(linked) }
}

type Subject = Pick<CatalogChange, 'what' | 'collection' | 'endpoint'>

function keyOf({ collection, name }: CatalogEndpoint): string {
  return JSON.stringify([collection, name])
}

function changeOf(subject: Subject, details: readonly string[]): CatalogChange[] {
  if (details.length === 0) return []
  const more = details.length - DETAILS_MAX
  const shown = more > 0 ? [...details.slice(0, DETAILS_MAX), `and ${more} more`] : details
  return [{ change: 'changed', ...subject, details: shown }]
}

function compareBy<T extends { readonly name: string; readonly collection?: string }>(
  earlier: readonly T[],
  later: readonly T[],
  key: (entry: T) => string,
  what: 'collection' | 'endpoint',
  changes: (earlier: T, later: T) => string[]
): CatalogChange[] {
  const before = new Map(earlier.map(entry => [key(entry), entry]))
  const after = new Map(later.map(entry => [key(entry), entry]))
  const subject = ({ name, collection = name }: T): Subject => {
    return { what, collection, endpoint: what === 'endpoint' ? name : null }
  }
  const found = [...after].flatMap(([id, entry]): CatalogChange[] => {
    const known = before.get(id)
    if (known === undefined) return [{ change: 'added', ...subject(entry), details: [] }]
    return changeOf(subject(entry), changes(known, entry))
  })
  const removed = [...before].flatMap(([id, entry]): CatalogChange[] =>
    after.has(id) ? [] : [{ change: 'removed', ...subject(entry), details: [] }]
  )
  return [...found, ...removed]
}

function endpointChanges(earlier: CatalogEndpoint, later: CatalogEndpoint): string[] {
  const deprecation = later.deprecated ? 'it is deprecated now' : 'it is not deprecated any more'
  return [
    ...textChanges(earlier, later, ['operationId', 'summary', 'description', 'url']),
    ...(earlier.deprecated === later.deprecated ? [] : [deprecation]),
    ...listChanges('tag', earlier.tags, later.tags),
    ...fieldChanges('parameter', earlier.parameters, later.parameters),
    ...schemaChanges('request', earlier.request, later.request),
    ...schemaChanges('response', earlier.response, later.response),
    ...valueChange('authentication', authWords(earlier.auth), authWords(later.auth)),
    ...valueChange('pagination', pagingWords(earlier), pagingWords(later)),
    ...listChanges('flow mapping', flowWords(earlier), flowWords(later))
  ]
}

function schemaChanges(
  what: 'request' | 'response',
  earlier: CatalogSchema | null,
  later: CatalogSchema | null
): string[] {
  const status = (schema: CatalogSchema | null): string => {
    return schema !== null && 'status' in schema ? String(schema.status) : ''
  }
  // Those that stand in for a body are compared as parameters.
  const fieldsOf = (schema: CatalogSchema | null): readonly CatalogField[] =>
    schema === null || ('from' in schema && schema.from === 'parameters') ? [] : schema.fields
  return [
    ...valueChange(`${what} status`, status(earlier), status(later)),
    ...valueChange(`${what} media type`, earlier?.mediaType ?? '', later?.mediaType ?? ''),
    ...valueChange(`${what} schema`, formWords(earlier), formWords(later)),
    ...fieldChanges(`${what} field`, fieldsOf(earlier), fieldsOf(later))
  ]
}

function formWords(schema: CatalogSchema | null): string {
  if (schema === null) return ''
  const name = schema.schema ?? ''
  return schema.isList ? `list of ${name || 'values'}` : name
}

function fieldChanges(
  what: string,
  earlier: readonly CatalogField[],
  later: readonly CatalogField[]
): string[] {
  const [before, after] = [flat(earlier), flat(later)]
  const added = [...after.keys()].flatMap(path =>
    before.has(path) ? [] : [`${what} ${path} was added`]
  )
  const removed = [...before.keys()].flatMap(path =>
    after.has(path) ? [] : [`${what} ${path} was removed`]
  )
  const changed = [...after].flatMap(([path, field]) => {
    const known = before.get(path)
    return known === undefined ? [] : valueChange(`${what} ${path}`, known, field)
  })
  return [...added, ...removed, ...changed]
}

/** What is compared of fields and their children, by dotted path. */
function flat(fields: readonly CatalogField[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const open = fields.map(field => ({ field, path: field.name }))
  for (const { field, path } of open) {
    found.set(path, fieldWords(field))
    for (const child of field.children ?? []) {
      open.push({ field: child, path: `${path}.${child.name}` })
    }
  }
  return found
}

function fieldWords(field: CatalogField): string {
  const marks = ['required', 'nullable', 'readOnly', 'writeOnly', 'deprecated'] as const
  const set = marks.filter(mark => field[mark] === true)
  const allowed = field.allowed === undefined ? [] : [`one of ${field.allowed.join(' | ')}`]
  return [field.dataTypeDisplay, ...set, ...allowed].join(', ')
}

function authWords(auth: readonly (readonly CatalogScheme[])[]): string {
  const one = ({ scheme, type, scopes }: CatalogScheme): string =>
    [`${scheme} (${type})`, ...scopes].join(' ')
  return auth.map(schemes => schemes.map(one).join(' + ') || 'none').join(' or ')
}

function pagingWords({ pagination }: CatalogEndpoint): string {
  if (pagination === null) return ''
  const { type, sizeParameter, positionParameter } = pagination
  return [type, sizeParameter, positionParameter].filter(word => word !== null).join(' ')
}

function flowWords({ flow }: CatalogEndpoint): string[] {
  return flow.map(({ verb, type }) => `${verb}:${type}`)
}

function textChanges<Key extends string>(
  earlier: { readonly [key in Key]: string | null },
  later: { readonly [key in Key]: string | null },
  keys: readonly Key[]
): string[] {
  return keys.flatMap(key => valueChange(key, earlier[key] ?? '', later[key] ?? ''))
}

function valueChange(what: string, earlier: string, later: string): string[] {
  if (earlier === later) return []
  if (earlier === '') return [`${what} was added: ${shown(later)}`]
  if (later === '') return [`${what} was removed: ${shown(earlier)}`]
  return [`${what} was ${shown(earlier)}, now ${shown(later)}`]
}

function listChanges(what: string, earlier: readonly string[], later: readonly string[]): string[] {
  const [before, after] = [new Set(earlier), new Set(later)]
  const words = (values: ReadonlySet<string>): string => listFirst([...values].map(shown), 5)
  const [added, removed] = [after.difference(before), before.difference(after)]
  return [
    ...(added.size === 0 ? [] : [`${what} was added: ${words(added)}`]),
    ...(removed.size === 0 ? [] : [`${what} was removed: ${words(removed)}`])
  ]
}

/** The start of a value, on one line. */
function shown(value: string): string {
  const line = value.replace(/\s+/g, ' ').trim()
  return `"${line.length > SHOWN_MAX ? `${line.slice(0, SHOWN_MAX).toWellFormed()}…` : line}"`
}
