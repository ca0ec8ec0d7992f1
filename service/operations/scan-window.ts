import { ConnectorError } from '../errors.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { createIdGenerator } from '../objects/external-id.ts'
import type { FlowObject } from '../objects/types.ts'
import { compileFilter } from '../plan/filter/compile-filter.ts'
import type { CallValues, ScanSplit } from '../plan/filter/scan-calls.ts'
import { scanCalls } from '../plan/filter/scan-calls.ts'
import type { WindowState } from '../plan/paging/window-state.ts'
import { scanLimit } from '../plan/paging/scan-limit.ts'
import { knownValues } from '../plan/known-values.ts'
import type { ListFilter } from '../plan/types.ts'
import { evaluatePage, preferObjects, sortObjects } from './evaluate-page.ts'
import { decoderOf, FLOW_PAGES_MAX, pageReader, WHOLE_LIST } from './read-pages.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { warnOfValues } from './session.ts'
import type { LoadResult } from './types.ts'

/**
 * Serves a window of a list whose API does not take the whole filter (docs/x-flow.md#local-evaluation).
 * Evaluates what remains over the list, which is read until the window is full, or to its end where the
 * connector sorts. The list is read more than once where a default of a parameter narrows it.
 *
 * @throws ConnectorError `FILTER_SCAN_LIMIT` or `WINDOW_UNSUPPORTED` if the scan ends before the result is
 *   certain; as `scanCalls`.
 */
export async function scanForWindow(
  session: Session,
  type: TypeRecord,
  query: MappedEndpoint,
  filter: ListFilter,
  split: ScanSplit
): Promise<LoadResult> {
  const { remaining, preferred = null } = split
  const { providedIds } = remaining
  if (providedIds?.size === 0) return { objects: [], hasMoreResults: false }
  const { SCAN_MAX_RECORDS: maxRecords, SCAN_MAX_PAGES } = session.ports.settings
  const { paging, takesParameters } = query.answers
  const maxPages = Math.min(paging.maxPages ?? FLOW_PAGES_MAX, SCAN_MAX_PAGES)
  const reserved = [paging.pageSizeParam, paging.positionParam]
  const { calls, order } = takesParameters
    ? scanCalls(type, split, { order: filter.order, most: maxPages, reserved })
    : { calls: [{}], order: remaining.order }
  const end = filter.limit === 0 ? Number.POSITIVE_INFINITY : filter.offset + filter.limit
  const evaluator = compileFilter(type, remaining)
  const { signal } = session.caller.deadline
  const generateId = createIdGenerator()
  const known = knownValues(type, query.mapping, filter)
  const matching: FlowObject[] = []
  const ids = new Set<string | null>()
  /** Further objects cannot change the result: the window is full, or all provided ids were found. */
  const isComplete = (): boolean =>
    (order.length === 0 && preferred === null && matching.length > end) ||
    ids.size === providedIds?.size
  let [records, pages] = [0, 0]
  /** Reads the list once. Returns how far, null for nothing. */
  const read = async (values: CallValues): Promise<WindowState | null> => {
    const earlier = new Set(ids)
    const left = { maxRecords: maxRecords - records, maxPages: maxPages - pages }
    const reader = pageReader(session, query, filter, { window: WHOLE_LIST, ...left, values })
    let last: WindowState | null = null
    for (let next = reader.next(); next !== null; next = reader.next()) {
      const page = await next
      const decoder = decoderOf(session, query.mapping, page.values, { generateId, known })
      const take = (object: FlowObject): boolean => {
        if (earlier.has(object.externalId)) return false
        matching.push(object)
        ids.add(object.externalId)
        return isComplete()
      }
      const evaluating = evaluatePage(decoder, evaluator, take, signal)
      if (evaluating !== undefined) await evaluating
      warnOfValues(session, query.mapping, decoder)
      records += page.values.length
      pages++
      last = page.state
      if (isComplete()) break
    }
    return last
  }
  const limit = (): ConnectorError => {
    const reached = records >= maxRecords ? { records: maxRecords } : { pages: maxPages }
    return scanLimit(type, remaining, reached)
  }
  for (const values of calls) {
    if (pages > 0 && (records >= maxRecords || pages >= maxPages)) throw limit()
    const last = await read(values)
    if (isComplete()) break
    if (last?.ended !== false) continue
    if (last.next !== null) throw limit()
    const count = records + 1
    throw new ConnectorError('WINDOW_UNSUPPORTED', { type: type.name, count, maximum: records })
  }
  const chosen =
    preferred === null ? matching : await preferObjects(type, matching, preferred, signal)
  const ordered = await sortObjects(type, chosen, order, signal)
  return {
    objects: ordered.slice(filter.offset, end).map((object, order) => ({ ...object, order })),
    hasMoreResults: ordered.length > end
  }
}
