import type { JsonValue } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import { NO_PAGING } from '../model/compile-paging.ts'
import type { OperationRecord, TypeRecord } from '../model/types.ts'
import type { DecodedObjects, DecodeOptions } from '../objects/decode-objects.ts'
import { decodeObjects } from '../objects/decode-objects.ts'
import { isGeneratedId } from '../objects/external-id.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import { checkFilter } from '../plan/list-filter.ts'
import type { ListFilter } from '../plan/types.ts'
import { windowResult } from '../plan/page-window.ts'
import { createPageTokens } from './page-tokens.ts'
import { callForRecords, readWindow } from './read-window.ts'
import type { Ports, Session } from './session.ts'
import { isGone, mappingOf, missingMapping, openSession, warnOfValues } from './session.ts'
import type { Caller, LoadRequest, LoadResult } from './types.ts'

/**
 * Loads objects of a type (protocol 7): one by its external id, or a window of what a filter allows.
 *
 * @throws ConnectorError `TYPE_UNKNOWN`, `MAPPING_MISSING`, `SCAN_LIMIT` for an id that is looked for
 *   in more objects than are read, those of filters, parameters, the document and the API.
 */
export async function loadObjects(
  ports: Ports,
  caller: Caller,
  request: LoadRequest
): Promise<LoadResult> {
  const session = await openSession(ports, caller)
  const type = typeNamed(session.model.types, request.type)
  const { filter } = request
  if (filter.id !== null) {
    const objects = await loadById(session, type, filter, filter.id)
    return { objects, hasMoreResults: false }
  }
  const query = mappingOf(session, type, 'query')
  if (query !== undefined) return queryWindow(session, type, query, filter)
  const load = mappingOf(session, type, 'load')
  if (load === undefined || needsId(load)) throw missingMapping(type, 'query', 'load without an id')
  return queryWindow(session, type, load, filter)
}

function needsId(operation: OperationRecord): boolean {
  return (
    operation.example === null &&
    operation.parameters.some(
      ({ required, sources, fallback }) =>
        required && fallback === undefined && sources.some(source => source.from === 'id')
    )
  )
}

async function loadById(
  session: Session,
  type: TypeRecord,
  filter: ListFilter,
  id: string
): Promise<readonly FlowObject[]> {
  const query = mappingOf(session, type, 'query')
  const load = mappingOf(session, type, 'load')
  // An id that was made from content means nothing to the API; the query's answer shows it again.
  const generated = isGeneratedId(id)
  if (load === undefined && query === undefined) throw missingMapping(type, 'load', 'load by id')
  try {
    if (query !== undefined && (load === undefined || generated)) {
      return await pickFromQuery(session, type, query, filter, id)
    }
    if (load === undefined) return []
    const { found } = await callForRecords(session, load, filter, null)
    // A single object that has no id of its own is the one that the id asked for.
    const { objects } = decode(session, load, found.values, found.isList ? {} : { knownId: id })
    if (!found.isList) return objects
    const same = objects.filter(object => object.externalId === id)
    return same.length > 0 ? same.slice(0, 1) : objects
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

/** The object of a list that has the id asked for, which the API may want to know. */
async function pickFromQuery(
  session: Session,
  type: TypeRecord,
  query: OperationRecord,
  filter: ListFilter,
  id: string
): Promise<readonly FlowObject[]> {
  const all = { ...filter, id: null, limit: 0, offset: 0, offsetToken: null, ...NO_CONDITIONS }
  const known = isGeneratedId(id) ? null : id
  const { objects, hasMoreResults } = await queryWindow(session, type, query, all, known)
  const same = objects.filter(object => object.externalId === id).slice(0, 1)
  if (same.length > 0 || !hasMoreResults) return same
  throw new ConnectorError('SCAN_LIMIT', { type: type.name, count: objects.length })
}

/** What a load by id ignores besides the window (protocol 7.2). */
const NO_CONDITIONS = {
  where: { join: 'AND', conditions: [], groups: [] },
  order: [],
  search: null,
  searchColumns: [],
  filterByProvidedObjects: false
} as const

async function queryWindow(
  session: Session,
  type: TypeRecord,
  query: OperationRecord,
  filter: ListFilter,
  id: string | null = null
): Promise<LoadResult> {
  checkFilter(query, type, filter)
  const { SCAN_MAX_RECORDS } = session.ports.settings
  const tokens = createPageTokens(session, query, filter)
  const paged = query.example === null ? query : { ...query, paging: NO_PAGING }
  const resume = filter.offsetToken === null ? null : tokens.read(filter.offsetToken, filter.offset)
  const asked = { ...filter, id }
  const { values, state } = await readWindow(
    session,
    paged,
    asked,
    filter,
    SCAN_MAX_RECORDS,
    resume
  )
  const served = windowResult(state, values)
  const { objects } = decode(session, query, served.objects)
  const { hasMoreResults, resume: next } = served
  const result = { objects, hasMoreResults }
  if (next === null) return result
  return { ...result, offsetToken: tokens.write(next, filter.offset + served.objects.length) }
}

function decode(
  session: Session,
  operation: OperationRecord,
  values: readonly JsonValue[],
  options: DecodeOptions = {}
): DecodedObjects {
  const decoded = decodeObjects(session.model.types, operation.type, values, options)
  warnOfValues(session, operation, decoded.warnings)
  return decoded
}
