import type { OperationRecord } from '../model/types.ts'
import type { FlowWindow, PageResume } from '../plan/page-window.ts'
import type { ListFilter } from '../plan/types.ts'
import type { Session } from './session.ts'

/** Writes and reads the tokens with which a flow goes on in a list (x-flow 7). */
export type PageTokens = {
  write(resume: PageResume): string
  /** Null for a token that does not open, or that is not about the window asked for. */
  read(token: string, window: FlowWindow): PageResume | null
}

/**
 * Tokens of one list: sealed, and bound to tenant, document, server, type, filter and order, so that
 * one that comes back with anything else is ignored and the offset serves.
 */
export function createPageTokens(
  { caller, access, ports }: Session,
  operation: OperationRecord,
  filter: ListFilter
): PageTokens {
  const context = JSON.stringify([
    'page',
    caller.tenant,
    caller.configuration['schema url'],
    access.serverUrl,
    access.serverVariables,
    operation.key,
    filter.where,
    filter.order,
    filter.search,
    filter.searchColumns,
    filter.providedIds
  ])
  return {
    write: resume => ports.sealer.seal(JSON.stringify(resume), context),
    read(token, { limit, offset }) {
      const text = ports.sealer.open(token, context)
      const opened: PageResume | null = text === undefined ? null : JSON.parse(text)
      if (opened === null || limit === 0) return opened
      // A flow that went elsewhere may still hold a token. One whose last window was cut short asks
      // from a whole window further on than what it was given.
      const isNext = opened.offset <= offset && offset < opened.offset + limit
      return isNext ? opened : null
    }
  }
}
