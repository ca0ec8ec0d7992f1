import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, ownMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { BlankRule } from '../model/mapping-record.ts'
import type { ChoiceRecord, PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { inFormOf, isEmptyProperty, isUnchanged, unknownMembers } from './as-came.ts'
import type { BodyForm, Wanted } from './body-form.ts'
import { isWrittenAlike, shapeMembers, shapeOf, wantedMember, wantedProperty } from './body-form.ts'
import { idOfObject } from './object-id.ts'
import { scalarToJson } from './scalar-text.ts'
import { withMarks } from './mark-choice.ts'
import { choiceOf, typeNamed, type Types, valuesByName } from './type-lookup.ts'
import type { FlowObject, FlowProperty, Unseen } from './types.ts'

/** The platform's value of an unchanged secret (docs/protocol.md#values). */
const UNCHANGED = '__ENCRYPTED__'

export type EncodeOptions = {
  readonly mode: 'create' | 'update'
  /** Null where no body is declared: then the type decides. */
  readonly body: BodyForm | null
  /** What an update does with blank properties. Default: as the flow has seen them. */
  readonly blank?: BlankRule | null
}

type Encoding = {
  readonly types: Types
  readonly mode: 'create' | 'update'
  readonly blank: BlankRule | null
  /** Whether a blank property was left out because the flow never saw its value. */
  leavesUnseen: boolean
}

/** The JSON of a property, and whether the property is filled rather than blank. */
type Written = { readonly value: JsonValue; readonly isFilled: boolean }

/**
 * Writes a flow object as the JSON object of a create or an update, before it is wrapped
 * (docs/x-flow.md#request-bodies).
 *
 * - Never sent: custom properties, excluded ones, those that the body does not declare, and those that the
 *   flow's object lacks; `readOnly` ones only if the body declares them as writable.
 * - An object is its id where the body takes a scalar; a single value is an array where it takes one.
 * - The chosen alternative of a choice has what tells it apart.
 * - A blank property is left out of a create, as is an object without values. In an update it is null
 *   where null is allowed, else "" where that is; a list with empty `objectData` is an empty array (a
 *   map: an empty object); anything else is left out.
 * - A secret that is blank or `__ENCRYPTED__` is left out, and stays unchanged.
 * - In an update, what the flow has not seen of the object (`unseen`) is not lost
 *   (docs/x-flow.md#what-a-flow-has-seen): blank properties that were absent are left out; a value that came in
 *   another form goes back as it came, or in its form where the flow has changed it.
 *
 * @throws ConnectorError `VALUE_INVALID` for text that a property cannot take and for a value that the body
 *   cannot, `CHOICE_AMBIGUOUS` when several alternatives of a choice are filled, `TYPE_UNKNOWN` when `types` lacks a type.
 */
export function encodeObject(
  types: Types,
  typeName: string,
  object: FlowObject,
  options: EncodeOptions
): JsonObject {
  return encodeUpdate(types, typeName, object, options).json
}

/**
 * The same, and whether a blank property was left out because the flow never saw its value: an endpoint that
 * replaces the object would lose it.
 *
 * @throws ConnectorError as `encodeObject`.
 */
export function encodeUpdate(
  types: Types,
  typeName: string,
  object: FlowObject,
  { mode, body, blank = null }: EncodeOptions
): { readonly json: JsonObject; readonly leavesUnseen: boolean } {
  const wanted = body?.shape ? { shape: body.shape } : undefined
  const type = typeNamed(types, typeName)
  const encoding: Encoding = { types, mode, blank, leavesUnseen: false }
  const json = encodeMembers(encoding, type, object, wanted, body?.exclude ?? [])
  return { json, leavesUnseen: encoding.leavesUnseen }
}

/**
 * The JSON value of one property, custom ones included, as a parameter takes it; undefined for none.
 *
 * @throws ConnectorError as `encodeObject`.
 */
export function propertyJson(
  types: Types,
  type: TypeRecord,
  property: PropertyRecord,
  given: FlowProperty
): JsonValue | undefined {
  const encoding: Encoding = { types, mode: 'create', blank: null, leavesUnseen: false }
  return filledValue(encoding, type, property, given, undefined)
}

/** @param isPart The object is a part of the outer one, which has its further members. */
function encodeMembers(
  encoding: Encoding,
  type: TypeRecord,
  object: FlowObject,
  wanted: Wanted,
  exclude: readonly string[],
  isPart = false
): JsonObject {
  const given = valuesByName(object)
  const members = new Map<string, JsonValue>()
  const filled = new Set<ChoiceRecord | undefined>()
  for (const property of type.properties) {
    const { key } = property
    const sent = given.get(property.name.toLowerCase())
    const inner = wantedProperty(property, wanted, exclude)
    if (sent === undefined || inner === null) continue
    const written = writeProperty(encoding, type, property, sent, inner, object.unseen)
    if (written === undefined) continue
    const { isFilled } = written
    const choice = isFilled ? choiceOf(type, property) : undefined
    if (choice !== undefined && filled.has(choice)) {
      const properties = choice.options.map(option => `"${option.property}"`).join(', ')
      throw new ConnectorError('CHOICE_AMBIGUOUS', { type: type.name, properties })
    }
    filled.add(choice)
    const value =
      choice !== undefined && isJsonObject(written.value)
        ? withMarks(encoding.types, choice, property, written.value, shapeMembers(inner))
        : written.value
    if (key !== null) {
      const name = inner?.as ?? key
      // A blank alternative does not replace the filled one.
      if (isFilled || !members.has(name)) members.set(name, value)
    } else if (isJsonObject(value)) {
      for (const [name, part] of Object.entries(value)) {
        if (!exclude.includes(name)) members.set(name, part)
      }
    }
  }
  const others = shapeOf(wanted)?.others
  for (const [name, held] of isPart ? [] : unknownMembers(encoding.types, type, object)) {
    const isTaken = !exclude.includes(name) && (others?.includes(name) ?? true)
    if (isTaken && !members.has(name)) members.set(name, held)
  }
  return Object.fromEntries(members)
}

/** The JSON of a property, as far as the flow has seen it; undefined where it is left out. */
function writeProperty(
  encoding: Encoding,
  type: TypeRecord,
  property: PropertyRecord,
  sent: FlowProperty,
  wanted: Wanted,
  unseen: Unseen | undefined
): Written | undefined {
  const { mode, blank } = encoding
  const seen = mode === 'update' ? unseen : undefined
  const came = seen && ownMember(seen.asCame, property.name)
  const isAlike = isWrittenAlike(encoding.types, property, wanted)
  const isEmpty = isEmptyProperty(property, sent)
  if (came !== undefined && !(isEmpty && blank === 'clear')) {
    const encode = (given: FlowProperty): JsonValue | undefined =>
      filledValue(encoding, type, property, given, undefined)
    if (isUnchanged(encoding.types, type, property, { came, sent, encode })) {
      if (isAlike) return { value: came, isFilled: !isEmpty }
      if (isEmpty) return leaveUnseen(encoding, property)
    }
  }
  const value = filledValue(encoding, type, property, sent, wanted)
  if (value !== undefined) {
    const isOther = came !== undefined && isAlike
    return {
      value: isOther ? inFormOf(encoding.types, property, value, came) : value,
      isFilled: true
    }
  }
  if (seen?.absent.includes(property.name) === true && blank !== 'clear') {
    return leaveUnseen(encoding, property)
  }
  if (mode === 'update' && blank === 'keep' && property.key !== null) return undefined
  // An id that only the API gives is never cleared.
  if (property.readOnly && type.identity.candidates[0]?.[0] === property.key) return undefined
  const written = blankValue(encoding, property, sent, wanted)
  return written === undefined ? undefined : { value: written, isFilled: false }
}

/** Leaves a property out; no load could tell the value of a write-only one. */
function leaveUnseen(encoding: Encoding, { writeOnly }: PropertyRecord): undefined {
  if (!writeOnly) encoding.leavesUnseen = true
}

/** The JSON of a property; undefined for a blank one. */
function filledValue(
  encoding: Encoding,
  type: TypeRecord,
  property: PropertyRecord,
  sent: FlowProperty,
  wanted: Wanted
): JsonValue | undefined {
  const { value } = property
  const owner = { type: type.name, property: property.name }
  const isList = wanted?.count === 'list'
  if (value.form === 'scalar') {
    if (isBlank(sent.contentValue)) return undefined
    if (property.content === 'ContentPassword' && sent.contentValue === UNCHANGED) return undefined
    refuseMisfit(wanted, owner)
    const kind = wanted !== undefined && 'kind' in wanted ? wanted.kind : value.kind
    const scalar = scalarToJson(kind, sent.contentValue, owner)
    return isList && scalar !== undefined ? [scalar] : scalar
  }
  const nested = typeNamed(encoding.types, value.type)
  const objects = sent.objectData ?? []
  const [first] = objects
  if (first === undefined) return undefined
  refuseMisfit(wanted, owner)
  if (value.form === 'map') return encodeEntries(encoding, nested, objects, wanted)
  if (value.form === 'object') {
    // The object of an alternative without a member of its own is a part of the outer one.
    const isPart = property.key === null && type.form === 'object'
    const item = encodeItem(encoding, nested, first, wanted, owner, isPart)
    const isEmpty = isJsonObject(item) && Object.keys(item).length === 0
    if (item === undefined || (isEmpty && encoding.mode === 'create')) return undefined
    return isList ? [item] : item
  }
  const items = objects
    .map(object => encodeItem(encoding, nested, object, wanted, owner))
    .filter(item => item !== undefined)
  if (wanted?.count !== 'one') return items
  if (items.length > 1) throw invalid(owner, 'a list of one')
  return items[0]
}

/** A property of a type, for messages. */
type Owner = { readonly type: string; readonly property: string }

function invalid(owner: Owner, expected: string): ConnectorError {
  return new ConnectorError('VALUE_INVALID', { ...owner, expected })
}

function refuseMisfit(wanted: Wanted, owner: Owner): void {
  if (wanted !== undefined && 'misfit' in wanted) {
    throw invalid(owner, wanted.misfit)
  }
}

/** What an update sends for a blank property; undefined where it sends nothing. */
function blankValue(
  encoding: Encoding,
  property: PropertyRecord,
  sent: FlowProperty,
  wanted: Wanted
): JsonValue | undefined {
  if (encoding.mode === 'create' || property.content === 'ContentPassword') return undefined
  const { form } = property.value
  const scalar = wanted !== undefined && 'kind' in wanted ? wanted : undefined
  const isGiven = form === 'scalar' || sent.objectData !== null
  if (scalar === undefined && wanted?.emptyAllowed === true && isGiven) return ''
  if ((scalar ?? property).nullable) return null
  if (!isGiven) return undefined
  const isList = wanted?.count === undefined ? form === 'list' : wanted.count === 'list'
  if (isList) return []
  if (form === 'map') return {}
  return (wanted?.emptyAllowed ?? property.emptyAllowed) ? '' : undefined
}

/** One object, the id by which the body takes it, or the scalar in `Value`; undefined for a blank one. */
function encodeItem(
  encoding: Encoding,
  type: TypeRecord,
  object: FlowObject,
  wanted: Wanted,
  owner: Owner,
  isPart = false
): JsonValue | undefined {
  if (type.form !== 'object') return encodeValue(encoding, type, object, wanted)
  if (wanted !== undefined && 'kind' in wanted) {
    const id = idOfObject(encoding.types, type, object)
    if (id !== undefined) return scalarToJson(wanted.kind, id, owner)
    if (isEmptyObject(object)) return undefined
    throw invalid(owner, 'an object that has an id')
  }
  const members = encodeMembers(encoding, type, object, wanted, [], isPart)
  const constants = shapeOf(wanted)?.constants
  return constants === undefined || Object.keys(members).length === 0
    ? members
    : { ...constants, ...members }
}

/** The members of a map; an entry without key and value is skipped. */
function encodeEntries(
  encoding: Encoding,
  type: TypeRecord,
  objects: readonly FlowObject[],
  wanted: Wanted
): JsonObject {
  const members = new Map<string, JsonValue>()
  for (const object of objects) {
    const key = valuesByName(object).get('key')?.contentValue ?? ''
    const inner = wantedMember(wanted, key)
    const value = inner === null ? undefined : encodeValue(encoding, type, object, inner)
    if (value === undefined) continue
    if (key === '') {
      const expected = 'the name of a member'
      throw new ConnectorError('VALUE_INVALID', { property: 'Key', type: type.name, expected })
    }
    members.set(key, value)
  }
  return Object.fromEntries(members)
}

/** The JSON of `Value` of an item or an entry. */
function encodeValue(
  encoding: Encoding,
  type: TypeRecord,
  object: FlowObject,
  wanted: Wanted
): JsonValue | undefined {
  const property = type.properties.find(({ name }) => name === 'Value')
  const sent = valuesByName(object).get('value')
  if (property === undefined || sent === undefined) return undefined
  return writeProperty(encoding, type, property, sent, wanted, object.unseen)?.value
}

function isEmptyObject({ properties }: FlowObject): boolean {
  return properties.every(
    ({ contentValue, objectData }) => isBlank(contentValue) && (objectData ?? []).length === 0
  )
}

function isBlank(text: string | null): text is null | '' {
  return text === null || text === ''
}
