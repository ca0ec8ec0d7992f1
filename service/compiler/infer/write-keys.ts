import type { JsonObject, JsonValue } from '../../base/json.ts'
import type { MappingVerb } from '../../model/mapping-record.ts'
import { MAPPINGS_MAX } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import { defaultMethod } from '../endpoint/find-operation.ts'
import type { Role } from './role.ts'
import { fillParameters } from './fill-parameters.ts'
import { inferFilters } from './infer-filters.ts'
import type { ItemKey } from './item-key.ts'
import { parentParameters } from './item-key.ts'
import type { KeyedResource } from './keyed-resource.ts'
import type { FoundPaging } from './list-paging.ts'
import type { ProposedQuery, ProposedUse } from './proposal.ts'
import type { ReadOperation } from './read-operations.ts'

/** `x-flow-type` and the mappings of a resource, as an author would write them (docs/x-flow.md#where-the-keys-go). */
export function writeKeys(
  compilation: Compilation,
  resource: KeyedResource,
  paging: FoundPaging | null,
  name: string
): JsonObject {
  const { query, load, save, update, fields, declaredId, key, version } = resource
  const { scalars, custom } = fields
  const mapping = (
    verb: MappingVerb,
    { operation, use }: WrittenRole,
    source: string | null,
    more: JsonObject = {}
  ): JsonObject => {
    const isNew = verb === 'save'
    const parts = source === null || isNew ? [] : partsOf(operation, verb, key)
    const sources = new Map(parts.map(part => [part, `${source}.${part}`]))
    const own = sources.get(key?.own ?? '') ?? source
    const parameters = fillParameters(compilation, operation, {
      fields,
      id:
        own === null || use.idParam == null ? null : { parameter: use.idParam, source: own, isNew },
      parts: sources,
      version
    })
    const filters =
      verb === 'query' ? inferFilters(operation, scalars, pagedBy(parameters, paging)) : {}
    const all = { ...parameters, ...filters }
    const method = use.method.toLowerCase()
    const isUsual = method === defaultMethod(verb, operation.target.items)
    return {
      path: use.path,
      ...(!isUsual && { operation: method }),
      ...(Object.keys(all).length > 0 && { parameters: all }),
      ...more
    }
  }
  const queries = [query, ...resource.otherQueries].flatMap((role, index) =>
    role === null
      ? []
      : [mapping('query', role, null, queryMembers(role.use, index === 0 ? paging : null))]
  )
  const loads = [load, ...resource.otherLoads].flatMap(role =>
    role === null ? [] : [mapping('load', role, 'id', recordsMember(role.use.record))]
  )
  const writes = [
    ['save', save, key?.own ?? resource.id?.path ?? 'id'],
    ['update', update, 'externalId'],
    ['delete', resource.delete, 'externalId']
  ] as const
  const mappings = [
    ...listed('x-flow-query', queries),
    ...listed('x-flow-load', loads),
    ...writes.flatMap(([verb, role, source]) =>
      role === null ? [] : [[`x-flow-${verb}`, mapping(verb, role, source)] as const]
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
function partsOf(operation: ReadOperation, verb: MappingVerb, key: ItemKey | null): string[] {
  const isNested = parentParameters(operation, operation.shape.itemParameter).length > 0
  return key === null || (verb === 'load' && !isNested) ? [] : [...key.parents, key.own]
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
