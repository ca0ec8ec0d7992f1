import type { WindowState } from './window-state.ts'
import type { Witnesses } from './read-witnesses.ts'

/**
 * The number of the list's first page. The first answer is believed over a guess, once: where it says that the page
 * that was asked for as the first is not, or that it has another number, pages are counted from 0.
 */
export function firstPageOf(
  { paging, pages, isCorrected }: WindowState,
  { count, isFirst, isIndex, position, total, pages: ofList }: Witnesses
): number {
  const { firstPage, firstPageIsGuessed } = paging
  const asked = pages[0]?.position
  const isOpen = firstPageIsGuessed && firstPage === 1 && !isCorrected && pages.length === 1
  if (!isOpen || asked?.at !== 'page') return firstPage
  const isOther = position === (isIndex ? asked.value : asked.value + 1)
  const isAskedAsFirst = asked.value === firstPage
  const isEmptyFirst = count === 0 && ((total ?? 0) > 0 || (ofList ?? 0) > 0)
  return isOther || (isAskedAsFirst && (isFirst === false || isEmptyFirst)) ? 0 : firstPage
}
