import type { JsonValue } from '../base/json.ts'
import { trimTrailing } from '../base/trim-trailing.ts'
import { ConnectorError } from '../errors.ts'
import type { Answer } from '../exchange/types.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { bodyForm, encodeObject } from '../objects/encode-object.ts'
import { isGeneratedId, ownId } from '../objects/external-id.ts'
import { mergeSaved } from '../objects/merge-saved.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import { incompleteWrite, writeReached } from './incomplete-write.ts'
import {
  changedMembers,
  changedProblem,
  hasSameValues,
  lastVersion,
  rememberVersion
} from './object-versions.ts'
import { openSession } from './open-session.ts'
import type { PlannedSave, SaveCall } from './plan-save-calls.ts'
import { planSaveCalls, refusedRows } from './plan-save-calls.ts'
import { refusalOf, sendJudged } from './send-judged.ts'
import type { Ports, Session } from './session.ts'
import { mappingOf, missingMapping, warnOfValues } from './session.ts'
import type { Caller, WriteRequest } from './types.ts'

/** The objects that a request saved, and the positions among them of those that the API refused. */
type SavedBatch = { readonly objects: readonly FlowObject[]; readonly refused: readonly number[] }

/**
 * Saves objects of a type in their order, each by a create or an update (docs/protocol.md#save), one by one
 * or in batches if the mapping says so. All requests are planned before the first is sent. After the first
 * failure nothing more is sent.
 *
 * @returns The objects in the given order, with their external ids.
 * @throws ConnectorError `TYPE_UNKNOWN`, `MAPPING_MISSING`, `VALUE_INVALID`, `BODY_*`, `PARAMETER_*`;
 *   `OBJECT_CHANGED` when the API has another version than the flow loaded; `ROWS_REFUSED` when the
 *   answer to a batch reports failures; `SAVE_INCOMPLETE`, which names the written objects, when one of
 *   several fails.
 */
export async function saveObjects(
  ports: Ports,
  caller: Caller,
  request: WriteRequest
): Promise<readonly FlowObject[]> {
  const session = await openSession(ports, caller)
  const type = typeNamed(session.model.types, request.type)
  const planned: PlannedSave[] = []
  const seen = new Set<string>()
  for (const object of request.objects) {
    // An earlier update in this request already changes the version.
    const isAgain = object.externalId !== null && seen.has(object.externalId)
    planned.push(await planSave(session, type, object, isAgain))
    seen.add(object.externalId ?? '')
  }
  const calls = planSaveCalls(session, planned)
  const saved: FlowObject[] = []
  const written: (readonly [index: number, externalId: string | null])[] = []
  for (const call of calls) {
    const indices = call.saves.map((_, index) => saved.length + index)
    const progress = { count: request.objects.length, written, failed: indices }
    caller.deadline.reached = () => writeReached('saved', progress)
    const { objects, refused } = await sendBatch(session, type, call).catch((error: unknown) => {
      throw incompleteWrite('SAVE_INCOMPLETE', error, progress)
    })
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
  const id = realId ?? keyOf(session, type, object)
  const version =
    realId === null || isAgain ? undefined : await lastVersion(session, type, mapped, realId)
  const isPatch = endpoint.method === 'PATCH' && version !== undefined
  const sent = isPatch ? changedMembers(session, mapped, json, version.object) : json
  const body = form === null ? null : sent
  const ifMatch = version?.etag ?? null
  const input = { id, object, body, filter: null, page: null, ifMatch }
  const isUnchanged =
    isPatch &&
    body !== null &&
    Object.keys(body).length === 0 &&
    hasSameValues(session, mapped, input, version.object)
  return { object, mapped, input, isUnchanged }
}

/** The id that the key property of a new object holds, for an endpoint that takes one. */
function keyOf({ model }: Session, type: TypeRecord, object: FlowObject): string | null {
  const whole = encodeObject(model.types, type.name, object, { mode: 'create', body: null })
  return ownId(type.identity, whole) ?? null
}

async function sendBatch(
  session: Session,
  type: TypeRecord,
  { saves, mapped, call }: SaveCall
): Promise<SavedBatch> {
  const { mapping } = mapped
  const { types } = session.model
  if (call === null) {
    const unchanged = { value: undefined, newId: null }
    const objects = saves.map(
      ({ object }) => mergeSaved(types, type.name, object, unchanged).object
    )
    return { objects, refused: [] }
  }
  const { answer, judgement } = await sendJudged(session, mapped, call).catch((error: unknown) => {
    throw changedProblem(mapped, saves[0]?.input.id ?? '', error) ?? error
  })
  if (judgement.is === 'refusal') throw refusalOf({ answer, judgement })
  const rows = judgement.values
  const isBatch = mapping.batchSize !== null
  const isRowByRow = !isBatch || rows.length === saves.length
  const objects = saves.map(({ object, input }, index) => {
    // A row with the object's key belongs to the object, whatever its position.
    const isOwn = (row: JsonValue): boolean =>
      input.id !== null && row !== null && ownId(type.identity, row) === input.id
    const value = (isBatch ? rows.find(isOwn) : undefined) ?? (isRowByRow ? rows[index] : undefined)
    const { object: saved, warnings } = mergeSaved(types, type.name, object, {
      value,
      newId: saves.length === 1 ? locationId(answer) : null
    })
    warnOfValues(session, mapping, warnings)
    return saved
  })
  if (mapping.verb === 'update') await rememberVersion(session, type, objects[0], answer)
  const isJudged = isBatch && isRowByRow && judgement.is === 'list'
  return { objects, refused: isJudged ? refusedRows(type, rows) : [] }
}

function rowsRefused({ saves, mapped }: SaveCall, refused: readonly number[]): ConnectorError {
  const { method, path } = mapped.endpoint
  const holes = { method, path, refused: refused.length, count: saves.length }
  return new ConnectorError('ROWS_REFUSED', holes)
}

/** The id at the end of a `Location` header (docs/x-flow.md#what-a-save-returns); null without one. */
function locationId({ headers: { location } }: Answer): string | null {
  const path = location?.split(/[?#]/, 1)[0] ?? ''
  const segment = trimTrailing(path, '/').split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(segment) || null
  } catch {
    return null
  }
}
