import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { dictionary, isJsonArray, member } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import { compileChoice } from '../schema/compile-choice.ts'
import { count, givenValue, madeNumberSchema, madeTextSchema } from './made-value-schema.ts'
import type { SchemaKind } from '../schema/schema-words.ts'
import type { MadeExampleSchema } from '../../model/example-record.ts'
import type { SchemaPlace, SchemaView } from '../schema/view-schema.ts'
import { viewSchema } from '../schema/view-schema.ts'

/** Values that one example has at the most: a bound on the copy, and on what is made of it. */
const VALUES_MAX = 2_000

/** Objects and lists that are nested deeper than this are left out. */
const DEPTH_MAX = 8

/** Items of a list, whatever its `minItems`. */
const ITEMS_MAX = 20

/** Where one part of a copy stands: how many values are left for it, and what is around it. */
type Room = { readonly values: number; readonly around: readonly Pointer[] }

/**
 * A copy of a schema that an example can be made from within bounds: references and `allOf` are followed,
 * circles cut, of choices the first is taken, and lengths, counts and patterns clamped. What finds no
 * room is left out. Every list has as many items as `minItems` asks for, one at the least.
 *
 * @returns Undefined where the schema says nothing about what it holds, or cannot be read.
 */
export function madeExampleSchema(
  compilation: Compilation,
  place: SchemaPlace
): MadeExampleSchema | undefined {
  const view = viewSchema(compilation, place)
  if (view === undefined || saysNothing(compilation, view)) return undefined
  return copyOf(compilation, view, { values: VALUES_MAX, around: [] })
}

function saysNothing(compilation: Compilation, view: SchemaView): boolean {
  if (view.kind === 'any') return givenValue(view) === undefined
  if (view.kind === 'array') {
    const item = view.items === null ? undefined : viewSchema(compilation, view.items)
    return item === undefined || (item.kind !== 'array' && saysNothing(compilation, item))
  }
  const { kind, properties, choices, mapValues } = view
  return kind === 'object' && properties.size + choices.length === 0 && mapValues === null
}

function copyPlace(
  compilation: Compilation,
  place: SchemaPlace,
  room: Room
): MadeExampleSchema | undefined {
  if (room.values < 1) return undefined
  const view = viewSchema(compilation, place)
  return view === undefined ? undefined : copyOf(compilation, view, room)
}

function copyOf(
  compilation: Compilation,
  view: SchemaView,
  { values, around }: Room
): MadeExampleSchema | undefined {
  const given = givenValue(view)
  if (given !== undefined) return { const: given }
  const isCircle = around.includes(view.at) || around.length >= DEPTH_MAX
  const inside = { values: values - 1, around: [...around, view.at] }
  const choice = choiceOf(view)
  if (choice !== undefined) return isCircle ? undefined : copyPlace(compilation, choice, inside)
  const kind = view.kind === 'mixed' ? firstKind(view) : view.kind
  switch (kind) {
    case 'object':
      return isCircle ? undefined : copyObject(compilation, view, inside)
    case 'array':
      return isCircle ? undefined : copyList(compilation, view, inside)
    case 'integer':
    case 'number':
      return madeNumberSchema(view.node, kind)
    case 'boolean':
      return { type: 'boolean' }
    default:
      // What may be anything may be a text.
      return madeTextSchema(view.node, view.format)
  }
}

/** The first choice of what is not an object and names no type of its own. */
function choiceOf({ node, kind, at }: SchemaView): SchemaPlace | undefined {
  if (kind === 'object' || node.type !== undefined) return undefined
  const keyword = isJsonArray(node.oneOf) ? 'oneOf' : 'anyOf'
  const listed = member(node, keyword)
  if (!isJsonArray(listed)) return undefined
  const index = listed.findIndex(schema => member(schema, 'type') !== 'null')
  const schema = listed[index]
  return schema === undefined ? undefined : { schema, at: pointer(at, keyword, index) }
}

function firstKind({ node }: SchemaView): SchemaKind {
  const kinds: readonly SchemaKind[] = ['object', 'array', 'string', 'number', 'integer', 'boolean']
  const named = isJsonArray(node.type) ? node.type : []
  return kinds.find(kind => kind === named.find(word => word !== 'null')) ?? 'string'
}

function copyList(
  compilation: Compilation,
  { node, items }: SchemaView,
  { values, around }: Room
): MadeExampleSchema | undefined {
  if (count(node, 'maxItems') === 0) return { const: [] }
  if (items === null) return undefined
  const wanted = Math.min(Math.max(count(node, 'minItems') ?? 1, 1), ITEMS_MAX)
  const size = Math.max(1, Math.min(wanted, values))
  const room = { values: Math.floor(values / size), around }
  const item = copyPlace(compilation, items, room)
  return item === undefined
    ? undefined
    : { type: 'array', items: item, minItems: size, maxItems: size }
}

/** An object with every property that is read and has room; a map has one member. */
function copyObject(
  compilation: Compilation,
  view: SchemaView,
  { values, around }: Room
): MadeExampleSchema {
  const [place] = view.choices
  const chosen = place === undefined ? undefined : viewSchema(compilation, place)
  const named = firstProperties(view, chosen, values)
  const room = { values: Math.floor(values / Math.max(named.length, 1)), around }
  const properties = dictionary(
    named.flatMap(([key, property]) => {
      if (viewSchema(compilation, property)?.writeOnly === true) return []
      const copy = copyPlace(compilation, property, room)
      return copy === undefined ? [] : [[key, copy] as const]
    })
  )
  const mark = place === undefined ? null : choiceMark(compilation, view, place, chosen)
  // The choice is told by its discriminator, whatever that property's own schema says.
  if (mark !== null) properties[mark.key] = { const: mark.value }
  return { type: 'object', properties }
}

/** The properties that there is room for; a map has one of any name. */
function firstProperties(
  view: SchemaView,
  chosen: SchemaView | undefined,
  values: number
): (readonly [string, SchemaPlace])[] {
  const found = new Map<string, SchemaPlace>()
  for (const held of [view.properties, chosen?.properties ?? []]) {
    for (const [key, property] of held) {
      if (found.size >= values) break
      // An object that is made cannot have a member of that name.
      if (key !== '__proto__') found.set(key, property)
    }
  }
  if (found.size === 0 && values > 0 && view.mapValues !== null) found.set('key', view.mapValues)
  return [...found]
}

/** The member that tells a choice, by the schema that has the choices; null for none. */
const marks = new WeakMap<SchemaView, { readonly key: string; readonly value: string } | null>()

function choiceMark(
  compilation: Compilation,
  holder: SchemaView,
  place: SchemaPlace,
  view: SchemaView | undefined
): { readonly key: string; readonly value: string } | null {
  const known = marks.get(holder)
  if (known !== undefined) return known
  const { discriminator, options } = compileChoice(compilation, holder, null, [
    { view, place, name: '' }
  ])
  const value = options[0]?.values[0]
  const mark = discriminator === null || value === undefined ? null : { key: discriminator, value }
  marks.set(holder, mark)
  return mark
}
