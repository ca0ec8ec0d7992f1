import { ConnectorError } from '../../errors.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import { isSamePosition } from './page-position.ts'
import type { TakenPage, WindowState } from './window-state.ts'
import type { Witnesses } from './read-witnesses.ts'
import { isSequential } from './page-request.ts'

/** Paging that nobody declared. */
function isGuessed({ origin }: PagingRecord): boolean {
  return origin === 'inferred' || origin === 'answer'
}

/**
 * Refuses pages that show that a list does not end, or is not paged as was guessed: what would be returned is the
 * first page again, or a mixture.
 *
 * @throws ConnectorError `PAGING_REPEATED`, and as `assertFirstPage`
 */
export function assertPages(
  before: WindowState,
  now: WindowState,
  witnesses: Witnesses,
  taken: TakenPage
): void {
  const isRefused =
    taken.isSame ||
    isFollowedAgain(now, witnesses, taken) ||
    (witnesses.count > 0 &&
      (isOtherPage(before, witnesses) ||
        (isGuessed(now.paging) && isMisled(before, now, witnesses, taken))))
  if (isRefused) throw new ConnectorError('PAGING_REPEATED', { type: now.typeName })
  assertFirstPage(now)
}

/**
 * Refuses a list that ended one page before its answers say. Its pages are counted from 0, and the first one was
 * passed over.
 *
 * @throws ConnectorError `PAGING_FIRST_PAGE`
 */
export function assertFirstPage({ paging, typeName, ended, isPageShort }: WindowState): void {
  const { firstPage, firstPageIsGuessed } = paging
  if (ended && isPageShort && firstPageIsGuessed && firstPage === 1) {
    throw new ConnectorError('PAGING_FIRST_PAGE', { type: typeName })
  }
}

/** Whether an answer says that it is an earlier page than the one that was asked for. */
function isOtherPage(
  { paging, pages }: WindowState,
  { position, isEcho, isFirst }: Witnesses
): boolean {
  const asked = pages.at(-1)?.position
  if (asked?.at !== 'offset' && asked?.at !== 'page') return false
  const first = asked.at === 'page' ? paging.firstPage : paging.firstOffset
  if (asked.value <= first) return false
  const isGuess = isGuessed(paging)
  if (isGuess && isFirst === true) return true
  if (position === undefined) return false
  if (isEcho && (isGuess || asked.at === 'offset')) return position < asked.value
  if (asked.at === 'offset') return isGuess && position === first
  // The answer may count from 0 whatever the parameter does.
  return (isGuess || isEcho) && position < asked.value - first
}

/** Whether a page leads to one that was read. The mark of some APIs stays, while their pages differ. */
function isFollowedAgain(
  { pages, mark, next, ended }: WindowState,
  { count }: Witnesses,
  { isNew }: TakenPage
): boolean {
  if (next === null || ended || count === 0) return false
  const last = pages.at(-1)?.position
  const mayStay = last !== undefined && isSamePosition(last, next) && next.at === 'cursor'
  // Of a single page it is not known whether the next one will differ.
  if (mayStay && (isNew || pages.length === 1)) return false
  const isMarked = mark !== null && isSamePosition(mark, next)
  return isMarked || pages.some(({ position }) => isSamePosition(position, next))
}

function isMisled(
  before: WindowState,
  now: WindowState,
  { count, total, hasMore, next }: Witnesses,
  { isKnown, isFromStart }: TakenPage
): boolean {
  const { paging, pages, largest } = before
  // Pages that overlap, because objects are left out of them, may end with objects that are known.
  const isTail = !isFromStart && count < largest
  if (pages.length === 2 && isKnown && !isTail) return true
  if (isSequential(paging)) return false
  const isAlone = hasMore === undefined && next.isThere === undefined
  return isAlone && total !== undefined && total > count && now.start + now.received > total
}

/**
 * Refuses a window that may go on where nothing says how to ask for the rest. A window that is complete is served,
 * though the next one will be refused.
 *
 * @throws ConnectorError `PAGING_UNREADABLE` for a next page that is missing, `WINDOW_UNSUPPORTED` for objects
 *   behind the last one that can be requested.
 */
export function assertReachable(state: WindowState, { hasMore, count }: Witnesses): void {
  const { paging, received, front, size, typeName, verdict, isBounded } = state
  const { type, nextField } = paging
  const isComplete = received >= front + size
  if (isComplete && (verdict !== 'unsaid' || type !== 'none')) return
  // Of a list with a mapped size alone, a load without a limit gets as much as one answer has.
  const isFront = type === 'offset' && !isBounded && verdict === 'unsaid'
  if (isFront && received > front) return
  if (type !== 'none' && isSequential(paging) && hasMore === true) {
    throw new ConnectorError('PAGING_UNREADABLE', { field: nextField ?? 'header:Link' })
  }
  const holes = { type: typeName, count: received + 1, maximum: count }
  throw new ConnectorError('WINDOW_UNSUPPORTED', holes)
}
