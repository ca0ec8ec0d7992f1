import type { JsonObject } from '../base/json.ts'
import { oneLine } from '../base/one-line.ts'
import { ConnectorError } from '../errors.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { bodyForm, encodeObject } from '../objects/encode-object.ts'
import { createIdGenerator, isGeneratedId, isSavedId, ownId } from '../objects/external-id.ts'
import type { RowOutcome } from '../objects/match-rows.ts'
import { mergeSaved } from '../objects/merge-saved.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import type { WriteProgress } from './incomplete-write.ts'
import { incompleteBatch, incompleteWrite, writeReached } from './incomplete-write.ts'
import { changedMembers, hasSameValues, lastVersion, rememberVersion } from './object-versions.ts'
import { openSession } from './open-session.ts'
import type { PlannedSave, SaveCall } from './plan-save-calls.ts'
import { planSaveCalls } from './plan-save-calls.ts'
import type { SentSave } from './send-save.ts'
import { sendSave } from './send-save.ts'
import type { Ports, Session } from './session.ts'
import { mappingOf, missingMapping, warnOfValues } from './session.ts'
import type { Caller, WriteRequest } from './types.ts'

/** Longest reason of an API for one object, in UTF-16 units. */
const REASON_MAX_LENGTH = 200

/**
 * Saves objects of a type in their order, each by a create or an update (docs/protocol.md#save), one by one
 * or in batches if the mapping says so. All requests are planned before the first is sent. After the first
 * failure nothing more is sent.
 *
 * @returns The objects in the given order, with their external ids.
 * @throws ConnectorError `TYPE_UNKNOWN`, `MAPPING_MISSING`, `VALUE_INVALID`, `BODY_*`, `PARAMETER_*`,
 *   `ID_UNTOLD`; `OBJECT_CHANGED` when the API has another version than the flow loaded; `SAVE_INCOMPLETE`,
 *   which names the written objects, when one of several fails, and when the answer to a batch does not show
 *   all objects as saved.
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
  for (const [index, object] of request.objects.entries()) {
    assertUpdatable(session, type, object, index)
    // An earlier update in this request already changes the version.
    const isAgain = object.externalId !== null && seen.has(object.externalId)
    planned.push(await planSave(session, type, object, isAgain))
    seen.add(object.externalId ?? '')
  }
  const generateId = createIdGenerator()
  const objects: FlowObject[] = []
  const written: (readonly [index: number, externalId: string | null])[] = []
  let first = 0
  for (const call of planSaveCalls(session, planned)) {
    const { saves, mapped } = call
    const failed = saves.map((_, index) => first + index)
    const progress = { count: request.objects.length, written, failed }
    caller.deadline.reached = () => writeReached('saved', progress)
    const sent = await sendSave(session, type, call).catch((error: unknown) => {
      throw incompleteWrite('SAVE_INCOMPLETE', error, progress)
    })
    for (const [index, { object }] of saves.entries()) {
      const outcome = sent.outcomes[index]
      if (outcome?.is !== 'saved') continue
      const told = { value: outcome.value, newId: outcome.id }
      const merged = mergeSaved(session.model.types, type.name, object, told, generateId)
      warnOfValues(session, mapped.mapping, merged.warnings)
      objects.push(merged.object)
      written.push([first + index, merged.object.externalId])
    }
    if (sent.outcomes.some(({ is }) => is !== 'saved')) throw unsaved(call, sent, progress)
    if (mapped.mapping.verb === 'update' && sent.answer !== null) {
      await rememberVersion(session, type, objects.at(-1), sent.answer)
    }
    first += saves.length
  }
  return objects
}

/**
 * Refuses to create an object again that was created before, but cannot be updated for want of its id. Where
 * examples answer, nothing was created.
 */
function assertUpdatable(
  session: Session,
  type: TypeRecord,
  { externalId }: FlowObject,
  index: number
): void {
  const update = mappingOf(session, type, 'update')
  if (!isSavedId(externalId?.trim() ?? '') || update?.answers.takesParameters !== true) return
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
  const isUnchanged =
    isPatch &&
    body !== null &&
    Object.keys(body).length === 0 &&
    hasSameValues(session, mapped, input, version.object)
  return { object, mode, members, mapped, input, isUnchanged }
}

/** A new object under the API's names, without what only the API sets. */
function membersOf({ model }: Session, type: TypeRecord, object: FlowObject): JsonObject {
  return encodeObject(model.types, type.name, object, { mode: 'create', body: null })
}

/** The problem of an answer that does not show all objects of a request as saved. */
function unsaved(
  { saves, mapped }: Pick<SaveCall, 'saves' | 'mapped'>,
  { answer, outcomes }: SentSave,
  progress: WriteProgress
): ConnectorError {
  const { method, path } = mapped.endpoint
  const problems = answer?.problems
  const upstream = problems?.refusal('').upstream ?? undefined
  const details = upstream === undefined ? {} : { upstream }
  const count = saves.length
  const rows = outcomes.map((outcome, at) => ({ outcome, index: progress.failed[at] ?? at }))
  const at = (is: RowOutcome['is']): number[] =>
    rows.filter(({ outcome }) => outcome.is === is).map(({ index }) => index)
  const [failed, unknown] = [at('failed'), at('unknown')]
  const reasons = rows.flatMap(({ outcome, index }) => {
    const reason = outcome.is === 'saved' ? '' : oneLine(outcome.reason)
    const text = (problems?.masked(reason) ?? reason).slice(0, REASON_MAX_LENGTH)
    return text === '' ? [] : [[index, text] as const]
  })
  const error =
    failed.length > 0
      ? new ConnectorError('ROWS_REFUSED', { method, path, refused: failed.length, count }, details)
      : new ConnectorError('ROWS_UNTOLD', { method, path, untold: unknown.length, count }, details)
  return incompleteBatch(error, progress, { failed, unknown, reasons })
}
