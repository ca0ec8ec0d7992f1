import type { PageResume, WindowState } from './window-state.ts'
import { isFrontOnly } from './judge-more.ts'
import { isSamePosition } from './page-position.ts'
import { isSequential } from './page-request.ts'

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
  const { isBounded, isCorrected, paging } = state
  const end = state.front + state.size
  const hasMoreResults = objects.length > end || !state.ended
  const isWhole = state.front === 0 && objects.length <= end
  const served = isWhole ? objects : objects.slice(state.front, end)
  // The pages that a load may read can end before its window does.
  const given = state.front + served.length
  const isNeeded =
    isSequential(paging) ||
    !isBounded ||
    isUnsure(state) ||
    isCorrected ||
    served.length < state.size
  return {
    objects: served,
    hasMoreResults,
    resume: hasMoreResults && isNeeded ? resumeAt(state, given) : null
  }
}

/**
 * Where a list is read on after all pages that came; null at its end, and where the rest cannot be asked for without
 * what was read.
 */
export function resumeAfter(state: WindowState): PageResume | null {
  return state.ended ? null : resumeAt(state, state.received)
}

/** Whether the flow's offset may not be a position of the API. */
function isUnsure({ isParted, pages }: WindowState): boolean {
  return isParted || pages.some(({ mayOverlap }) => mayOverlap)
}

/** Where the object after so many of the received ones is. */
function resumeAt(state: WindowState, end: number): PageResume | null {
  const { paging, pages, received, next, start, isCorrected } = state
  const mayOverlap = pages.at(-1)?.mayOverlap === true
  const offset = start + end
  const rest = isCorrected ? { offset, firstPage: paging.firstPage } : { offset }
  const isFront = isFrontOnly(paging) && pages.every(({ position }) => position.at === 'start')
  if (isFront) return { position: { at: 'start' }, skip: offset, ...rest }
  if (paging.type === 'offset' && !isUnsure(state)) {
    return { position: { at: 'offset', value: offset + paging.firstOffset }, skip: 0, ...rest }
  }
  if (end >= received && next !== null && !mayOverlap)
    return { position: next, skip: end - received, ...rest }
  const page = pages.findLast(({ before }) => before <= end)
  if (page === undefined || (end >= received && next === null)) return null
  // A mark that stays leads to another page each time, so that a page cannot be read again.
  const led = [...pages.map(({ position }) => position), ...(next === null ? [] : [next])]
  const stays = led.filter(position => isSamePosition(position, page.position)).length > 1
  if (stays) return null
  return { position: page.position, skip: rawIndex(page.dropped, end - page.before), ...rest }
}

/** The index in a page of the object after so many that were taken. */
function rawIndex(dropped: readonly number[], taken: number): number {
  let index = taken
  for (const at of dropped) if (at <= index) index++
  return index
}
