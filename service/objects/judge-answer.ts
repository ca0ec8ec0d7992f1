import { followPath } from '../base/dotted-path.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import { sharesFolded } from '../base/letter-case.ts'
import { listFirst } from '../base/list-first.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { AnswerStep, MappingRecord } from '../model/mapping-record.ts'
import { isRead } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { mayBeEmpty } from '../model/type-record.ts'
import { findRecords } from './find-records.ts'
import { findRefusal } from './find-refusal.ts'
import { hasAny, isFilled, membersOf } from './type-members.ts'
import type { FoundRecords } from './types.ts'

/**
 * What an answer is to the mapping that asked for it (docs/x-flow.md#what-an-answer-is):
 *
 * - `list` and `object`: the objects of the type;
 * - `nothing`: rightly no object: no body, or a list that was left out;
 * - `refusal`: the API did not do what was asked;
 * - `unexpected`: anything else.
 */
export type Judgement = {
  readonly is: 'list' | 'object' | 'nothing' | 'refusal' | 'unexpected'
  /**
   * The objects of a list or object. A refusal has what was found beside it. For a mapping with batches
   * these are the rows of the answer, whatever they are.
   */
  readonly values: readonly JsonValue[]
  /**
   * The API's words of a refusal, in full; what is wrong with an unexpected answer; what is odd about the
   * objects, else blank. May repeat anything of the answer.
   */
  readonly reason: string
}

/** What was asked for: objects of a type, by a mapping of it. */
export type AskedAnswer = {
  readonly mapping: MappingRecord
  readonly endpoint: EndpointRecord
  readonly type: TypeRecord
}

/** The parts of an answer that are judged. */
type GivenAnswer = { readonly status: number; readonly body: JsonValue | undefined }

const NOTHING: Judgement = { is: 'nothing', values: [], reason: '' }

/** How many names a reason lists, and how many characters of each. */
const NAMES_MAX = 5
const NAME_MAX_LENGTH = 40

/**
 * Judges a 2xx answer. A good one costs a few look-ups of members, however large it is.
 */
export function judgeAnswer(asked: AskedAnswer, { status, body }: GivenAnswer): Judgement {
  const { mapping, type } = asked
  const reads = isRead(mapping.verb)
  if (body === undefined) {
    // Where JSON is expected, only 204 and 205 may come without a body.
    return reads && status !== 204 && status !== 205 ? unexpected('it has no body') : NOTHING
  }
  const isBatch = mapping.batchSize !== null
  const { found, between } = findRecords(mapping, type, body)
  const values = found?.values ?? []
  const refusal = findRefusal(asked, body, found)
  if (refusal !== null) return { is: 'refusal', values, reason: refusal }
  if (found === undefined) {
    const isLeftOut = mapping.answer.list !== null && leavesOut(mapping.answer.list, body)
    return isLeftOut ? NOTHING : unexpected(missingReason(mapping, body, between))
  }
  const is = found.isList ? 'list' : 'object'
  if (isBatch || isOfType(type, found)) return { is, values, reason: '' }
  const reason = foreignReason(type, values)
  if (!reads || !mayBeEmpty(type)) return unexpected(reason)
  return { is, values, reason: values.some(isFilled) ? reason : '' }
}

function unexpected(reason: string): Judgement {
  return { is: 'unexpected', values: [], reason }
}

/**
 * Whether an object or one of a list shares a member with the type, as the first does as a rule. In a list, objects
 * without members are objects without values. A type without members in JSON shares nothing with anything.
 */
function isOfType(type: TypeRecord, { values, isList }: FoundRecords): boolean {
  const { names } = membersOf(type)
  if (names.size === 0 || values.some(value => hasAny(value, names))) return true
  return !values.some(isList ? isFilled : isJsonObject)
}

/**
 * Whether an answer leaves out a list that it need not have: the object that would hold the list, or the way to
 * it, is empty or has another member of its schema.
 */
function leavesOut(way: readonly AnswerStep[], body: JsonValue): boolean {
  let holder: JsonValue | undefined = body
  for (const { key, required, members } of way) {
    if (!isJsonObject(holder)) return false
    const held: JsonValue | undefined = Object.hasOwn(holder, key) ? holder[key] : undefined
    if (held === undefined || held === null) {
      return !required && (!isFilled(holder) || hasAny(holder, new Set(members)))
    }
    holder = held
  }
  return false
}

/** Why there is no object at the place of the records. */
function missingReason(
  { records }: MappingRecord,
  body: JsonValue,
  between: readonly string[]
): string {
  const [place, another] = between
  if (another !== undefined) return `they may be at any of ${listed(between)}`
  if (place !== undefined) return `${place} has only one member of it`
  const path = records.at === 'path' ? records.path : ''
  const held = followPath(body, path)
  if (held !== undefined) return `${path === '' ? 'the body' : `"${path}"`} is ${kindOf(held)}`
  return `it has no "${path}", but ${isJsonObject(body) ? listed(Object.keys(body)) : kindOf(body)}`
}

/** Why objects are not of the type, although there are some. */
function foreignReason(type: TypeRecord, values: readonly JsonValue[]): string {
  const { names } = membersOf(type)
  const shown = values.find(isFilled)
  const came = isJsonObject(shown) ? Object.keys(shown) : []
  const hint = sharesFolded([...names], came) ? ', in other letter case' : ''
  return `its object has none of the members ${listed([...names])} of type "${type.name}", but ${listed(came)}${hint}`
}

function kindOf(value: JsonValue): string {
  if (isJsonArray(value)) return 'a list without objects'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return String(value)
  return value === null ? 'null' : isJsonObject(value) ? 'an object' : 'a number'
}

/** The first names, quoted and cut. */
function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : listFirst(names, NAMES_MAX, quoted)
}

function quoted(name: string): string {
  return `"${name.slice(0, NAME_MAX_LENGTH).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')}"`
}
