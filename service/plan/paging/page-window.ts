import type { PagingRecord } from '../../model/endpoint-record.ts'
import { DEEP } from './behind-last.ts'
import { firstPageOf, isFirstGuess } from './first-page.ts'
import { isFrontOnly, judgeMore } from './judge-more.ts'
import { advanceOf, followingPosition } from './next-position.ts'
import type { PagePosition } from './page-position.ts'
import { isSamePosition } from './page-position.ts'
import type { Witnesses } from './read-witnesses.ts'
import { assertPages, assertReachable } from './refuse-paging.ts'
import { isSequential, knownPageSize, requestSize } from './window-size.ts'
import type {
  FlowWindow,
  PageResume,
  RequestedPage,
  TakenPage,
  WindowState,
  WindowStep
} from './window-state.ts'

const UNKNOWN_PAGE: TakenPage = {
  dropped: [],
  isNew: false,
  isKnown: false,
  isFromStart: false,
  isSame: false
}

/**
 * Starts to read a flow's window from a paged list (docs/x-flow.md#paging).
 *
 * No request asks for more than the page size. By offset and by page number the window is read from its
 * start; a sequential list from its first page, or from the end of an earlier window. One object more
 * than the window is requested where the page size allows it.
 *
 * @param scanMaxRecords Size of a window without a limit.
 * @param resume The end of the previous window; null to count from the list's start.
 * @throws ConnectorError `WINDOW_UNSUPPORTED` where only `limit` is mapped and the window does not fit
 *   in one answer.
 */
export function startWindow(
  paging: PagingRecord,
  typeName: string,
  { limit, offset }: FlowWindow,
  scanMaxRecords: number,
  resume: PageResume | null = null
): WindowStep {
  const base: WindowState = {
    paging,
    typeName,
    isBounded: limit > 0,
    size: limit > 0 ? limit : scanMaxRecords,
    front: offset,
    start: 0,
    received: 0,
    pages: [],
    asked: null,
    largest: 0,
    overlap: 0,
    isParted: false,
    isCorrected: false,
    verdict: 'unsaid',
    next: null,
    ended: false
  }
  if (resume !== null) {
    const { position, skip, firstPage } = resume
    const isParted =
      position.at === 'page' ||
      (position.at === 'offset' && position.value - paging.firstOffset !== resume.offset - skip)
    const resumed = { ...base, front: skip, start: resume.offset - skip, isParted }
    if (firstPage === undefined) return ask(resumed, position)
    return ask({ ...resumed, paging: { ...paging, firstPage }, isCorrected: true }, position)
  }
  return startAtOffset(base, offset)
}

function startAtOffset(base: WindowState, offset: number): WindowStep {
  const { paging } = base
  if (paging.type === 'offset' && paging.positionParam !== null) {
    const value = offset + paging.firstOffset
    return ask({ ...base, front: 0, start: offset }, { at: 'offset', value })
  }
  if (paging.type === 'page') {
    // The API may cap a guessed size, so that no page is skipped by it.
    const pageSize = knownPageSize(paging)
    const passed = pageSize === null ? 0 : Math.floor(offset / pageSize)
    const before = passed * (pageSize ?? 0)
    const position: PagePosition = { at: 'page', value: paging.firstPage + passed }
    return ask({ ...base, front: offset - before, start: before }, position)
  }
  return ask(base, { at: 'start' })
}

/**
 * Applies an answer; requests the next page until the window is full and it is known whether more follow.
 *
 * @param taken Which objects of the page were taken. Default: all, of which nothing is known.
 * @throws ConnectorError `PAGING_REPEATED` for a cursor or link that was followed before, and where answers show
 *   that guessed paging is wrong; `PAGING_UNREADABLE`, `WINDOW_UNSUPPORTED` where the window cannot be reached.
 */
export function nextWindow(
  state: WindowState,
  witnesses: Witnesses,
  taken: TakenPage = UNKNOWN_PAGE
): WindowStep {
  const firstPage = firstPageOf(state, witnesses)
  if (firstPage !== state.paging.firstPage) {
    return { ...againFromZero(state), isRefused: true }
  }
  const now = withPage(state, witnesses, taken)
  assertPages(state, now, witnesses, taken)
  const { next, verdict, received } = now
  const wanted = now.front + now.size
  const isFull = received > wanted || (received === wanted && verdict === 'more')
  if (now.ended || isFull) return { state: now, request: null }
  if (isFrontOnly(now.paging) && next === null) return askFrontAgain(now, witnesses)
  if (next === null) {
    assertReachable(now, witnesses)
    return { state: now, request: null }
  }
  const isLate = state.pages.length >= state.paging.maxPages
  return isLate ? { state: now, request: null } : ask(now, next)
}

/**
 * The window after the API refused its first page: read from the first page of the list, to see whether it ends
 * before the window, or by numbers from 0 if that number was guessed. Null where it was the first page of the list,
 * or is too far from it.
 */
export function restartWindow(state: WindowState): WindowStep | null {
  const { paging, pages, front, start } = state
  const asked = pages[0]?.position
  if (pages.length !== 1 || (asked?.at !== 'offset' && asked?.at !== 'page')) return null
  const first = asked.at === 'page' ? paging.firstPage : paging.firstOffset
  if (asked.value === first) return isFirstGuess(state) ? againFromZero(state) : null
  if (start > DEEP) return null
  const whole = { ...state, front: front + start, start: 0, pages: [] }
  return ask(whole, { at: asked.at, value: first })
}

/** The window after a page beyond the last one, which the API refuses. */
export function endWindow(state: WindowState): WindowState {
  return { ...state, next: null, ended: true }
}

/** Counts a page in. */
function withPage(
  state: WindowState,
  witnesses: Witnesses,
  { dropped, isNew }: TakenPage
): WindowState {
  const { paging, pages, asked, start, largest, overlap } = state
  const { count, pageSize } = witnesses
  const fresh = Math.max(0, count - overlap) - dropped.length
  const received = state.received + fresh
  const advance = advanceOf(state, witnesses)
  const position = lastOf(pages).position
  const isStated = pageSize !== undefined && (asked === null || pageSize <= asked)
  const mayOverlap = position.at === 'offset' && isStated && advance < pageSize
  const counted = {
    ...state,
    received,
    overlap: 0,
    largest: Math.max(largest, count),
    pages: pages.with(-1, { ...lastOf(pages), dropped, mayOverlap })
  }
  if (count === 0) return { ...counted, ...afterEmpty(state, witnesses) }
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
  const said = judgeMore({ paging, asked, reached, given, page, largest, isLed }, witnesses)
  const verdict = said === 'more' && isStaying(position, witnesses) && !isNew ? 'disputed' : said
  const next = verdict === 'none' ? null : followingPosition(state, witnesses, advance)
  const size = isNumbered ? (knownPageSize(paging) ?? fresh) : advance
  const isCounted = next?.at === 'offset' || next?.at === 'page'
  return {
    ...counted,
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

/** A page without objects ends its list, unless it leads on and nothing denies that more follow. */
function afterEmpty(
  { pages, verdict, start, received }: WindowState,
  { next: { isThere, position }, hasMore, total }: Witnesses
): Pick<WindowState, 'verdict' | 'next' | 'ended'> {
  const isPassed = position === null || pages.some(page => isSamePosition(page.position, position))
  if (isThere !== true || isPassed || verdict === 'disputed') {
    return { verdict: 'none', next: null, ended: true }
  }
  const isDenied = hasMore === false || (total !== undefined && total <= start + received)
  return { verdict: isDenied ? 'disputed' : 'more', next: position, ended: false }
}

/** Where only the front can be requested, all that is needed is requested again if the front was too small. */
function askFrontAgain(state: WindowState, witnesses: Witnesses): WindowStep {
  const { paging, asked, received, front, size, pages } = state
  const isMost = asked === null || (paging.pageSize ?? Number.POSITIVE_INFINITY) <= asked
  const isCapped = asked !== null && witnesses.count < asked
  if (isMost || isCapped || asked > front + size || pages.length > 1) {
    assertReachable(state, witnesses)
    return { state, request: null }
  }
  return ask({ ...state, overlap: received }, { at: 'start' })
}

/** Requests the first page of a window by its number from 0. */
function againFromZero(state: WindowState): WindowStep {
  const passed = Math.floor(state.start / (knownPageSize(state.paging) ?? 1))
  const paging = { ...state.paging, firstPage: 0 }
  return ask({ ...state, paging, isCorrected: true, pages: [] }, { at: 'page', value: passed })
}

function ask(state: WindowState, position: PagePosition): WindowStep {
  const { paging, received } = state
  const asked = requestSize({
    ...state,
    missing: state.front + state.size - received + state.overlap,
    // Where objects are left out, a small page could have none.
    least: state.isParted && state.pages.length > 0 ? (state.asked ?? 0) : 0,
    isAgain: state.overlap > 0
  })
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
  const pages = [...state.pages, page]
  return {
    state: { ...state, pages, asked, next: null },
    request: { values, url: position.at === 'link' ? position.value : null }
  }
}

function lastOf(pages: readonly RequestedPage[]): RequestedPage {
  return pages.at(-1) ?? { position: { at: 'start' }, before: 0, dropped: [], mayOverlap: false }
}
