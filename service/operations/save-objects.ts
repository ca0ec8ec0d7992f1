import type { JsonValue } from '../base/json.ts'
import { trimTrailing } from '../base/trim-trailing.ts'
import { ConnectorError } from '../errors.ts'
import type { Answer } from '../exchange/types.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { bodyForm } from '../objects/body-form.ts'
import { encodeObject, encodeUpdate } from '../objects/encode-object.ts'
import { isGeneratedId, ownId } from '../objects/external-id.ts'
import { mergeSaved } from '../objects/merge-saved.ts'
import { withBlanksUnseen } from '../objects/seen-view.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import { incompleteWrite, writeReached } from './incomplete-write.ts'
import { mergeUpdate } from './merge-update.ts'
import { changedMembers, changedProblem, hasSameValues } from './object-versions.ts'
import { openSession } from './open-session.ts'
import type { PlannedSave, SaveCall } from './plan-save-calls.ts'
import { planSaveCalls, refusedRows } from './plan-save-calls.ts'
import type { SeenViews } from './seen-objects.ts'
import { lastVersion, recallSeen, rememberSeen, rememberVersion, withSeen } from './seen-objects.ts'
import { refusalOf, sendJudged } from './send-judged.ts'
import type { Ports, Session } from './session.ts'
import { mappingOf, missingMapping, warnOfValues } from './session.ts'
import type { Caller, WriteRequest } from './types.ts'

/** An object that is ready to be sent, unless the object of the API has to be read before. */
type EncodedSave = PlannedSave & {
  /** An earlier update in the request changes the version of the same object. */
  readonly isAgain: boolean
  readonly isMerged: boolean
}

/** The objects that a request saved, and the positions among them of those that the API refused. */
type SavedBatch = {
  readonly objects: readonly FlowObject[]
  readonly refused: readonly number[]
  /** Whether the version of the saved object is remembered. */
  readonly isVersioned: boolean
}

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
  const encoded: EncodedSave[] = []
  const earlier = new Set<string>()
  const views = request.objects.some(({ externalId }) => externalId !== null)
    ? await recallSeen(session, type)
    : new Map()
  for (const object of request.objects) {
    const isAgain = object.externalId !== null && earlier.has(object.externalId)
    encoded.push(await planSave(session, type, object, { views, isAgain }))
    earlier.add(object.externalId ?? '')
  }
  const planned: PlannedSave[] = []
  for (const save of encoded) {
    planned.push(save.isMerged ? await mergeUpdate(session, type, save, save.isAgain) : save)
  }
  const calls = planSaveCalls(session, planned)
  const unversioned: FlowObject[] = []
  try {
    return await sendCalls(session, type, calls, unversioned)
  } finally {
    // Those before a failure are saved.
    await rememberSeen(session, type, unversioned)
  }
}

/**
 * Sends the calls in their order.
 *
 * @param unversioned Gets the saved objects of which no version is remembered, also before a failure.
 */
async function sendCalls(
  session: Session,
  type: TypeRecord,
  calls: readonly SaveCall[],
  unversioned: FlowObject[]
): Promise<readonly FlowObject[]> {
  const { caller } = session
  const count = calls.reduce((sum, { saves }) => sum + saves.length, 0)
  const saved: FlowObject[] = []
  const written: (readonly [index: number, externalId: string | null])[] = []
  for (const call of calls) {
    const indices = call.saves.map((_, index) => saved.length + index)
    const progress = { count, written, failed: indices }
    caller.deadline.reached = () => writeReached('saved', progress)
    const { objects, refused, isVersioned } = await sendBatch(session, type, call).catch(
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
    for (const object of objects) {
      saved.push(object)
      if (!isVersioned) unversioned.push(object)
    }
  }
  return saved
}

async function planSave(
  session: Session,
  type: TypeRecord,
  given: FlowObject,
  { views, isAgain }: { readonly views: SeenViews; readonly isAgain: boolean }
): Promise<EncodedSave> {
  const { types } = session.model
  const givenId = given.externalId?.trim() || null
  const realId = givenId === null || isGeneratedId(givenId) ? null : givenId
  const mode = realId === null ? 'create' : 'update'
  const update = mappingOf(session, type, 'update')
  const mapped = mode === 'create' ? (mappingOf(session, type, 'save') ?? update) : update
  if (mapped === undefined) {
    throw missingMapping(type, mode === 'create' ? 'save' : 'update', mode)
  }
  const { mapping, endpoint } = mapped
  const form = bodyForm(endpoint.body, mapping.body)
  const version = realId === null ? undefined : await lastVersion(session, type, mapped, realId)
  const object =
    realId === null
      ? withBlanksUnseen(types, type, given)
      : withSeen(session, type, given, { views, version })
  const options = { mode, body: form, blank: mapping.blank } as const
  const { json, leavesUnseen } = encodeUpdate(types, type.name, object, options)
  const id = realId ?? keyOf(session, type, object)
  const base = endpoint.method === 'PATCH' && !isAgain ? version : undefined
  const sent = base === undefined ? json : changedMembers(session, mapped, json, base.object)
  const body = form === null ? null : sent
  const ifMatch = isAgain ? null : (version?.etag ?? null)
  const input = { id, object, body, filter: null, page: null, ifMatch }
  const isMerged =
    realId !== null &&
    (mapping.merge === 'always' || (mapping.merge === 'where unseen' && leavesUnseen))
  const isUnchanged =
    !isMerged &&
    base !== undefined &&
    body !== null &&
    Object.keys(body).length === 0 &&
    hasSameValues(session, mapped, input, base.object)
  return { object, mapped, input, isUnchanged, isAgain, isMerged }
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
    // The version that the flow has seen is still that of the API.
    return { objects, refused: [], isVersioned: true }
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
  const isVersioned =
    mapping.verb === 'update' && (await rememberVersion(session, type, objects[0], answer))
  const isJudged = isBatch && isRowByRow && judgement.is === 'list'
  return { objects, refused: isJudged ? refusedRows(type, rows) : [], isVersioned }
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
