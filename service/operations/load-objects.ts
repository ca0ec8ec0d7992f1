import type { JsonValue } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { DecodedObjects, DecodeOptions } from '../objects/decode-objects.ts'
import { decodeObjects } from '../objects/decode-objects.ts'
import { createIdGenerator, isGeneratedId } from '../objects/external-id.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import { matches } from '../plan/filter/evaluate-filter.ts'
import { splitFilter } from '../plan/filter/split-filter.ts'
import { orderObjects } from '../plan/filter/order-objects.ts'
import type { ListFilter } from '../plan/types.ts'
import type { PageResume, WindowState } from '../plan/paging/page-window.ts'
import { windowResult } from '../plan/paging/page-window.ts'
import type { RemainingFilter } from '../plan/filter/split-filter.ts'
import { scanLimit } from '../plan/paging/scan-limit.ts'
import type { FlowCaller } from './flow-deadline.ts'
import type { ReadWindow } from './kept-windows.ts'
import { keptWindow } from './kept-windows.ts'
import { rememberLoaded } from './loaded-objects.ts'
import { createPageTokens } from './page-tokens.ts'
import { callForRecords, readPages } from './read-pages.ts'
import type { MappedEndpoint, Ports, Session } from './session.ts'
import { isGone, mappingOf, missingMapping, openSession, warnOfValues } from './session.ts'
import type { LoadRequest, LoadResult } from './types.ts'

/**
 * Loads objects of a type: one by its external id, or a window of what a filter allows.
 *
 * @throws ConnectorError `TYPE_UNKNOWN`, `MAPPING_MISSING`, `SCAN_LIMIT` for an id that is looked for
 *   in more objects than are read, those of filters, parameters, the document and the API.
 */
export async function loadObjects(
  ports: Ports,
  caller: FlowCaller,
  request: LoadRequest
): Promise<LoadResult> {
  const session = await openSession(ports, caller)
  const type = typeNamed(session.model.types, request.type)
  const { filter } = request
  if (filter.id !== null) {
    const objects = await loadById(session, type, filter, filter.id)
    return { objects, hasMoreResults: false }
  }
  const query = mappingOf(session, type, 'query')
  if (query !== undefined) return queryWindow(session, type, query, filter)
  const load = mappingOf(session, type, 'load')
  if (load === undefined || needsId(load)) throw missingMapping(type, 'query', 'load without an id')
  return queryWindow(session, type, load, filter)
}

function needsId({ endpoint, mapping, answers }: MappedEndpoint): boolean {
  return (
    answers.takesParameters &&
    boundParameters(endpoint, mapping.bindings).some(
      ({ required, sources, fallback }) =>
        required && fallback === undefined && sources.some(source => source.from === 'id')
    )
  )
}

async function loadById(
  session: Session,
  type: TypeRecord,
  filter: ListFilter,
  id: string
): Promise<readonly FlowObject[]> {
  const query = mappingOf(session, type, 'query')
  const load = mappingOf(session, type, 'load')
  // An id that was made from content means nothing to the API; the query's answer shows it again.
  if (query !== undefined && (load === undefined || isGeneratedId(id))) {
    return pickFromQuery(session, query, filter, id)
  }
  if (load === undefined) throw missingMapping(type, 'load', 'load by id')
  const read = await callForRecords(load, filter, null).catch(goneIsNothing)
  if (read === null) return []
  const { found, answer } = read
  // A single object that has no id of its own is the one that the id asked for.
  const { objects } = decode(
    session,
    load.mapping,
    found.values,
    found.isList ? {} : { knownId: id }
  )
  if (!found.isList) {
    await rememberLoaded(session, type, objects[0], answer)
    return objects
  }
  const same = objects.filter(object => object.externalId === id)
  return same.length > 0 ? same.slice(0, 1) : objects
}

/** A load by id that is answered by 404 or 410 is an empty list. */
function goneIsNothing(error: unknown): null {
  if (isGone(error)) return null
  throw error
}

/** Finds one object by id in the list. The id is sent along in case the query takes it. */
async function pickFromQuery(
  session: Session,
  query: MappedEndpoint,
  filter: ListFilter,
  id: string
): Promise<readonly FlowObject[]> {
  const known = isGeneratedId(id) ? null : id
  const asked = { ...filter, ...NO_CONDITIONS, id: known }
  const { SCAN_MAX_RECORDS: maxRecords } = session.ports.settings
  const generateId = createIdGenerator()
  const pages = readPages(session, query, asked, { window: WHOLE, maxRecords })
  let count = 0
  let isCut = false
  // Only the list itself can be gone; a later page that is makes the load fail.
  let page = await pages.next().catch(goneIsNothing)
  for (; page !== null && page.done !== true; page = await pages.next()) {
    const { objects } = decode(session, query.mapping, page.value.values, { generateId })
    const found = objects.find(object => object.externalId === id)
    if (found !== undefined) return [{ ...found, order: 0 }]
    count += objects.length
    isCut = !page.value.state.ended
  }
  if (!isCut) return []
  throw new ConnectorError('SCAN_LIMIT', { type: query.mapping.type, count })
}

/** A window without a limit. */
const WHOLE = { limit: 0, offset: 0 }

/** What a load by id ignores besides the window. */
const NO_CONDITIONS = {
  where: { join: 'AND', conditions: [], groups: [] },
  order: [],
  search: null,
  searchColumns: [],
  providedIds: null
} as const

/**
 * Serves a window of a list: the API's own paging where it takes the whole filter, else the window of
 * what is left once the remaining filter was evaluated here.
 */
async function queryWindow(
  session: Session,
  type: TypeRecord,
  query: MappedEndpoint,
  filter: ListFilter
): Promise<LoadResult> {
  const { mapping, endpoint, answers } = query
  const parameters = boundParameters(endpoint, mapping.bindings)
  const { remaining } = splitFilter({ parameters }, type, filter)
  if (remaining !== null) return scanForWindow(session, type, query, filter, remaining)
  const tokens = createPageTokens(session, mapping, filter)
  const start = filter.offsetToken === null ? null : tokens.read(filter.offsetToken, filter)
  const read = (): Promise<ReadWindow> => readWindow(session, query, filter, start)
  const window = answers.areConstant ? keptWindow(mapping, filter, start, read) : read()
  const { objects, hasMoreResults, resume } = await window
  if (resume === null) return { objects, hasMoreResults }
  return { objects, hasMoreResults, offsetToken: tokens.write(resume, filter) }
}

async function readWindow(
  session: Session,
  query: MappedEndpoint,
  filter: ListFilter,
  resume: PageResume | null
): Promise<ReadWindow> {
  const { SCAN_MAX_RECORDS: maxRecords } = session.ports.settings
  const values: JsonValue[] = []
  let state: WindowState | null = null
  for await (const page of readPages(session, query, filter, {
    window: filter,
    maxRecords,
    resume
  })) {
    values.push(...page.values)
    state = page.state
  }
  if (state === null) return { ...NOTHING, resume: null }
  const served = windowResult(state, values)
  const { objects } = decode(session, query.mapping, served.objects)
  return { ...served, objects }
}

const NOTHING: LoadResult = { objects: [], hasMoreResults: false }

/**
 * Evaluates what the API does not take of a filter over the list, up to the scan limit: until the window is full, or to the list's end where the order is made here.
 *
 * @throws ConnectorError `FILTER_SCAN_LIMIT` when the limit comes before the answer is certain.
 */
async function scanForWindow(
  session: Session,
  type: TypeRecord,
  query: MappedEndpoint,
  filter: ListFilter,
  remaining: RemainingFilter
): Promise<LoadResult> {
  if (remaining.providedIds?.size === 0) return NOTHING
  const { SCAN_MAX_RECORDS: maxRecords, SCAN_MAX_PAGES } = session.ports.settings
  const maxPages = Math.min(query.answers.paging.maxPages, SCAN_MAX_PAGES)
  const bounds = { window: WHOLE, maxRecords, maxPages }
  const end = filter.limit === 0 ? Number.POSITIVE_INFINITY : filter.offset + filter.limit
  const generateId = createIdGenerator()
  const matching: FlowObject[] = []
  /** What follows cannot change the answer: the window is full, or everything provided was found. */
  const isEnough = (): boolean =>
    (remaining.order.length === 0 && matching.length > end) ||
    new Set(matching.map(object => object.externalId)).size === remaining.providedIds?.size
  let isCut = false
  let canGoOn = true
  let records = 0
  for await (const page of readPages(session, query, filter, bounds)) {
    const { objects } = decode(session, query.mapping, page.values, { generateId })
    matching.push(...objects.filter(object => matches(type, object, remaining)))
    records += page.values.length
    isCut = !page.state.ended
    canGoOn = page.state.next !== null
    if (isEnough()) break
  }
  const isCertain = !isCut || isEnough()
  if (!isCertain && !canGoOn) {
    const count = records + 1
    throw new ConnectorError('WINDOW_UNSUPPORTED', { type: type.name, count, maximum: records })
  }
  if (!isCertain) {
    const reached = records >= maxRecords ? { records: maxRecords } : { pages: maxPages }
    throw scanLimit(type, remaining, reached)
  }
  const ordered = orderObjects(type, matching, remaining.order)
  return {
    objects: ordered.slice(filter.offset, end).map((object, order) => ({ ...object, order })),
    hasMoreResults: ordered.length > end
  }
}

function decode(
  session: Session,
  mapping: MappingRecord,
  values: readonly JsonValue[],
  options: DecodeOptions = {}
): DecodedObjects {
  const decoded = decodeObjects(session.model.types, mapping.type, values, options)
  warnOfValues(session, mapping, decoded.warnings)
  return decoded
}
