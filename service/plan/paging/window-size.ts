import { passesLastItem } from '../../base/dotted-path.ts'
import { ConnectorError } from '../../errors.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import { sizeToAsk } from '../../model/page-sizes.ts'
import { isFrontOnly } from './judge-more.ts'

/** What the next request has to bring. */
export type Need = {
  readonly typeName: string
  readonly paging: PagingRecord
  readonly isBounded: boolean
  /** Objects before the window, which have to be read too. */
  readonly front: number
  /** Objects up to the end of the window that have not come. */
  readonly missing: number
  /** Objects are left out of pages, so that a small page may have none: the least to ask for. */
  readonly least: number
  /** The front was already asked for, and was not enough. */
  readonly isAgain: boolean
}

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

/**
 * The size that the next request asks for; null where the API decides.
 *
 * @throws ConnectorError `WINDOW_UNSUPPORTED` where only the front can be requested and one answer is too small.
 */
export function requestSize({
  typeName,
  paging,
  isBounded,
  front,
  missing,
  least,
  isAgain
}: Need): number | null {
  const { pageSize, pageSizeParam, type, nextField, hasMoreField, lastField } = paging
  if (pageSizeParam === null) return pageSize
  // Numbered pages have one size.
  if (type === 'page') return sizeToAsk(paging, null)
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
    return sizeToAsk(paging, isBounded || isAgain ? needed : Math.min(needed, front + usual))
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
  return sizeToAsk(paging, Math.max(least, isBounded ? needed : Math.min(needed, usual)))
}
