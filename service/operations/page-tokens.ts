import { ownerKey } from '../base/owner.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { PageResume } from '../plan/paging/window-state.ts'
import type { ListFilter } from '../plan/types.ts'
import { schemaUrlOf } from './configuration.ts'
import type { Session } from './session.ts'

/** Seals where the next window of a list begins into a token (docs/x-flow.md#offset-tokens). */
export function sealPageToken(
  session: Session,
  mapping: MappingRecord,
  filter: ListFilter,
  resume: PageResume
): string {
  const text = JSON.stringify({ ...resume, askedNext: filter.offset + filter.limit })
  return session.ports.sealer.seal(text, tokenContext(session, mapping, filter))
}

/**
 * Opens the token of a filter. Returns null if there is none, if it belongs to another list, or if it does
 * not belong to the requested offset; the offset then decides.
 */
export function openPageToken(
  session: Session,
  mapping: MappingRecord,
  filter: ListFilter
): PageResume | null {
  const { offset, offsetToken } = filter
  if (offsetToken === null) return null
  const text = session.ports.sealer.open(offsetToken, tokenContext(session, mapping, filter))
  if (text === undefined) return null
  const resume: PageResume & { readonly askedNext: number } = JSON.parse(text)
  // A flow may send an old token with another offset. After a window that was cut short, the flow
  // still counts a whole window.
  return offset === resume.askedNext || offset === resume.offset ? resume : null
}

/** Binds a token to tenant, document, server, type, filter and order. */
function tokenContext(
  { caller, access }: Session,
  mapping: MappingRecord,
  filter: ListFilter
): string {
  return JSON.stringify([
    'page',
    ownerKey(caller.owner),
    schemaUrlOf(caller.configuration),
    access.serverUrl,
    access.serverVariables,
    mapping.key,
    filter.where,
    filter.order,
    filter.search,
    filter.searchColumns,
    filter.providedIds
  ])
}
