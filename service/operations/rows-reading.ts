import type { JsonObject } from '../base/json.ts'
import { hashText } from '../base/json-hash.ts'
import { createRecentKeys } from '../base/recent-keys.ts'
import { ConnectorError } from '../errors.ts'
import { createIdGenerator } from '../objects/external-id.ts'
import { enforceFields } from '../objects/enforce-fields.ts'
import type { FlowObject } from '../objects/types.ts'
import { rowShape } from '../objects/row-shape.ts'
import { compileFilter } from '../plan/filter/compile-filter.ts'
import { EVERYTHING } from '../plan/filter/split-filter.ts'
import { knownValues } from '../plan/known-values.ts'
import { isFrontOnly } from '../plan/paging/judge-more.ts'
import type { PageResume } from '../plan/paging/window-state.ts'
import { evaluatePage } from './evaluate-page.ts'
import { HASH_SEED } from './known-objects.ts'
import type { RowsPlan } from './plan-rows.ts'
import type { PageReader } from './read-pages.ts'
import { decoderOf, pageReader, WHOLE_LIST } from './read-pages.ts'
import type { RowPosition, RowsRequest } from './row-page.ts'
import type { Rows } from './rows.ts'
import { pickRows } from './rows.ts'
import type { Session } from './session.ts'
import { warnOfValues } from './session.ts'

/** A list that is read as rows, and how. */
export type RowsReading = {
  readonly session: Session
  readonly plan: RowsPlan
  readonly request: RowsRequest
  readonly start: RowPosition
}

/** Reads one of the readings of a list. */
export function readerOf(
  { session, plan, request }: RowsReading,
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
      isWhole: true,
      values: { ...request.values, ...readings[number] }
    }
  )
}

/** What of some records is asked for. */
type Matcher = (records: Rows, reading: number, before: number) => Promise<Rows>

/** Keeps the records that meet what remains of a filter. */
export function matcherOf(reading: RowsReading): Matcher {
  if (reading.plan.remaining === null) return async records => records
  const evaluate = evaluatorOf(reading)
  return async (records, number, before) => {
    const matched: number[] = []
    await evaluate(records.values, number, before, (_, index) => matched.push(index))
    return pickRows(records, matched)
  }
}

/** Evaluates what remains of a filter over records. */
export function evaluatorOf({
  session,
  plan,
  request
}: RowsReading): (
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
        if (readingOf !== null) hashText(object.externalId ?? '', HASH_SEED, key, 0)
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
export function shaperOf({
  session,
  plan
}: RowsReading): (records: Rows, firstNumber: number) => Rows {
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

/** The problem of a list that goes on, and cannot be asked for. */
export function unreachable({ type }: RowsPlan, maximum: number): ConnectorError {
  return new ConnectorError('WINDOW_UNSUPPORTED', {
    type: type.name,
    count: maximum + 1,
    maximum
  })
}
