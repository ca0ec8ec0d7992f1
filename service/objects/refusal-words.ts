import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'

/** Members that hold the reason of a refusal, the best first: in lower case and without `_`, `-` and `.`. */
const REASONS = [
  ...['message', 'error', 'errordescription', 'errormessage', 'errormessages', 'errormsg'],
  ...[
    'errmsg',
    'errorsummary',
    'statusmessage',
    'detail',
    'details',
    'title',
    'msg',
    'reason',
    'description'
  ],
  ...['faultstring', 'fault', 'odataerror', 'errors', 'issues', 'violations']
]

/** Members whose members are fields, each with what is wrong with it. */
const OF_FIELDS = ['errors', 'modelstate']

/** Members that name what is wrong with a field, in a list of fields, where no text says it. */
const CODES = ['code', 'type']

/** Members that may have fields besides others. A field is known by its list of texts. */
const WITH_FIELDS = ['error', 'detail', 'details']

/** Plain names of lists of what is wrong in detail: `validationErrors`, `fieldViolations`. */
export const DETAILS = /.(?:errors|violations)$/

/** Levels that are looked into, members of one object, fields or texts that are told, and values visited for them. */
const DEPTH_MAX = 4
const MEMBERS_MAX = 200
const TOLD_MAX = 5
const VISITED_MAX = 500

/**
 * The API's words in the body of a refusal (docs/x-flow.md#errors-of-an-api): the text of the first usual member that
 * has one, then what is wrong with the first fields. Blank for none. They are of any length, on any number of
 * lines, and may repeat a credential of the call.
 */
export function refusalWords(body: JsonValue | undefined): string {
  if (typeof body === 'string') return body
  const first = isJsonArray(body) ? body.find(isJsonObject) : body
  if (!isJsonObject(first)) return ''
  const reason = reasonIn(first, DEPTH_MAX)
  const fields = fieldsIn(first)
  if (reason !== '') {
    const more = fields || detailsIn(first, reason)
    return more === '' || isRestated(more, reason) ? reason : `${reason} (${more})`
  }
  return (
    fields ||
    fieldPairs(first, isTextList) ||
    fieldPairs(membersOf(first).get('data'), isTold) ||
    detailsIn(first, '')
  )
}

/** Whether words on fields say nothing that the reason does not say. */
function isRestated(fields: string, reason: string): boolean {
  return fields.split('; ').every(pair => pair.split(': ').every(word => reason.includes(word)))
}

/** The members of an object by their plain names; the first of equal ones. */
function membersOf(object: JsonObject): Map<string, JsonValue> {
  const entries = Object.keys(object).slice(0, MEMBERS_MAX).toReversed()
  return new Map(
    entries.map(name => [name.toLowerCase().replace(/[_\-.]/g, ''), object[name] ?? null])
  )
}

function reasonIn(object: JsonObject, depth: number): string {
  const members = membersOf(object)
  for (const name of REASONS) {
    const value = members.get(name)
    const isOfFields = OF_FIELDS.includes(name) && isJsonObject(value)
    const text = isOfFields ? '' : reasonOf(value, depth)
    if (text !== '') return text
    // OData writes a message with its language.
    const inner = name === 'message' && isJsonObject(value) ? value.value : undefined
    if (isText(inner)) return inner
  }
  return ''
}

function reasonOf(value: JsonValue | undefined, depth: number): string {
  if (isText(value)) return value
  if (depth === 0) return ''
  if (isJsonObject(value)) return reasonIn(value, depth - 1)
  if (!isJsonArray(value)) return ''
  const texts = value.slice(0, TOLD_MAX).map(item => placedReason(item, depth - 1).text)
  return placedReasons(value, depth) || (texts.find(text => text !== '') ?? '')
}

/** What is wrong with the fields that the items of a list name; blank for none. */
function placedReasons(value: JsonValue | undefined, depth: number): string {
  const items = isJsonArray(value) ? value.slice(0, TOLD_MAX) : []
  const placed = items.map(item => placedReason(item, depth - 1)).filter(({ isPlaced }) => isPlaced)
  return placed.map(({ text }) => text).join('; ')
}

/** The reason in an item of a list, with the place that the item names by `loc` or `field`. */
function placedReason(item: JsonValue, depth: number): { text: string; isPlaced: boolean } {
  const { loc, field } = isJsonObject(item) ? item : {}
  const code = isText(field) && isJsonObject(item) ? CODES.map(name => item[name]).find(isText) : ''
  const text = reasonOf(item, depth) || (code ?? '')
  const place = isJsonArray(loc) ? loc.filter(isPlain).join('.') : field
  const isPlaced = text !== '' && isText(place)
  return { text: isPlaced ? `${place}: ${text}` : text, isPlaced }
}

/** What is wrong with fields, as `field: text` pairs. */
function fieldsIn(object: JsonObject): string {
  const members = membersOf(object)
  for (const name of OF_FIELDS) {
    const value = members.get(name)
    const pairs = fieldPairs(value, isTold) || placedReasons(value, 2)
    if (pairs !== '') return pairs
  }
  for (const name of WITH_FIELDS) {
    const value = members.get(name)
    const pairs = isJsonObject(value) ? fieldsIn(value) || fieldPairs(value, isTextList) : ''
    if (pairs !== '') return pairs
  }
  return ''
}

/** The first texts of lists of details, wherever they are, that the reason does not tell. */
function detailsIn(body: JsonObject, reason: string): string {
  const told = new Set<string>()
  const open: JsonValue[] = [body]
  for (let at = 0; at < Math.min(open.length, VISITED_MAX); at++) {
    const value = open[at] ?? null
    if (isJsonArray(value)) for (const item of value.slice(0, TOLD_MAX)) open.push(item)
    else if (isJsonObject(value)) {
      for (const [name, inner] of membersOf(value)) {
        if (!isJsonArray(inner) || !DETAILS.test(name)) open.push(inner)
        else for (const item of inner.slice(0, TOLD_MAX)) told.add(placedReason(item, 2).text)
      }
    }
  }
  return [...told]
    .filter(text => text !== '' && !reason.includes(text))
    .slice(0, TOLD_MAX)
    .join('; ')
}

function fieldPairs(fields: JsonValue | undefined, isField: (value: JsonValue) => boolean): string {
  if (!isJsonObject(fields)) return ''
  return Object.entries(fields)
    .slice(0, MEMBERS_MAX)
    .filter(([, value]) => isField(value))
    .slice(0, TOLD_MAX)
    .map(([name, value]) => `${name}: ${fieldText(value)}`)
    .join('; ')
}

function fieldText(value: JsonValue): string {
  return isTextList(value) ? value.slice(0, TOLD_MAX).join(', ') : reasonOf(value, 2)
}

function isTold(value: JsonValue): boolean {
  return fieldText(value) !== ''
}

function isTextList(value: JsonValue): value is readonly string[] {
  return isJsonArray(value) && value.length > 0 && value.every(isText)
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

function isPlain(value: JsonValue): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}
