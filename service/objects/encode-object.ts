import type { JsonObject, JsonValue } from '../base/json.ts'
import { splitPath } from '../base/dotted-path.ts'
import { isJsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { BodyRecord, BodyShape } from '../model/endpoint-record.ts'
import type { BodyUse } from '../model/mapping-record.ts'
import type { ChoiceRecord, PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { scalarToJson } from './scalar-text.ts'
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

type Encoding = { readonly types: Types; readonly mode: 'create' | 'update' }

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
    if (sent === undefined || property.custom || property.readOnly) continue
    if (key !== null && exclude.includes(key)) continue
    const inner = key === null ? wanted : wantedMember(wanted, key)
    if (inner === null) continue

    const value = filledValue(encoding, type, property, sent, inner)
    const choice = value === undefined ? undefined : choiceOf(type, property)
    if (choice !== undefined && filled.has(choice)) {
      const properties = choice.options.map(option => `"${option.property}"`).join(', ')
      throw new ConnectorError('CHOICE_AMBIGUOUS', { type: type.name, properties })
    }
    filled.add(choice)
    const written = value ?? blankValue(encoding, property, sent, inner)
    if (written === undefined) continue
    if (key !== null) {
      // A blank alternative does not replace the filled one.
      if (value !== undefined || !members.has(key)) members.set(key, written)
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
  const members = encodeMembers(encoding, nested, first, wanted, [])
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
  if (wanted === undefined || !('shape' in wanted) || wanted.shape.members === null)
    return undefined
  const { members } = wanted.shape
  return Object.hasOwn(members, key) ? members[key] : null
}

function byName(object: FlowObject): ReadonlyMap<string, FlowProperty> {
  return new Map(
    object.properties.map(property => [property.developerName.toLowerCase(), property])
  )
}

function isBlank(text: string | null): text is null | '' {
  return text === null || text === ''
}
