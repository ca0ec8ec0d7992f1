import { parseJson } from '../base/exact-number.ts'
import { followPath } from '../base/dotted-path.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, plainText } from '../base/json.ts'
import { plainName } from '../base/plain-name.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { RefusedCall } from './find-refusal.ts'
import { findRefusal } from './find-refusal.ts'
import { refusalWords } from './refusal-words.ts'
import { membersOf } from './type-members.ts'

/** What one row of the answer to a batch says (docs/x-flow.md#batches). */
export type RowReport = {
  /** The object in the row, or its bare id; undefined for none. */
  readonly content: JsonValue | undefined
  /** What the row has around its object, else the row itself; null for a bare value. */
  readonly row: JsonObject | null
  /** Why the object was not saved, blank without a reason; null where the row does not say that. */
  readonly failure: string | null
  /** How it went, as far as the row says; null where it only shows the object. */
  readonly state: 'good' | 'odd' | null
  /** The position that the row gives itself, as it counts. */
  readonly index: number | null
}

/** Plain names of members that say how it went, of those with the object, and of those with its position. */
const STATES = new Set(
  'status statuscode code httpstatus httpstatuscode httpcode state result outcome'.split(' ')
)
const FLAGS = new Set(['ok', 'success'])
const CONTENTS = new Set(
  'body data document entity input item object payload record resource response result value'.split(
    ' '
  )
)
const INDEXES = new Set(['index', 'idx', 'i', 'itemindex', 'position', 'rowindex'])
const POINTERS = new Set(['pointer', 'instancepath', 'path', 'loc', 'field', 'property', 'source'])

const FAILED =
  /^(?:error|errored|fail|failed|failure|rejected|refused|invalid|denied|conflict|duplicate|aborted|skipped)$/i
const SUCCEEDED =
  /^(?:ok|okay|success|successful|succeeded|done|accepted|added|created|inserted|saved|stored|updated|upserted|noop|unchanged|0+)$/i

/** How many objects around a row are taken off, and how much of a pointer is read. */
const AROUND_MAX = 3
const POINTER_MAX_LENGTH = 200

/**
 * Reads a row. A name that the type has itself says nothing about the row.
 *
 * @param isFailure The row is in a list of failures.
 */
export function readReport(asked: RefusedCall, given: JsonValue, isFailure: boolean): RowReport {
  if (!isJsonObject(given)) return readValue(given, isFailure)
  const row = unwrapped(asked.type, given)
  const members = foreignMembers(asked.type, row)
  const content = contentOf(members)
  const index = ownIndex(members)
  // A row around an object, or with its own position, is no object itself.
  const isAround = content !== undefined || index !== null
  const stated = isAround ? plainMembers(row) : members
  const states = stated.flatMap(([name, value]) => (STATES.has(name) ? stateText(value) : []))
  const words = (): string => refusalWords(Object.fromEntries(stated)) || refusalWords(content)
  const told = failureOf(asked, row, states, words)
  const failure = isFailure ? (told ?? words()) : told
  return {
    content: content ?? (isAround ? withoutStates(row) : row),
    row,
    failure,
    state: stateOf(members, states),
    index: index ?? (failure === null ? null : pointedIndex(members))
  }
}

function readValue(value: JsonValue, isFailure: boolean): RowReport {
  const words = isFailure && isJsonArray(value) ? refusalWords({ errors: value }) : ''
  const text = typeof value === 'string' ? value.trim() : words
  const failed = isFailure || value === null || value === false || FAILED.test(text)
  const isGood = value === true || SUCCEEDED.test(text)
  const isState = isGood || value === null || typeof value === 'boolean' || FAILED.test(text)
  const content = isState || isJsonArray(value) ? undefined : value
  const state = isGood ? 'good' : null
  return { content, row: null, failure: failed ? text : null, state, index: null }
}

/** A row without objects around it that have no other member, such as `{create: {…}}`. */
function unwrapped(type: TypeRecord, given: JsonObject): JsonObject {
  const { names } = membersOf(type)
  let row = given
  for (let depth = 0; depth < AROUND_MAX; depth++) {
    const [entry, second] = Object.entries(row)
    if (entry === undefined || second !== undefined) return row
    const [name, value] = entry
    if (!isJsonObject(value) || names.has(name) || /err|fail/i.test(name)) return row
    row = value
  }
  return row
}

type PlainMember = readonly [name: string, value: JsonValue]

function plainMembers(row: JsonObject): PlainMember[] {
  return Object.entries(row).map(([name, value]) => [plainName(name), value])
}

/** The members of a row that the type does not have, under their plain names. */
function foreignMembers(type: TypeRecord, row: JsonObject): PlainMember[] {
  const own = new Set(membersOf(type).names)
  return Object.entries(row).flatMap(([name, value]): PlainMember[] =>
    own.has(name) ? [] : [[plainName(name), value]]
  )
}

function withoutStates(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !STATES.has(plainName(name))))
}

function contentOf(members: readonly PlainMember[]): JsonObject | undefined {
  for (const [name, value] of members) {
    if (!CONTENTS.has(name)) continue
    const content = typeof value === 'string' ? objectIn(value) : value
    if (isJsonObject(content)) return content
  }
  return undefined
}

/** The object that a text holds as JSON. */
function objectIn(text: string): JsonValue | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function stateText(value: JsonValue): string[] {
  return isJsonArray(value) || isJsonObject(value) ? [] : [plainText(value).trim()]
}

function stateOf(members: readonly PlainMember[], states: readonly string[]): RowReport['state'] {
  const isGood = members.some(([name, value]) => FLAGS.has(name) && value === true)
  if (isGood || states.some(state => SUCCEEDED.test(state) || httpStatus(state) < 400))
    return 'good'
  return states.length > 0 || members.some(([name]) => FLAGS.has(name)) ? 'odd' : null
}

/** The status of HTTP in a text; NaN for none. */
function httpStatus(text: string): number {
  return Number(/^(?:HTTP\/\d(?:\.\d)? +)?([1-5]\d\d)\b/i.exec(text)?.[1])
}

/** Why a row says that its object was not saved; null if it does not say that. */
function failureOf(
  asked: RefusedCall,
  row: JsonObject,
  states: readonly string[],
  words: () => string
): string | null {
  const { failure } = asked.endpoint
  const refusal = findRefusal(asked, row, undefined)
  const isDeclared = typeof failure === 'object' && followPath(row, failure.flag) !== undefined
  if (failure === 'never' || isDeclared) return refusal
  const failed = states.find(state => FAILED.test(state) || httpStatus(state) >= 400)
  if (refusal === null && failed === undefined) return null
  return words() || (failed === undefined || FAILED.test(failed) ? '' : `status ${failed}`)
}

function ownIndex(members: readonly PlainMember[]): number | null {
  const found = members.find(
    ([name, value]) => INDEXES.has(name) && /^\d{1,9}$/.test(plainText(value))
  )
  return found === undefined ? null : Number(plainText(found[1]))
}

/** The position in the pointer of a failed row to what is wrong. */
function pointedIndex(members: readonly PlainMember[]): number | null {
  for (const [name, value] of members) {
    const index = POINTERS.has(name) ? indexIn(value) : null
    if (index !== null) return index
  }
  return null
}

/** The first number in a pointer, a path or a list of their parts. */
function indexIn(value: JsonValue): number | null {
  if (isJsonArray(value)) {
    const found = value.slice(0, 10).find(part => typeof part === 'number' && part >= 0)
    return typeof found === 'number' ? found : null
  }
  if (isJsonObject(value)) return value.pointer === undefined ? null : indexIn(value.pointer)
  if (typeof value !== 'string') return null
  const text = value.slice(0, POINTER_MAX_LENGTH)
  const [, digits] = /(?:^|[/.[])(\d{1,9})(?=[/.\]]|$)/.exec(text) ?? []
  return digits === undefined ? null : Number(digits)
}
