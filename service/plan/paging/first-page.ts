import type { Witnesses } from './read-witnesses.ts'
import type { WindowState } from './window-state.ts'

/** Whether the request that was made is the first one by a guessed number, which its answer may correct. */
export function isFirstGuess({ paging, pages, isCorrected }: WindowState): boolean {
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
