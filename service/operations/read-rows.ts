import { typeNamed } from '../objects/type-lookup.ts'
import { collectRows } from './collect-rows.ts'
import { firstPageFields, needsFirstPage, NO_FIELDS, withFields } from './first-page-fields.ts'
import { listMapping } from './list-mapping.ts'
import { planRows } from './plan-rows.ts'
import { rememberFirstAnswer } from './remember-first-answer.ts'
import type { OpenRows, RowPages, RowPosition, RowsRequest } from './row-page.ts'
import { NO_ROWS } from './rows.ts'
import type { Session } from './session.ts'
import { streamRows } from './stream-rows.ts'

/** The start of a list. */
export const START: RowPosition = {
  ...{ reading: 0, page: null, pages: 0, records: 0, rows: 0 },
  ...{ last: [], fields: null }
}

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
  const start = { ...(from ?? START), fields }
  const type = typeNamed(types, typeName)
  // Nothing is known of the columns of a list without records.
  if (fields === NO_FIELDS) return { type, types, start, pages: noRows(start) }
  const plan = planRows(complete, typeName, filter)
  const isCollected = plan.order.length > 0 || plan.preferred !== null
  const reading = { session: complete, plan, request, start }
  const pages = isCollected ? collectRows(reading) : streamRows(reading)
  return { type, types, start, pages }
}

async function* noRows(start: RowPosition): RowPages {
  const reached = { ...start, pages: 1 }
  yield {
    ...{ rows: NO_ROWS, after: null, reached, total: 0 },
    ...{ repeated: 0, misfits: 0, end: 'complete' }
  }
}
