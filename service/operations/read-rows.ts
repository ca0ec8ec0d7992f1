import type { JsonObject } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import { sliceItems } from '../base/json-items.ts'
import { hashText } from '../base/json-hash.ts'
import { createRecentKeys } from '../base/recent-keys.ts'
import { ConnectorError } from '../errors.ts'
import { createIdGenerator } from '../objects/external-id.ts'
import { enforceFields } from '../objects/enforce-fields.ts'
import type { FlowObject } from '../objects/types.ts'
import { rowShape } from '../objects/row-shape.ts'
import type { Types } from '../objects/type-lookup.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { compileFilter } from '../plan/filter/compile-filter.ts'
import { EVERYTHING } from '../plan/filter/split-filter.ts'
import { knownValues } from '../plan/known-values.ts'
import { isFrontOnly } from '../plan/paging/judge-more.ts'
import { scanLimit } from '../plan/paging/scan-limit.ts'
import { resumeAfter } from '../plan/paging/window-result.ts'
import type { PageRequest, PageResume, WindowState } from '../plan/paging/window-state.ts'
import type { ListFilter } from '../plan/types.ts'
import { evaluatePage, preferObjects, sortObjects } from './evaluate-page.ts'
import { firstPageFields, needsFirstPage, NO_FIELDS, withFields } from './first-page-fields.ts'
import { listMapping } from './list-mapping.ts'
import type { RowsPlan } from './plan-rows.ts'
import { planRows } from './plan-rows.ts'
import type { PageReader, ReadPage } from './read-pages.ts'
import { decoderOf, pageReader, WHOLE_LIST } from './read-pages.ts'
import { rememberFirstAnswer } from './remember-first-answer.ts'
import type { Rows } from './rows.ts'
import { NO_ROWS, pickRows, sliceRows } from './rows.ts'
import type { Session } from './session.ts'
import { warnOfValues } from './session.ts'

/** Where a read goes on: what came before it, and the page that follows. Plain JSON. */
export type RowPosition = {
  /** Which of the readings of the list. */
  readonly reading: number
  /** Null for the start of the list. */
  readonly page: PageResume | null
  /** What came before: pages, the records in them, and the rows that were made of these. */
  readonly pages: number
  readonly records: number
  readonly rows: number
  /** The fields of a type that are taken from the first page, as text; null for any other type. */
  readonly fields: string | null
}

export type RowsRequest = {
  readonly type: string
  /** Its limit is that of the whole read, however often it is stopped. */
  readonly filter: ListFilter
  /** Null for the start. */
  readonly from: RowPosition | null
  /** Values of parameters that every page is asked for with. */
  readonly values: PageRequest['values']
}

/** The rows of one page. */
export type RowPage = {
  readonly rows: Rows
  /** Where a later read goes on after it; null where it would have to begin again. */
  readonly after: RowPosition | null
  /** What came so far. */
  readonly reached: Pick<RowPosition, 'pages' | 'records' | 'rows'>
  /** Records of the whole list, as the API says; null where it does not. */
  readonly total: number | null
  /** Records of the page that had come before, and values that are no objects; both make no rows. */
  readonly repeated: number
  readonly misfits: number
  /** Whether the read ends with it, and why: `pages` where the mapping allows no more of them. */
  readonly end: 'complete' | 'pages' | null
}

/** A list that is read as rows. */
export type OpenRows = {
  readonly type: TypeRecord
  readonly types: Types
  readonly start: RowPosition
  readonly pages: AsyncGenerator<RowPage, void, undefined>
}

const START: RowPosition = { reading: 0, page: null, pages: 0, records: 0, rows: 0, fields: null }

/**
 * Reads a whole list of a type as rows, page after page, in constant memory (docs/pipelines.md#reading). The next
 * page is asked for while one is used. Nothing bounds the list but the limit of the filter and the maximum of pages
 * that the mapping declares; an order that the API does not take is bound by `SCAN_MAX_RECORDS`.
 *
 * @throws ConnectorError as `planRows`; the pages as `pageReader`, and `RECORD_MISFIT`, `FILTER_SCAN_LIMIT`,
 *   `WINDOW_UNSUPPORTED` where the list goes on and cannot be asked for.
 */
export async function openRows(given: Session, request: RowsRequest): Promise<OpenRows> {
  const { type: typeName, filter, from } = request
  const declared = typeNamed(given.model.types, typeName)
  const isInferred = needsFirstPage(declared)
  // The page that shows the fields is the first one of the list, and need not be asked for again.
  const session = isInferred ? rememberFirstAnswer(given) : given
  const fields = isInferred
    ? (from?.fields ??
      (await firstPageFields(session, listMapping(session, declared, filter), request.values)))
    : null
  const complete = fields === null ? session : withFields(session, declared, fields)
  const { types } = complete.model
  const start = from ?? { ...START, fields }
  const type = typeNamed(types, typeName)
  // Nothing is known of the columns of a list without records.
  if (fields === NO_FIELDS) return { type, types, start, pages: noRows(start) }
  const plan = planRows(complete, typeName, filter)
  const isCollected = plan.order.length > 0 || plan.preferred !== null
  const reading = { session: complete, plan, request, start }
  const pages = isCollected ? collectRows(reading) : streamRows(reading)
  return { type, types, start, pages }
}

type Reading = {
  readonly session: Session
  readonly plan: RowsPlan
  readonly request: RowsRequest
  readonly start: RowPosition
}

async function* noRows(start: RowPosition): AsyncGenerator<RowPage, void, undefined> {
  const reached = { ...start, pages: 1 }
  yield {
    ...{ rows: NO_ROWS, after: null, reached, total: 0 },
    ...{ repeated: 0, misfits: 0, end: 'complete' }
  }
}

/** Rows in the order of the API. */
async function* streamRows(reading: Reading): AsyncGenerator<RowPage, void, undefined> {
  const { plan, request, start } = reading
  const { limit } = request.filter
  const match = matcherOf(reading)
  const shape = shaperOf(reading)
  // A page that may not be needed is asked for when it is.
  const isAhead = limit === 0 || plan.remaining === null
  let { pages, records, rows } = start
  /** Records of a limited list, also those that make no rows. */
  let taken = rows
  for (let number = start.reading; number < plan.readings.length; number++) {
    const resume = number === start.reading ? start.page : null
    const skip = skipper()
    const reader = readerOf(reading, number, resume, limit === 0 ? 0 : limit - taken)
    for (let next = reader.next(); next !== null; ) {
      const page = await next
      next = isAhead ? ahead(reader) : null
      const given = skip(page)
      const objects = objectsOf(given)
      const matched = await match(objects, number, records)
      const left = limit === 0 ? matched : sliceRows(matched, 0, limit - rows)
      const shaped = shape(left, records + 1)
      pages++
      records += given.values.length
      rows += shaped.values.length
      taken += plan.remaining === null ? given.values.length : shaped.values.length
      const isFull = limit > 0 && taken >= limit
      const reached = { pages, records, rows }
      const isLastReading = number === plan.readings.length - 1
      yield {
        rows: shaped,
        after: positionAfter({ ...start, ...reached, reading: number }, page.state, isLastReading),
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

/** Rows in an order that is made here, or those of an example that meet conditions: the whole list comes first. */
async function* collectRows(reading: Reading): AsyncGenerator<RowPage, void, undefined> {
  const { session, plan, request } = reading
  const { limit } = request.filter
  const { signal } = session.caller.deadline
  const { SCAN_MAX_RECORDS: maxRecords } = session.ports.settings
  const evaluate = evaluatorOf(reading)
  const shape = shaperOf(reading)
  const records = new Map<FlowObject, JsonObject>()
  let [pages, count] = [0, 0]
  for (let number = 0; number < plan.readings.length; number++) {
    const reader = readerOf(reading, number, null, 0)
    for (let next = reader.next(); next !== null; next = reader.next()) {
      const page = await next
      const objects = page.values.filter(isJsonObject)
      // What is put into order is held, and its page need not be.
      await evaluate(objects, number, count, (object, index) =>
        records.set(object, objects[index] ?? {})
      )
      pages++
      count += page.values.length
      const { total, repeated } = page
      const misfits = page.values.length - objects.length
      const reached = { pages, records: count, rows: 0 }
      yield { rows: NO_ROWS, after: null, reached, total, repeated, misfits, end: null }
      if (page.isLast && page.state.ended) continue
      const isBeyond = plan.order.length > 0 && count >= maxRecords
      if (isBeyond) throw orderLimit(plan, maxRecords)
      if (page.isLast) throw unreachable(plan, count)
    }
  }
  const found = [...records.keys()]
  const chosen =
    plan.preferred === null ? found : await preferObjects(plan.type, found, plan.preferred, signal)
  const sorted = await sortObjects(plan.type, chosen, plan.order, signal)
  const values = (limit === 0 ? sorted : sorted.slice(0, limit)).map(
    object => records.get(object) ?? {}
  )
  const rows = shape({ values, items: null }, 1)
  const reached = { pages, records: count, rows: values.length }
  yield { rows, after: null, reached, total: count, repeated: 0, misfits: 0, end: 'complete' }
}

/** Reads one of the readings of a list. */
function readerOf(
  { session, plan, request }: Reading,
  number: number,
  resume: PageResume | null,
  limit: number
): PageReader {
  const { list, remaining, readings, order } = plan
  const { paging } = list.answers
  const { SCAN_MAX_RECORDS } = session.ports.settings
  const isBound = order.length > 0 || isFrontOnly(paging)
  return pageReader(
    session,
    list,
    { ...request.filter, limit: remaining === null ? limit : 0 },
    {
      window: remaining === null ? { limit, offset: 0 } : WHOLE_LIST,
      maxRecords: isBound ? SCAN_MAX_RECORDS : Number.POSITIVE_INFINITY,
      usualMaxPages: Number.POSITIVE_INFINITY,
      resume,
      values: { ...request.values, ...readings[number] }
    }
  )
}

/** The next page, which is asked for before it is needed. Its failure is that of whoever awaits it. */
function ahead(reader: PageReader): Promise<ReadPage> | null {
  const next = reader.next()
  next?.catch(() => {})
  return next
}

/** Leaves out the records before the window, which come again where a read goes on in the middle of a page. */
function skipper(): (page: ReadPage) => Pick<ReadPage, 'values' | 'items'> {
  let passed = 0
  return page => {
    const { values, items, state } = page
    const skipped = Math.min(values.length, Math.max(0, state.front - passed))
    passed += values.length
    if (skipped === 0) return page
    return {
      values: values.slice(skipped),
      items: items && sliceItems(items, skipped, values.length)
    }
  }
}

/** The objects among some values. Where others are among them, their text is not used. */
function objectsOf({ values, items }: Pick<ReadPage, 'values' | 'items'>): Rows {
  const objects = values.filter(isJsonObject)
  return { values: objects, items: objects.length === values.length ? items : null }
}

/** What of some records is asked for. */
type Matcher = (records: Rows, reading: number, before: number) => Promise<Rows>

function matcherOf(reading: Reading): Matcher {
  if (reading.plan.remaining === null) return async records => records
  const evaluate = evaluatorOf(reading)
  return async (records, number, before) => {
    const matched: number[] = []
    await evaluate(records.values, number, before, (_, index) => matched.push(index))
    return pickRows(records, matched)
  }
}

/** Evaluates what remains of a filter over records. */
function evaluatorOf({
  session,
  plan,
  request
}: Reading): (
  records: readonly JsonObject[],
  reading: number,
  before: number,
  take: (object: FlowObject, index: number) => void
) => Promise<void> {
  const { type, list, remaining, readings } = plan
  const { signal } = session.caller.deadline
  const evaluator = compileFilter(
    type,
    remaining ?? { where: EVERYTHING, search: null, order: [], providedIds: null }
  )
  const known = knownValues(type, list.mapping, request.filter)
  // A list that is read several times may give an object more than once.
  const readingOf = readings.length > 1 ? createRecentKeys() : null
  const key = new Int32Array(2)
  let isTold = false
  return async (records, number, before, take) => {
    const options = { generateId: createIdGenerator(), known, firstOrder: before }
    const decoder = decoderOf(session, list.mapping, records, options)
    const evaluating = evaluatePage(
      decoder,
      evaluator,
      (object, index) => {
        if (readingOf !== null) hashText(object.externalId ?? '', 0, key, 0)
        const [high = 0, low = 0] = key
        const earlier = readingOf?.get(high, low)
        if (earlier !== undefined && earlier !== number) return false
        readingOf?.set(high, low, number)
        take(object, index)
        return false
      },
      signal
    )
    if (evaluating !== undefined) await evaluating
    if (!isTold) warnOfValues(session, list.mapping, decoder)
    isTold ||= decoder.warningCount > 0
  }
}

/** Makes rows of records, and checks them against the fields that a manifest declares. */
function shaperOf({ session, plan }: Reading): (records: Rows, firstNumber: number) => Rows {
  const { type, remaining } = plan
  const shape = rowShape(session.model.types, type)
  if (shape === null) return records => records
  const { fields } = type
  // What is evaluated was checked when it was decoded.
  const checked = typeof fields === 'object' && remaining === null ? fields : []
  return ({ values }, firstNumber) => ({
    values: values.map((record, index) => {
      enforceFields(type.name, checked, record, firstNumber + index)
      return shape(record)
    }),
    items: null
  })
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

function unreachable({ type }: RowsPlan, maximum: number): ConnectorError {
  return new ConnectorError('WINDOW_UNSUPPORTED', {
    type: type.name,
    count: maximum + 1,
    maximum
  })
}

/** Only the order needs the whole list. */
function orderLimit({ type, order }: RowsPlan, records: number): ConnectorError {
  const remaining = { where: EVERYTHING, search: null, order, providedIds: null }
  return scanLimit(type, remaining, { records })
}
