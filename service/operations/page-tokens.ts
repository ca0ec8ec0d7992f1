import type { MappingRecord } from '../model/mapping-record.ts'
import type { FlowWindow, PageResume } from '../plan/paging/page-window.ts'
import type { ListFilter } from '../plan/types.ts'
import type { Session } from './session.ts'

/** Writes and reads the tokens with which a flow goes on in a list. */
export type PageTokens = {
  /** @param window The window that was served: a flow asks for the one after it. */
  write(resume: PageResume, window: FlowWindow): string
  /** Null for a token that does not open, or that is not about the window asked for. */
  read(token: string, window: FlowWindow): PageResume | null
}

/**
 * Tokens of one list: sealed, and bound to tenant, document, server, type, filter and order, so that
 * one that comes back with anything else is ignored and the offset serves.
 */
export function createPageTokens(
  { caller, access, ports }: Session,
  mapping: MappingRecord,
  filter: ListFilter
): PageTokens {
  // Most loads have no token, and no use for what binds one.
  const context = (): string =>
    JSON.stringify([
      'page',
      caller.tenant,
      caller.configuration['schema url'],
      access.serverUrl,
      access.serverVariables,
      mapping.key,
      filter.where,
      filter.order,
      filter.search,
      filter.searchColumns,
      filter.providedIds
    ])
  return {
    write: (resume, { limit, offset }) =>
      ports.sealer.seal(JSON.stringify({ ...resume, askedNext: offset + limit }), context()),
    read(token, { offset }) {
      const text = ports.sealer.open(token, context())
      const opened: (PageResume & { readonly askedNext: number }) | null =
        text === undefined ? null : JSON.parse(text)
      // A flow that went elsewhere may still hold a token. A window that was cut short gave less than
      // the flow counts, which asks from a whole window further on all the same.
      return opened !== null && (offset === opened.askedNext || offset === opened.offset)
        ? opened
        : null
    }
  }
}
