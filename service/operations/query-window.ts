import { LRUCache } from 'lru-cache'

import type { JsonValue } from '../base/json.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { FlowObject } from '../objects/types.ts'
import { exampleFilter } from '../plan/filter/example-filter.ts'
import { splitFilter } from '../plan/filter/split-filter.ts'
import { windowResult } from '../plan/paging/window-result.ts'
import type { FlowWindow, PageResume, WindowState } from '../plan/paging/window-state.ts'
import { knownValues } from '../plan/known-values.ts'
import type { ListFilter } from '../plan/types.ts'
import { openPageToken, sealPageToken } from './page-tokens.ts'
import { decodeRecords, pageReader } from './read-pages.ts'
import { scanForWindow } from './scan-window.ts'
import type { MappedEndpoint, Session } from './session.ts'
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
  const split = answers.takesParameters
    ? splitFilter({ parameters, isGuessed: mapping.origin.from === 'inferred' }, type, filter)
    : { pushed: new Map(), remaining: null, ...exampleFilter({ parameters }, type, filter) }
  const { remaining } = split
  if (remaining !== null) {
    return scanForWindow(session, type, query, filter, { ...split, parameters, remaining })
  }
  const start = openPageToken(session, mapping, filter)
  const known = knownValues(type, mapping, filter)
  const read = (): Promise<ReadWindow> => readWindow(session, query, filter, start, known)
  // What comes from the document is the same for all filters, but for the values that they ask for.
  const isConstant =
    !answers.takesParameters &&
    (known === undefined || known.size === 0) &&
    session.watch === undefined
  const window = isConstant ? cachedWindow(mapping, filter, start, read) : read()
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
  resume: PageResume | null,
  known: ReadonlyMap<string, string> | undefined
): Promise<ReadWindow> {
  const { SCAN_MAX_RECORDS: maxRecords } = session.ports.settings
  const bounds = { window: filter, maxRecords, resume }
  const read: (readonly JsonValue[])[] = []
  let state: WindowState | null = null
  const pages = pageReader(session, query, filter, bounds)
  for (let next = pages.next(); next !== null; next = pages.next()) {
    const page = await next
    read.push(page.values)
    state = page.state
  }
  if (state === null) return EMPTY
  // A list that came before is the same one, and its objects are known.
  const [only = [], another] = read
  const window = windowResult(state, another === undefined ? only : read.flat())
  const decoded = decodeRecords(session, query.mapping, window.objects, { known })
  return { ...window, objects: decoded instanceof Promise ? await decoded : decoded }
}
