import { isRound } from './judge-more.ts'
import type { PagePosition } from './page-position.ts'
import type { WindowState } from './window-state.ts'
import type { Witnesses } from './read-witnesses.ts'

/**
 * By how much an offset grows: by the size of the page as the answer states it, because the API may leave objects
 * out of a page; else by the objects that came. Never by what was asked for, which the answer may only repeat.
 */
export function advanceOf(
  { paging, asked }: Pick<WindowState, 'paging' | 'asked'>,
  { count, pageSize }: Witnesses
): number {
  if (pageSize === undefined || pageSize <= count) return count
  if (asked !== null && pageSize > asked) return count
  const mayBeRepeated = pageSize === asked && paging.pageSize === null && isRound(count)
  return mayBeRepeated ? count : pageSize
}

/** Where the page after the last one begins; null where it cannot be requested. */
export function followingPosition(
  { paging, pages }: Pick<WindowState, 'paging' | 'pages'>,
  { next }: Witnesses,
  advance: number
): PagePosition | null {
  const last = pages.at(-1)?.position
  if (last?.at === 'offset' && paging.positionParam !== null) {
    return { at: 'offset', value: last.value + advance }
  }
  if (last?.at === 'page') return { at: 'page', value: last.value + 1 }
  return next.position
}
