import type { PagingRecord } from './endpoint-record.ts'

/** Describes how a list is paged. */
export function pagingWords({ type, positionParam, nextField, origin }: PagingRecord): string {
  switch (type) {
    case 'offset':
      return positionParam === null
        ? 'one request for all'
        : `offset in parameter "${positionParam}"`
    case 'page':
      return `page in parameter "${positionParam}"`
    case 'cursor':
      return `cursor "${nextField}" of the answer in parameter "${positionParam}"`
    case 'next_link':
      return `next link "${nextField}" of the answer`
    case 'link_header':
      return 'header Link of the answer'
    case 'none':
      return origin === 'answer'
        ? 'one request, unless the answer shows a next page'
        : 'one request'
    default:
      return type satisfies never
  }
}

/** Why a list is paged so: who says it, and from which names. */
export function pagingReason(paging: PagingRecord): string {
  const { origin, positionParam, pageSizeParam } = paging
  if (origin === 'declared') return 'declared'
  if (origin === 'answer') return 'left to the answer'
  const { nextField, totalField, pagesField, hasMoreField, lastField } = paging
  const names = [positionParam, pageSizeParam, nextField]
  const counts = [totalField, pagesField, hasMoreField, lastField]
  const named = [...names, ...counts].filter(name => name !== null)
  const guessed = paging.type === 'page' && paging.firstPageIsGuessed ? ', first page guessed' : ''
  return `${origin} from ${[...new Set(named)].join(', ') || 'the header Link'}${guessed}`
}

/** What to declare so that nothing is guessed; null where nothing is. */
export function pagingAdvice(paging: PagingRecord): string | null {
  const { origin, type, pageSize, pageSizeParam, positionParam } = paging
  const hasNoMaximum = pageSizeParam !== null && pageSize === null
  const unbounded = hasNoMaximum ? `"${pageSizeParam}" has no maximum` : null
  if (origin === 'declared') return unbounded && `${unbounded}: set pageSize`
  if (origin === 'mapped' && positionParam !== null) {
    return unbounded && `${unbounded}: give its schema one`
  }
  if (origin !== 'inferred') {
    const open = 'declare how it pages, or x-flow-pagination: { type: none }'
    return unbounded === null ? open : `${open}; ${unbounded}`
  }
  const members = Object.entries({
    type,
    ...(type !== 'next_link' && { [`${type}Param`]: positionParam }),
    firstPage: type === 'page' ? paging.firstPage : null,
    [type === 'cursor' ? 'cursorField' : 'linkField']: type === 'page' ? null : paging.nextField,
    pageSizeParam,
    pageSize: pageSizeParam === null ? null : (pageSize ?? '?'),
    totalField: paging.totalField,
    hasMoreField: paging.hasMoreField
  })
  const given = members.filter(([, value]) => value !== null)
  const declared = `x-flow-pagination: { ${given.map(member => member.join(': ')).join(', ')} }`
  return unbounded === null ? `declare ${declared}` : `declare ${declared}; ${unbounded}`
}
