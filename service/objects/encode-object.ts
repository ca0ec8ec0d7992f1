import { splitPath } from '../base/dotted-path.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, ownMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { BodyRecord, BodyShape } from '../model/endpoint-record.ts'
import type { BlankRule, BodyUse } from '../model/mapping-record.ts'
import type { ChoiceRecord, PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { inFormOf, isEmptyProperty, isUnchanged, unknownMembers } from './as-came.ts'
import { scalarToJson } from './scalar-text.ts'
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

/** The members that a body takes. A null `shape` leaves it to the type; `exclude` is never sent. */
export type BodyForm = {
  readonly shape: BodyShape | null
  readonly exclude: readonly string[]
}

/** The form of an endpoint's body at the path where a mapping wraps the object; null for no body. */
export function bodyForm(body: BodyRecord | null, use: BodyUse | null): BodyForm | null {
  if (body === null || use === null) return null
  let { shape } = body
  for (const key of splitPath(use.wrap)) {
    const held = shape?.members?.[key]
    shape = held !== undefined && 'shape' in held ? held.shape : null
  }
  return { shape, exclude: use.exclude }
}

/** How a body takes one member; undefined where the type decides. */
type Wanted = NonNullable<BodyShape['members']>[string] | undefined

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
 * - Never sent: custom and `readOnly` properties, excluded ones, those that the body does not declare,
 *   and those that the flow's object lacks.
 * - A blank property is left out of a create, as is an object without values. In an update it is null
 *   where null is allowed, else "" where that is; a list with empty `objectData` is an empty array (a
 *   map: an empty object); anything else is left out.
 * - A secret that is blank or `__ENCRYPTED__` is left out, and stays unchanged.
 * - In an update, what the flow has not seen of the object (`unseen`) is not lost
 *   (docs/x-flow.md#what-a-flow-has-seen): blank properties that were absent are left out; a value that came in
 *   another form goes back as it came, or in its form where the flow has changed it.
 *
 * @throws ConnectorError `VALUE_INVALID` for text that a property cannot take, `CHOICE_AMBIGUOUS`
 *   when several alternatives of a choice are filled, `TYPE_UNKNOWN` when `types` lacks a type.
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

/** Names of the properties of a type that a body takes. */
export function writtenProperties(type: TypeRecord, form: BodyForm | null): ReadonlySet<string> {
  const wanted = form?.shape ? { shape: form.shape } : undefined
  const written = type.properties.filter(
    property => wantedProperty(property, wanted, form?.exclude ?? []) !== null
  )
  return new Set(written.map(({ name }) => name))
}

/** How a body takes a property: undefined where the type decides, null where it does not take it. */
function wantedProperty(
  { key, custom, readOnly }: PropertyRecord,
  wanted: Wanted,
  exclude: readonly string[]
): Wanted | null {
  if (custom || readOnly || (key !== null && exclude.includes(key))) return null
  return key === null ? wanted : wantedMember(wanted, key)
}

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
    const { value, isFilled } = written
    const choice = isFilled ? choiceOf(type, property) : undefined
    if (choice !== undefined && filled.has(choice)) {
      const properties = choice.options.map(option => `"${option.property}"`).join(', ')
      throw new ConnectorError('CHOICE_AMBIGUOUS', { type: type.name, properties })
    }
    filled.add(choice)
    if (key !== null) {
      // A blank alternative does not replace the filled one.
      if (isFilled || !members.has(key)) members.set(key, value)
    } else if (isJsonObject(value)) {
      for (const [name, part] of Object.entries(value)) {
        if (!exclude.includes(name)) members.set(name, part)
      }
    }
  }
  if (!isPart) {
    const isClosed = wanted !== undefined && 'shape' in wanted && wanted.shape.isClosed === true
    for (const [name, held] of isClosed ? [] : unknownMembers(encoding.types, type, object)) {
      if (!exclude.includes(name)) members.set(name, held)
    }
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
  const isAlike = isWrittenAlike(property, wanted)
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
  const written = blankValue(encoding, property, sent, wanted)
  return written === undefined ? undefined : { value: written, isFilled: false }
}

/** Leaves a property out; no load could tell the value of a write-only one. */
function leaveUnseen(encoding: Encoding, { writeOnly }: PropertyRecord): undefined {
  if (!writeOnly) encoding.leavesUnseen = true
}

/** Whether a body takes a property in the kind that answers have. */
function isWrittenAlike({ value }: PropertyRecord, wanted: Wanted): boolean {
  if (wanted === undefined || !('kind' in wanted)) return true
  return value.form === 'scalar' && value.kind === wanted.kind
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
  if (value.form === 'scalar') {
    if (isBlank(sent.contentValue)) return undefined
    if (property.content === 'ContentPassword' && sent.contentValue === UNCHANGED) return undefined
    const kind = wanted !== undefined && 'kind' in wanted ? wanted.kind : value.kind
    return scalarToJson(kind, sent.contentValue, { type: type.name, property: property.name })
  }
  const nested = typeNamed(encoding.types, value.type)
  const objects = sent.objectData ?? []
  const [first] = objects
  if (first === undefined) return undefined
  if (value.form === 'map') return encodeEntries(encoding, nested, objects, wanted)
  if (value.form === 'list') {
    return objects
      .map(object => encodeItem(encoding, nested, object, wanted))
      .filter(item => item !== undefined)
  }
  // The object of an alternative without a member of its own is a part of the outer one.
  const isPart = property.key === null && type.form === 'object'
  const members = encodeMembers(encoding, nested, first, wanted, [], isPart)
  const empty = encoding.mode === 'create' && Object.keys(members).length === 0
  return empty ? undefined : members
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
  if ((scalar ?? property).nullable) return null
  if (form === 'scalar') {
    const kind = scalar?.kind ?? property.value.kind
    return kind === 'text' && (scalar ?? property).emptyAllowed ? '' : undefined
  }
  if (form === 'object' || sent.objectData === null) return undefined
  return form === 'list' ? [] : {}
}

/** One item of a list: an object, or the scalar in `Value`; undefined for a blank scalar. */
function encodeItem(
  encoding: Encoding,
  type: TypeRecord,
  object: FlowObject,
  wanted: Wanted
): JsonValue | undefined {
  if (type.form === 'object') return encodeMembers(encoding, type, object, wanted, [])
  return encodeValue(encoding, type, object, wanted)
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

/** How a body takes a member: undefined where the type decides, null where it does not take it. */
function wantedMember(wanted: Wanted, key: string): Wanted | null {
  if (wanted === undefined || !('shape' in wanted) || wanted.shape.members === null)
    return undefined
  const { members } = wanted.shape
  return Object.hasOwn(members, key) ? members[key] : null
}

function isBlank(text: string | null): text is null | '' {
  return text === null || text === ''
}
