import type { JsonObject, JsonValue } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { BuiltResource, Role } from './build-resource.ts'
import type { FilledType } from './fill-parameters.ts'
import { fillParameters } from './fill-parameters.ts'
import { inferFilters } from './infer-filters.ts'
import type { FoundPaging } from './list-paging.ts'
import type { ProposedUse } from './proposal.ts'

/** The methods that need no `operation`, by mapping in the order of the docs. */
const USUAL_METHODS: { readonly [key: string]: readonly string[] } = {
  'x-flow-query': ['GET', 'QUERY'],
  'x-flow-load': ['GET', 'QUERY'],
  'x-flow-save': ['POST'],
  'x-flow-update': ['PUT'],
  'x-flow-delete': ['DELETE']
}

/** `x-flow-type` and the mappings of a resource, as an author would write them (docs/x-flow.md#where-the-keys-go). */
export function writeKeys(
  compilation: Compilation,
  resource: BuiltResource,
  paging: FoundPaging | null,
  name: string
): JsonObject {
  const { view, id, query, load, save, update } = resource
  const custom: Record<string, string> = {}
  const properties = [...view.properties.keys()]
  const mapping = (
    key: string,
    role: Role<ProposedUse & { readonly idParam?: string | null }> | null,
    source: string | null,
    more: JsonObject = {}
  ): [string, JsonValue][] => {
    if (role === null) return []
    const { operation, use } = role
    const filled: FilledType = {
      properties,
      custom,
      id: source === null || use.idParam == null ? null : { parameter: use.idParam, source }
    }
    const parameters = fillParameters(operation, filled)
    const filters =
      key === 'x-flow-query'
        ? inferFilters(compilation, operation, view, pagedBy(parameters, paging))
        : {}
    const all = { ...parameters, ...filters }
    const isUsual = USUAL_METHODS[key]?.includes(use.method) === true
    const written = {
      path: use.path,
      ...(!isUsual && { operation: use.method.toLowerCase() }),
      ...(Object.keys(all).length > 0 && { parameters: all }),
      ...more
    }
    return [[key, written]]
  }
  const mappings = [
    ...mapping('x-flow-query', query, null, queryMembers(resource, paging)),
    ...mapping('x-flow-load', load, 'id', recordsMember(load?.use.record)),
    ...mapping('x-flow-save', save, id?.path ?? 'id'),
    ...mapping('x-flow-update', update, 'externalId'),
    ...mapping('x-flow-delete', resource.delete, 'externalId')
  ]
  const type = {
    name,
    ...(id !== null && { id: id.path }),
    ...(Object.keys(custom).length > 0 && { customProperties: custom })
  }
  return { 'x-flow-type': type, ...Object.fromEntries(mappings) }
}

function pagedBy(parameters: JsonObject, paging: FoundPaging | null): ReadonlySet<string> {
  const names = [paging?.limitParam, paging?.positionParam].filter(name => name != null)
  return new Set([...Object.keys(parameters), ...names])
}

/** Where the records are, and paging that somebody has declared; other paging is inferred as for any mapping. */
function queryMembers({ query }: BuiltResource, paging: FoundPaging | null): JsonObject {
  const records = query === null ? {} : recordsMember(query.use.records)
  if (paging?.isDeclared !== true) return records
  const { type, limitParam, positionParam, nextField } = paging
  const pagination = {
    type,
    ...(limitParam !== null && { pageSizeParam: limitParam }),
    ...(type === 'cursor' && positionParam !== null && { cursorParam: positionParam }),
    ...(type === 'offset' && positionParam !== null && { offsetParam: positionParam }),
    ...(type === 'page' && positionParam !== null && { pageParam: positionParam }),
    ...(type === 'cursor' && nextField !== null && { cursorField: nextField }),
    ...(type === 'next_link' && nextField !== null && { linkField: nextField })
  }
  return { ...records, pagination }
}

function recordsMember(path: string | undefined): JsonObject {
  return path === undefined || path === '' ? {} : { records: path }
}
