import { createHash } from 'node:crypto'

import { isIdempotencyKey } from '../base/header-names.ts'
import { oneLine } from '../base/one-line.ts'
import { isJsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import { answersOf } from '../exchange/answers.ts'
import { effectOf, isIdempotent, wasNotSent } from '../exchange/conduct/retry.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import { ownId } from '../objects/external-id.ts'
import type { RowOutcome } from '../objects/match-rows.ts'
import { planSaveCall } from './plan-save-calls.ts'
import type { PlannedSave, SaveCall } from './plan-save-calls.ts'
import type { EncodedSave } from './plan-saves.ts'
import { completeSave, encodeSaves } from './plan-saves.ts'
import type { RowTarget } from './row-target.ts'
import type { SentSave } from './send-save.ts'
import { sendSave } from './send-save.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { isApiError, mappingOf } from './session.ts'

/** What became of a row that was to be sent. */
export type RowResult =
  /** The id is null where none was told. */
  | { readonly is: 'saved'; readonly id: string | null }
  /** `failed`: it was not saved, or may be sent again; `unknown`: it may have been saved; `unsent`: it was not sent. */
  | { readonly is: 'failed' | 'unknown' | 'unsent'; readonly reason: string }

/** Rows of one request, and what is told of it. */
export type RowRequest = {
  readonly saves: readonly [EncodedSave, ...EncodedSave[]]
  /** Its idempotency key, where the endpoint takes one. The same for all its attempts. */
  readonly key: string
  /**
   * Awaited before a request leaves.
   *
   * @param repeats Whether it may be sent again if its outcome is not known.
   */
  readonly onSend: (repeats: Repeats) => Promise<void>
}

/** What makes it harmless to send a request again: its method, its idempotency key, or nothing. */
export type Repeats = 'method' | 'key' | null

const REASON_MAX_LENGTH = 300

/**
 * Sends rows in one request, and tells of each what became of it (docs/pipelines.md#what-is-promised). An update of an
 * object that the API does not have becomes a create, where the type has one.
 *
 * @returns One result a row, in their order.
 */
export async function sendRows(
  target: RowTarget,
  request: RowRequest
): Promise<readonly RowResult[]> {
  const { session, type } = target
  const { saves, key } = request
  const [first, another] = saves
  const isUpsert = another === undefined && first.mode === 'update'
  const mayCreate = isUpsert && mappingOf(session, type, 'save') !== undefined
  const results = await sendOnce(target, request, mayCreate)
  if (results !== null) return results
  try {
    const [save] = await encodeSaves(session, type, [{ ...first.object, externalId: null }])
    if (save === undefined) throw new TypeError('a row has one save')
    const create = { ...request, saves: [save] as const, key: createKey(key) }
    return (await sendOnce(target, create, false)) ?? []
  } catch (error) {
    return [{ is: 'failed', reason: reasonOf(error) }]
  }
}

/** @returns Null where the API does not have the object, and it may be created. */
async function sendOnce(
  target: RowTarget,
  { saves, key, onSend }: RowRequest,
  mayCreate: boolean
): Promise<readonly RowResult[] | null> {
  const { session, type } = target
  const [{ mapped }] = saves
  const keyed = withKey(session, key)
  let call: SaveCall
  try {
    call = await planned(target, keyed, saves)
  } catch (error) {
    if (mayCreate && isMissing(error)) return null
    const is = isRowFault(error) ? 'failed' : 'unsent'
    return saves.map(() => ({ is, reason: reasonOf(error) }))
  }
  await onSend(repeatsOf(mapped))
  try {
    return resultsOf(target, call.saves, await sendSave(keyed, type, call, new Set()))
  } catch (error) {
    if (mayCreate && isMissing(error)) return null
    const is = RESULTS[effectOf(mapped.endpoint, error)]
    return saves.map(() => ({ is, reason: reasonOf(error) }))
  }
}

/** What makes it harmless to repeat a request of a mapping. */
function repeatsOf({ endpoint, mapping }: MappedEndpoint): Repeats {
  if (isIdempotent(endpoint.method)) return 'method'
  return boundParameters(endpoint, mapping.bindings).some(isIdempotencyKey) ? 'key' : null
}

async function planned(
  { type }: RowTarget,
  session: Session,
  saves: RowRequest['saves']
): Promise<SaveCall> {
  const [first, ...others] = saves
  const { endpoint, mapping } = first.mapped
  const mapped = { ...first.mapped, answers: answersOf(session, endpoint, mapping) }
  const complete: [PlannedSave, ...PlannedSave[]] = [await completeSave(session, type, first)]
  for (const save of others) complete.push(await completeSave(session, type, save))
  return planSaveCall(complete, mapped)
}

function isMissing(error: unknown): boolean {
  return isApiError(error, 404, 410)
}

/** Calls of the session carry a key. */
function withKey(session: Session, key: string): Session {
  return { ...session, ports: { ...session.ports, newKey: () => key } }
}

/** The key of a create in place of an update: another request has another key, and the same each time. */
function createKey(key: string): string {
  const hex = createHash('sha256').update(`create ${key}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function resultsOf(
  { type }: RowTarget,
  saves: readonly PlannedSave[],
  { outcomes, answer }: SentSave
): readonly RowResult[] {
  return saves.map(({ input, mode }, index) => {
    const outcome: RowOutcome = outcomes[index] ?? { is: 'unknown', reason: '' }
    if (outcome.is === 'saved') {
      const { value, id } = outcome
      const shown = isJsonObject(value) ? ownId(type.identity, value) : undefined
      const told = id ?? shown ?? input.id
      return { is: 'saved', id: mode === 'update' ? input.id : told }
    }
    const words = answer?.problems?.masked(outcome.reason) ?? outcome.reason
    const usual =
      outcome.is === 'failed' ? 'the API refused the row' : 'the answer does not tell of the row'
    return { is: outcome.is, reason: shortened(words) || usual }
  })
}

const RESULTS = { 'not sent': 'unsent', refused: 'failed', unknown: 'unknown' } as const

/** Whether the row is what is wrong, rather than the way to the API. */
function isRowFault(error: unknown): boolean {
  if (!(error instanceof ConnectorError) || wasNotSent(error)) return false
  return error.status >= 400 && error.status < 500
}

function reasonOf(error: unknown): string {
  if (error instanceof ConnectorError) return shortened(`${error.message} [${error.code}]`)
  return error instanceof Error ? shortened(error.message) : 'the call was ended'
}

function shortened(text: string): string {
  return oneLine(text).slice(0, REASON_MAX_LENGTH)
}
