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
  const batches: { readonly parameters: string; readonly saves: PlannedSave[] }[] = []
  for (const save of saves) {
    if (turns.isOver()) await turns.next()
    const { mapping } = save.mapped
    const { batchSize } = mapping
    const parameters = batchSize === null ? '' : parametersText(session, save)
    const last = batches.at(-1)
    const isAlike = last?.saves[0]?.mapped.mapping === mapping && last.parameters === parameters
    if (isAlike && last.saves.length < (batchSize ?? 1)) last.saves.push(save)
    else batches.push({ parameters, saves: [save] })
  }
  const calls: SaveCall[] = []
  for (const { saves: batch } of batches) {
    if (turns.isOver()) await turns.next()
    const [first] = batch
    if (first === undefined) continue
    const { mapped, input, isUnchanged } = first
    const isBatch = mapped.mapping.batchSize !== null
    const body = isBatch ? batch.map(save => save.input.body) : input.body
    const call = isUnchanged ? null : mapped.answers.plan({ ...input, body })
    calls.push({ saves: batch, mapped, call })
  }
  return calls
}

/** The parameter values of a call as text, for comparison. */
function parametersText({ model, access, user }: Session, save: PlannedSave): string {
  const { mapping, endpoint, answers } = save.mapped
  if (!answers.takesParameters) return ''
  const input = { ...save.input, user }
  const values = parameterValues({ endpoint, use: mapping, types: model.types, access, input })
  return JSON.stringify(values.map(({ parameter, value }) => [parameter.in, parameter.name, value]))
}
