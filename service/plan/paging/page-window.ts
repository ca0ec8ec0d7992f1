import type { PagingRecord } from '../../model/endpoint-record.ts'
import { countPage } from './count-page.ts'
import { isFrontOnly } from './judge-more.ts'
import type { PagePosition } from './page-position.ts'
import { askPage, knownPageSize } from './page-request.ts'
import type { Witnesses } from './read-witnesses.ts'
import { assertPages, assertReachable } from './refuse-paging.ts'
import { NO_PAGES } from './requested-pages.ts'
import { firstPageOf, restartFromZero } from './restart-window.ts'
import type { FlowWindow, PageResume, TakenPage, WindowState, WindowStep } from './window-state.ts'

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
    ...NO_PAGES,
    asked: null,
    largest: 0,
    overlap: 0,
    isParted: false,
    isCorrected: false,
    isPageShort: false,
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
    if (firstPage === undefined) return askPage(resumed, position)
    return askPage({ ...resumed, paging: { ...paging, firstPage }, isCorrected: true }, position)
  }
  return startAtOffset(base, offset)
}

function startAtOffset(base: WindowState, offset: number): WindowStep {
  const { paging } = base
  if (paging.type === 'offset' && paging.positionParam !== null) {
    const value = offset + paging.firstOffset
    return askPage({ ...base, front: 0, start: offset }, { at: 'offset', value })
  }
  if (paging.type === 'page') {
    // The API may cap a guessed size, so that no page is skipped by it.
    const pageSize = knownPageSize(paging)
    const passed = pageSize === null ? 0 : Math.floor(offset / pageSize)
    const before = passed * (pageSize ?? 0)
    const position: PagePosition = { at: 'page', value: paging.firstPage + passed }
    return askPage({ ...base, front: offset - before, start: before }, position)
  }
  return askPage(base, { at: 'start' })
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
    return { ...restartFromZero(state), isRefused: true }
  }
  const now = countPage(state, witnesses, taken)
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
  const isLate = state.pageCount >= (state.paging.maxPages ?? Number.POSITIVE_INFINITY)
  return isLate ? { state: now, request: null } : { ...askPage(now, next), before: now }
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
  return { ...askPage({ ...state, overlap: received }, { at: 'start' }), before: state }
}
