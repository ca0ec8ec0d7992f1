import type { PagingRecord } from './endpoint-record.ts'

/** Objects in a page where neither the document nor the flow says how many. */
const USUAL_SIZE = 100

/**
 * The size that a request asks for: the next allowed one at or above what is needed, but at most the
 * page size (docs/x-flow.md#paging).
 *
 * @param needed Objects that are missing; null for all of the list.
 * @returns Null where no parameter takes a size.
 */
export function sizeToAsk(
  { pageSize, pageSizeParam, usualSize, sizes }: PagingRecord,
  needed: number | null
): number | null {
  if (pageSizeParam === null) return null
  const wanted = Math.max(1, needed ?? pageSize ?? usualSize ?? USUAL_SIZE)
  const most = pageSize ?? Number.POSITIVE_INFINITY
  if (sizes === null) return Math.min(wanted, most)
  const { minimum, step, allowed } = sizes
  if (allowed !== null) {
    const [least] = allowed
    const fitting = allowed.filter(size => size <= most)
    return fitting.find(size => size >= wanted) ?? fitting.at(-1) ?? least ?? null
  }
  return Math.min(most, Math.ceil(Math.max(wanted, minimum) / step) * step)
}
