import type { JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../base/json.ts'
import type { CallInput, PlannedCall } from '../exchange/answers.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { FlowObject } from '../objects/types.ts'
import { parameterValues } from '../plan/parameter-values.ts'
import type { MappedEndpoint, Session } from './session.ts'

/** One object to save, its mapping and the input of its call. */
export type PlannedSave = {
  readonly object: FlowObject
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
 * (docs/x-flow.md#batches).
 *
 * @throws ConnectorError as `planRequest`.
 */
export function planSaveCalls(session: Session, saves: readonly PlannedSave[]): SaveCall[] {
  const batches: { readonly parameters: string; readonly saves: PlannedSave[] }[] = []
  for (const save of saves) {
    const { mapping } = save.mapped
    const { batchSize } = mapping
    const parameters = batchSize === null ? '' : parametersText(session, save)
    const last = batches.at(-1)
    const isAlike = last?.saves[0]?.mapped.mapping === mapping && last.parameters === parameters
    if (isAlike && last.saves.length < (batchSize ?? 1)) last.saves.push(save)
    else batches.push({ parameters, saves: [save] })
  }
  return batches.flatMap(({ saves: batch }): SaveCall[] => {
    const [first] = batch
    if (first === undefined) return []
    const { mapped, input, isUnchanged } = first
    if (isUnchanged) return [{ saves: batch, mapped, call: null }]
    const isBatch = mapped.mapping.batchSize !== null
    const body = isBatch ? batch.map(save => save.input.body) : input.body
    return [{ saves: batch, mapped, call: mapped.answers.plan({ ...input, body }) }]
  })
}

/** The parameter values of a call as text, for comparison. */
function parametersText({ model, access, user }: Session, save: PlannedSave): string {
  const { mapping, endpoint, answers } = save.mapped
  if (!answers.takesParameters) return ''
  const input = { ...save.input, user }
  const values = parameterValues({ endpoint, use: mapping, types: model.types, access, input })
  return JSON.stringify(values.map(({ parameter, value }) => [parameter.in, parameter.name, value]))
}

/**
 * Finds the rows of a batch's answer that report a failure: null, or an object with `error`, `errors`,
 * `success: false`, or a `status` that is a word of failure or a code from 400 on. Properties of the type are
 * not taken as such reports.
 *
 * @returns Their positions.
 */
export function refusedRows(type: TypeRecord, rows: readonly JsonValue[]): number[] {
  const properties = new Set(type.properties.map(({ key }) => key))
  const reports = (row: JsonValue, key: string, test: (value: JsonValue) => boolean): boolean => {
    const value = properties.has(key) ? undefined : member(row, key)
    return value !== undefined && test(value)
  }
  const isCode = (status: JsonValue): boolean => /^[45]\d\d$/.test(String(status))
  const isWord = (status: JsonValue): boolean => /^(error|failed|failure)$/i.test(String(status))
  return [...rows.entries()].flatMap(([index, row]) => {
    const failed =
      row === null ||
      reports(row, 'error', isPresent) ||
      reports(row, 'errors', isPresent) ||
      reports(row, 'success', success => success === false) ||
      reports(row, 'status', status => isCode(status) || isWord(status)) ||
      reports(row, 'statusCode', isCode)
    return failed ? [index] : []
  })
}

function isPresent(value: JsonValue): boolean {
  if (isJsonArray(value)) return value.length > 0
  if (isJsonObject(value)) return Object.keys(value).length > 0
  return Boolean(value)
}
