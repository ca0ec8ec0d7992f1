import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, member, plainText } from '../base/json.ts'
import { plainName } from '../base/plain-name.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { ownId } from './external-id.ts'
import type { RowReport } from './row-report.ts'
import { bareId, toldId } from './told-id.ts'

/** One of the objects of a batch, as it was sent. */
export type SentObject = {
  /** The external id that it has itself; null for none. */
  readonly key: string | null
  /** Under the API's names. */
  readonly members: JsonObject
}

/** What an answer says of one object that was sent (docs/x-flow.md#batches). */
export type RowOutcome =
  | {
      readonly is: 'saved'
      /** The object in the answer, whose members count; undefined for none. */
      readonly value: JsonValue | undefined
      /** The id that the answer tells otherwise; null for none. */
      readonly id: string | null
    }
  /** The API's words may be blank. */
  | { readonly is: 'failed' | 'unknown'; readonly reason: string }

/** A row, and the key or index under which it stands. */
export type OpenRow = { readonly name: string | null; readonly report: RowReport }

/** The state of matching rows with objects. */
export type Matching = {
  readonly type: TypeRecord
  readonly sent: readonly SentObject[]
  /** Positions of objects by their keys. */
  readonly positions: ReadonlyMap<string, number>
  readonly outcomes: (RowOutcome | undefined)[]
  readonly outcomeOf: (report: RowReport) => RowOutcome
}

/** How many pairs of rows and objects are compared by their members. */
const PAIRS_MAX = 250_000
const COMPARED_MAX = 50

/** Names by which a row refers to an object by its key, as plain names. */
const REFERENCES = new Set(['key', 'ref', 'reference', 'referenceid', 'correlationid', 'clientid'])

/** Matches rows by their index or key; returns the others. */
export function matchByName(matching: Matching, rows: readonly OpenRow[]): OpenRow[] {
  const { outcomes, outcomeOf } = matching
  const indexes = indexesOf(matching, rows)
  return rows.filter((row, at) => {
    const position = indexes[at] ?? positionOf(matching, row)
    if (position === undefined) return true
    // An object may fail for several reasons.
    if (outcomes[position]?.is !== 'failed')
      outcomes[position] = outcomeOf(withoutKey(matching, row))
    return false
  })
}

/** The report of a row that may be nothing but the key of its object. */
function withoutKey({ positions }: Matching, { report }: OpenRow): RowReport {
  const isKey = report.row === null && positions.has(report.failure ?? '')
  return isKey ? { ...report, failure: '' } : report
}

/**
 * The positions that rows give themselves, counted from 0; undefined for none. They count where each is that of
 * an object, and no two rows of saved objects have the same.
 */
function indexesOf(
  { sent, positions }: Matching,
  rows: readonly OpenRow[]
): (number | undefined)[] {
  const given = rows.map(({ name, report }) => {
    if (name === null) return report.index ?? undefined
    return positions.has(name) || !/^\d{1,9}$/.test(name) ? undefined : Number(name)
  })
  const first = !given.includes(0) && given.includes(sent.length) ? 1 : 0
  const indexes = given.map(index => (index === undefined ? undefined : index - first))
  const ofSaved = indexes.filter((index, at) => {
    return index !== undefined && rows[at]?.report.failure === null
  })
  const areSure =
    new Set(ofSaved).size === ofSaved.length &&
    indexes.every(index => index === undefined || (index >= 0 && index < sent.length))
  return areSure ? indexes : rows.map(() => undefined)
}

/** The position of the object whose key a row has, or under whose key it stands. */
function positionOf({ type, positions }: Matching, { name, report }: OpenRow): number | undefined {
  const named = name === null ? undefined : positions.get(name)
  if (named !== undefined || positions.size === 0) return named
  const { content, row } = report
  const at = (key: string | null | undefined): number | undefined => positions.get(key ?? '')
  if (!isJsonObject(content)) return at(bareId(type, content))
  for (const object of new Set([content, row ?? content])) {
    const found =
      at(ownId(type.identity, object)) ?? at(toldId(type, object)) ?? at(reference(type, object))
    if (found !== undefined) return found
  }
  return undefined
}

/** What a row refers to, for want of an id. */
function reference(type: TypeRecord, object: JsonObject): string | null {
  const key = Object.keys(object).find(name => REFERENCES.has(plainName(name)))
  return key === undefined ? null : bareId(type, object[key])
}

/** Matches rows with the only objects with equal members, and these with no other row; returns the others. */
export function matchByMembers(
  { sent, outcomes, outcomeOf }: Matching,
  rows: readonly OpenRow[]
): OpenRow[] {
  const open = openPositions(outcomes)
  if (rows.length * open.length > PAIRS_MAX) return [...rows]
  const alike = rows.map(({ report }) =>
    open.filter(at => agreement(sent[at]?.members ?? {}, report.content) === 'same')
  )
  const claims = Map.groupBy(alike.flat(), at => at)
  return rows.filter((row, index) => {
    const [at, second] = alike[index] ?? []
    if (at === undefined || second !== undefined || claims.get(at)?.length !== 1) return true
    outcomes[at] = outcomeOf(row.report)
    return false
  })
}

/**
 * Matches rows with the remaining objects in their order, unless members say otherwise.
 *
 * @param mayLack Whether there may be fewer rows than objects. Then the last objects have none.
 */
export function matchByPosition(
  matching: Matching,
  rows: readonly OpenRow[],
  mayLack: boolean
): void {
  const { sent, outcomes, outcomeOf } = matching
  const all = openPositions(outcomes)
  const isFit = rows.every(({ report }, index) => {
    return agreement(sent[all[index] ?? -1]?.members ?? {}, report.content) !== 'other'
  })
  const isWhole = rows.length === all.length
  const rest =
    isFit && (isWhole || (mayLack && rows.length < all.length))
      ? rows
      : matchByMembers(matching, rows)
  const open = openPositions(outcomes)
  // An API may answer with other values than were sent.
  if (!isWhole && rest !== rows) return
  for (const [index, { report }] of rest.entries()) {
    const at = open[index]
    if (at !== undefined) outcomes[at] = outcomeOf(report)
  }
}

/** As many failures as there are objects without a row are about these. */
export function matchRest({ outcomes, outcomeOf }: Matching, failures: readonly OpenRow[]): void {
  const open = openPositions(outcomes)
  if (failures.length !== open.length) return
  for (const [index, at] of open.entries()) {
    const failure = failures[index]
    if (failure !== undefined) outcomes[at] = outcomeOf(failure.report)
  }
}

function openPositions(outcomes: Matching['outcomes']): number[] {
  return outcomes.flatMap((outcome, at) => (outcome === undefined ? [at] : []))
}

/** Whether the scalars that an object was sent with and those in a row agree; `open` if they share none. */
function agreement(members: JsonObject, content: JsonValue | undefined): 'same' | 'other' | 'open' {
  let shared = 0
  for (const [key, value] of Object.entries(members).slice(0, COMPARED_MAX)) {
    const given = member(content, key)
    if (given === undefined || !isScalar(given) || !isScalar(value)) continue
    if (plainText(given) !== plainText(value)) return 'other'
    shared++
  }
  return shared > 0 ? 'same' : 'open'
}

function isScalar(value: JsonValue): boolean {
  return value !== null && !isJsonArray(value) && !isJsonObject(value)
}
