import type { Pointer } from '../base/json-pointer.ts'
import { pointer } from '../base/json-pointer.ts'
import { isJsonArray, isJsonObject, plainText, textMember } from '../base/json.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { listFirst } from '../base/list-first.ts'
import { nearest } from '../base/nearest.ts'
import { suggestion } from '../errors.ts'
import { objectRules } from './openapi-grammar.ts'
import type { KeyRule, ObjectRule, ObjectRules, Rule } from './structure-rules.ts'

/** Most faults that are listed, known words that one lists, and characters of a value that it shows. */
const FAULTS_MAX = 200
const WORDS_MAX = 12
const SHOWN_MAX = 60

/** A rule of the OpenAPI Specification that a document breaks, and where. */
export type BrokenRule = { readonly message: string; readonly pointer: Pointer }

type Search = {
  readonly rules: ObjectRules
  readonly found: BrokenRule[]
  /** What was checked: where references are resolved, an object stands at many places, or within itself. */
  readonly checked: Map<ObjectRule, WeakSet<JsonObject>>
}

/**
 * Checks the structure of an OpenAPI document by the rules of its version: one fault for each mistake, at the member
 * or at the object that lacks one, in document order, at most 200. References are not followed.
 */
export function structureFaults(
  document: JsonObject,
  version = textMember(document, 'openapi') ?? ''
): readonly BrokenRule[] {
  const minor = Number(/^3\.(\d)/.exec(version)?.[1] ?? 0)
  const search: Search = { rules: objectRules(minor), found: [], checked: new Map() }
  checkObject(search, search.rules.document, document, '')
  if (minor > 0 && !['paths', 'components', 'webhooks'].some(key => Object.hasOwn(document, key))) {
    tell(search, '', 'the document has none of `paths`, `components` and `webhooks`')
  }
  return search.found
}

function tell({ found }: Search, at: Pointer, message: string): void {
  if (found.length < FAULTS_MAX) found.push({ pointer: at, message })
}

/** @param label What the value is: `"type"`. */
function check(search: Search, rule: Rule, value: JsonValue, at: Pointer, label: string): void {
  if (search.found.length >= FAULTS_MAX) return
  if (!isOfKind(rule, value)) {
    // YAML reads what is not quoted as a number, a boolean or null.
    const isScalar = typeof value === 'number' || typeof value === 'boolean'
    const hint = rule.is === 'text' && isScalar ? '; quote it' : ''
    tell(search, at, `${label} is ${shown(value)} and must be ${wanted(rule)}${hint}`)
    return
  }
  if (rule.is === 'text') {
    const { words } = rule
    if (words === undefined || words.includes(plainText(value))) return
    const hint = suggestion(nearest(plainText(value), words))
    const known = listFirst(words, WORDS_MAX)
    tell(search, at, `${label} is ${shown(value)} and must be one of ${known}${hint}`)
  } else if (rule.is === 'list' && isJsonArray(value)) {
    if (value.length < (rule.min ?? 0)) tell(search, at, `${label} is empty`)
    value.forEach((item, index) => {
      check(search, rule.of, item, pointer(at, index), `item ${index + 1} of ${label}`)
    })
  } else if (rule.is === 'map' && isJsonObject(value)) {
    checkMap(search, rule, value, at, label)
  } else if (rule.is === 'object' && isJsonObject(value)) {
    if (rule.mayRefer === true && Object.hasOwn(value, '$ref')) {
      check(search, { is: 'text' }, value.$ref ?? null, pointer(at, '$ref'), '"$ref"')
    } else {
      checkObject(search, search.rules[rule.of], value, at)
    }
  } else if (rule.is === 'either') {
    const choice = rule.of.find(each => isOfKind(each, value))
    if (choice !== undefined) check(search, choice, value, at, label)
  }
}

function checkMap(
  search: Search,
  { of, keys }: { readonly of: Rule; readonly keys?: KeyRule },
  value: JsonObject,
  at: Pointer,
  label: string
): void {
  for (const [key, held] of Object.entries(value)) {
    if (keys?.hasExtensions === true && key.startsWith('x-')) continue
    const place = pointer(at, key)
    if (keys !== undefined && !keys.fits.test(key)) {
      if (key === '$ref') continue
      tell(search, place, `the key "${cut(key)}" of ${label} must ${keys.wanted}`)
    }
    check(search, of, held, place, `"${cut(key)}"`)
  }
}

function checkObject(search: Search, rule: ObjectRule, value: JsonObject, at: Pointer): void {
  const known = search.checked.get(rule) ?? new WeakSet()
  if (known.has(value)) return
  search.checked.set(rule, known.add(value))
  const { members, required = [], exclusive = [], isOpen } = rule
  const name = textMember(value, 'name')
  const shownName = rule.name === 'parameter' && name !== undefined ? ` "${cut(name)}"` : ''
  const label = rule.name.startsWith('`') ? rule.name : `the ${rule.name}${shownName}`
  for (const key of required) {
    if (!Object.hasOwn(value, key))
      tell(search, at, `${label} has no \`${key}\`, which is required`)
  }
  for (const [first, second] of exclusive) {
    if (Object.hasOwn(value, first) && Object.hasOwn(value, second)) {
      tell(search, at, `${label} has both \`${first}\` and \`${second}\`, and must have only one`)
    }
  }
  for (const message of furtherFaults(rule.name, value)) tell(search, at, `${label} ${message}`)
  for (const [key, held] of Object.entries(value)) {
    const expected = Object.hasOwn(members, key) ? members[key] : undefined
    if (expected !== undefined) {
      check(search, expected, held, pointer(at, key), `"${key}"`)
    } else if (isOpen !== true && !key.startsWith('x-')) {
      const words = Object.keys(members)
      const hint = suggestion(nearest(key, words)) || `; it may have ${listFirst(words, WORDS_MAX)}`
      tell(search, pointer(at, key), `${label} has no member "${cut(key)}"${hint}`)
    }
  }
}

/** What the members of an object say of each other. */
function furtherFaults(name: string, value: JsonObject): string[] {
  const has = (key: string): boolean => Object.hasOwn(value, key)
  if (name === 'parameter' || name === 'header') {
    const isWhole = value.in === 'querystring'
    const { content } = value
    return [
      value.in === 'path' && value.required !== true
        ? 'is in the path, so that it must have `required: true`'
        : '',
      has('schema') || has('content')
        ? ''
        : `must have ${isWhole ? '`content`' : '`schema` or `content`'}`,
      isWhole && has('schema') ? 'is the whole query, so that it must have `content`' : '',
      isJsonObject(content) && Object.keys(content).length !== 1
        ? 'must have one media type in its `content`'
        : ''
    ].filter(message => message !== '')
  }
  if (name === 'link' && !has('operationRef') && !has('operationId')) {
    return ['must have `operationRef` or `operationId`']
  }
  if (name !== 'security scheme') return []
  const needed = NEEDED_BY_TYPE[textMember(value, 'type') ?? ''] ?? []
  return needed
    .filter(key => !has(key))
    .map(key => `is of type ${plainText(value.type ?? '')} and has no \`${key}\``)
}

const NEEDED_BY_TYPE: { readonly [type: string]: readonly string[] } = {
  apiKey: ['name', 'in'],
  http: ['scheme'],
  oauth2: ['flows'],
  openIdConnect: ['openIdConnectUrl']
}

function isOfKind(rule: Rule, value: JsonValue): boolean {
  switch (rule.is) {
    case 'any':
      return true
    case 'text':
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'number':
      return typeof value === 'number'
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0
    case 'list':
      return isJsonArray(value)
    case 'map':
    case 'object':
      return isJsonObject(value)
    case 'either':
      return rule.of.some(choice => isOfKind(choice, value))
    default:
      return rule satisfies never
  }
}

function wanted(rule: Rule): string {
  switch (rule.is) {
    case 'text':
      return rule.words === undefined ? 'text' : `one of ${listFirst(rule.words, WORDS_MAX)}`
    case 'boolean':
      return 'true or false'
    case 'number':
      return 'a number'
    case 'integer':
      return 'a whole number, 0 or more'
    case 'list':
      return 'a list'
    case 'either':
      return rule.of.map(wanted).join(' or ')
    default:
      return 'an object'
  }
}

/** A value as findings show it. */
function shown(value: JsonValue): string {
  if (isJsonArray(value)) return 'a list'
  if (isJsonObject(value)) return 'an object'
  return cut(JSON.stringify(value))
}

function cut(text: string): string {
  const [line = ''] = text.split('\n', 1)
  return line.length > SHOWN_MAX || line !== text ? `${line.slice(0, SHOWN_MAX)}…` : line
}
