import type { JsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { bodyForm } from '../objects/body-form.ts'
import { encodeObject, encodeUpdate } from '../objects/encode-object.ts'
import { isGeneratedId, isSavedId, ownId } from '../objects/external-id.ts'
import { withBlanksUnseen } from '../objects/seen-view.ts'
import type { FlowObject } from '../objects/types.ts'
import { createTurns } from '../time/turns.ts'
import { mergeUpdate } from './merge-update.ts'
import { changedMembers, hasSameValues } from './object-versions.ts'
import type { PlannedSave } from './plan-save-calls.ts'
import type { SeenViews } from './seen-objects.ts'
import { lastVersion, recallSeen, withSeen } from './seen-objects.ts'
import type { Session } from './session.ts'
import { mappingOf, missingMapping } from './session.ts'

/** An object that is ready to be sent, unless the object of the API has to be read before. */
export type EncodedSave = PlannedSave & {
  /** An earlier update in the request changes the version of the same object. */
  readonly isAgain: boolean
  readonly isMerged: boolean
}

/** Plans saves. All values are checked before an object is read to be merged. */
export async function planSaves(
  session: Session,
  type: TypeRecord,
  objects: readonly FlowObject[]
): Promise<readonly PlannedSave[]> {
  const planned: PlannedSave[] = []
  for (const save of await encodeSaves(session, type, objects)) {
    planned.push(await completeSave(session, type, save))
  }
  return planned
}

/**
 * Plans saves as far as that takes no call: all values are checked.
 *
 * @throws ConnectorError `MAPPING_MISSING`, `VALUE_INVALID`, `CHOICE_AMBIGUOUS`, `ID_UNTOLD`.
 */
export async function encodeSaves(
  session: Session,
  type: TypeRecord,
  objects: readonly FlowObject[]
): Promise<readonly EncodedSave[]> {
  const isUpdate = objects.some(({ externalId }) => externalId !== null)
  const views: SeenViews = isUpdate ? await recallSeen(session, type) : new Map()
  const encoded: EncodedSave[] = []
  const earlier = new Set<string>()
  const turns = createTurns(session.caller.deadline.signal)
  for (const [index, object] of objects.entries()) {
    if (turns.isOver()) await turns.next()
    assertUpdatable(session, type, object, index)
    const isAgain = object.externalId !== null && earlier.has(object.externalId)
    encoded.push(await planSave(session, type, object, { views, isAgain }))
    earlier.add(object.externalId ?? '')
  }
  return encoded
}

/** Reads the object of an update that replaces the whole. @throws ConnectorError as `mergeUpdate`. */
export async function completeSave(
  session: Session,
  type: TypeRecord,
  save: EncodedSave
): Promise<PlannedSave> {
  return save.isMerged ? mergeUpdate(session, type, save, save.isAgain) : save
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
  given: FlowObject,
  { views, isAgain }: { readonly views: SeenViews; readonly isAgain: boolean }
): Promise<EncodedSave> {
  const { types } = session.model
  const givenId = given.externalId?.trim() || null
  const update = mappingOf(session, type, 'update')
  // An example knows every object by the id that the flow has of it.
  const isUnknown = update?.answers.takesParameters !== false && isGeneratedId(givenId ?? '')
  const realId = isUnknown ? null : givenId
  const mode = realId === null ? 'create' : 'update'
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
  // An endpoint may take the key that a new object has.
  const members = mode === 'create' ? membersOf(session, type, object) : {}
  const id = realId ?? ownId(type.identity, members) ?? null
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
  return { object, mode, members, mapped, input, isUnchanged, isAgain, isMerged }
}

/** A new object under the API's names, without what only the API sets. */
function membersOf({ model }: Session, type: TypeRecord, object: FlowObject): JsonObject {
  return encodeObject(model.types, type.name, object, { mode: 'create', body: null })
}
