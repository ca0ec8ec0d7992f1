import type { JsonObject, JsonValue } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { bodyForm, encodeObject } from '../objects/encode-object.ts'
import type { IdGenerator } from '../objects/external-id.ts'
import { createIdGenerator, isGeneratedId, isSavedId, ownId } from '../objects/external-id.ts'
import { mergeSaved } from '../objects/merge-saved.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import { loadSeeOther, locatedId } from './created-object.ts'
import { incompleteWrite, writeReached } from './incomplete-write.ts'
import { changedMembers, changedProblem, lastVersion, rememberVersion } from './object-versions.ts'
import { openSession } from './open-session.ts'
import type { PlannedSave, SaveCall } from './plan-save-calls.ts'
import { planSaveCalls, refusedRows } from './plan-save-calls.ts'
import { refusalOf, sendJudged } from './send-judged.ts'
import type { Ports, Session } from './session.ts'
import { mappingOf, missingMapping, warnOfValues } from './session.ts'
import type { FlowCaller, WriteRequest } from './types.ts'

/** The objects that a request saved, and the positions among them of those that the API refused. */
type SavedBatch = { readonly objects: readonly FlowObject[]; readonly refused: readonly number[] }

/**
 * Saves objects of a type in their order, each by a create or an update (docs/protocol.md#save), one by one
 * or in batches if the mapping says so. All requests are planned before the first is sent. After the first
 * failure nothing more is sent.
 *
 * @returns The objects in the given order, with their external ids.
 * @throws ConnectorError `TYPE_UNKNOWN`, `MAPPING_MISSING`, `VALUE_INVALID`, `PARAMETER_*`;
 *   `OBJECT_CHANGED` when the API has another version than the flow loaded; `ROWS_REFUSED` when the
 *   answer to a batch reports failures; `SAVE_INCOMPLETE`, which names the written objects, when one of
 *   several fails.
 */
export async function saveObjects(
  ports: Ports,
  caller: FlowCaller,
  request: WriteRequest
): Promise<readonly FlowObject[]> {
  const session = await openSession(ports, caller)
  const type = typeNamed(session.model.types, request.type)
  const planned: PlannedSave[] = []
  const seen = new Set<string>()
  for (const [index, object] of request.objects.entries()) {
    assertUpdatable(session, type, object, index)
    // An earlier update in this request already changes the version.
    const isAgain = object.externalId !== null && seen.has(object.externalId)
    planned.push(await planSave(session, type, object, isAgain))
    seen.add(object.externalId ?? '')
  }
  const calls = planSaveCalls(session, planned)
  const generateId = createIdGenerator()
  const saved: FlowObject[] = []
  const written: (readonly [index: number, externalId: string | null])[] = []
  for (const call of calls) {
    const indices = call.saves.map((_, index) => saved.length + index)
    const progress = { count: request.objects.length, written, failed: indices }
    caller.progress.reached = () => writeReached('saved', progress)
    const { objects, refused } = await sendBatch(session, type, call, generateId).catch(
      (error: unknown) => {
        throw incompleteWrite('SAVE_INCOMPLETE', error, progress)
      }
    )
    for (const [index, { externalId }] of objects.entries()) {
      if (!refused.includes(index)) written.push([saved.length + index, externalId])
    }
    if (refused.length > 0) {
      const failed = refused.map(index => saved.length + index)
      const error = rowsRefused(call, refused)
      throw incompleteWrite('SAVE_INCOMPLETE', error, { ...progress, failed })
    }
    saved.push(...objects)
  }
  return saved
}

/** Refuses to create an object again that was created before, but cannot be updated for want of its id. */
function assertUpdatable(
  session: Session,
  type: TypeRecord,
  { externalId }: FlowObject,
  index: number
): void {
  if (!isSavedId(externalId?.trim() ?? '') || mappingOf(session, type, 'update') === undefined)
    return
  throw new ConnectorError('ID_UNTOLD', { index, type: type.name })
}

async function planSave(
  session: Session,
  type: TypeRecord,
  object: FlowObject,
  isAgain: boolean
): Promise<PlannedSave> {
  const givenId = object.externalId?.trim() || null
  const realId = givenId === null || isGeneratedId(givenId) ? null : givenId
  const mode = realId === null ? 'create' : 'update'
  const update = mappingOf(session, type, 'update')
  const mapped = mode === 'create' ? (mappingOf(session, type, 'save') ?? update) : update
  if (mapped === undefined) {
    throw missingMapping(type, mode === 'create' ? 'save' : 'update', mode)
  }
  const { mapping, endpoint } = mapped
  const form = bodyForm(endpoint.body, mapping.body)
  const json = encodeObject(session.model.types, type.name, object, { mode, body: form })
  if (mode === 'create' && endpoint.body?.required === true && Object.keys(json).length === 0) {
    const { method, path } = endpoint
    throw new ConnectorError('BODY_REQUIRED', { method, path, type: type.name })
  }
  // An endpoint may take the key that a new object has.
  const members = mode === 'create' ? membersOf(session, type, object) : {}
  const id = realId ?? ownId(type.identity, members) ?? null
  const version =
    realId === null || isAgain ? undefined : await lastVersion(session, type, mapped, realId)
  const isPatch = endpoint.method === 'PATCH' && version !== undefined
  const sent = isPatch ? changedMembers(session, mapped, json, version.object) : json
  const body = form === null ? null : sent
  const ifMatch = version?.etag ?? null
  const input = { id, object, body, filter: null, page: null, ifMatch }
  return { object, mode, members, mapped, input }
}

/** A new object under the API's names, without what only the API sets. */
function membersOf({ model }: Session, type: TypeRecord, object: FlowObject): JsonObject {
  return encodeObject(model.types, type.name, object, { mode: 'create', body: null })
}

async function sendBatch(
  session: Session,
  type: TypeRecord,
  { saves, mapped, call }: SaveCall,
  generateId: IdGenerator
): Promise<SavedBatch> {
  const { mapping } = mapped
  const [first] = saves
  const judged = await sendJudged(session, mapped, call).catch((error: unknown) => {
    throw changedProblem(mapped, first?.input.id ?? '', error) ?? error
  })
  const { answer, judgement } = judged
  if (judgement.is === 'refusal') throw refusalOf(judged)
  const isAccepted = answer.status === 202
  const told = { answer, url: call.url, members: first?.members ?? {} }
  const seen = saves.length === 1 ? await loadSeeOther(session, type, told) : null
  const rows = seen === null ? (isAccepted ? [] : judgement.values) : seen.values
  const isBatch = mapping.batchSize !== null
  const isRowByRow = !isBatch || rows.length === saves.length
  const newId = saves.length === 1 ? locatedId(session, type, told) : null
  if (isAccepted && first?.mode === 'create') warnOfAccepted(session, mapping, saves.length)
  const objects = saves.map(({ object, input }, index) => {
    // A row with the object's key belongs to the object, whatever its position.
    const isOwn = (row: JsonValue): boolean =>
      input.id !== null && row !== null && ownId(type.identity, row) === input.id
    const value = (isBatch ? rows.find(isOwn) : undefined) ?? (isRowByRow ? rows[index] : undefined)
    const saved = { value, newId: input.id ?? newId }
    const merged = mergeSaved(session.model.types, type.name, object, saved, generateId)
    warnOfValues(session, mapping, merged.warnings)
    return merged.object
  })
  const shown = seen?.answer ?? answer
  if (mapping.verb === 'update') await rememberVersion(session, type, objects[0], shown)
  const isJudged = isBatch && isRowByRow && judgement.is === 'list'
  return { objects, refused: isJudged ? refusedRows(type, rows) : [] }
}

/** A 202 promises an object that does not exist yet (RFC 9110 15.3.3). */
function warnOfAccepted({ ports, caller }: Session, { key }: MappingRecord, count: number): void {
  const { tenant } = caller.owner
  ports.warn('an API accepted new objects, but has not created them yet', {
    ...{ tenant, mapping: key, count }
  })
}

function rowsRefused({ saves, mapped }: SaveCall, refused: readonly number[]): ConnectorError {
  const { method, path } = mapped.endpoint
  const holes = { method, path, refused: refused.length, count: saves.length }
  return new ConnectorError('ROWS_REFUSED', holes)
}
