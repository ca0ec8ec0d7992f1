import { ConnectorError } from '../../errors.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import type { PageFacts, PagePosition } from './read-page.ts'

/** The page that a request asks for. */
export type PageRequest = {
  /** Values of parameters by name; a name that begins with `body.` is a dotted path in the body. */
  readonly values: { readonly [name: string]: string | number }
  /** A next link, called as it is; null for the operation's own address. */
  readonly url: string | null
}

/** The beginning of the next window: a page, how many of its objects to skip, and the list's offset. */
export type PageResume = {
  readonly position: PagePosition
  readonly skip: number
  readonly offset: number
}

/** The window that a flow asks for; a limit of 0 is all. */
export type FlowWindow = { readonly limit: number; readonly offset: number }

/** The progress of a window; immutable, made anew by each step. */
export type WindowState = {
  readonly paging: PagingRecord
  readonly typeName: string
  readonly isBounded: boolean
  /** Most objects of the window. */
  readonly size: number
  /** Received objects before the window. */
  readonly front: number
  /** Position in the list of the first object received. */
  readonly start: number
  readonly received: number
  /** The requested pages, each with the number of objects received before it. */
  readonly pages: readonly { readonly position: PagePosition; readonly before: number }[]
  /** Size that the last request asked for; null where the API decides. */
  readonly asked: number | null
  /** The page after the last one; null for none, or an unknown one. */
  readonly next: PagePosition | null
  /** The list is known to have no further page. */
  readonly ended: boolean
}

/** The progress of a window, and the next request; null for none. */
export type WindowStep = { readonly state: WindowState; readonly request: PageRequest | null }

/** Size of numbered pages without a declared size. */
const USUAL_PAGE = 100

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
  const size = limit > 0 ? limit : scanMaxRecords
  const base = {
    paging,
    typeName,
    isBounded: limit > 0,
    size,
    front: offset,
    start: 0,
    received: 0,
    pages: [],
    asked: null,
    next: null,
    ended: false
  }
  if (resume !== null) {
    const { position, skip } = resume
    return ask({ ...base, front: skip, start: resume.offset - skip }, position)
  }
  if (paging.type === 'offset' && paging.positionParam !== null) {
    return ask({ ...base, front: 0, start: offset }, { at: 'offset', value: offset })
  }
  if (paging.type === 'page') {
    // The API may cap a guessed size, so that no page is skipped by it.
    const pageSize = paging.pageSize ?? (paging.pageSizeParam === null ? null : paging.usualSize)
    const passed = pageSize === null ? 0 : Math.floor(offset / pageSize)
    const before = passed * (pageSize ?? 0)
    const position: PagePosition = { at: 'page', value: paging.firstPage + passed }
    return ask({ ...base, front: offset - before, start: before }, position)
  }
  return ask(base, { at: 'start' })
}

/** Numbered pages have one size: the declared one, else the usual one where it can be asked for. */
function pageSizeOf({ type, pageSize, pageSizeParam, usualSize }: PagingRecord): number | null {
  if (type !== 'page' || pageSizeParam === null) return pageSize
  return pageSize ?? usualSize ?? USUAL_PAGE
}

/** Lists with a size parameter but no position: only the front can be requested. */
function isFrontOnly({ type, positionParam, pageSizeParam }: PagingRecord): boolean {
  const hasPosition = type !== 'none' && (type !== 'offset' || positionParam !== null)
  return pageSizeParam !== null && !hasPosition
}

/** Lists of which each page is found by the one before. */
function isSequential({ type }: PagingRecord): boolean {
  return type === 'cursor' || type === 'next_link' || type === 'link_header' || type === 'none'
}

/**
 * Applies an answer; requests the next page until the window is full.
 *
 * @throws ConnectorError `PAGING_REPEATED` for a cursor or link that was followed before.
 */
export function nextWindow(state: WindowState, facts: PageFacts): WindowStep {
  const received = state.received + facts.count
  const next = followingPosition(state, facts, received)
  const ended = next === null ? !hidesMore(state, facts) : isEnd(state, facts, received)
  const now: WindowState = { ...state, received, next: ended ? null : next, ended }
  const wanted = state.front + state.size
  const saysMore =
    isSequential(state.paging) || facts.hasMore === true || countsMore(state, facts, received)
  const isFull = received > wanted || (received === wanted && saysMore)
  if (ended || isFull || next === null) return { state: now, request: null }
  if (state.pages.length >= state.paging.maxPages) return { state: now, request: null }
  const text = JSON.stringify(next)
  const isRepeated = state.pages.some(({ position }) => JSON.stringify(position) === text)
  if (isRepeated) throw new ConnectorError('PAGING_REPEATED', { type: state.typeName })
  return ask(now, next)
}

/**
 * The objects of the window, whether more follow, and where the next window begins: for a sequential
 * list, and where the flow's offset would not say it.
 */
export function windowResult<T>(
  state: WindowState,
  objects: readonly T[]
): {
  readonly objects: readonly T[]
  readonly hasMoreResults: boolean
  readonly resume: PageResume | null
} {
  const end = state.front + state.size
  const hasMoreResults = objects.length > end || !state.ended
  const served = objects.slice(state.front, end)
  // The pages that a load may read can end before its window does.
  const given = state.front + served.length
  const isNeeded = isSequential(state.paging) || !state.isBounded || served.length < state.size
  return {
    objects: served,
    hasMoreResults,
    resume: hasMoreResults && isNeeded ? resumeAt(state, given) : null
  }
}

function resumeAt(state: WindowState, end: number): PageResume | null {
  const { paging, pages, received, next, start } = state
  const offset = start + end
  if (paging.type === 'offset' && paging.positionParam !== null) {
    return { position: { at: 'offset', value: offset }, skip: 0, offset }
  }
  if (end >= received) {
    return next === null ? null : { position: next, skip: end - received, offset }
  }
  const page = pages.findLast(({ before }) => before <= end)
  return page === undefined ? null : { position: page.position, skip: end - page.before, offset }
}

function followingPosition(
  { paging, pages, start }: WindowState,
  facts: PageFacts,
  received: number
): PagePosition | null {
  if (paging.type === 'offset') {
    return paging.positionParam === null ? null : { at: 'offset', value: start + received }
  }
  if (paging.type === 'page') {
    const last = pages.at(-1)?.position
    return last?.at === 'page' ? { at: 'page', value: last.value + 1 } : null
  }
  return facts.next
}

/** Whether a list of which only the front can be requested may have more. */
function hidesMore({ paging, asked }: WindowState, { count, total, hasMore }: PageFacts): boolean {
  if (!isFrontOnly(paging)) return false
  if (hasMore !== undefined) return hasMore
  if (total !== undefined && total >= count) return total > count
  return asked !== null && count >= asked
}

/** Whether the page was the last one of its list. */
function isEnd(state: WindowState, facts: PageFacts, received: number): boolean {
  const { count, hasMore } = facts
  const { start, asked, paging } = state
  const position = start + received
  // A total below the size of one page is wrong.
  const total = facts.total !== undefined && facts.total >= count ? facts.total : undefined
  if (hasMore === false) return true
  if (isSequential(paging)) return hasMore === undefined && total !== undefined && position >= total
  if (count === 0) return true
  if (hasMore === true) return false
  if (total !== undefined) return position >= total
  if (asked === null || count >= asked) return false
  // An API that silently caps pages does so at a round number, and not below its default.
  const mayBeCapped =
    paging.pageSize === null &&
    count >= (paging.usualSize ?? 0) &&
    (count % 10 === 0 || count % 25 === 0)
  return !mayBeCapped
}

function countsMore({ start }: WindowState, { total }: PageFacts, received: number): boolean {
  return total !== undefined && start + received < total
}

function ask(state: WindowState, position: PagePosition): WindowStep {
  const { paging } = state
  const asked = sizeToAsk(state)
  const values: Record<string, string | number> = {}
  // A next link is complete.
  if (position.at !== 'link') {
    if (asked !== null && paging.pageSizeParam !== null) values[paging.pageSizeParam] = asked
    const isMappedZero =
      paging.origin === 'mapped' && position.at === 'offset' && position.value === 0
    if (position.at !== 'start' && paging.positionParam !== null && !isMappedZero) {
      values[paging.positionParam] = position.value
    }
  }
  const pages = [...state.pages, { position, before: state.received }]
  return {
    state: { ...state, pages, asked, next: null },
    request: { values, url: position.at === 'link' ? position.value : null }
  }
}

/** The size that the next request asks for; null where the API decides. */
function sizeToAsk(state: WindowState): number | null {
  const { paging, front, size, received, isBounded, typeName } = state
  const { pageSize, pageSizeParam, usualSize, type } = paging
  if (type === 'page' || pageSizeParam === null) return pageSizeOf(paging)
  const isOnly = isFrontOnly(paging)
  // A sequential page ends with the window, so that the next window begins there.
  const missing = front + size - received + (isSequential(paging) && !isOnly ? 0 : 1)
  if (isOnly && pageSize !== null && pageSize < (isBounded ? missing : front + 1)) {
    const holes = { type: typeName, count: missing, maximum: pageSize }
    throw new ConnectorError('WINDOW_UNSUPPORTED', holes)
  }
  if (pageSize !== null) return Math.max(1, Math.min(pageSize, missing))
  // Objects beyond a requested front are never seen; otherwise the usual size is enough.
  if (isBounded || isOnly) return Math.max(1, missing)
  return usualSize === null ? null : Math.min(usualSize, Math.max(1, missing))
}
