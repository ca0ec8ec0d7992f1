import { oneLine } from '../base/one-line.ts'
import { ConnectorError } from '../errors.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { createIdGenerator } from '../objects/external-id.ts'
import type { RowOutcome } from '../objects/match-rows.ts'
import { mergeSaved } from '../objects/merge-saved.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import type { WriteProgress } from './incomplete-write.ts'
import { incompleteBatch, incompleteWrite, writeReached } from './incomplete-write.ts'
import { withFirstPage } from './first-page-fields.ts'
import { openSession } from './open-session.ts'
import type { SaveCall } from './plan-save-calls.ts'
import { planSaveCalls } from './plan-save-calls.ts'
import { planSaves } from './plan-saves.ts'
import { rememberSeen, rememberVersion } from './seen-objects.ts'
import type { SentSave } from './send-save.ts'
import { sendSave } from './send-save.ts'
import type { Ports, Session } from './session.ts'
import { warnOfValues } from './session.ts'
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
  const opened = await openSession(ports, caller)
  const isComplete = opened.model.index.needsFirstPages !== true
  const session = isComplete ? opened : await withFirstPage(opened, request.type)
  const type = typeNamed(session.model.types, request.type)
  const planned = await planSaves(session, type, request.objects)
  const calls = await planSaveCalls(session, planned)
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
  const { caller, model } = session
  const count = calls.reduce((sum, { saves }) => sum + saves.length, 0)
  const generateId = createIdGenerator()
  const created = new Set<string>()
  const objects: FlowObject[] = []
  const written: (readonly [index: number, externalId: string | null])[] = []
  let first = 0
  for (const call of calls) {
    const { saves, mapped } = call
    const failed = saves.map((_, index) => first + index)
    const progress = { count, written, failed }
    caller.deadline.reached = () => writeReached('saved', progress)
    const sent = await sendSave(session, type, call, created).catch((error: unknown) => {
      throw incompleteWrite('SAVE_INCOMPLETE', error, progress)
    })
    const isUpdate = mapped.mapping.verb === 'update'
    for (const [index, { object, mode }] of saves.entries()) {
      const outcome = sent.outcomes[index]
      if (outcome?.is !== 'saved') continue
      const isExample = sent.answer?.shown !== undefined
      const told = {
        ...{ value: outcome.value, newId: outcome.id },
        ...(isExample && { example: mode })
      }
      const merged = mergeSaved(model.types, type.name, object, told, generateId)
      warnOfValues(session, mapped.mapping, merged)
      objects.push(merged.object)
      written.push([first + index, merged.object.externalId])
      if (!isUpdate) unversioned.push(merged.object)
    }
    if (sent.outcomes.some(({ is }) => is !== 'saved')) throw unsaved(call, sent, progress)
    const last = objects.at(-1)
    // Without a call, the version that the flow has seen is still that of the API.
    if (isUpdate && last !== undefined && sent.answer !== null) {
      if (!(await rememberVersion(session, type, last, sent.answer))) unversioned.push(last)
    }
    first += saves.length
  }
  return objects
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
