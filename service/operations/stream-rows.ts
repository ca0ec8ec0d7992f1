import { isJsonObject } from '../base/json.ts'
import { pickItems, sliceItems } from '../base/json-items.ts'
import { ConnectorError } from '../errors.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { resumeAfter } from '../plan/paging/window-result.ts'
import type { WindowState } from '../plan/paging/window-state.ts'
import { lastRecords, newRecords } from './last-records.ts'
import type { RowsPlan } from './plan-rows.ts'
import type { PageReader, ReadPage } from './read-pages.ts'
import type { RowPage, RowPages, RowPosition } from './row-page.ts'
import type { Rows } from './rows.ts'
import { sliceRows } from './rows.ts'
import type { RowsReading } from './rows-reading.ts'
import { matcherOf, readerOf, shaperOf, unreachable } from './rows-reading.ts'

/** Reads rows in the order of the API, page after page. */
export async function* streamRows(reading: RowsReading): RowPages {
  const { plan, request, start } = reading
  const { limit } = request.filter
  const { until = null } = request
  const match = matcherOf(reading)
  const shape = shaperOf(reading)
  // A page that may not be needed is asked for when it is.
  const isAhead = until === null && (limit === 0 || plan.remaining === null)
  let { pages, records, rows } = start
  /** Records of a limited list, also those that make no rows. */
  let taken = rows
  for (let number = start.reading; number < plan.readings.length; number++) {
    const resume = number === start.reading ? start.page : null
    const before = resume === null ? [] : start.last
    const skip = skipper(plan.type, before)
    const most = limit === 0 ? 0 : limit - taken + before.length
    const reader = readerOf(reading, number, resume, most)
    for (let next = reader.next(); next !== null; ) {
      const page = await next
      next = isAhead ? ahead(reader) : null
      const given = until === null ? skip(page) : cutAt(until, page, skip(page))
      const objects = objectsOf(given)
      const matched = await match(objects, number, records)
      const left = limit === 0 ? matched : sliceRows(matched, 0, limit - rows)
      const shaped = shape(left, records + 1)
      pages++
      records += given.values.length
      rows += shaped.values.length
      taken += plan.remaining === null ? given.values.length : shaped.values.length
      const isFull = (limit > 0 && taken >= limit) || isPast(until, page.state, plan.type)
      const reached = { pages, records, rows }
      const last = lastRecords(plan.type.identity, given.values)
      const position = { ...start, ...reached, last, reading: number }
      const isLastReading = number === plan.readings.length - 1
      yield {
        rows: shaped,
        after: positionAfter(position, page.state, isLastReading),
        reached,
        total: page.total,
        repeated: page.repeated,
        misfits: given.values.length - objects.values.length,
        end: isFull ? 'complete' : page.isLast ? endOf(page.state, isLastReading) : null
      }
      if (isFull) return
      if (page.isLast) assertEnded(plan, page.state, records)
      if (page.isLast && !page.state.ended) return
      if (!isAhead) next = reader.next()
    }
  }
}

/** The next page, which is asked for before it is needed. Its failure is that of whoever awaits it. */
function ahead(reader: PageReader): Promise<ReadPage> | null {
  const next = reader.next()
  next?.catch(() => {})
  return next
}

/**
 * Leaves out what was read before: the records before the window, where a read goes on in the middle of a page, and the
 * last ones of the page before, where pages overlap.
 */
function skipper(
  { identity }: TypeRecord,
  last: readonly string[]
): (page: ReadPage) => Pick<ReadPage, 'values' | 'items'> {
  let passed = 0
  let isFirst = true
  return page => {
    const { values, items, state } = page
    const skipped = Math.min(values.length, Math.max(0, state.front - passed))
    const left = values.slice(skipped)
    const fresh = isFirst && last.length > 0 ? newRecords(identity, left, last) : null
    passed += values.length
    isFirst = false
    if (fresh === null && skipped === 0) return page
    const kept = items && sliceItems(items, skipped, values.length)
    if (fresh === null) return { values: left, items: kept }
    return {
      values: fresh.map(index => left[index] ?? null),
      items: kept && pickItems(kept, fresh)
    }
  }
}

/** The values of a page before an offset. An API that gives less than was asked for may reach over it. */
function cutAt(
  until: number,
  { state }: ReadPage,
  given: Pick<ReadPage, 'values' | 'items'>
): Pick<ReadPage, 'values' | 'items'> {
  const { position, dropped = [] } = state.pages.at(-1) ?? {}
  if (position?.at !== 'offset') return given
  const raw = until - position.value
  const kept = raw - dropped.filter(index => index < raw).length
  if (given.values.length <= kept) return given
  const { values, items } = given
  return { values: values.slice(0, kept), items: items && sliceItems(items, 0, kept) }
}

/**
 * Whether the next page is not before an offset or number.
 *
 * @throws ConnectorError `PARTITION_PAGES` where it has neither.
 */
function isPast(until: number | null, { next }: WindowState, { name }: TypeRecord): boolean {
  if (until === null || next === null) return false
  if (next.at === 'offset' || next.at === 'page') return next.value >= until
  throw new ConnectorError('PARTITION_PAGES', { type: name })
}

/** The objects among some values. Where others are among them, their text is not used. */
function objectsOf({ values, items }: Pick<ReadPage, 'values' | 'items'>): Rows {
  const objects = values.filter(isJsonObject)
  return { values: objects, items: objects.length === values.length ? items : null }
}

function positionAfter(
  reached: RowPosition,
  state: WindowState,
  isLastReading: boolean
): RowPosition | null {
  if (state.ended) {
    return isLastReading ? null : { ...reached, reading: reached.reading + 1, page: null }
  }
  const page = resumeAfter(state)
  return page === null ? null : { ...reached, page }
}

/** How a list ends with its last page; null where it goes on, or fails. */
function endOf({ ended, next }: WindowState, isLastReading: boolean): RowPage['end'] {
  if (ended) return isLastReading ? 'complete' : null
  return next === null ? null : 'pages'
}

/** Refuses a list that goes on, and cannot be asked for. */
function assertEnded(plan: RowsPlan, { ended, next }: WindowState, count: number): void {
  if (!ended && next === null) throw unreachable(plan, count)
}
