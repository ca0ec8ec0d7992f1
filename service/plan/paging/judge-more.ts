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
  /** Pages of the list up to this one; null where they are not numbered. */
  readonly pages: number | null
  /** Objects in the largest page before it. */
  readonly largest: number
}

/** Lists with a size parameter but no position: only the front can be requested. */
export function isFrontOnly({ type, positionParam, pageSizeParam }: PagingRecord): boolean {
  const hasPosition = type !== 'none' && (type !== 'offset' || positionParam !== null)
  return pageSizeParam !== null && !hasPosition
}

/** Judges what a page with objects says of the rest of its list (docs/x-flow.md#the-end-of-a-list). */
export function judgeMore(context: PageContext, witnesses: Witnesses): Verdict {
  const { paging, reached } = context
  const total = totalOf(context, witnesses)
  const said = [
    witnesses.next.isThere,
    witnesses.hasMore,
    total === undefined ? undefined : reached < total,
    isBeforeLast(context, witnesses)
  ]
  const isMore = said.includes(true)
  const isNone = said.includes(false)
  if (isMore) return isNone ? 'disputed' : 'more'
  if (paging.type === 'none') return 'none'
  return isNone ? 'none' : byFullness(context, witnesses)
}

/**
 * The objects of the whole list. A number is none if it is below that of the page, or of the objects that came; or
 * if it may as well be that of the page, and nothing shows that the page is the only one.
 */
export function totalOf(context: PageContext, witnesses: Witnesses): number | undefined {
  const { asked, reached } = context
  const { count, total, totalOrCount, pageSize } = witnesses
  const found =
    total ?? (totalOrCount === asked || totalOrCount === pageSize ? undefined : totalOrCount)
  if (found === undefined || found < count || found < reached) return undefined
  if (found !== count) return found
  if (asked === null && pageSize === undefined) return isRound(count) ? undefined : found
  return byFullness(context, witnesses) === 'none' ? found : undefined
}

function isBeforeLast({ pages }: PageContext, witnesses: Witnesses): boolean | undefined {
  if (pages === null || witnesses.pages === undefined || witnesses.pages < pages) return undefined
  return pages < witnesses.pages
}

/** A page that is not full is the last one. */
function byFullness(context: PageContext, { count, pageSize }: Witnesses): 'none' | 'unsaid' {
  const { paging, asked, largest } = context
  const isStated = pageSize !== undefined && pageSize !== asked
  const size = isStated ? pageSize : asked
  if (size === null || count >= size) return 'unsaid'
  if (isFrontOnly(paging)) return 'none'
  // An API that silently caps pages does so at a round number, and not below its default.
  const mayBeCapped =
    !isStated &&
    paging.pageSize === null &&
    count >= largest &&
    count >= (paging.usualSize ?? 0) &&
    (count === paging.usualSize || isRound(count))
  return mayBeCapped ? 'unsaid' : 'none'
}

/** Numbers to which the size of a page is usually set. */
export function isRound(count: number): boolean {
  return count > 0 && (count % 5 === 0 || count % 12 === 0 || count % 16 === 0)
}
