import type { PagingRecord } from '../../model/endpoint-record.ts'
import { isOneBeforeLast, judgeMore, mayBeCapped, statedSize } from './judge-more.ts'
import type { PagePosition } from './page-position.ts'
import { isSamePosition } from './page-position.ts'
import { isSequential, knownPageSize } from './page-request.ts'
import type { Witnesses } from './read-witnesses.ts'
import type { RequestedPage, TakenPage, WindowState } from './window-state.ts'

/** Counts a page in: its objects, what it says of the rest, and where the next one begins. */
export function countPage(
  state: WindowState,
  witnesses: Witnesses,
  { dropped, isNew }: TakenPage
): WindowState {
  const { paging, pages, asked, start, largest, overlap } = state
  const { count } = witnesses
  const fresh = Math.max(0, count - overlap) - dropped.length
  const received = state.received + fresh
  const advance = advanceOf(state, witnesses)
  const position = lastOf(pages).position
  const mayOverlap = position.at === 'offset' && advance < (statedSize(asked, witnesses) ?? 0)
  const counted = {
    ...state,
    received,
    overlap: 0,
    largest: Math.max(largest, count),
    pages: pages.with(-1, { ...lastOf(pages), dropped, mayOverlap })
  }
  if (count === 0) {
    const isPageShort = state.isPageShort || isEmptyLast(state, witnesses)
    return { ...counted, isPageShort, ...afterEmpty(state, witnesses) }
  }
  const isNumbered = position.at === 'page'
  const given = start + received
  const page = isNumbered ? position.value - paging.firstPage + 1 : null
  // A page that left objects out reaches as far as its size.
  const isNumberedFar = page !== null && advance > count
  const reached =
    position.at === 'offset'
      ? position.value - paging.firstOffset + advance
      : isNumberedFar
        ? page * advance
        : given
  const isLed = position.at === 'link' || position.at === 'cursor'
  const context = { paging, asked, reached, given, page, largest, isLed }
  const said = judgeMore(context, witnesses)
  const verdict = said === 'more' && isStaying(position, witnesses) && !isNew ? 'disputed' : said
  const next = verdict === 'none' ? null : followingPosition(state, witnesses, advance)
  const size = isNumbered ? (knownPageSize(paging) ?? fresh) : advance
  const isCounted = next?.at === 'offset' || next?.at === 'page'
  return {
    ...counted,
    isPageShort: isOneBeforeLast(context, witnesses),
    verdict,
    next,
    isParted:
      state.isParted || (next !== null && !isSequential(paging) && (size !== fresh || !isCounted)),
    ended: verdict === 'none' || (next === null && isToldEnd(paging, witnesses))
  }
}

/** Whether a page leads to where it was itself. */
function isStaying(position: PagePosition, { next }: Witnesses): boolean {
  return next.position !== null && isSamePosition(next.position, position)
}

/** A next link or cursor that is missing ends its list, whatever a total says. */
function isToldEnd(paging: PagingRecord, { next, hasMore }: Witnesses): boolean {
  return isSequential(paging) && next.isThere === false && hasMore !== true
}

/** Whether the first page of a window in the middle of a list has no objects, and is counted as the last one. */
function isEmptyLast({ paging, pages, start, asked }: WindowState, witnesses: Witnesses): boolean {
  const [page] = pages
  if (pages.length !== 1 || page?.position.at !== 'page' || start === 0) return false
  const { total, pages: ofList } = witnesses
  const size = statedSize(asked, witnesses) ?? knownPageSize(paging) ?? 0
  if (total === undefined) return ofList === page.position.value - paging.firstPage + 1
  return total > start && total <= start + size
}

/** A page without objects ends its list, unless it leads on and nothing denies that more follow. */
function afterEmpty(
  { pages, verdict, start, received }: WindowState,
  { next: { isThere, position }, hasMore, total, totalOrCount }: Witnesses
): Pick<WindowState, 'verdict' | 'next' | 'ended'> {
  const isPassed = position === null || pages.some(page => isSamePosition(page.position, position))
  const given = start + received
  // A number below what came is that of the page, so that it is no reason to doubt the flag.
  const isSure = hasMore === true && (total ?? totalOrCount ?? given) < given
  if (isThere !== true || isPassed || (verdict === 'disputed' && !isSure)) {
    return { verdict: 'none', next: null, ended: true }
  }
  const isDenied = hasMore === false || (!isSure && total !== undefined && total <= given)
  return { verdict: isDenied ? 'disputed' : 'more', next: position, ended: false }
}

/**
 * By how much an offset grows: by the size of the page as the answer states it, because the API may leave objects
 * out of a page; else by the objects that came. Never by what was asked for, which the answer may only repeat.
 */
function advanceOf(
  state: Pick<WindowState, 'paging' | 'asked' | 'largest' | 'isParted'>,
  witnesses: Witnesses
): number {
  const { asked } = state
  const { count } = witnesses
  const pageSize = statedSize(asked, witnesses)
  if (pageSize === undefined || pageSize <= count) return count
  const isRepeated = pageSize === asked && !state.isParted && mayBeCapped(state, count)
  return isRepeated ? count : pageSize
}

/**
 * Where the page after the last one begins; null where it cannot be requested. A cursor that an answer hands on is
 * preferred to counting.
 */
function followingPosition(
  { paging, pages }: Pick<WindowState, 'paging' | 'pages'>,
  { next }: Witnesses,
  advance: number
): PagePosition | null {
  const last = pages.at(-1)?.position
  if (next.position?.at === 'cursor') return next.position
  if (last?.at === 'offset' && paging.positionParam !== null) {
    return { at: 'offset', value: last.value + advance }
  }
  if (last?.at === 'page') return { at: 'page', value: last.value + 1 }
  return next.position
}

function lastOf(pages: readonly RequestedPage[]): RequestedPage {
  return pages.at(-1) ?? { position: { at: 'start' }, before: 0, dropped: [], mayOverlap: false }
}
