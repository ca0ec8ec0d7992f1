import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type {
  BodyMember,
  BodyRecord,
  BodyRefusal,
  BodyShape,
  BodyUse
} from '../model/body-record.ts'
import type { ChoiceRecord, PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { idOfObject } from './object-id.ts'
import { scalarToJson } from './scalar-text.ts'
import { withMarks } from './mark-choice.ts'
import { choiceOf, typeNamed, type Types } from './type-lookup.ts'
import type { FlowObject, FlowProperty } from './types.ts'

/** The platform's value of an unchanged secret (docs/protocol.md#values). */
const UNCHANGED = '__ENCRYPTED__'

export type EncodeOptions = {
  readonly mode: 'create' | 'update'
  /** Null where no body is declared: then the type decides. */
  readonly body: BodyForm | null
}

/** The members that a body takes. A null `shape` leaves it to the type; `exclude` is never sent. */
export type BodyForm = {
  readonly shape: BodyShape | null
  readonly exclude: readonly string[]
}

/** What a mapping's body takes of an object; null for no body, or one that cannot be written. */
export function bodyForm(
  body: BodyRecord | null,
  use: BodyUse | BodyRefusal | null
): BodyForm | null {
  if (body === null || use === null || 'refused' in use) return null
  return { shape: use.shape, exclude: use.exclude }
}

/** How a body takes one member; undefined where the type decides. */
type Wanted = BodyMember | undefined

type Encoding = { readonly types: Types; readonly mode: 'create' | 'update' }

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
  const { mode, body } = options
  const wanted = body?.shape ? { shape: body.shape } : undefined
  const type = typeNamed(types, typeName)
  return encodeMembers({ types, mode }, type, object, wanted, body?.exclude ?? [])
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
  return filledValue({ types, mode: 'create' }, type, property, given, undefined)
}

function encodeMembers(
  encoding: Encoding,
  type: TypeRecord,
  object: FlowObject,
  wanted: Wanted,
  exclude: readonly string[]
): JsonObject {
  const given = byName(object)
  const members = new Map<string, JsonValue>()
  const filled = new Set<ChoiceRecord | undefined>()
  for (const property of type.properties) {
    const { key } = property
    const sent = given.get(property.name.toLowerCase())
    if (sent === undefined || property.custom) continue
    if (key !== null && exclude.includes(key)) continue
    const inner = key === null ? wanted : wantedMember(wanted, key)
    // What the body declares as writable is so, whatever an answer says of it.
    if (inner === null || (property.readOnly && (inner === undefined || key === null))) continue

    const value = filledValue(encoding, type, property, sent, inner)
    const choice = value === undefined ? undefined : choiceOf(type, property)
    if (choice !== undefined && filled.has(choice)) {
      const properties = choice.options.map(option => `"${option.property}"`).join(', ')
      throw new ConnectorError('CHOICE_AMBIGUOUS', { type: type.name, properties })
    }
    filled.add(choice)
    const chosen =
      choice !== undefined && isJsonObject(value)
        ? withMarks(encoding.types, choice, property, value, shapeMembers(inner))
        : value
    const written = chosen ?? blankValue(encoding, property, sent, inner)
    if (written === undefined) continue
    if (key !== null) {
      const name = inner?.as ?? key
      // A blank alternative does not replace the filled one.
      if (chosen !== undefined || !members.has(name)) members.set(name, written)
    } else if (isJsonObject(written)) {
      for (const [name, part] of Object.entries(written)) {
        if (!exclude.includes(name)) members.set(name, part)
      }
    }
  }
  return Object.fromEntries(members)
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
    const item = encodeItem(encoding, nested, first, wanted, owner)
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
  if ((scalar ?? property).nullable) return null
  if (form !== 'scalar' && sent.objectData === null) return undefined
  const isList = wanted?.count === undefined ? form === 'list' : wanted.count === 'list'
  if (isList) return []
  if (form === 'map') return {}
  const kind = scalar?.kind ?? (property.value.form === 'scalar' ? property.value.kind : undefined)
  return kind === 'text' && (scalar ?? property).emptyAllowed ? '' : undefined
}

/** One object, the id by which the body takes it, or the scalar in `Value`; undefined for a blank one. */
function encodeItem(
  encoding: Encoding,
  type: TypeRecord,
  object: FlowObject,
  wanted: Wanted,
  owner: Owner
): JsonValue | undefined {
  if (type.form !== 'object') return encodeValue(encoding, type, object, wanted)
  if (wanted !== undefined && 'kind' in wanted) {
    const id = idOfObject(encoding.types, type, object)
    if (id !== undefined) return scalarToJson(wanted.kind, id, owner)
    if (isEmptyObject(object)) return undefined
    throw invalid(owner, 'an object that has an id')
  }
  const members = encodeMembers(encoding, type, object, wanted, [])
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
    const key = byName(object).get('key')?.contentValue ?? ''
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
  const sent = byName(object).get('value')
  if (property === undefined || sent === undefined) return undefined
  return (
    filledValue(encoding, type, property, sent, wanted) ??
    blankValue(encoding, property, sent, wanted)
  )
}

/** How a body takes a member: undefined where the type decides, null where it does not take it. */
function wantedMember(wanted: Wanted, key: string): Wanted | null {
  const members = shapeMembers(wanted)
  if (members === null) return undefined
  return Object.hasOwn(members, key) ? members[key] : null
}

function shapeOf(wanted: Wanted): BodyShape | undefined {
  return wanted !== undefined && 'shape' in wanted ? wanted.shape : undefined
}

function shapeMembers(wanted: Wanted): BodyShape['members'] {
  return shapeOf(wanted)?.members ?? null
}

function isEmptyObject({ properties }: FlowObject): boolean {
  return properties.every(
    ({ contentValue, objectData }) => isBlank(contentValue) && (objectData ?? []).length === 0
  )
}

function byName(object: FlowObject): ReadonlyMap<string, FlowProperty> {
  return new Map(
    object.properties.map(property => [property.developerName.toLowerCase(), property])
  )
}

function isBlank(text: string | null): text is null | '' {
  return text === null || text === ''
}
