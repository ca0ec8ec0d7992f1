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
 * @throws ConnectorError `PAGING_REPEATED`
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
    (isGuessed(now.paging) && witnesses.count > 0 && isMisled(before, now, witnesses, taken))
  if (isRefused) throw new ConnectorError('PAGING_REPEATED', { type: now.typeName })
}

/** Whether a page leads to one that was read. The mark of some APIs stays, while their pages differ. */
function isFollowedAgain(
  { pages, next, ended }: WindowState,
  { count }: Witnesses,
  { isNew }: TakenPage
): boolean {
  if (next === null || ended || count === 0) return false
  const last = pages.at(-1)?.position
  const mayStay = last !== undefined && isSamePosition(last, next) && next.at === 'cursor'
  // Of a single page it is not known whether the next one will differ.
  if (mayStay && (isNew || pages.length === 1)) return false
  return pages.some(({ position }) => isSamePosition(position, next))
}

function isMisled(
  before: WindowState,
  now: WindowState,
  { count, total, position, hasMore, next }: Witnesses,
  { isKnown, isFromStart }: TakenPage
): boolean {
  const { paging, pages, largest } = before
  // Pages that overlap, because objects are left out of them, may end with objects that are known.
  const isTail = !isFromStart && count < largest
  if (pages.length === 2 && isKnown && !isTail) return true
  if (isSequential(paging)) return false
  const asked = pages.at(-1)?.position
  const isFirstAgain =
    asked?.at === 'offset' && position === paging.firstOffset && asked.value > paging.firstOffset
  const isAlone = hasMore === undefined && next.isThere === undefined
  const isTooMuch =
    isAlone && total !== undefined && total > count && now.start + now.received > total
  return isFirstAgain || isTooMuch
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
