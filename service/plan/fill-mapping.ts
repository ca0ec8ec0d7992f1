import { ConnectorError } from '../errors.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import type { BoundParameter } from '../model/bound-parameters.ts'
import type { PagingRecord } from '../model/endpoint-record.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import { andTerms, splitFilter } from './filter/split-filter.ts'
import type { ValueScope } from './parameter-values.ts'
import { unfilledParameters } from './parameter-values.ts'
import { sourceWords } from './source-words.ts'
import type { FilterGroup, ListFilter } from './types.ts'

/**
 * What a request has for a mapping: how many conditions of its filter the API takes, the search among them; or what
 * the mapping still needs, for people.
 */
export type Filling = { readonly taken: number } | { readonly needs: string }

/** Problems of a request with one mapping that another one may not have. */
const OF_MAPPING: ReadonlySet<string> = new Set([
  'FILTER_UNSUPPORTED',
  'ID_INVALID',
  'ORDER_UNSUPPORTED',
  'PARAMETER_INVALID',
  'SEARCH_UNSUPPORTED'
])

/**
 * How a request for objects fills one of several mappings (docs/x-flow.md#several-mappings-of-one-type). Parameters of
 * paging are filled later.
 *
 * @throws ConnectorError `COLUMN_UNKNOWN`, `VALUE_INVALID`: no mapping can serve the request.
 */
export function fillMapping(scope: ValueScope, paging: PagingRecord): Filling {
  const { endpoint, input } = scope
  const call = `${endpoint.method} ${endpoint.path}`
  const paged = [paging.pageSizeParam, paging.positionParam]
  try {
    const missing = unfilledParameters(scope).filter(({ name }) => !paged.includes(name))
    if (missing.length > 0) return { needs: `${call} needs ${missing.map(neededWords).join(', ')}` }
    const isList = input.id === null
    return { taken: isList && input.filter !== null ? countTaken(scope, input.filter) : 0 }
  } catch (error) {
    if (!(error instanceof ConnectorError) || !OF_MAPPING.has(error.code)) throw error
    return { needs: `${call}: ${error.message}` }
  }
}

function neededWords({ name, sources }: BoundParameter): string {
  const from = sources.map(sourceWords).join(' or ')
  return from === '' ? `"${name}", which nothing fills` : `"${name}" from ${from}`
}

function countTaken({ endpoint, use, types }: ValueScope, filter: ListFilter): number {
  if (use.type === null) return 0
  const parameters = boundParameters(endpoint, use.bindings)
  const { remaining } = splitFilter({ parameters }, typeNamed(types, use.type), filter)
  const asked = countConditions(andTerms(filter.where)) + (filter.search === null ? 0 : 1)
  if (remaining === null) return asked
  return asked - countConditions(remaining.where) - (remaining.search === null ? 0 : 1)
}

function countConditions({ conditions, groups }: FilterGroup): number {
  return groups.reduce((sum, group) => sum + countConditions(group), conditions.length)
}
