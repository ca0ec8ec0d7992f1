import type { PagingRecord } from '../../model/endpoint-record.ts'
import type { Witnesses } from './read-witnesses.ts'

/**
 * Whether objects follow a page: `more`, `none`, or in doubt, because nothing says it (`unsaid`) or because one
 * witness denies what another says (`disputed`). What is in doubt is known by the next page.
 */
export type Verdict = 'more' | 'none' | 'unsaid' | 'disputed'

/** What is known of a page besides its answer. */
export type PageContext = {
  readonly paging: PagingRecord
  /** Size that was asked for; null where the API decides. */
  readonly asked: number | null
  /** Objects of the list up to the end of the page, those that the API leaves out included. */
  readonly reached: number
  /** Objects of the list up to the end of the page that came. */
  readonly given: number
  /** Number of the page in the list, from 1; null where pages are not numbered. */
  readonly page: number | null
  /** Objects in the largest page before it. */
  readonly largest: number
  /** The page was reached by a cursor or link, so that one that is missing ends the list. */
  readonly isLed: boolean
}

/** Lists with a size parameter but no position: only the front can be requested. */
export function isFrontOnly({ type, positionParam, pageSizeParam }: PagingRecord): boolean {
  return (type === 'none' || type === 'offset') && pageSizeParam !== null && positionParam === null
}

/** The size of a page as its answer states it; a larger one than was asked for is that of another. */
export function statedSize(asked: number | null, { pageSize }: Witnesses): number | undefined {
  return pageSize !== undefined && asked !== null && pageSize > asked ? undefined : pageSize
}

/** Judges what a page with objects says of the rest of its list (docs/x-flow.md#the-end-of-a-list). */
export function judgeMore(context: PageContext, witnesses: Witnesses): Verdict {
  const { paging, asked, isLed } = context
  const { count, isGuessed, next } = witnesses
  const total = totalOf(context, witnesses)
  const fullness = byFullness(context, witnesses)
  // A number that equals a full page may be the size of the page.
  const size = statedSize(asked, witnesses) ?? asked
  const isFull = size === null ? isRound(count) : count >= size
  const mayBePage = witnesses.total === undefined ? fullness === 'unsaid' : isFull
  const isClear = total !== count || !mayBePage || isFrontOnly(paging)
  const isBelowTotal = isClear ? isBelow(context, total) : undefined
  const said = [
    next.isThere ?? (isLed && next.position === null ? false : undefined),
    witnesses.hasMore,
    isBelowTotal,
    isBelowTotal === true && isPassed(context, count, total) ? false : undefined,
    isBeforeLast(context, witnesses)
  ]
  const isNone = said.includes(false)
  if (said.includes(true)) return isNone || !isClear ? 'disputed' : 'more'
  // A guess alone does not end a list that the author of the document declares.
  if (isNone && !(isGuessed && paging.origin === 'declared')) return 'none'
  return paging.type === 'none' && asked === null ? 'none' : fullness
}

/** Whether exactly one page follows this one, by a total that is a whole page away, or by the number of pages. */
export function isOneBeforeLast(context: PageContext, witnesses: Witnesses): boolean {
  const { page, given } = context
  const { pages } = witnesses
  if (page === null) return false
  const total = totalOf(context, witnesses)
  if (total === undefined) return pages === page + 1
  const missing = total - given
  return sizesOf(context, witnesses).includes(missing) && Math.ceil(total / missing) === page + 1
}

/** Which sizes a full page may have. The objects of a single page are one only where the API may cap it. */
function sizesOf(context: PageContext, witnesses: Witnesses): readonly (number | null)[] {
  const { paging, asked, largest } = context
  const { count } = witnesses
  const stated = statedSize(asked, witnesses)
  if (stated !== undefined) return [stated]
  if (paging.pageSize !== null) return [asked]
  return largest > 0 || mayBeCapped(context, count) ? [asked, Math.max(largest, count)] : [asked]
}

/** Whether the page ends before the last of so many objects, with or without those that the API leaves out. */
function isBelow({ reached, given }: PageContext, total: number | undefined): boolean | undefined {
  if (total === undefined) return undefined
  if (reached < total) return true
  return given < total ? undefined : false
}

/**
 * Whether a numbered page that is not full reaches past so many objects, because the API leaves some out, unless its
 * pages are smaller than was asked for.
 */
function isPassed({ page, asked }: PageContext, count: number, total: number | undefined): boolean {
  if (page === null || asked === null || total === undefined) return false
  return count < asked && page * asked >= total
}

/** The objects of the whole list. No number below that of the page, or of the objects that came, is one. */
function totalOf(
  { asked, given }: PageContext,
  { count, total, totalOrCount, pageSize }: Witnesses
): number | undefined {
  const isSize = totalOrCount !== count && (totalOrCount === asked || totalOrCount === pageSize)
  const found = total ?? (isSize ? undefined : totalOrCount)
  return found === undefined || found < count || found < given ? undefined : found
}

/** Whether a page comes before the last one of so many; undefined where it may be either. */
function isBeforeLast(
  { paging, page, reached, asked, largest, isLed }: PageContext,
  witnesses: Witnesses
): boolean | undefined {
  const { count, pages } = witnesses
  if (pages === undefined) return undefined
  if (page !== null) return page > pages ? undefined : page < pages
  if (paging.type === 'none' && !isLed) return pages > 0 ? pages > 1 : undefined
  if (paging.type !== 'offset') return undefined
  // The size that the API has used, which may be less than was asked for.
  const used = Math.max(largest, count)
  const size = statedSize(asked, witnesses) ?? Math.min(asked ?? used, used)
  if (reached <= (pages - 1) * size) return true
  return reached === pages * size ? false : undefined
}

/**
 * A page that is not full is the last one, unless the API may have another size, or may leave objects out of pages,
 * as those do that state their size and have other ones.
 */
function byFullness(context: PageContext, witnesses: Witnesses): 'none' | 'unsaid' {
  const { paging, asked } = context
  const { count } = witnesses
  const pageSize = statedSize(asked, witnesses)
  const size = pageSize ?? asked
  if (size === null || count >= size) return 'unsaid'
  if (isFrontOnly(paging) || paging.type === 'none') return 'none'
  if (pageSize !== undefined && (paging.type === 'offset' || paging.type === 'page'))
    return 'unsaid'
  return mayBeCapped(context, count) && (pageSize === undefined || pageSize === asked)
    ? 'unsaid'
    : 'none'
}

/** An API that silently caps pages does so at a round number, and not below its default. */
export function mayBeCapped(
  { paging, largest }: Pick<PageContext, 'paging' | 'largest'>,
  count: number
): boolean {
  return (
    paging.pageSize === null &&
    count >= largest &&
    count >= (paging.usualSize ?? 0) &&
    (count === paging.usualSize || isRound(count))
  )
}

/** Numbers to which the size of a page is usually set. */
function isRound(count: number): boolean {
  const isPowerOfTwo = count >= 32 && Math.log2(count) % 1 === 0
  return count > 0 && (count % 5 === 0 || count % 24 === 0 || isPowerOfTwo)
}
