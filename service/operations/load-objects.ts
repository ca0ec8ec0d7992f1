import { ConnectorError } from '../errors.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { createIdGenerator, isGeneratedId, isSavedId, savedId } from '../objects/external-id.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import { assertFilterFits } from '../plan/filter/filter-bounds.ts'
import { EVERY_OBJECT } from '../plan/filter/every-object.ts'
import { knownValues } from '../plan/known-values.ts'
import type { ListFilter } from '../plan/types.ts'
import { chooseMapping } from './choose-mapping.ts'
import { withFirstPage } from './first-page-fields.ts'
import { listMapping } from './list-mapping.ts'
import { openSession } from './open-session.ts'
import { queryWindow } from './query-window.ts'
import { callForRecords, decodeRecords, pageReader, WHOLE_LIST } from './read-pages.ts'
import { isUpdatable, rememberSeen, rememberVersion } from './seen-objects.ts'
import type { MappedEndpoint, Ports, Session } from './session.ts'
import { isApiError, missingMapping } from './session.ts'
import type { Caller, LoadRequest, LoadResult } from './types.ts'

/**
 * Loads objects of a type: one by its external id, or a window of a filtered list (docs/protocol.md#load).
 *
 * @throws ConnectorError `TYPE_UNKNOWN`, `MAPPING_MISSING`, `MAPPING_UNFILLED`, `FILTER_TOO_MANY_CRITERIA`, `FILTER_TOO_LARGE`, `SCAN_LIMIT` if an id is not among the
 *   objects that a load may read, and those of filters, parameters, the document and the API.
 */
export async function loadObjects(
  ports: Ports,
  caller: Caller,
  { type: typeName, filter }: LoadRequest
): Promise<LoadResult> {
  assertFilterFits(filter, ports.settings)
  const opened = await openSession(ports, caller)
  const isComplete = opened.model.index.needsFirstPages !== true
  const session = isComplete ? opened : await withFirstPage(opened, typeName)
  const type = typeNamed(session.model.types, typeName)
  const { id } = filter
  if (id === null) return loadWindow(session, type, listMapping(session, type, filter), filter)
  const { query, load } = type.mappings
  // The API does not know an id that was generated from content; the query's answer has it again.
  const isPicked = query !== undefined && (load === undefined || isGeneratedId(id))
  const loading = isPicked ? pickFromQuery(session, type, id) : loadById(session, type, filter, id)
  return { objects: await loading, hasMoreResults: false }
}

function loadWindow(
  session: Session,
  type: TypeRecord,
  list: MappedEndpoint,
  filter: ListFilter
): Promise<LoadResult> {
  const window = queryWindow(session, type, list, filter)
  return isUpdatable(session, type) ? remembered(session, type, window) : window
}

async function remembered(
  session: Session,
  type: TypeRecord,
  window: Promise<LoadResult>
): Promise<LoadResult> {
  const result = await window
  await rememberSeen(session, type, result.objects)
  return result
}

async function loadById(
  session: Session,
  type: TypeRecord,
  filter: ListFilter,
  id: string
): Promise<readonly FlowObject[]> {
  const load = chooseMapping(session, type, 'load', filter)
  if (load === undefined) throw missingMapping(type, 'load', 'load by id')
  const read = await callForRecords(session, load, filter, null).catch(nullIfGone)
  if (read === null) return []
  const { judgement, answer } = read
  const known = knownValues(type, load.mapping, filter)
  if (judgement.is !== 'object') {
    const objects = await decodeRecords(session, load.mapping, judgement.values, { known })
    const same = objects.filter(object => object.externalId === id)
    const loaded = same.length > 0 ? same.slice(0, 1) : objects
    await rememberSeen(session, type, loaded)
    return loaded
  }
  // A single object without an id is the requested one.
  const options = { knownId: id, known }
  const decoded = decodeRecords(session, load.mapping, judgement.values, options)
  const objects = decoded instanceof Promise ? await decoded : decoded
  const isVersioned = await rememberVersion(session, type, objects[0], answer)
  if (!isVersioned) await rememberSeen(session, type, objects)
  return objects
}

function nullIfGone(error: unknown): null {
  if (isApiError(error, 404, 410)) return null
  throw error
}

/** Finds one object by id in the list. The id is sent along in case the query takes it. */
async function pickFromQuery(
  session: Session,
  type: TypeRecord,
  id: string
): Promise<readonly FlowObject[]> {
  const byId = { ...EVERY_OBJECT, id: isGeneratedId(id) ? null : id }
  const query = chooseMapping(session, type, 'query', byId)
  if (query === undefined) throw missingMapping(type, 'query', 'load by id')
  const { SCAN_MAX_RECORDS: maxRecords } = session.ports.settings
  const generateId = createIdGenerator()
  const known = knownValues(type, query.mapping, byId)
  const pages = pageReader(session, query, byId, { window: WHOLE_LIST, maxRecords })
  let count = 0
  let isCut = false
  // A 404 of the first page means no list. A 404 of a later page fails the load.
  let page = await pages.next()?.catch(nullIfGone)
  for (; page != null; page = await pages.next()) {
    const objects = await decodeRecords(session, query.mapping, page.values, { generateId, known })
    const found = objects.find(({ externalId }) => isSameId(id, externalId ?? ''))
    if (found !== undefined) {
      await rememberSeen(session, type, [found])
      return [{ ...found, externalId: id, order: 0 }]
    }
    count += objects.length
    isCut = !page.state.ended
  }
  if (!isCut) return []
  throw new ConnectorError('SCAN_LIMIT', { type: type.name, count })
}

/** Whether an object of a list has an id, which may carry the mark of a save. */
function isSameId(id: string, found: string): boolean {
  return found === id || (isSavedId(id) && isGeneratedId(found) && savedId(found) === id)
}
