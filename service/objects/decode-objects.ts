import { pointer, type Pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { chooseOption } from './choose-option.ts'
import type { IdGenerator } from './external-id.ts'
import { createIdGenerator, ownId } from './external-id.ts'
import { EXPECTED, JSON_DEPTH_MAX, scalarToText } from './scalar-text.ts'
import { typeNamed, type Types } from './type-lookup.ts'
import type { PropertyReading, TypeReading } from './type-reading.ts'
import { emptyProperty, flowProperty, readingOf } from './type-reading.ts'
import type { FlowObject, FlowProperty } from './types.ts'

/** A value of an answer that could not be read and is no value; the message never holds it. */
export type DecodeWarning = { readonly pointer: Pointer; readonly message: string }

export type DecodedObjects = {
  readonly objects: FlowObject[]
  readonly warnings: DecodeWarning[]
}

export type DecodeOptions = {
  /** `order` of the first object. Default 0. */
  readonly firstOrder?: number
  /** Where each value stands in the answer, for warnings. Default `/<index>`. */
  readonly pointerOf?: (index: number) => Pointer
  /** External id of a value that has none of its own, where one is known; else one is generated. */
  readonly knownId?: string
  /** Makes the ids of values that have none: one for all pages of a list. Default one of its own. */
  readonly generateId?: IdGenerator
}

type Decoding = {
  readonly types: Types
  readonly warnings: DecodeWarning[]
  readonly generateId: IdGenerator
  readonly pointerOf: (index: number) => Pointer
  /** Index of the value that is read, and the way from it to where the reading is. */
  index: number
  readonly path: (string | number)[]
  depth: number
}

/**
 * Reads the JSON values of an answer as flow objects of a type (x-flow 3.1, 3.2; protocol 5).
 *
 * Every object, nested ones too, has an external id, and a property for everything that its type
 * shows on reads; passwords and custom properties are there without value. A value that does not fit
 * is no value, with a warning; nulls are skipped. One pass, linear in the size of the values.
 *
 * @throws ConnectorError `TYPE_UNKNOWN` when `types` lacks the type.
 */
export function decodeObjects(
  types: Types,
  typeName: string,
  values: readonly JsonValue[],
  options: DecodeOptions = {}
): DecodedObjects {
  const { firstOrder = 0, knownId = null, pointerOf = index => pointer('', index) } = options
  const reading = readingOf(typeNamed(types, typeName))
  const decoding: Decoding = {
    types,
    warnings: [],
    generateId: options.generateId ?? createIdGenerator(),
    pointerOf,
    index: 0,
    path: [],
    depth: 0
  }
  const objects: FlowObject[] = []
  for (const value of values) {
    const object = decodeValue(decoding, reading, value, knownId, firstOrder + objects.length, null)
    if (object !== undefined) objects.push(object)
    decoding.index++
  }
  return { objects, warnings: decoding.warnings }
}

/**
 * @param fallbackId External id, should the value have none of its own; null to generate one.
 * @param entryKey The member's name, where the value is a member of a map.
 */
function decodeValue(
  decoding: Decoding,
  { type, steps }: TypeReading,
  value: JsonValue,
  fallbackId: string | null,
  order: number,
  entryKey: string | null
): FlowObject | undefined {
  if (value === null && entryKey === null) return undefined
  const object = isJsonObject(value) ? value : undefined
  if (type.form === 'object' && object === undefined) {
    return warn(decoding, null, `a value is no object of type "${type.name}"`)
  }
  if (decoding.depth >= JSON_DEPTH_MAX) {
    return warn(decoding, null, `objects are nested deeper than ${JSON_DEPTH_MAX} levels`)
  }
  decoding.depth++
  const externalId =
    ownId(type.identity, value) ?? fallbackId ?? decoding.generateId(type.name, value)
  const left = object === undefined ? NONE : optionsLeft(decoding, type, object)
  // Of just the length that it needs, as an answer has many.
  const properties = steps.map((step): FlowProperty => {
    const held = heldValue(step, value, object, externalId, entryKey)
    const isEmpty = held === undefined || held === null || left.has(step.property.name)
    if (isEmpty) return step.empty
    return decodeProperty(decoding, type, step.property, held, externalId)
  })
  decoding.depth--
  // The platform fails on an object without any property (protocol 5.1).
  if (properties.length === 0) properties.push(...type.properties.map(emptyProperty))
  return { externalId, internalId: null, developerName: type.name, order, properties }
}

/** The JSON that a property stands for; undefined for none. */
function heldValue(
  { held, key }: PropertyReading,
  value: JsonValue,
  object: JsonObject | undefined,
  externalId: string,
  entryKey: string | null
): JsonValue | undefined {
  switch (held) {
    case 'in member':
      return object && own(object, key)
    case 'nowhere':
      return undefined
    case 'as id':
      return externalId
    case 'as key':
      return entryKey
    case 'as value':
      return value
    default:
      return held satisfies never
  }
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function decodeProperty(
  decoding: Decoding,
  type: TypeRecord,
  property: PropertyRecord,
  held: JsonValue,
  externalId: string
): FlowProperty {
  const { value, key } = property
  if (value.form === 'scalar') {
    const text = scalarToText(value.kind, held)
    if (text === undefined) {
      const expected = EXPECTED[value.kind]
      warn(decoding, key, `"${property.name}" of type "${type.name}" is not ${expected}`)
    }
    return flowProperty(property, text ?? null, null)
  }
  const nested = readingOf(typeNamed(decoding.types, value.type))
  if (key !== null) decoding.path.push(key)
  const objects = decodeNested(decoding, nested, value.form, held, externalId)
  if (key !== null) decoding.path.pop()
  return flowProperty(property, null, objects)
}

function decodeNested(
  decoding: Decoding,
  reading: TypeReading,
  form: 'object' | 'list' | 'map',
  held: JsonValue,
  parentId: string
): FlowObject[] {
  if (form === 'map' && isJsonObject(held)) {
    return decodeEach(decoding, reading, Object.entries(held), parentId)
  }
  if (form === 'list' && isJsonArray(held)) {
    return decodeEach(decoding, reading, held.entries(), parentId)
  }
  if (form === 'map') {
    warn(decoding, null, `a value is no object with members of type "${reading.type.name}"`)
    return []
  }
  // An object, or one that stands alone where a list is declared.
  const fallbackId = reading.isHelper ? `${parentId}-0` : null
  const object = decodeValue(decoding, reading, held, fallbackId, 0, null)
  return object === undefined ? [] : [object]
}

function decodeEach(
  decoding: Decoding,
  reading: TypeReading,
  entries: Iterable<[key: string | number, value: JsonValue]>,
  parentId: string
): FlowObject[] {
  const objects: FlowObject[] = []
  for (const [key, value] of entries) {
    decoding.path.push(key)
    const order = objects.length
    const fallbackId = reading.isHelper ? `${parentId}-${order}` : null
    const entryKey = typeof key === 'string' ? key : null
    const object = decodeValue(decoding, reading, value, fallbackId, order, entryKey)
    if (object !== undefined) objects.push(object)
    decoding.path.pop()
  }
  return objects
}

const NONE: ReadonlySet<string> = new Set()

/** Names of the properties that stay empty because another alternative of their choice is filled. */
function optionsLeft(
  decoding: Decoding,
  type: TypeRecord,
  object: JsonObject
): ReadonlySet<string> {
  if (type.choices.length === 0) return NONE
  const left = new Set<string>()
  for (const choice of type.choices) {
    const given = choice.key === null ? object : own(object, choice.key)
    const chosen = isJsonObject(given) ? chooseOption(choice, given) : undefined
    if (chosen === undefined && given !== undefined && given !== null) {
      const names = choice.options.map(option => `"${option.property}"`).join(', ')
      warn(decoding, choice.key, `a value of type "${type.name}" is none of ${names}`)
    }
    for (const option of choice.options) if (option !== chosen) left.add(option.property)
  }
  return left
}

function warn(decoding: Decoding, key: string | null, message: string): undefined {
  const at = pointer(decoding.pointerOf(decoding.index), ...decoding.path)
  decoding.warnings.push({ pointer: key === null ? at : pointer(at, key), message })
}
