import type { JsonObject, JsonValue } from '../../base/json.ts'
import type { Role } from './role.ts'
import { fillParameters } from './fill-parameters.ts'
import { inferFilters } from './infer-filters.ts'
import type { ItemKey } from './item-key.ts'
import { parentParameters } from './item-key.ts'
import type { KeyedResource } from './keyed-resource.ts'
import type { FoundPaging } from './list-paging.ts'
import type { ProposedQuery, ProposedUse } from './proposal.ts'
import type { ReadOperation } from './read-operations.ts'

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
  resource: KeyedResource,
  paging: FoundPaging | null,
  name: string
): JsonObject {
  const { query, load, save, update, fields, declaredId, key, version } = resource
  const { scalars, custom } = fields
  const mapping = (
    verb: string,
    { operation, use }: WrittenRole,
    source: string | null,
    more: JsonObject = {}
  ): JsonObject => {
    const isNew = verb === 'x-flow-save'
    const parts = source === null || isNew ? [] : partsOf(operation, verb, key)
    const sources = new Map(parts.map(part => [part, `${source}.${part}`]))
    const own = sources.get(key?.own ?? '') ?? source
    const parameters = fillParameters(operation, {
      fields,
      id:
        own === null || use.idParam == null ? null : { parameter: use.idParam, source: own, isNew },
      parts: sources,
      version
    })
    const filters =
      verb === 'x-flow-query' ? inferFilters(operation, scalars, pagedBy(parameters, paging)) : {}
    const all = { ...parameters, ...filters }
    const isUsual = USUAL_METHODS[verb]?.includes(use.method) === true
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
    ['x-flow-save', save, key?.own ?? resource.id?.path ?? 'id'],
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
    ...identified(declaredId, key),
    ...(Object.keys(custom).length > 0 && { customProperties: custom })
  }
  return { 'x-flow-type': type, ...Object.fromEntries(mappings) }
}

type WrittenRole = Role<ProposedUse & { readonly idParam?: string | null }>

/** The id of a type: several parts are a list. */
function identified(id: string | null, key: ItemKey | null): JsonObject {
  if (key !== null) return { id: [...key.parents, key.own] }
  return id === null ? {} : { id }
}

/** The parts of the key that a mapping takes; none for a further load of objects that are known by their id alone. */
function partsOf(operation: ReadOperation, verb: string, key: ItemKey | null): string[] {
  const isNested = parentParameters(operation, operation.shape.itemParameter).length > 0
  return key === null || (verb === 'x-flow-load' && !isNested) ? [] : [...key.parents, key.own]
}

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
