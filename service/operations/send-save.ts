import { followPath } from '../base/dotted-path.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import type { Answer } from '../exchange/types.ts'
import type { SavedForm } from '../model/mapping-record.ts'
import { savedForm } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { ownId } from '../objects/external-id.ts'
import { findRefusal } from '../objects/find-refusal.ts'
import type { RowOutcome } from '../objects/match-rows.ts'
import { readRows } from '../objects/read-rows.ts'
import { bareId, toldId } from '../objects/told-id.ts'
import type { SeenObject } from './created-object.ts'
import { loadSeeOther, locatedId } from './created-object.ts'
import { changedProblem } from './object-versions.ts'
import type { PlannedSave, SaveCall } from './plan-save-calls.ts'
import { savedExamples } from './saved-examples.ts'
import type { JudgedAnswer } from './send-judged.ts'
import { refusalOf, sendJudged } from './send-judged.ts'
import type { Session } from './session.ts'

/** What the answer to a save says of each object that was sent. */
export type SentSave = {
  /** The answer that shows the object: that of the save, or of the load to which it led; null without a call. */
  readonly answer: Answer | null
  readonly outcomes: readonly RowOutcome[]
}

/** The call of a save, and its answer. */
type AnsweredSave = {
  readonly save: Pick<SaveCall, 'saves' | 'mapped'>
  readonly judged: JudgedAnswer
}

const NOTHING = { is: 'saved', value: undefined, id: null } as const satisfies RowOutcome

/**
 * Sends one request of a save and reads what its answer says of the objects
 * (docs/x-flow.md#what-a-save-returns).
 *
 * @param created The ids of new objects that examples have shown for the same request.
 * @throws ConnectorError `OBJECT_CHANGED`, `API_ERROR` where the answer refuses the request as a whole, and
 *   those of the call.
 */
export async function sendSave(
  session: Session,
  type: TypeRecord,
  save: SaveCall,
  created: Set<string>
): Promise<SentSave> {
  const { saves, mapped, call } = save
  if (call === null) return { answer: null, outcomes: saves.map(() => NOTHING) }
  const judged = await sendJudged(session, mapped, call).catch((error: unknown) => {
    throw changedProblem(mapped, saves[0]?.input.id ?? '', error) ?? error
  })
  const { answer } = judged
  const { shown: example } = answer
  if (example !== undefined) {
    const shown = { ...answer, shown: example }
    return { answer, outcomes: savedExamples(session, type, save, shown, created) }
  }
  const [only, another] = saves
  if (only === undefined || another !== undefined) {
    return { answer, outcomes: batchOutcomes(session, type, { save, judged }) }
  }
  const told = { answer, url: call.url, members: only.members }
  const seen = await loadSeeOther(session, type, told)
  const outcome =
    seen === null ? outcomeOf(session, type, { save, judged }, only) : seenOutcome(type, seen, only)
  const shown = seen?.answer ?? answer
  if (only.mode === 'update' || outcome.is !== 'saved')
    return { answer: shown, outcomes: [outcome] }
  const id = outcome.id ?? only.input.id ?? locatedId(session, type, told)
  return { answer: shown, outcomes: [{ ...outcome, id }] }
}

/** What the load to which a 303 led says of the saved object. */
function seenOutcome(type: TypeRecord, { values }: SeenObject, save: PlannedSave): RowOutcome {
  return { ...NOTHING, value: savedValue(type, 'unknown', values, save) }
}

function outcomeOf(
  session: Session,
  type: TypeRecord,
  answered: AnsweredSave,
  save: PlannedSave
): RowOutcome {
  const { answer, judgement } = answered.judged
  if (save.mapped.mapping.batchSize !== null && answer.status !== 303) {
    return batchOutcomes(session, type, answered)[0] ?? NOTHING
  }
  const form = formOf(save, answer)
  if (form === null) {
    if (save.mode === 'create') warnOfAccepted(session, save, 1)
    return NOTHING
  }
  // Where no object is found, or a list, the answer may be one to a batch of one.
  const isRow = form !== 'id' && (judgement.is === 'unexpected' || judgement.is === 'list')
  const row = (isRow ? rowsOf(type, answered, form)?.[0] : null) ?? NOTHING
  const reason = rowRefusal(type, answered, row)
  if (reason !== null) throw refusalOf({ answer, judgement: { ...judgement, reason } })
  if (judgement.is === 'unexpected' && form === 'object') warnOfForeign(session, answered)
  const told = row.is === 'saved' ? row : NOTHING
  const value = savedValue(
    type,
    form,
    told.value === undefined ? judgement.values : [told.value],
    save
  )
  const id = save.mode === 'update' ? null : (told.id ?? idIn(type, form, answer, save))
  return { ...NOTHING, value, id }
}

/** Why the only row of an answer says that the object was not saved; null if it does not. */
function rowRefusal(
  type: TypeRecord,
  { save, judged: { judgement } }: AnsweredSave,
  outcome: RowOutcome
): string | null {
  const { endpoint } = save.mapped
  const [row, another] = judgement.values
  if (row !== undefined) {
    const found = { values: judgement.values, isList: false }
    return another === undefined ? findRefusal({ endpoint, type }, row, found) : null
  }
  return outcome.is === 'failed' ? outcome.reason : null
}

/** What an answer shows; null for the 202 of what is not saved yet, unless it shows the object nevertheless. */
function formOf({ mapped: { mapping } }: PlannedSave, { status }: Answer): SavedForm | null {
  return status === 202 && mapping.answer.saved?.['202'] !== 'object'
    ? null
    : savedForm(mapping, status)
}

/** The saved object in an answer; undefined where it has none, or that of another. */
function savedValue(
  { identity }: TypeRecord,
  form: SavedForm,
  values: readonly JsonValue[],
  { mode, input }: PlannedSave
): JsonValue | undefined {
  if (form === 'other' || form === 'id') return undefined
  const idOf = (value: JsonValue): string | undefined =>
    isJsonObject(value) ? ownId(identity, value) : undefined
  const [first, second] = values
  const value = second === undefined ? first : values.find(each => idOf(each) === input.id)
  if (value === undefined || mode === 'create' || form === 'object') return value
  // Only an answer of the type's schema may change the id of an object.
  const id = idOf(value)
  return id === undefined || id === input.id ? value : undefined
}

/** The id that the answer to a create tells beside or instead of an object. */
function idIn(
  type: TypeRecord,
  form: SavedForm,
  { body }: Answer,
  { mapped: { mapping } }: PlannedSave
): string | null {
  const path = mapping.records.at === 'path' ? mapping.records.path : ''
  if (form === 'id') return bareId(type, followPath(body, path))
  return isJsonObject(body) ? toldId(type, body) : null
}

function batchOutcomes(
  session: Session,
  type: TypeRecord,
  answered: AnsweredSave
): readonly RowOutcome[] {
  const { saves } = answered.save
  const { answer, judgement } = answered.judged
  const [first] = saves
  const form = first === undefined ? null : formOf(first, answer)
  const outcomes = rowsOf(type, answered, form ?? 'other')
  if (outcomes === null) throw refusalOf({ answer, judgement })
  if (form !== null || first === undefined) return outcomes
  warnOfAccepted(session, first, saves.length)
  return outcomes.map(outcome => (outcome.is === 'saved' ? NOTHING : outcome))
}

/** What rows of an answer say of the objects; null where the answer refuses them as a whole. */
function rowsOf(
  type: TypeRecord,
  { save: { saves, mapped }, judged: { answer, judgement } }: AnsweredSave,
  form: SavedForm
): readonly RowOutcome[] | null {
  const { mapping, endpoint } = mapped
  const { status, body } = answer
  const path = mapping.records.at === 'path' ? mapping.records.path : ''
  const held = followPath(body, path)
  const list = isJsonArray(held) && held.length > 0 ? held : null
  const sent = saves.map(({ input, members }) => ({ key: input.id, members }))
  const isRefused = judgement.is === 'refusal'
  return readRows({ endpoint, type }, sent, { status, body, list, form, isRefused })
}

/** A 202 promises an object that does not exist yet (RFC 9110 15.3.3). */
function warnOfAccepted({ ports, caller }: Session, { mapped }: PlannedSave, count: number): void {
  ports.warn('an API accepted new objects, but has not created them yet', {
    ...{ tenant: caller.owner.tenant, mapping: mapped.mapping.key, count }
  })
}

/** The document says that the answer is the object, and the answer shows nothing of it. */
function warnOfForeign(
  { ports, caller }: Session,
  { save: { mapped }, judged: { answer, judgement } }: AnsweredSave
): void {
  const { reason } = judgement
  ports.warn('an answer to a save does not show the object', {
    tenant: caller.owner.tenant,
    mapping: mapped.mapping.key,
    reason: answer.problems?.masked(reason) ?? reason
  })
}
