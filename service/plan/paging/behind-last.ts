import type { WindowState } from './window-state.ts'

/** Objects after which a 400 is that of an API which does not page further. */
export const DEEP = 1_000

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
