import { createHash } from 'node:crypto'

import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { dictionary, isJsonArray, isJsonObject, member } from '../../base/json.ts'
import { nameWords } from '../../base/name-words.ts'
import type {
  MadeExampleRecord,
  MadeExampleSchema,
  MadePresence
} from '../../model/example-record.ts'
import type { Compilation } from '../compilation.ts'
import { compileChoice } from '../schema/compile-choice.ts'
import type { SchemaKind } from '../schema/schema-kind.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'
import { count, givenValues, madeNumberSchema, madeTextSchema } from './made-value-schema.ts'

/** Values that one example has at the most: a bound on the copy, and on what is made of it. */
const VALUES_MAX = 2_000

/** Objects and lists that are nested deeper than this are left out. */
const DEPTH_MAX = 8

/** Items of a list, whatever its `minItems`. */
const ITEMS_MAX = 20

/** Rows of a table, and items of a list within a row. */
const ROWS = 5
const INNER_ITEMS = 2

/** Keywords that say which ids fit. */
const RESTRICTING = new Set(
  'enum const pattern minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'.split(
    ' '
  )
)

/** Longer names of schemas say little about their objects. */
const NAME_MAX = 60

/** What is made, and of what type. */
export type MadeTableOptions = {
  /** The type whose objects the rows are; it names their ids. The seed is of the document and of the type. */
  readonly type: string
  /** Default 5. Lists within a row have two items where `minItems` and `maxItems` say nothing. */
  readonly rows?: number
  /** The properties of a row of which no two rows have the same value. */
  readonly ids?: readonly string[]
  /** The property that identifies objects of another type, by its name in any case; undefined for none. */
  readonly idOf?: (type: string) => LocatedSchema | undefined
  /**
   * The values that the document declares for a schema; row n has the nth of them, and so on round. Of an id the first
   * rows have them, and the others made ones. Undefined for none: the value is made.
   */
  readonly declared?: (located: LocatedSchema, view: SchemaView) => readonly JsonValue[] | undefined
}

/**
 * The schema of a made table (docs/x-flow.md#generated-examples): a list of rows of a type, each a bounded copy of the
 * schema of its objects. Undefined where that says nothing about its values.
 */
export function compileMadeTable(
  compilation: Compilation,
  located: LocatedSchema,
  options: MadeTableOptions
): MadeExampleRecord | undefined {
  const view = viewSchema(compilation, located)
  if (view === undefined || saysNothing(compilation, view)) return undefined
  const size = options.rows ?? ROWS
  const copy: Copy = { compilation, options, queue: [], valuesLeft: VALUES_MAX - 1 }
  const items = copyOf(copy, located, view, { times: size, around: [], isRow: true })
  // The queue grows while it is read, which makes the order breadth first.
  for (const fill of copy.queue) fill()
  const schema = items && ({ type: 'array', items, minItems: size, maxItems: size } as const)
  return schema && { schema, ...seedsOf(compilation.documentUrl, options.type) }
}

/** A copy in progress: it spends its values breadth first, by a queue of the objects whose members follow. */
type Copy = {
  readonly compilation: Compilation
  readonly options: MadeTableOptions
  readonly queue: (() => void)[]
  valuesLeft: number
}

/** Where in a copy a schema is. */
type Position = {
  /** How many values each of its scalars has. */
  readonly times: number
  /** The schemas around it. */
  readonly around: readonly Pointer[]
  /** It is a row itself, not a part of one. */
  readonly isRow: boolean
  /** The values that an example of the object around it declares. */
  readonly declared?: readonly JsonValue[]
  /** Identity of a scalar. */
  readonly id?: { readonly idOf: string; readonly refers?: true }
}

/** Numbers that are the same wherever and whenever the document is compiled. */
export function seedsOf(
  documentUrl: string,
  type: string
): Pick<MadeExampleRecord, 'seed' | 'idSeed'> {
  return { seed: numberOf(`${documentUrl}\n${type}`), idSeed: numberOf(documentUrl) }
}

function numberOf(text: string): number {
  return createHash('sha256').update(text).digest().readInt32BE(0)
}

function saysNothing(compilation: Compilation, view: SchemaView): boolean {
  if (view.kind === 'any') return givenValues(view) === undefined
  if (view.kind === 'array') {
    const item = viewItems(compilation, view)
    return item === undefined || (item.kind !== 'array' && saysNothing(compilation, item))
  }
  const { kind, properties, choices, mapValues } = view
  return kind === 'object' && properties.size + choices.length === 0 && mapValues === null
}

/**
 * Copies a schema within bounds: references and `allOf` are resolved, cycles cut, the first choice taken, and
 * lengths, counts and patterns clamped. Undefined for what is left out: what the values left do not pay for, and what
 * contains itself.
 */
function copyOf(
  copy: Copy,
  located: LocatedSchema,
  view: SchemaView,
  position: Position
): MadeExampleSchema | undefined {
  if (copy.valuesLeft < position.times) return undefined
  copy.valuesLeft -= position.times
  const declared = position.declared ?? copy.options.declared?.(located, view) ?? []
  const isDeclared = declared.length > 0
  const objects = declared.filter(isJsonObject)
  const isPartial = view.kind === 'object' && objects.length === declared.length
  if (isDeclared && !isPartial && position.id === undefined) return goingRound(declared)
  // The default of an id would be that of every row.
  const isGiven = position.id === undefined || view.allowed !== null
  const given = isGiven ? givenValues(view) : undefined
  if (given !== undefined) return goingRound(given)
  const { at } = view
  const isCut = position.around.includes(at) || position.around.length >= DEPTH_MAX
  const inside: Position = {
    times: position.times,
    around: [...position.around, at],
    isRow: position.isRow
  }
  const first = isDeclared ? { first: declared } : {}
  const choice = choiceOf(view)
  if (choice !== undefined) return isCut ? absent(view) : copyNested(copy, choice, inside)
  const kind = view.kind === 'mixed' ? firstKind(view) : view.kind
  switch (kind) {
    case 'object':
      return isCut ? absent(view) : copyObject(copy, view, inside, objects)
    case 'array':
      return isCut ? absent(view) : copyList(copy, view, inside)
    case 'integer':
    case 'number':
      return { ...madeNumberSchema(view, kind), ...position.id, ...first }
    case 'boolean':
      return { type: 'boolean' }
    default:
      // What may be anything may be a text.
      return { ...madeTextSchema(view), ...position.id, ...first }
  }
}

function copyNested(
  copy: Copy,
  located: LocatedSchema,
  position: Position
): MadeExampleSchema | undefined {
  if (copy.valuesLeft < position.times) return undefined
  const view = viewSchema(copy.compilation, located)
  return view && copyOf(copy, located, view, position)
}

function goingRound(values: readonly JsonValue[]): MadeExampleSchema {
  const [only = null, ...others] = values
  return others.length === 0 ? { const: only } : { among: values }
}

/** What stands for a value that is left out; undefined where it may only be missing. */
function absent({ kind, keywords, nullable }: SchemaView): MadeExampleSchema | undefined {
  if (nullable) return { const: null }
  return kind === 'array' && (count(keywords, 'minItems') ?? 0) === 0 ? { const: [] } : undefined
}

/** The first choice of a schema that is no object and has no `type`. */
function choiceOf({ node, kind, alternatives }: SchemaView): LocatedSchema | undefined {
  return kind === 'object' || node.type !== undefined ? undefined : alternatives[0]
}

function firstKind({ keywords }: SchemaView): SchemaKind {
  const kinds: readonly SchemaKind[] = ['object', 'array', 'string', 'number', 'integer', 'boolean']
  const named = isJsonArray(keywords.type) ? keywords.type : []
  return kinds.find(kind => kind === named.find(word => word !== 'null')) ?? 'string'
}

/** A list of as many items as are usual where it is, within its bounds. */
function copyList(copy: Copy, view: SchemaView, position: Position): MadeExampleSchema | undefined {
  const { keywords, items } = view
  const most = count(keywords, 'maxItems') ?? ITEMS_MAX
  if (most === 0) return { const: [] }
  if (items === null) return absent(view)
  const least = count(keywords, 'minItems') ?? 0
  const wanted = Math.min(Math.max(Math.min(INNER_ITEMS, most), least), ITEMS_MAX)
  const paid = Math.floor(copy.valuesLeft / position.times)
  const size = Math.max(1, Math.min(wanted, paid))
  const item = copyNested(copy, items, { ...position, times: position.times * size })
  if (item === undefined) return absent(view)
  const differing = keywords.uniqueItems === true ? Math.min(size, differentValues(item)) : size
  return { type: 'array', items: item, minItems: Math.min(least, differing), maxItems: differing }
}

/** How many items can differ. */
function differentValues(item: MadeExampleSchema): number {
  if ('const' in item) return 1
  if ('among' in item) return item.among.length
  return item.type === 'boolean' ? 1 : ITEMS_MAX
}

/**
 * An object with every property that is read and can be paid; a map has one member.
 *
 * @param objects Declared examples of it, whose members are taken where all of them have it.
 */
function copyObject(
  copy: Copy,
  view: SchemaView,
  position: Position,
  objects: readonly JsonObject[]
): MadeExampleSchema {
  const { compilation, options } = copy
  const { isRow } = position
  const properties = dictionary<MadeExampleSchema>()
  copy.queue.push(() => {
    const [choice] = view.choices
    const chosen = choice && viewSchema(compilation, choice)
    const named = namedProperties(view, chosen)
    for (const [key, located] of named) {
      if (copy.valuesLeft < position.times) break
      const property = viewSchema(compilation, located)
      if (property === undefined || property.writeOnly) continue
      const { view: seen, id } = identify(copy, key, property, isRow)
      const shown = objects.map(object => member(object, key)).filter(value => value !== undefined)
      const isShown = shown.length > 0 && shown.length === objects.length
      const inside: Position = {
        ...{ times: position.times, around: position.around, isRow: false },
        ...(isShown && { declared: shown }),
        ...(id !== undefined && { id })
      }
      const value = copyOf(copy, located, seen, inside)
      if (value === undefined) continue
      const isRequired = view.required.includes(key) || chosen?.required.includes(key) === true
      properties[key] = 'const' in value ? value : { ...value, ...presence(property, isRequired) }
    }
    for (const [key, value] of Object.entries(objects[0] ?? {})) {
      if (!named.some(([name]) => name === key)) properties[key] = { const: value }
    }
    const mark = choice === undefined ? null : choiceMark(compilation, view, choice, chosen)
    // The discriminator names the choice, whatever that property's own schema says.
    if (mark !== null) properties[mark.key] = { const: mark.value }
  })
  const name = isRow ? options.type : schemaName(view)
  return { type: 'object', ...(name !== undefined && { name }), properties }
}

function presence({ nullable }: SchemaView, isRequired: boolean): MadePresence {
  return {
    ...(nullable && { orNull: true as const }),
    ...(!isRequired && { mayMiss: true as const })
  }
}

/** The name of a schema that has one. */
function schemaName({ at }: SchemaView): string | undefined {
  const name = /\/(?:schemas|definitions)\/([^/]+)$/.exec(at)?.[1]
  return name !== undefined && name.length <= NAME_MAX ? name : undefined
}

/** The property of an object, with what it identifies: the row, or an object of another type. */
function identify(
  { compilation, options }: Copy,
  key: string,
  property: SchemaView,
  isRow: boolean
): { readonly view: SchemaView; readonly id?: Position['id'] } {
  if (isRow && options.ids?.includes(key) === true) {
    return { view: property, id: { idOf: options.type } }
  }
  const words = nameWords(key)
  const idOf = words.slice(0, -1).join('')
  const target = idOf === '' || words.at(-1) !== 'id' ? undefined : options.idOf?.(idOf)
  const view = target && viewSchema(compilation, target)
  if (view === undefined || view.kind !== property.kind) return { view: property }
  const isOpen = Object.keys(property.keywords).every(word => !RESTRICTING.has(word))
  return { view: isOpen ? view : property, id: { idOf, refers: true } }
}

/** The properties of an object and of its first choice; a map has one of any name. */
function namedProperties(
  view: SchemaView,
  chosen: SchemaView | undefined
): (readonly [string, LocatedSchema])[] {
  const found = new Map<string, LocatedSchema>()
  for (const held of [view.properties, chosen?.properties ?? []]) {
    for (const [key, property] of held) {
      if (found.size >= VALUES_MAX) break
      // An object that is made cannot have a member of that name.
      if (key !== '__proto__') found.set(key, property)
    }
  }
  if (found.size === 0 && view.mapValues !== null) found.set('reference', view.mapValues)
  return [...found]
}

type Mark = { readonly key: string; readonly value: string }

/** The discriminator members of first choices, by the schema that has the choices; null for none. */
const marks = new WeakMap<SchemaView, Mark | null>()

function choiceMark(
  compilation: Compilation,
  holder: SchemaView,
  { at }: LocatedSchema,
  view: SchemaView | undefined
): Mark | null {
  const known = marks.get(holder)
  if (known !== undefined) return known
  const option = { view, at: view?.at ?? at, name: '' }
  const { discriminator, options } = compileChoice(compilation, holder, null, [option])
  const value = options[0]?.values[0]
  const mark = discriminator === null || value === undefined ? null : { key: discriminator, value }
  marks.set(holder, mark)
  return mark
}
