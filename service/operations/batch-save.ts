import type { JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../base/json.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { FlowObject } from '../objects/types.ts'
import type { CallInput, PlannedCall } from '../exchange/answers.ts'
import { parameterValues } from '../plan/parameter-values.ts'
import type { MappedEndpoint, Session } from './session.ts'

/** One object to save: by which mapping, and with what. */
export type PlannedSave = {
  readonly object: FlowObject
  readonly mapped: MappedEndpoint
  readonly input: CallInput
}

/** One request, and the objects that it saves: several only where the mapping takes batches. */
export type SaveCall = {
  readonly saves: readonly PlannedSave[]
  readonly mapped: MappedEndpoint
  readonly call: PlannedCall
}

/**
 * Decides the requests of a save, in the order of the objects. Neighbours go together, up to the size of a
 * batch, as far as they have the mapping and the values of its parameters in common: a request has one
 * address.
 *
 * @throws ConnectorError as `planRequest`.
 */
export function planSaveCalls(session: Session, saves: readonly PlannedSave[]): SaveCall[] {
  const batches: { readonly alike: string; readonly saves: PlannedSave[] }[] = []
  for (const save of saves) {
    const { mapping } = save.mapped
    const { batchSize } = mapping
    const alike = batchSize === null ? '' : parametersText(session, save)
    const open = batches.at(-1)
    const [first] = open?.saves ?? []
    const isOpen = batchSize !== null && first?.mapped.mapping === mapping && open?.alike === alike
    if (isOpen && open.saves.length < batchSize) open.saves.push(save)
    else batches.push({ alike, saves: [save] })
  }
  return batches.flatMap(({ saves: together }) => {
    const [first] = together
    if (first === undefined) return []
    const { mapped, input } = first
    const isBatch = mapped.mapping.batchSize !== null
    const body = isBatch ? together.map(save => save.input.body) : input.body
    return [{ saves: together, mapped, call: mapped.answers.plan({ ...input, body }) }]
  })
}

/** The values of a call's parameters, to be compared. */
function parametersText({ model, access, user }: Session, save: PlannedSave): string {
  const { mapping, endpoint, answers } = save.mapped
  if (!answers.takesParameters) return ''
  const input = { ...save.input, user }
  const values = parameterValues({ endpoint, use: mapping, types: model.types, access, input })
  return JSON.stringify(values.map(({ parameter, value }) => [parameter.in, parameter.name, value]))
}

/**
 * Positions of the rows of an answer to a batch that say that they failed (C22): null, or by `error`,
 * `errors`, `success: false`, a `status` that says so, or one from 400 on. What is a property of the type says nothing about that.
 */
export function refusedRows(type: TypeRecord, rows: readonly JsonValue[]): number[] {
  const own = new Set(type.properties.map(({ key }) => key))
  const says = (row: JsonValue, key: string, test: (value: JsonValue) => boolean): boolean => {
    const value = own.has(key) ? undefined : member(row, key)
    return value !== undefined && test(value)
  }
  return [...rows.entries()].flatMap(([index, row]) => {
    const isCode = (status: JsonValue): boolean => /^[45]\d\d$/.test(String(status))
    const isWord = (status: JsonValue): boolean => /^(error|failed|failure)$/i.test(String(status))
    const failed =
      row === null ||
      says(row, 'error', isSomething) ||
      says(row, 'errors', isSomething) ||
      says(row, 'success', success => success === false) ||
      says(row, 'status', status => isCode(status) || isWord(status)) ||
      says(row, 'statusCode', isCode)
    return failed ? [index] : []
  })
}

function isSomething(value: JsonValue): boolean {
  if (isJsonArray(value)) return value.length > 0
  if (isJsonObject(value)) return Object.keys(value).length > 0
  return Boolean(value)
}
