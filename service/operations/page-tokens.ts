import type { OperationRecord } from '../model/types.ts'
import type { PageResume } from '../plan/page-window.ts'
import type { ListFilter } from '../plan/types.ts'
import type { Session } from './session.ts'

/** Writes and reads the tokens with which a flow goes on in a list (x-flow 7). */
export type PageTokens = {
  /** @param offset Position in the list at which the token goes on. */
  write(resume: PageResume, offset: number): string
  /** Null for a token that does not open, or that goes on elsewhere than at `offset`. */
  read(token: string, offset: number): PageResume | null
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
    write: (resume, offset) => ports.sealer.seal(JSON.stringify({ ...resume, offset }), context),
    read(token, offset) {
      const text = ports.sealer.open(token, context)
      const opened: (PageResume & { readonly offset: number }) | null =
        text === undefined ? null : JSON.parse(text)
      // A flow that went back to an earlier page may still hold a later token.
      return opened?.offset === offset ? opened : null
    }
  }
}
