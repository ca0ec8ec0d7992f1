import type { JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import type { SavedForm } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { RefusedCall } from './find-refusal.ts'
import type { NamedValue } from './find-rows.ts'
import { countsFewer, findRows } from './find-rows.ts'
import type { Matching, OpenRow, RowOutcome, SentObject } from './match-rows.ts'
import { matchByMembers, matchByName, matchByPosition, matchRest } from './match-rows.ts'
import { refusalWords } from './refusal-words.ts'
import { readReport } from './row-report.ts'
import { bareId, toldId } from './told-id.ts'
import { hasAny, membersOf } from './type-members.ts'

/** The answer to a batch, and what is known of it. */
export type BatchAnswer = {
  readonly status: number
  readonly body: JsonValue | undefined
  /** The list at the place of the records; null for none. */
  readonly list: readonly JsonValue[] | null
  readonly form: SavedForm
  /** The answer as a whole says that something failed. */
  readonly isRefused: boolean
}

/** How many reasons are told where the objects that they are about are not known. */
const REASONS_MAX = 5

/** How many rows are read at least; more than there are objects may be a whole list. */
const ROWS_MIN = 5_000

const SAVED: RowOutcome = { is: 'saved', value: undefined, id: null }

/**
 * Reads what the answer to a batch says of each object that was sent (docs/x-flow.md#batches). Rows are matched
 * by the index or key that they have, by the keys of the objects, by equal members, and by position.
 *
 * @returns One outcome for each object; null where the answer refuses the batch as a whole.
 */
export function readRows(
  asked: RefusedCall,
  sent: readonly SentObject[],
  answer: BatchAnswer
): readonly RowOutcome[] | null {
  const { type } = asked
  // Of a single object, such an answer says it all.
  if (answer.isRefused && sent.length === 1 && answer.list === null) return null
  const positions = new Map(
    sent.flatMap(({ key }, at) => (key === null ? [] : [[key, at] as const])).toReversed()
  )
  const hint = {
    ...{ list: answer.list, keys: new Set(positions.keys()), toldIds: type.toldIds },
    rowsMax: Math.max(ROWS_MIN, 2 * sent.length)
  }
  const isObject = answer.list === null && sent.length === 1 && isShown(type, answer.body)
  const found = findRows(isObject ? [answer.body ?? null] : answer.body, hint)
  const open = (given: readonly NamedValue[], areFailures: boolean): OpenRow[] =>
    given.map(({ name, value }) => ({ name, report: readReport(asked, value, areFailures) }))
  const rows = open(found.rows ?? [], false)
  const matching: Matching = {
    ...{ type, sent, positions, outcomes: sent.map(() => undefined) },
    outcomeOf: createOutcomes(type, answer.form, found.areIds, rows)
  }
  const failures = matchByMembers(matching, matchByName(matching, open(found.failures, true)))
  matchByPosition(matching, matchByName(matching, rows), failures.length === 0)
  matchRest(matching, failures)
  const { outcomes } = matching
  const isFewer = found.rows !== null || countsFewer(found.counts, sent.length)
  if (outcomes.every(outcome => outcome === undefined)) {
    if (answer.isRefused) return null
    const isUntold = isFewer || failures.length > 0 || answer.status === 207
    return sent.map(() => (isUntold ? unknown(failures) : SAVED))
  }
  const isRefused = outcomes.some(outcome => outcome?.is === 'failed')
  if (answer.isRefused && !isRefused) return sent.map(() => unknown(failures))
  // What the API does not describe may show only the objects that it changed.
  const mayOmit =
    answer.form === 'unknown' &&
    !isRefused &&
    answer.status !== 207 &&
    rows.every(({ report }) => report.state === null)
  return outcomes.map((outcome, at) => {
    if (outcome !== undefined) return outcome
    return mayOmit && sent[at]?.key !== null ? SAVED : unknown(failures)
  })
}

function unknown(failures: readonly OpenRow[]): RowOutcome {
  const reasons = failures.slice(0, REASONS_MAX).map(({ report }) => report.failure ?? '')
  return { is: 'unknown', reason: reasons.filter(reason => reason !== '').join('; ') }
}

/** Whether a value shows an object of the type: a member of it, or its id. */
function isShown(type: TypeRecord, value: JsonValue | undefined): boolean {
  return (
    isJsonObject(value) && (hasAny(value, membersOf(type).names) || toldId(type, value) !== null)
  )
}

/** Makes what reads the outcome of an object in its row. */
function createOutcomes(
  type: TypeRecord,
  form: SavedForm,
  areIds: boolean,
  rows: readonly OpenRow[]
): Matching['outcomeOf'] {
  const someShow = rows.some(({ report }) => isShown(type, report.content))
  return ({ content, row, failure, state }) => {
    if (failure !== null) return { is: 'failed', reason: failure }
    if (!isJsonObject(content)) {
      const mayBeId = form === 'id' || areIds
      return { ...SAVED, id: mayBeId ? bareId(type, content) : null }
    }
    // Among rows that show objects, one with words instead of an object says that there is none.
    const isOdd = someShow && state !== 'good' && !isShown(type, content)
    const words = isOdd ? refusalWords(content) : ''
    if (words !== '') return { is: 'unknown', reason: words }
    const around = row === null || row === content ? null : row
    const id = toldId(type, content) ?? (around && toldId(type, around))
    return { is: 'saved', value: form === 'other' ? undefined : content, id }
  }
}
