import type { JsonObject } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import type { ConnectorError } from '../errors.ts'
import type { FlowObject } from '../objects/types.ts'
import { EVERYTHING } from '../plan/filter/split-filter.ts'
import { scanLimit } from '../plan/paging/scan-limit.ts'
import { preferObjects, sortObjects } from './evaluate-page.ts'
import type { RowsPlan } from './plan-rows.ts'
import type { RowPages } from './row-page.ts'
import { NO_ROWS } from './rows.ts'
import type { RowsReading } from './rows-reading.ts'
import { evaluatorOf, readerOf, shaperOf, unreachable } from './rows-reading.ts'

/**
 * Reads rows in an order that is made here, or those of an example that meet conditions: the whole list comes first.
 *
 * @throws ConnectorError `FILTER_SCAN_LIMIT` for an order over more than `SCAN_MAX_RECORDS`.
 */
export async function* collectRows(reading: RowsReading): RowPages {
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

/** Only the order needs the whole list. */
function orderLimit({ type, order }: RowsPlan, records: number): ConnectorError {
  const remaining = { where: EVERYTHING, search: null, order, providedIds: null }
  return scanLimit(type, remaining, { records })
}
