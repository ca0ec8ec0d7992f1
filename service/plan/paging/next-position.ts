import { mayBeCapped } from './judge-more.ts'
import type { PagePosition } from './page-position.ts'
import type { WindowState } from './window-state.ts'
import type { Witnesses } from './read-witnesses.ts'

/**
 * By how much an offset grows: by the size of the page as the answer states it, because the API may leave objects
 * out of a page; else by the objects that came. Never by what was asked for, which the answer may only repeat.
 */
export function advanceOf(
  state: Pick<WindowState, 'paging' | 'asked' | 'largest' | 'isParted'>,
  { count, pageSize }: Witnesses
): number {
  const { asked } = state
  if (pageSize === undefined || pageSize <= count) return count
  if (asked !== null && pageSize > asked) return count
  const isRepeated = pageSize === asked && !state.isParted && mayBeCapped(state, count)
  return isRepeated ? count : pageSize
}

/**
 * Where the page after the last one begins; null where it cannot be requested. A cursor that an answer hands on is
 * preferred to counting.
 */
export function followingPosition(
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
