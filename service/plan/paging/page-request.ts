import { passesLastItem } from '../../base/dotted-path.ts'
import { ConnectorError } from '../../errors.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import { sizeToAsk } from '../../model/page-sizes.ts'
import { isFrontOnly } from './judge-more.ts'
import type { PagePosition } from './page-position.ts'
import { withPage } from './requested-pages.ts'
import type { WindowState, WindowStep } from './window-state.ts'

/** Lists of which each page is found by the one before. */
export function isSequential({ type }: PagingRecord): boolean {
  return type === 'cursor' || type === 'next_link' || type === 'link_header' || type === 'none'
}

/** Size of numbered pages by which pages can be passed over; null where the API may have another. */
export function knownPageSize(paging: PagingRecord): number | null {
  const { pageSize, pageSizeParam, usualSize } = paging
  if (pageSizeParam === null) return pageSize
  return pageSize === null && usualSize === null ? null : sizeToAsk(paging, null)
}

/** Requests the page at a position. */
export function askPage(state: WindowState, position: PagePosition): WindowStep {
  const { paging, received } = state
  const asked = requestSize(state)
  const values: Record<string, string | number> = {}
  // A next link is complete.
  if (position.at !== 'link') {
    if (asked !== null && paging.pageSizeParam !== null) values[paging.pageSizeParam] = asked
    const isMappedStart =
      paging.origin === 'mapped' && position.at === 'offset' && position.value === 0
    if (position.at !== 'start' && paging.positionParam !== null && !isMappedStart) {
      values[paging.positionParam] = position.value
    }
  }
  const page = { position, before: received, dropped: [], mayOverlap: false }
  return {
    state: { ...state, ...withPage(state, page), asked, next: null },
    request: { values, url: position.at === 'link' ? position.value : null }
  }
}

/**
 * The size that the next request asks for; null where the API decides.
 *
 * @throws ConnectorError `WINDOW_UNSUPPORTED` where only the front can be requested and one answer is too small.
 */
function requestSize(state: WindowState): number | null {
  const { typeName, paging, isBounded, front, size, received, overlap, isParted, pages } = state
  const { pageSize, pageSizeParam, type, nextField, hasMoreField, lastField } = paging
  if (pageSizeParam === null) return pageSize
  // Numbered pages have one size.
  if (type === 'page') return sizeToAsk(paging, null)
  const missing = front + size - received + overlap
  const isOnly = isFrontOnly(paging)
  const usual = sizeToAsk(paging, null) ?? 0
  if (isOnly) {
    const needed = missing + 1
    // The first answer may show a next page, unless the size is mapped.
    const isSure = paging.origin === 'mapped' && pageSize !== null
    if (isSure && pageSize < (isBounded ? needed : front + 1)) {
      throw new ConnectorError('WINDOW_UNSUPPORTED', {
        type: typeName,
        count: needed,
        maximum: pageSize
      })
    }
    return sizeToAsk(paging, isBounded || overlap > 0 ? needed : Math.min(needed, front + usual))
  }
  // A parameter that is mapped from a limit is left out without one.
  if (paging.origin === 'mapped' && !isBounded && pageSize === null && paging.usualSize === null) {
    return null
  }
  // A sequential page ends with the window, so that the next window begins there. The id of its last object does not
  // tell whether more follow.
  const isToldMore = nextField === null || !passesLastItem(nextField)
  const hasFlag = hasMoreField !== null || lastField !== null
  const endsWithWindow = type !== 'none' && isSequential(paging) && (isToldMore || hasFlag)
  const needed = missing + (endsWithWindow ? 0 : 1)
  // Where objects are left out of pages, a small one could have none.
  const least = isParted && pages.length > 0 ? (state.asked ?? 0) : 0
  return sizeToAsk(paging, Math.max(least, isBounded ? needed : Math.min(needed, usual)))
}
