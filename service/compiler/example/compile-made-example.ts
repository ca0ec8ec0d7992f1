import { createHash } from 'node:crypto'

import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { dictionary, isJsonArray } from '../../base/json.ts'
import type { MadeExampleRecord, MadeExampleSchema } from '../../model/example-record.ts'
import type { Compilation } from '../compilation.ts'
import { compileChoice } from '../schema/compile-choice.ts'
import type { SchemaKind } from '../schema/schema-kind.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'
import { count, givenValue, madeNumberSchema, madeTextSchema } from './made-value-schema.ts'

/** Values that one example has at the most: a bound on the copy, and on what is made of it. */
const VALUES_MAX = 2_000

/** Objects and lists that are nested deeper than this are left out. */
const DEPTH_MAX = 8

/** Items of a list, whatever its `minItems`. */
const ITEMS_MAX = 20

/** Rows of a table. */
const ROWS = 5

/** How many values one part of a copy may have, and the schemas around it. */
type Budget = { readonly values: number; readonly around: readonly Pointer[] }

/** What is made, and of what type. */
export type MadeExampleOptions = {
  /** The type whose objects the rows are; it names their ids. The seed is of the document and of the type. */
  readonly type: string
  /** Rows where `minItems` and `maxItems` say nothing. Default 5; lists within a row have two items. */
  readonly rows?: number
  /** Where in the answer the rows are, as in `records`; blank for the answer itself. */
  readonly records?: string
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
 * The schema of a made example (docs/x-flow.md#generated-examples): a bounded copy of an answer's schema. Undefined
 * where that says nothing about its values.
 */
export function compileMadeExample(
  compilation: Compilation,
  located: LocatedSchema,
  options: MadeExampleOptions
): MadeExampleRecord | undefined {
  const schema = madeExampleSchema(compilation, located)
  return schema && { schema, seed: seedOf(compilation.documentUrl, options.type) }
}

/** A made table: a list of rows of a type, from the schema of its objects. */
export function compileMadeTable(
  compilation: Compilation,
  located: LocatedSchema,
  options: MadeExampleOptions
): MadeExampleRecord | undefined {
  const items = madeExampleSchema(compilation, located)
  const size = options.rows ?? ROWS
  return (
    items && {
      schema: { type: 'array', items, minItems: size, maxItems: size, isTable: true },
      seed: seedOf(compilation.documentUrl, options.type)
    }
  )
}

/** A number that is the same wherever and whenever the document is compiled. */
function seedOf(documentUrl: string, key: string): number {
  return createHash('sha256').update(`${documentUrl}\n${key}`).digest().readInt32BE(0)
}

/**
 * Copies a schema within bounds: references and `allOf` are resolved, cycles cut, the first choice taken,
 * and lengths, counts and patterns clamped. What exceeds the budget is left out. Every list has
 * `minItems` items, at least one. Undefined where the schema says nothing about its values.
 */
function madeExampleSchema(
  compilation: Compilation,
  located: LocatedSchema
): MadeExampleSchema | undefined {
  const view = viewSchema(compilation, located)
  if (view === undefined || saysNothing(compilation, view)) return undefined
  return copyOf(compilation, view, { values: VALUES_MAX, around: [] })
}

function saysNothing(compilation: Compilation, view: SchemaView): boolean {
  if (view.kind === 'any') return givenValue(view) === undefined
  if (view.kind === 'array') {
    const item = viewItems(compilation, view)
    return item === undefined || (item.kind !== 'array' && saysNothing(compilation, item))
  }
  const { kind, properties, choices, mapValues } = view
  return kind === 'object' && properties.size + choices.length === 0 && mapValues === null
}

function copyNested(
  compilation: Compilation,
  located: LocatedSchema,
  budget: Budget
): MadeExampleSchema | undefined {
  const view = budget.values < 1 ? undefined : viewSchema(compilation, located)
  return view && copyOf(compilation, view, budget)
}

function copyOf(
  compilation: Compilation,
  view: SchemaView,
  { values, around }: Budget
): MadeExampleSchema | undefined {
  const given = givenValue(view)
  if (given !== undefined) return { const: given }
  const isCycle = around.includes(view.at) || around.length >= DEPTH_MAX
  const inside = { values: values - 1, around: [...around, view.at] }
  const choice = choiceOf(view)
  if (choice !== undefined) return isCycle ? undefined : copyNested(compilation, choice, inside)
  const kind = view.kind === 'mixed' ? firstKind(view) : view.kind
  switch (kind) {
    case 'object':
      return isCycle ? undefined : copyObject(compilation, view, inside)
    case 'array':
      return isCycle ? undefined : copyList(compilation, view, inside)
    case 'integer':
    case 'number':
      return madeNumberSchema(view.keywords, kind)
    case 'boolean':
      return { type: 'boolean' }
    default:
      // What may be anything may be a text.
      return madeTextSchema(view.keywords, view.format)
  }
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

function copyList(
  compilation: Compilation,
  { keywords, items }: SchemaView,
  { values, around }: Budget
): MadeExampleSchema | undefined {
  if (count(keywords, 'maxItems') === 0) return { const: [] }
  if (items === null) return undefined
  const wanted = Math.min(Math.max(count(keywords, 'minItems') ?? 1, 1), ITEMS_MAX)
  const size = Math.max(1, Math.min(wanted, values))
  const item = copyNested(compilation, items, { values: Math.floor(values / size), around })
  return item && { type: 'array', items: item, minItems: size, maxItems: size }
}

/** An object with every property that is read and affordable; a map has one member. */
function copyObject(
  compilation: Compilation,
  view: SchemaView,
  { values, around }: Budget
): MadeExampleSchema {
  const [choice] = view.choices
  const chosen = choice && viewSchema(compilation, choice)
  const named = firstProperties(view, chosen, values)
  const budget = { values: Math.floor(values / Math.max(named.length, 1)), around }
  const properties = dictionary(
    named.flatMap(([key, property]) => {
      if (viewSchema(compilation, property)?.writeOnly === true) return []
      const copy = copyNested(compilation, property, budget)
      return copy === undefined ? [] : [[key, copy] as const]
    })
  )
  const mark = choice === undefined ? null : choiceMark(compilation, view, choice, chosen)
  // The discriminator names the choice, whatever that property's own schema says.
  if (mark !== null) properties[mark.key] = { const: mark.value }
  return { type: 'object', properties }
}

/** The affordable properties; a map has one of any name. */
function firstProperties(
  view: SchemaView,
  chosen: SchemaView | undefined,
  values: number
): (readonly [string, LocatedSchema])[] {
  const found = new Map<string, LocatedSchema>()
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
