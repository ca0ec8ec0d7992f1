import { LRUCache } from 'lru-cache'

import type { JsonValue } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { Decoder } from '../objects/decode-objects.ts'
import { createIdGenerator } from '../objects/external-id.ts'
import type { FlowObject } from '../objects/types.ts'
import type { Evaluator } from '../plan/filter/compile-filter.ts'
import { compileFilter } from '../plan/filter/compile-filter.ts'
import { orderObjects } from '../plan/filter/order-objects.ts'
import type { ScanSplit } from '../plan/filter/scan-calls.ts'
import { scanCalls } from '../plan/filter/scan-calls.ts'
import { splitFilter } from '../plan/filter/split-filter.ts'
import { windowResult } from '../plan/paging/window-result.ts'
import type { FlowWindow, PageResume, WindowState } from '../plan/paging/window-state.ts'
import { scanLimit } from '../plan/paging/scan-limit.ts'
import type { ListFilter } from '../plan/types.ts'
import { createTurns, inTurns } from '../time/turns.ts'
import { openPageToken, sealPageToken } from './page-tokens.ts'
import { decodeRecords, decoderOf, pageReader, WHOLE_LIST } from './read-pages.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { warnOfValues } from './session.ts'
import type { LoadResult } from './types.ts'

/** A window of a list, the same for all callers: it holds no caller's page token. */
export type ReadWindow = {
  readonly objects: readonly FlowObject[]
  readonly hasMoreResults: boolean
  /** Where the next window begins; null where the offset says it. */
  readonly resume: PageResume | null
}

const EMPTY: ReadWindow = { objects: [], hasMoreResults: false, resume: null }

/** Windows cached per mapping, and the largest window that is cached. */
const WINDOWS_MAX = 8
const OBJECTS_MAX = 100

/** Objects over which a filter is evaluated in one step. */
const STEP_OBJECTS = 64

const windowCaches = new WeakMap<MappingRecord, LRUCache<string, ReadWindow>>()

/**
 * Serves a window of a list (docs/protocol.md#windows): by the API's own paging if the API takes the whole
 * filter, else by evaluating the remaining filter over the list.
 */
export async function queryWindow(
  session: Session,
  type: TypeRecord,
  query: MappedEndpoint,
  filter: ListFilter
): Promise<LoadResult> {
  const { mapping, endpoint, answers } = query
  const parameters = boundParameters(endpoint, mapping.bindings)
  const { pushed, remaining } = splitFilter({ parameters }, type, filter)
  if (remaining !== null) {
    return scanForWindow(session, type, query, filter, { parameters, pushed, remaining })
  }
  const start = openPageToken(session, mapping, filter)
  const read = (): Promise<ReadWindow> => readWindow(session, query, filter, start)
  const window = answers.takesParameters ? read() : cachedWindow(mapping, filter, start, read)
  const { objects, hasMoreResults, resume } = await window
  if (resume === null) return { objects, hasMoreResults }
  return { objects, hasMoreResults, offsetToken: sealPageToken(session, mapping, filter, resume) }
}

/**
 * Caches the windows of a constant list for all callers, as long as the mapping is in use. A cached window is
 * frozen.
 *
 * @param start Where the window begins; null to count from the start of the list.
 */
export async function cachedWindow(
  mapping: MappingRecord,
  { limit, offset }: FlowWindow,
  start: PageResume | null,
  read: () => Promise<ReadWindow>
): Promise<ReadWindow> {
  const windows =
    windowCaches.get(mapping) ?? new LRUCache<string, ReadWindow>({ max: WINDOWS_MAX })
  const key = `${limit} ${offset} ${start === null ? '' : JSON.stringify(start)}`
  const cached = windows.get(key)
  if (cached !== undefined) return cached
  const window = await read()
  if (window.objects.length > OBJECTS_MAX) return window
  Object.freeze(window.objects)
  windows.set(key, Object.freeze(window))
  windowCaches.set(mapping, windows)
  return window
}

async function readWindow(
  session: Session,
  query: MappedEndpoint,
  filter: ListFilter,
  resume: PageResume | null
): Promise<ReadWindow> {
  const { SCAN_MAX_RECORDS: maxRecords } = session.ports.settings
  const bounds = { window: filter, maxRecords, resume }
  const values: JsonValue[] = []
  let state: WindowState | null = null
  const pages = pageReader(session, query, filter, bounds)
  for (let next = pages.next(); next !== null; next = pages.next()) {
    const page = await next
    for (const value of page.values) values.push(value)
    state = page.state
  }
  if (state === null) return EMPTY
  const window = windowResult(state, values)
  const decoded = decodeRecords(session, query.mapping, window.objects)
  return { ...window, objects: decoded instanceof Promise ? await decoded : decoded }
}

/**
 * Evaluates the part of a filter that the API does not take (docs/x-flow.md#local-evaluation). Reads the list
 * until the window is full, or to its end where the connector sorts.
 *
 * @throws ConnectorError `FILTER_SCAN_LIMIT` or `WINDOW_UNSUPPORTED` if the scan ends before the result is
 *   certain.
 */
async function scanForWindow(
  session: Session,
  type: TypeRecord,
  query: MappedEndpoint,
  filter: ListFilter,
  split: ScanSplit
): Promise<LoadResult> {
  const { remaining } = split
  if (remaining.providedIds?.size === 0) return { objects: [], hasMoreResults: false }
  const { SCAN_MAX_RECORDS: maxRecords, SCAN_MAX_PAGES } = session.ports.settings
  const maxPages = Math.min(query.answers.paging.maxPages, SCAN_MAX_PAGES)
  const { calls, order } = query.answers.takesParameters
    ? scanCalls(type, split, { order: filter.order, most: maxPages })
    : { calls: [{}], order: remaining.order }
  const end = filter.limit === 0 ? Number.POSITIVE_INFINITY : filter.offset + filter.limit
  const evaluator = compileFilter(type, remaining)
  const generateId = createIdGenerator()
  const matching: FlowObject[] = []
  const found = new Set<string | null>()
  /** Further objects cannot change the result: the window is full, or all provided ids were found. */
  const isComplete = (): boolean =>
    (order.length === 0 && matching.length > end) || found.size === remaining.providedIds?.size
  let last: WindowState | null = null
  let [records, pagesRead] = [0, 0]
  const limit = (): ConnectorError =>
    scanLimit(
      type,
      remaining,
      records >= maxRecords ? { records: maxRecords } : { pages: maxPages }
    )
  for (const values of calls) {
    if (last !== null && (records >= maxRecords || pagesRead >= maxPages)) throw limit()
    const earlier = new Set(found)
    const left = { maxRecords: maxRecords - records, maxPages: maxPages - pagesRead }
    const bounds = { window: WHOLE_LIST, ...left, values }
    const pages = pageReader(session, query, filter, bounds)
    for (let next = pages.next(); next !== null; next = pages.next()) {
      const { values: page, state } = await next
      const decoder = decoderOf(session, query.mapping, page, { generateId })
      const take = (object: FlowObject): boolean => {
        if (earlier.has(object.externalId)) return false
        matching.push(object)
        found.add(object.externalId)
        return isComplete()
      }
      const evaluating = inTurns(
        createTurns(session.caller.deadline.signal),
        evaluation(decoder, evaluator, take)
      )
      if (evaluating !== undefined) await evaluating
      warnOfValues(session, query.mapping, decoder)
      records += page.length
      pagesRead++
      last = state
      if (isComplete()) break
    }
    if (isComplete() || last?.ended === false) break
  }
  if (last?.ended === false && !isComplete()) {
    if (last.next === null) {
      const count = records + 1
      throw new ConnectorError('WINDOW_UNSUPPORTED', { type: type.name, count, maximum: records })
    }
    throw limit()
  }
  const ordering = orderObjects(type, matching, order)
  const sorting = inTurns(createTurns(session.caller.deadline.signal), ordering.step)
  if (sorting !== undefined) await sorting
  const ordered = ordering.result()
  return {
    objects: ordered.slice(filter.offset, end).map((object, order) => ({ ...object, order })),
    hasMoreResults: ordered.length > end
  }
}

/**
 * The steps that decode the records of a page and evaluate the filter over them.
 *
 * @param take Takes an object that meets the filter; true if no further one is needed.
 */
function evaluation(
  decoder: Decoder,
  evaluator: Evaluator,
  take: (object: FlowObject) => boolean
): () => boolean {
  let at = 0
  let isDecoded = false
  return () => {
    const end = Math.min(decoder.complete(), at + STEP_OBJECTS)
    if (at === end && isDecoded) return true
    if (at === end) isDecoded = decoder.step()
    for (; at < end; at++) {
      const object = decoder.objects[at]
      const isMet = object !== undefined && evaluator.evaluate(object)
      if (isMet === undefined) return false
      if (isMet && object !== undefined && take(object)) return true
    }
    return false
  }
}
