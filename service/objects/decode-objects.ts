import { pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, ownMember } from '../base/json.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { chooseOption } from './choose-option.ts'
import type { DecodeOptions, DecodeWarnings, Decoding, Entries, LongList } from './decoding.ts'
import { tooManyCells, warn } from './decoding.ts'
import { enforceFields } from './enforce-fields.ts'
import { createIdGenerator, ownId } from './external-id.ts'
import type { UnseenNotes } from './note-unseen.ts'
import { noteProperty, unseenOf } from './note-unseen.ts'
import { EXPECTED, JSON_DEPTH_MAX, scalarToText } from './scalar-text.ts'
import { choiceOf, typeNamed, type Types } from './type-lookup.ts'
import type { PropertyReading, TypeReading } from './type-reading.ts'
import { emptyProperty, flowProperty, readingOf } from './type-reading.ts'
import type { FlowObject, FlowProperty } from './types.ts'

export type DecodedObjects = DecodeWarnings & { readonly objects: FlowObject[] }

/** Decoding that is done step by step. */
export type Decoder = DecodedObjects & {
  /**
   * Decodes some more of the values; true after the last.
   *
   * @throws ConnectorError `ANSWER_TOO_MANY_VALUES` past `maxCells`.
   */
  step(): boolean
  /** How many of `objects` are complete. */
  complete(): number
}

/** Properties that are decoded in one step, about. */
const STEP_CELLS = 2_000

/** A list of more entries is decoded step by step. */
const LONG_LIST = 500

/**
 * Reads the JSON values of an answer as flow objects of a type (docs/protocol.md#objects).
 *
 * Every object, also a nested one, has an external id and all properties of its type except write-only
 * ones; passwords have no value, and custom properties only a known one. A value that does not fit is left out with a
 * warning; nulls are skipped. One pass, linear in the size of the values.
 *
 * @throws ConnectorError `TYPE_UNKNOWN` when `types` lacks the type, `RECORD_MISFIT` for a record that does not fit
 *   the fields that its manifest declares.
 */
export function decodeObjects(
  types: Types,
  typeName: string,
  values: readonly JsonValue[],
  options: DecodeOptions = {}
): DecodedObjects {
  const decoder = startDecoding(types, typeName, values, options)
  while (!decoder.step());
  return decoder
}

/** The same, step by step: a step decodes about 2,000 properties. */
export function startDecoding(
  types: Types,
  typeName: string,
  values: readonly JsonValue[],
  options: DecodeOptions = {}
): Decoder {
  const { firstOrder = 0, knownId = null, pointerOf = index => pointer('', index) } = options
  const type = typeNamed(types, typeName)
  const enforced = typeof type.fields === 'object' ? type.fields : null
  const reading = readingOf(type)
  const decoding: Decoding = {
    types,
    typeName,
    warnings: [],
    warningCount: 0,
    generateId: options.generateId ?? createIdGenerator(),
    pointerOf,
    index: 0,
    path: [],
    depth: 0,
    notes: options.notes,
    known: options.known,
    lastAbsent: [],
    maxCells: options.maxCells ?? Number.POSITIVE_INFINITY,
    cells: 0,
    open: [],
    counts: new Map()
  }
  const objects: FlowObject[] = []
  let at = 0
  function decodeSome(): boolean {
    const end = decoding.cells + STEP_CELLS
    while (decoding.cells < end) {
      if (decodeLong(decoding, end)) continue
      if (at === values.length) return true
      decoding.index = at
      const value = values[at++] ?? null
      const order = firstOrder + objects.length
      if (enforced !== null) enforceFields(typeName, enforced, value, order + 1)
      const object = decodeValue(decoding, reading, value, knownId, order, null)
      if (object !== undefined) objects.push(object)
      // Values that are left out have a cost, too.
      else decoding.cells++
    }
    return at === values.length && decoding.open.length === 0
  }
  // A getter would be a new hidden class for each answer, which keeps all objects until a full collection.
  const decoder = {
    objects,
    warnings: decoding.warnings,
    warningCount: 0,
    complete: () => (decoding.open.length === 0 ? objects.length : objects.length - 1),
    step() {
      const isDone = decodeSome()
      decoder.warningCount = decoding.warningCount
      return isDone
    }
  }
  return decoder
}

/** Decodes more of the last long list, until so many properties are decoded; false if there is none. */
function decodeLong(decoding: Decoding, end: number): boolean {
  const list = decoding.open.at(-1)
  if (list === undefined) return false
  const { entries } = list
  const { length } = entries.keys ?? entries.values
  decoding.index = list.index
  decoding.path = [...list.path]
  decoding.depth = list.depth
  while (list.at < length && decoding.cells < end && decoding.open.at(-1) === list) {
    decodeEntry(decoding, list, list.at++)
  }
  decoding.depth = 0
  decoding.path = []
  if (list.at === length && decoding.open.at(-1) === list) decoding.open.pop()
  return true
}

/**
 * @param fallbackId External id of a value without one; null to generate it.
 * @param entryKey The member's name of a value in a map.
 */
function decodeValue(
  decoding: Decoding,
  { type, steps, hidden }: TypeReading,
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
  const known = decoding.depth === 0 ? decoding.known : undefined
  decoding.depth++
  decoding.cells += steps.length + 1
  if (decoding.cells > decoding.maxCells) throw tooManyCells(decoding)
  const externalId =
    ownId(type.identity, value, known) ?? fallbackId ?? decoding.generateId(type.name, value)
  const left = object === undefined ? NONE : unchosenOptions(decoding, type, object)
  const notes: UnseenNotes | null =
    decoding.notes === undefined ? null : { absent: [...hidden], asCame: null }
  // `map` allocates the exact length, which counts as an answer has many objects.
  const properties = steps.map((step): FlowProperty => {
    const text =
      known !== undefined && step.property.custom ? known.get(step.property.name) : undefined
    if (text !== undefined) return flowProperty(step.property, text, null)
    const held = heldValue(step, value, object, externalId, entryKey)
    const isLeft = left.has(step.property.name)
    const isEmpty = held === undefined || held === null || isLeft
    const shown = isEmpty
      ? step.empty
      : decodeProperty(decoding, type, step.property, held, externalId)
    if (notes !== null && !(isLeft && isOtherChosen(type, step.property, left))) {
      noteProperty(notes, step, held, shown, countOf(decoding, shown))
    }
    return shown
  })
  decoding.depth--
  // The platform fails on an object without properties.
  if (properties.length === 0) {
    for (const property of type.properties) properties.push(emptyProperty(property))
  }
  const read = { externalId, internalId: null, developerName: type.name, order, properties }
  const unseen = notes === null ? undefined : noted(decoding, notes, object)
  return unseen === undefined ? read : { ...read, unseen }
}

function noted(
  decoding: Decoding,
  notes: UnseenNotes,
  object: JsonObject | undefined
): FlowObject['unseen'] {
  const whole = decoding.notes === 'whole' ? (object ?? null) : null
  if (decoding.depth > 0) return unseenOf(notes, [], whole)
  const unseen = unseenOf(notes, decoding.lastAbsent, whole)
  if (unseen !== undefined) decoding.lastAbsent = unseen.absent
  return unseen
}

/** Whether another alternative than a property was chosen, rather than none. */
function isOtherChosen(
  type: TypeRecord,
  property: PropertyRecord,
  left: ReadonlySet<string>
): boolean {
  return choiceOf(type, property)?.options.some(option => !left.has(option.property)) ?? false
}

/** The JSON value of a property; undefined for none. */
function heldValue(
  { source, key }: PropertyReading,
  value: JsonValue,
  object: JsonObject | undefined,
  externalId: string,
  entryKey: string | null
): JsonValue | undefined {
  switch (source) {
    case 'in member':
      return object && ownMember(object, key)
    case 'nowhere':
      return undefined
    case 'as id':
      return externalId
    case 'as key':
      return entryKey
    case 'as value':
      return value
    default:
      return source satisfies never
  }
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
    return decodeEach(decoding, reading, { keys: Object.keys(held), map: held }, parentId)
  }
  if (form === 'list' && isJsonArray(held)) {
    return decodeEach(decoding, reading, { keys: null, values: held }, parentId)
  }
  if (form === 'map') {
    warn(decoding, null, `a value is no object with members of type "${reading.type.name}"`)
    return []
  }
  // An object, or a single one where a list is declared.
  const fallbackId = reading.isHelper ? `${parentId}-0` : null
  const object = decodeValue(decoding, reading, held, fallbackId, 0, null)
  return object === undefined ? [] : [object]
}

function decodeEach(
  decoding: Decoding,
  reading: TypeReading,
  entries: Entries,
  parentId: string
): FlowObject[] {
  const objects: FlowObject[] = []
  const { length } = entries.keys ?? entries.values
  const { depth, index } = decoding
  if (length > LONG_LIST) {
    const path = [...decoding.path]
    decoding.open.push({ objects, reading, entries, parentId, path, depth, index, at: 0 })
    decoding.counts.set(objects, countReadable(decoding, reading, entries, length))
    return objects
  }
  const list = { objects, reading, entries, parentId }
  for (let at = 0; at < length; at++) decodeEntry(decoding, list, at)
  return objects
}

function decodeEntry(
  decoding: Decoding,
  {
    objects,
    reading,
    entries,
    parentId
  }: Pick<LongList, 'objects' | 'reading' | 'entries' | 'parentId'>,
  at: number
): void {
  const entryKey = entries.keys === null ? null : (entries.keys[at] ?? '')
  const value = entries.keys === null ? entries.values[at] : entries.map[entryKey ?? '']
  // The keys of a map are values of the answer, which no log shows.
  decoding.path.push(entryKey === null ? at : '*')
  const order = objects.length
  const fallbackId = reading.isHelper ? `${parentId}-${order}` : null
  const object = decodeValue(decoding, reading, value ?? null, fallbackId, order, entryKey)
  if (object === undefined) decoding.cells++
  else objects.push(object)
  decoding.path.pop()
}

/** How many objects a long list will have, before it is decoded. */
function countReadable(
  { depth }: Decoding,
  { type }: TypeReading,
  entries: Entries,
  length: number
): number {
  if (depth >= JSON_DEPTH_MAX) return 0
  if (type.form !== 'object') {
    return entries.keys === null ? entries.values.filter(value => value !== null).length : length
  }
  const { keys } = entries
  if (keys === null) return entries.values.filter(isJsonObject).length
  return keys.filter(key => isJsonObject(entries.map[key])).length
}

/** How many objects a property has, or will have. */
function countOf({ counts }: Decoding, { objectData }: FlowProperty): number {
  if (objectData === null) return 0
  return (objectData.length === 0 ? counts.get(objectData) : undefined) ?? objectData.length
}

const NONE: ReadonlySet<string> = new Set()

/** Names of the properties that stay empty because they are not the chosen alternative. */
function unchosenOptions(
  decoding: Decoding,
  type: TypeRecord,
  object: JsonObject
): ReadonlySet<string> {
  if (type.choices.length === 0) return NONE
  const left = new Set<string>()
  for (const choice of type.choices) {
    const given = choice.key === null ? object : ownMember(object, choice.key)
    const chosen = isJsonObject(given) ? chooseOption(choice, given) : undefined
    if (chosen === undefined && given !== undefined && given !== null) {
      const names = choice.options.map(option => `"${option.property}"`).join(', ')
      warn(decoding, choice.key, `a value of type "${type.name}" is none of ${names}`)
    }
    for (const option of choice.options) if (option !== chosen) left.add(option.property)
  }
  return left
}
