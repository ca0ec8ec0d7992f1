import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import { plainName } from '../base/plain-name.ts'

/** A value in the answer to a batch, with the key or index under which it stands; null in a list. */
export type NamedValue = { readonly name: string | null; readonly value: JsonValue }

/** What the answer to a batch has. */
export type FoundRows = {
  /** What may tell of one object each; null for nothing of that kind. */
  readonly rows: readonly NamedValue[] | null
  /** The rows stand under a name for ids. */
  readonly areIds: boolean
  /** What stands under a name for failures. */
  readonly failures: readonly NamedValue[]
  readonly counts: RowCounts
}

/** The numbers of objects that an answer counts. */
type RowCounts = {
  /** Those that were written; null where none is counted. */
  readonly written: number | null
  readonly failed: number
  /** Those of which the name does not say how they went. */
  readonly any: readonly number[]
}

/** What is known of the answer. */
export type RowsHint = {
  /** The list at the place of the records; null for none. */
  readonly list: readonly JsonValue[] | null
  /** External ids of the sent objects, by which rows may be named. */
  readonly keys: ReadonlySet<string>
  /** As in `TypeRecord.toldIds`. */
  readonly toldIds: readonly string[]
  /** How many rows are read. */
  readonly rowsMax: number
}

/** Plain names of members, by what they have. */
const FAILURES =
  /^(?:conflicts?|duplicates?|errors?|errordetails|errorlist|failed(?:items|objects|records|rows)?|failures?|ignored|invalid|not(?:created|inserted|saved)|rejected|rejections|skipped|unprocessed(?:items|records)?|unsaved|unsuccessful|validationerrors|writeerrors)$/
const WRITTEN =
  /^(?:accepted|added|created|existing|imported|inserted|ok|saved|stored|succeeded|success|successes|successful|unchanged|updated|upserted|written)(?:items|objects|records|rows)?$/
const LISTS =
  /^(?:compositeresponse|data|docs|documents|entries|items|list|objects|operations|records|responses?|results?|rows|values?)$/
const WRAPPERS = /^(?:body|counts|d|data|meta|payload|response|results?|stats|statistics|summary)$/
const BESIDE = /^(?:info|links|messages|meta|notices|warnings)$/

/** Words in the names of counts. */
const COUNT_WRITTEN =
  /^(?:added|created|imported|inserted|saved|stored|succeeded|success|successes|successful|updated|upserted|written)$/
const COUNT_FAILED = /^(?:errors?|failed|failures?|invalid|rejected|unsuccessful)$/
const COUNT_ANY = /^(?:affected|count|processed|rows|size|total)$/

/** Objects inside each other that are looked into, and members of one. */
const DEPTH_MAX = 2
const MEMBERS_MAX = 200

const NO_ROWS = {
  rows: null,
  areIds: false,
  failures: [],
  counts: { written: null, failed: 0, any: [] }
} as const satisfies FoundRows

type Member = { readonly key: string; readonly name: string; readonly value: JsonValue }

/** Finds what tells of the objects in the answer to a batch (docs/x-flow.md#batches). */
export function findRows(body: JsonValue | undefined, hint: RowsHint): FoundRows {
  const list = isJsonArray(body) ? (hint.list ?? body) : hint.list
  const found = isJsonObject(body) ? findIn(body, hint, 0) : NO_ROWS
  return list === null ? found : { ...found, rows: unnamed(list, hint), areIds: false }
}

/** Whether counts say that not all of some objects were written. */
export function countsFewer({ written, failed, any }: RowCounts, count: number): boolean {
  if (failed > 0) return true
  return written === null ? any.length > 0 && any.every(given => given < count) : written < count
}

function findIn(object: JsonObject, hint: RowsHint, depth: number): FoundRows {
  const members = Object.entries(object)
    .slice(0, MEMBERS_MAX)
    .map(([key, value]) => ({ key, name: plainName(key), value }))
  const failures = members.flatMap(({ name, value }) =>
    FAILURES.test(name) ? failuresIn(value, hint) : []
  )
  const own = { ...NO_ROWS, failures, counts: countsOf(members) }
  const byIndex = listOf(object, hint)
  if (byIndex !== null) return { ...own, rows: byIndex }
  const ids = members.find(({ name, value }) => isOfIds(name, hint) && listOf(value, hint) !== null)
  if (ids !== undefined) {
    const values = listOf(ids.value, hint) ?? []
    return { ...own, rows: values.map(({ value }) => ({ name: null, value })), areIds: true }
  }
  const lists = listsIn(members, hint)
  if (lists.length > 0) {
    return { ...own, rows: lists.flatMap(({ value }) => listOf(value, hint) ?? []) }
  }
  const byKey = members.filter(({ key, value }) => hint.keys.has(key) && typeof value !== 'number')
  const rows = byKey.length > 0 ? byKey.map(({ key: name, value }) => ({ name, value })) : null
  if (rows !== null || failures.length > 0 || depth === DEPTH_MAX) return { ...own, rows }
  return members.reduce<FoundRows>((found, { name, value }) => {
    if (!isJsonObject(value) || !WRAPPERS.test(name) || found.rows !== null) return found
    const inner = findIn(value, hint, depth + 1)
    return { ...inner, counts: joinedCounts(found.counts, inner.counts) }
  }, own)
}

/** The lists with rows: those of written objects, else that under a usual name, else the only one. */
function listsIn(members: readonly Member[], hint: RowsHint): readonly Member[] {
  const lists = members.filter(
    ({ name, value }) => listOf(value, hint) !== null && !FAILURES.test(name) && !BESIDE.test(name)
  )
  const written = lists.filter(({ name }) => WRITTEN.test(name))
  if (written.length > 0) return written
  const [usual] = lists.filter(({ name }) => LISTS.test(name))
  if (usual !== undefined) return [usual]
  const ofObjects = lists.filter(({ value }) =>
    listOf(value, hint)?.some(item => isJsonObject(item.value))
  )
  return ofObjects.length === 1 ? ofObjects : []
}

/** Whether a name is that of ids: one for an id in the plural. */
function isOfIds(name: string, { toldIds }: RowsHint): boolean {
  return name.endsWith('s') && toldIds.includes(name.slice(0, -1))
}

/** The items of an array, or of an object whose keys are indexes; null for anything else. */
function listOf(value: JsonValue, hint: RowsHint): readonly NamedValue[] | null {
  if (isJsonArray(value)) return unnamed(value, hint)
  if (!isJsonObject(value)) return null
  const entries = Object.entries(value).slice(0, hint.rowsMax)
  const areIndexes = entries.length > 0 && entries.every(([key]) => /^\d{1,9}$/.test(key))
  return areIndexes ? entries.map(([name, item]) => ({ name, value: item })) : null
}

/** The failures under a name for them: a list, an object by keys or indexes, or a single one. */
function failuresIn(value: JsonValue, hint: RowsHint): readonly NamedValue[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : unnamed([value], hint)
  const list = listOf(value, hint)
  if (list !== null || !isJsonObject(value)) return list ?? []
  const entries = Object.entries(value)
  if (!entries.some(([key]) => hint.keys.has(key)))
    return entries.length === 0 ? [] : unnamed([value], hint)
  return entries.map(([name, item]) => ({ name, value: item }))
}

function unnamed(values: readonly JsonValue[], { rowsMax }: RowsHint): NamedValue[] {
  return values.slice(0, rowsMax).map(value => ({ name: null, value }))
}

function countsOf(members: readonly Member[]): RowCounts {
  return members.reduce<RowCounts>(
    (counts, { key, name, value }) =>
      // 0 and 1 may be a flag.
      typeof value !== 'number' || (name === 'success' && value <= 1)
        ? counts
        : joinedCounts(counts, countOf(key, value)),
    NO_ROWS.counts
  )
}

function countOf(key: string, value: number): RowCounts {
  const words = (key.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map(word => word.toLowerCase())
  const isAny = (pattern: RegExp): boolean => words.some(word => pattern.test(word))
  if (isAny(COUNT_FAILED)) return { ...NO_ROWS.counts, failed: value }
  if (isAny(COUNT_WRITTEN)) return { ...NO_ROWS.counts, written: value }
  return { ...NO_ROWS.counts, any: isAny(COUNT_ANY) && !isAny(/^pages?$/) ? [value] : [] }
}

function joinedCounts(a: RowCounts, b: RowCounts): RowCounts {
  const written = a.written === null ? b.written : a.written + (b.written ?? 0)
  return { written, failed: a.failed + b.failed, any: [...a.any, ...b.any] }
}
