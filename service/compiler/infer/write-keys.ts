import { splitPath } from '../../base/dotted-path.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { BuiltResource } from './build-resource.ts'
import type { Role } from './role.ts'
import type { FilledType } from './fill-parameters.ts'
import { fillParameters } from './fill-parameters.ts'
import { inferFilters } from './infer-filters.ts'
import type { FoundPaging } from './list-paging.ts'
import type { ProposedQuery, ProposedUse } from './proposal.ts'

/** The methods that need no `operation`, by mapping in the order of the docs. */
const USUAL_METHODS: { readonly [key: string]: readonly string[] } = {
  'x-flow-query': ['GET', 'QUERY'],
  'x-flow-load': ['GET', 'QUERY'],
  'x-flow-save': ['POST'],
  'x-flow-update': ['PUT'],
  'x-flow-delete': ['DELETE']
}

/** Most mappings of one list. */
const MAPPINGS_MAX = 20

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
    { operation, use }: WrittenRole,
    source: string | null,
    more: JsonObject = {}
  ): JsonObject => {
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
    return {
      path: use.path,
      ...(!isUsual && { operation: use.method.toLowerCase() }),
      ...(Object.keys(all).length > 0 && { parameters: all }),
      ...more
    }
  }
  const queries = [query, ...resource.otherQueries].flatMap((role, index) =>
    role === null
      ? []
      : [mapping('x-flow-query', role, null, queryMembers(role.use, index === 0 ? paging : null))]
  )
  const loads = [load, ...resource.otherLoads].flatMap(role =>
    role === null ? [] : [mapping('x-flow-load', role, 'id', recordsMember(role.use.record))]
  )
  const writes = [
    ['x-flow-save', save, id?.path ?? 'id'],
    ['x-flow-update', update, 'externalId'],
    ['x-flow-delete', resource.delete, 'externalId']
  ] as const
  const mappings = [
    ...listed('x-flow-query', queries),
    ...listed('x-flow-load', loads),
    ...writes.flatMap(([key, role, source]) =>
      role === null ? [] : [[key, mapping(key, role, source)] as const]
    )
  ]
  const type = {
    name,
    ...(id !== null && view.properties.has(splitPath(id.path)[0] ?? '') && { id: id.path }),
    ...(Object.keys(custom).length > 0 && { customProperties: custom })
  }
  return { 'x-flow-type': type, ...Object.fromEntries(mappings) }
}

type WrittenRole = Role<ProposedUse & { readonly idParam?: string | null }>

/** Several mappings are a list, one is itself (docs/x-flow.md#several-mappings-of-one-type). */
function listed(key: string, mappings: readonly JsonObject[]): [string, JsonValue][] {
  const [first, second] = mappings
  if (first === undefined) return []
  return [[key, second === undefined ? first : mappings.slice(0, MAPPINGS_MAX)]]
}

function pagedBy(parameters: JsonObject, paging: FoundPaging | null): ReadonlySet<string> {
  const names = [paging?.limitParam, paging?.positionParam].filter(name => name != null)
  return new Set([...Object.keys(parameters), ...names])
}

/** Where the records are, and paging that somebody has declared; other paging is inferred as for any mapping. */
function queryMembers({ records: path }: ProposedQuery, paging: FoundPaging | null): JsonObject {
  const records = recordsMember(path)
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
