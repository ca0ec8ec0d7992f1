import { askPage, knownPageSize } from './page-request.ts'
import type { Witnesses } from './read-witnesses.ts'
import { assertFirstPage } from './refuse-paging.ts'
import { NO_PAGES } from './requested-pages.ts'
import type { PageRequest, WindowState, WindowStep } from './window-state.ts'

/** Objects after which a 400 is that of an API which does not page further. */
const DEEP = 1_000

/** Whether the request that was made is the first one by a guessed number, which its answer may correct. */
function isFirstGuess({ paging, pages, isCorrected }: WindowState): boolean {
  const { firstPage, firstPageIsGuessed } = paging
  const isGuessed = firstPageIsGuessed && firstPage === 1 && !isCorrected
  return isGuessed && pages.length === 1 && pages[0]?.position.at === 'page'
}

/**
 * The number of the list's first page. The first answer is believed over a guess, once: where it says that the page
 * that was asked for as the first is not, or that it has another number, pages are counted from 0.
 */
export function firstPageOf(
  state: WindowState,
  { count, isFirst, isIndex, position, total, pages: ofList }: Witnesses
): number {
  const { firstPage } = state.paging
  const asked = state.pages[0]?.position
  if (!isFirstGuess(state) || asked?.at !== 'page') return firstPage
  const isOther = position === (isIndex ? asked.value : asked.value + 1)
  const isAskedAsFirst = asked.value === firstPage
  const isEmptyFirst = count === 0 && ((total ?? 0) > 0 || (ofList ?? 0) > 0)
  return isOther || (isAskedAsFirst && (isFirst === false || isEmptyFirst)) ? 0 : firstPage
}

/** Requests the first page of a window by its number from 0. */
export function restartFromZero(state: WindowState): WindowStep {
  const passed = Math.floor(state.start / (knownPageSize(state.paging) ?? 1))
  const paging = { ...state.paging, firstPage: 0 }
  return askPage(
    { ...state, paging, isCorrected: true, ...NO_PAGES },
    { at: 'page', value: passed }
  )
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
  if (asked.value === first) return isFirstGuess(state) ? restartFromZero(state) : null
  if (start > DEEP) return null
  const whole = { ...state, front: front + start, start: 0, ...NO_PAGES }
  return askPage(whole, { at: asked.at, value: first })
}

/**
 * The window after a page beyond the last one, which the API refuses.
 *
 * @throws ConnectorError as `assertFirstPage`
 */
export function endWindow(state: WindowState): WindowState {
  const ended = { ...state, next: null, ended: true }
  assertFirstPage(ended)
  return ended
}

/**
 * Whether a failed request was for the page after the last one, as some APIs refuse it
 * (docs/x-flow.md#the-end-of-a-list): only by offset and page number, never the first page of a list; behind a cursor
 * or link, only if the page before was disputed. A 400 may mean anything else, so that it counts only if nothing said
 * that more follow.
 */
export function isBehindLast(
  { paging, pages, start, received, verdict }: WindowState,
  status: number
): boolean {
  const isGone = status === 404 || status === 416
  // A witness that the list is over is right.
  if (isGone && verdict === 'disputed') return true
  const asked = pages.at(-1)?.position
  if (asked?.at !== 'offset' && asked?.at !== 'page') return false
  if (asked.value <= (asked.at === 'page' ? paging.firstPage : paging.firstOffset)) return false
  if (isGone) return true
  return status === 400 && pages.length > 1 && start + received < DEEP && verdict === 'unsaid'
}

/**
 * Whether a failed request was for the page after the last one, of a list that must not be cut in silence
 * (docs/pipelines.md#the-end-of-a-list): as `isBehindLast`, but not where more was told, and not by a 400, which an API
 * also answers where it pages no further.
 */
export function isSurelyBehindLast(state: WindowState, status: number): boolean {
  return status !== 400 && state.verdict !== 'more' && isBehindLast(state, status)
}

/**
 * What proves that a refused page is behind the last record: a page that begins with that record has no other.
 *
 * @returns Null where no page can begin there, or one page has one record.
 */
export function lastRecordPage(state: WindowState): PageRequest | null {
  const { pages, asked, verdict } = state
  const position = pages.at(-1)?.position
  const canTell = pages.length > 1 && verdict !== 'more' && asked !== null && asked > 1
  if (!canTell || position?.at !== 'offset') return null
  return askPage(state, { at: 'offset', value: position.value - 1 }).request
}
