import { boundParameters } from '../../model/bound-parameters.ts'
import type { CatalogPagination } from '../../model/catalog.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import { declaredPagination } from '../endpoint/compile-endpoint.ts'
import { compilePaging } from '../endpoint/compile-paging.ts'
import type { CompiledEndpoint } from '../endpoint/types.ts'
import type { CatalogScope } from './catalog-scope.ts'

/** How the list of an operation is paged: as a query of it is, else as declared, else as its names say. Null for none. */
export function compilePagination(
  { scope: { compilation } }: CatalogScope,
  endpoint: CompiledEndpoint,
  mappings: readonly MappingRecord[]
): CatalogPagination | null {
  const { method } = endpoint.target
  const mapped = mappings.find(({ verb, paging }) => verb === 'query' && paging !== null)
  if (mapped?.paging) return paginationOf(mapped.paging)
  const declared = declaredPagination(endpoint.holders)
  if (declared === undefined && method !== 'GET' && method !== 'QUERY') return null
  const parameters = boundParameters(endpoint.record, [])
  const scope = { declared, bindings: [], parameters, lastId: null }
  return paginationOf(compilePaging({ compilation, endpoint }, scope))
}

/** Paging as a catalog shows it; null where nothing says that there is a second page. */
export function paginationOf(paging: PagingRecord): CatalogPagination | null {
  const { type, pageSizeParam, positionParam, pageSize, nextField, totalField, origin } = paging
  if (type === 'none') return null
  const parameters = { sizeParameter: pageSizeParam, positionParameter: positionParam }
  return { type, ...parameters, pageSize, nextField, totalField, origin }
}
