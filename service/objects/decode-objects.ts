import { pointer, pointerTo, type Pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, jsonEqual, ownMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { ChoiceRecord, PropertyRecord, TypeRecord } from '../model/type-record.ts'
import type { IdGenerator } from './external-id.ts'
import { createIdGenerator, ownId } from './external-id.ts'
import type { UnseenNotes } from './note-unseen.ts'
import { noteProperty, unseenOf } from './note-unseen.ts'
import { EXPECTED, JSON_DEPTH_MAX, scalarToText } from './scalar-text.ts'
import { choiceOf, typeNamed, type Types } from './type-lookup.ts'
import type { PropertyReading, TypeReading } from './type-reading.ts'
import { emptyProperty, flowProperty, readingOf } from './type-reading.ts'
import type { FlowObject, FlowProperty } from './types.ts'

/** A value of an answer that could not be read and was left out; the message never has it. */
export type DecodeWarning = { readonly pointer: Pointer; readonly message: string }

export type DecodeWarnings = {
  /** The first 20. */
  readonly warnings: readonly DecodeWarning[]
  /** How many there were. */
  readonly warningCount: number
}

export type DecodedObjects = DecodeWarnings & { readonly objects: FlowObject[] }

export type DecodeOptions = {
  /** `order` of the first object. Default 0. */
  readonly firstOrder?: number
  /** The pointer of each value in the answer, for warnings. Default `/<index>`. */
  readonly pointerOf?: (index: number) => Pointer
  /** External id of a value without one; by default one is generated. */
  readonly knownId?: string
  /** Texts of custom properties that every object has, by property name. Default none. */
  readonly known?: ReadonlyMap<string, string> | undefined
  /** Shared by all pages of a list, so that generated ids are unique. Default a new one. */
  readonly generateId?: IdGenerator
  /**
   * What to note on objects about what their properties do not show (`FlowObject.unseen`); `whole` adds the
   * JSON objects themselves. Default nothing.
   */
  readonly notes?: 'unseen' | 'whole'
  /** Most properties of all objects together, also of nested ones. Default no limit. */
  readonly maxCells?: number
}

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

type Decoding = {
  readonly types: Types
  readonly typeName: string
  readonly warnings: DecodeWarning[]
  warningCount: number
  readonly generateId: IdGenerator
  readonly pointerOf: (index: number) => Pointer
  /** Index of the current value, and the path in it, with `*` for any key of a map. */
  index: number
  path: (string | number)[]
  depth: number
  readonly notes: DecodeOptions['notes']
  readonly known: DecodeOptions['known']
  /** The absent properties of the last object of the answer with any. */
  lastAbsent: readonly string[]
  readonly maxCells: number
  cells: number
  /** Long lists inside of objects that are not decoded yet, and how many objects each will have. */
  readonly open: LongList[]
  readonly counts: Map<readonly FlowObject[], number>
}

/** A long list or map of objects that is decoded after the object that contains it, step by step. */
type LongList = {
  readonly objects: FlowObject[]
  readonly reading: TypeReading
  readonly entries: Entries
  readonly parentId: string
  readonly path: readonly (string | number)[]
  readonly depth: number
  readonly index: number
  at: number
}

/** The items of a list, or the members of a map. */
type Entries =
  | { readonly keys: null; readonly values: readonly JsonValue[] }
  | { readonly keys: readonly string[]; readonly map: JsonObject }

/** Properties that are decoded in one step, about. */
const STEP_CELLS = 2_000

/** A list of more entries is decoded step by step. */
const LONG_LIST = 500

/** Warnings that are kept. */
const WARNINGS_MAX = 20

/**
 * Reads the JSON values of an answer as flow objects of a type (docs/protocol.md#objects).
 *
 * Every object, also a nested one, has an external id and all properties of its type except write-only
 * ones; passwords have no value, and custom properties only a known one. A value that does not fit is left out with a
 * warning; nulls are skipped. One pass, linear in the size of the values.
 *
 * @throws ConnectorError `TYPE_UNKNOWN` when `types` lacks the type.
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
  const reading = readingOf(typeNamed(types, typeName))
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
  return {
    objects,
    warnings: decoding.warnings,
    get warningCount() {
      return decoding.warningCount
    },
    complete: () => (decoding.open.length === 0 ? objects.length : objects.length - 1),
    step() {
      const end = decoding.cells + STEP_CELLS
      while (decoding.cells < end) {
        if (decodeLong(decoding, end)) continue
        if (at === values.length) return true
        decoding.index = at
        const value = values[at++] ?? null
        const order = firstOrder + objects.length
        const object = decodeValue(decoding, reading, value, knownId, order, null)
        if (object !== undefined) objects.push(object)
        // Values that are left out have a cost, too.
        else decoding.cells++
      }
      return at === values.length && decoding.open.length === 0
    }
  }
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

function tooManyCells({ typeName, maxCells }: Decoding): ConnectorError {
  const of = `for type "${typeName}"`
  return new ConnectorError('ANSWER_TOO_MANY_VALUES', { of, limit: maxCells, what: 'values' })
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

type Option = ChoiceRecord['options'][number]

/**
 * The alternative that an object matches (docs/x-flow.md#choices): the one that the discriminator names, or its
 * `defaultMapping`; else the first of those that share most constants with it, then most member names. One of which a constant differs
 * is taken only where no other is left. Undefined when none shares a name.
 */
function chooseOption(choice: ChoiceRecord, value: JsonObject): Option | undefined {
  const named = optionNamed(choice, value)
  if (named !== undefined) return named
  const usual = choice.options.find(({ property }) => property === choice.usual)
  if (usual !== undefined) return usual
  let best: Option | undefined
  let most = [0, 0, 0]
  for (const option of choice.options) {
    let shared = 0
    for (const key of option.keys) if (Object.hasOwn(value, key)) shared++
    if (shared === 0) continue
    const { equal, differs } = matchConstants(option, value)
    const score = [differs ? 0 : 1, equal, shared]
    const at = score.findIndex((part, index) => part !== most[index])
    if (at === -1 || (score[at] ?? 0) < (most[at] ?? 0)) continue
    best = option
    most = score
  }
  return best
}

/** How many constants of an alternative an object has, and whether it has another value in place of one. */
function matchConstants(
  { constants }: Option,
  value: JsonObject
): { readonly equal: number; readonly differs: boolean } {
  const found = { equal: 0, differs: false }
  if (constants === undefined) return found
  for (const [key, constant] of Object.entries(constants)) {
    const held = ownMember(value, key)
    if (held === undefined || held === null) continue
    if (jsonEqual(held, constant)) found.equal++
    else found.differs = true
  }
  return found
}

function optionNamed(choice: ChoiceRecord, value: JsonObject): Option | undefined {
  if (choice.discriminator === null) return undefined
  const text = scalarToText('text', ownMember(value, choice.discriminator) ?? null)
  return choice.options.find(({ values }) => typeof text === 'string' && values.includes(text))
}

function warn(decoding: Decoding, key: string | null, message: string): undefined {
  if (++decoding.warningCount > WARNINGS_MAX) return
  const at = pointerTo(decoding.pointerOf(decoding.index), decoding.path)
  decoding.warnings.push({ pointer: key === null ? at : pointer(at, key), message })
}
