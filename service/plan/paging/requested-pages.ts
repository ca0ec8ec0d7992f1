import type { RequestedPage, WindowState } from './window-state.ts'

/** The pages that a window has requested: of a long list the first one, the latest ones, and a mark. */
type RequestedPages = Pick<WindowState, 'pages' | 'pageCount' | 'mark' | 'isParted'>

/** A window before its first page. */
export const NO_PAGES: Pick<WindowState, 'pages' | 'pageCount' | 'mark'> = {
  pages: [],
  pageCount: 0,
  mark: null
}

/** Pages that are kept besides the first one, so that a list of any length takes the same memory. */
const LATEST_MAX = 128

/**
 * Adds a page that is requested, and forgets the oldest one but the first. The mark moves to every page whose number
 * is a power of two: pages that go round in a circle of any length come by it again (Brent's algorithm).
 */
export function withPage(
  { pages, pageCount, mark, isParted }: RequestedPages,
  page: RequestedPage
): RequestedPages {
  const count = pageCount + 1
  const marked = Number.isInteger(Math.log2(count)) ? page.position : mark
  if (pages.length <= LATEST_MAX) {
    return { pages: [...pages, page], pageCount: count, mark: marked, isParted }
  }
  const [first, forgotten, ...latest] = pages
  return {
    pages: first === undefined ? [page] : [first, ...latest, page],
    pageCount: count,
    mark: marked,
    // Positions and objects gave part where a page that is forgotten may overlap the next.
    isParted: isParted || forgotten?.mayOverlap === true
  }
}
