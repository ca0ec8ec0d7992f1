import type { RequestPlan } from '../plan/types.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import { needsFirstPage } from './first-page-fields.ts'
import { listMapping } from './list-mapping.ts'
import type { RowsPlan } from './plan-rows.ts'
import { planRows } from './plan-rows.ts'
import type { RowsRequest } from './row-page.ts'
import { openRows } from './read-rows.ts'
import type { MappedEndpoint, Session } from './session.ts'

/** What a read would do. */
export type RowsExplanation = {
  readonly list: MappedEndpoint
  /** Null for a type whose properties are those of its first page, which is not asked for. */
  readonly plan: RowsPlan | null
  /** The first call; null where the document answers. */
  readonly first: RequestPlan | null
}

/** Ends a read before its first call. */
const NOT_MADE = new Error('the call is explained, not made')

/**
 * Says what a read would do, without a call.
 *
 * @throws ConnectorError as `openRows`
 */
export async function explainRows(
  session: Session,
  request: RowsRequest
): Promise<RowsExplanation> {
  const type = typeNamed(session.model.types, request.type)
  const list = listMapping(session, type, request.filter)
  const plan = needsFirstPage(type) ? null : planRows(session, request.type, request.filter)
  if (!list.answers.takesParameters) return { list, plan, first: null }
  let first: RequestPlan | null = null
  const explaining: Session = {
    ...session,
    callApi: async (_scope, _endpoint, call) => {
      first ??= call
      throw NOT_MADE
    }
  }
  try {
    const { pages } = await openRows(explaining, request)
    await pages.next()
  } catch (error) {
    if (error !== NOT_MADE) throw error
  }
  return { list, plan, first }
}
