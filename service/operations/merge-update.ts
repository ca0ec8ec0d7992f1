import { ConnectorError } from '../errors.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { layOver } from '../objects/lay-over.ts'
import type { FlowObject } from '../objects/types.ts'
import type { ListFilter } from '../plan/types.ts'
import { callForRecords, decodeRecords } from './read-pages.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { mappingOf } from './session.ts'

/** An object to send as a whole, and the `ETag` of the version that it was laid over; null for none. */
export type MergedUpdate = { readonly object: FlowObject; readonly etag: string | null }

/** A load by id, of the whole object. */
const BY_ID: Omit<ListFilter, 'id'> = {
  where: { join: 'AND', conditions: [], groups: [] },
  order: [],
  search: null,
  searchColumns: [],
  limit: 0,
  offset: 0,
  offsetToken: null,
  providedIds: null
}

/**
 * Reads the object that a flow updates by `x-flow-load`, and lays what the flow sends over it
 * (docs/x-flow.md#merged-updates). Null where no load of the API has it.
 *
 * @param sent With what the flow has not seen of the object.
 * @throws ConnectorError `ANSWER_UNEXPECTED` if the answer lacks the object, and those of calls: an object
 *   that the API does not know is its 404.
 */
export async function mergeUpdate(
  session: Session,
  type: TypeRecord,
  { mapping, answers }: MappedEndpoint,
  sent: FlowObject,
  id: string
): Promise<MergedUpdate | null> {
  const load = mappingOf(session, type, 'load')
  if (load === undefined || !load.answers.takesParameters || !answers.takesParameters) return null
  const { found, answer } = await callForRecords(load, { ...BY_ID, id }, null)
  const objects = decodeRecords(session, load.mapping, found.values, {
    notes: 'whole',
    ...(!found.isList && { knownId: id })
  })
  const held = found.isList ? objects.find(({ externalId }) => externalId === id) : objects[0]
  if (held === undefined) {
    const { method, path } = load.endpoint
    throw new ConnectorError('ANSWER_UNEXPECTED', { method, path })
  }
  const object = layOver(session.model.types, type, sent, held, mapping.blank)
  return { object, etag: answer.headers.etag ?? null }
}
