import type { JsonObject } from '../base/json.ts'
import type { CallInput, PlannedCall } from '../exchange/answers.ts'
import type { FlowObject } from '../objects/types.ts'
import { parameterValues } from '../plan/parameter-values.ts'
import { createTurns } from '../time/turns.ts'
import type { MappedEndpoint, Session } from './session.ts'

/** One object to save, its mapping and the input of its call. */
export type PlannedSave = {
  readonly object: FlowObject
  readonly mode: 'create' | 'update'
  /** A new object under the API's names; empty for an update. */
  readonly members: JsonObject
  readonly mapped: MappedEndpoint
  readonly input: CallInput
  /** A PATCH in which nothing differs, for which no call is made. */
  readonly isUnchanged: boolean
}

/** One request and the objects that it saves: several only if the mapping takes batches. */
export type SaveCall = {
  readonly saves: readonly PlannedSave[]
  readonly mapped: MappedEndpoint
  /** Null where nothing is to be changed. */
  readonly call: PlannedCall | null
}

/**
 * Plans the requests of a save, in the order of the objects. A request has one URL, so a batch holds
 * neighbours with the same mapping and the same parameter values, up to the batch size
 * (docs/x-flow.md#batches). Many objects are planned in turns of the event loop.
 *
 * @throws ConnectorError as `planRequest`.
 */
export async function planSaveCalls(
  session: Session,
  saves: readonly PlannedSave[]
): Promise<SaveCall[]> {
  const turns = createTurns(session.caller.deadline.signal)
  const batches: { readonly group: string; readonly saves: PlannedSave[] }[] = []
  for (const save of saves) {
    if (turns.isOver()) await turns.next()
    const group = saveGroup(session, save)
    const last = batches.at(-1)
    const isFull = (last?.saves.length ?? 0) >= (save.mapped.mapping.batchSize ?? 1)
    if (last?.group === group && !isFull) last.saves.push(save)
    else batches.push({ group, saves: [save] })
  }
  const calls: SaveCall[] = []
  for (const { saves: batch } of batches) {
    if (turns.isOver()) await turns.next()
    const [first, ...others] = batch
    if (first !== undefined) calls.push(planSaveCall([first, ...others], first.mapped))
  }
  return calls
}

/** What saves of one request have in common: their mapping and the values of their parameters. */
export function saveGroup(session: Session, save: PlannedSave): string {
  const { key, batchSize } = save.mapped.mapping
  return batchSize === null ? key : `${key} ${parametersText(session, save)}`
}

/**
 * Plans the request of one save, or of several of one group.
 *
 * @param mapped Who answers it.
 * @throws ConnectorError as `planRequest`.
 */
export function planSaveCall(
  saves: readonly [PlannedSave, ...PlannedSave[]],
  mapped: MappedEndpoint
): SaveCall {
  const [{ input, isUnchanged }] = saves
  const isBatch = mapped.mapping.batchSize !== null
  const body = isBatch ? saves.map(save => save.input.body) : input.body
  const call = isUnchanged ? null : mapped.answers.plan({ ...input, body })
  return { saves, mapped, call }
}

/** The parameter values of a call as text, for comparison. */
function parametersText({ model, access, user }: Session, save: PlannedSave): string {
  const { mapping, endpoint, answers } = save.mapped
  if (!answers.takesParameters) return ''
  const input = { ...save.input, user }
  const values = parameterValues({ endpoint, use: mapping, types: model.types, access, input })
  return JSON.stringify(values.map(({ parameter, value }) => [parameter.in, parameter.name, value]))
}
