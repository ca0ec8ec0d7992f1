import { createHash } from 'node:crypto'

import { splitPath } from '../../base/dotted-path.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { dictionary, isJsonArray } from '../../base/json.ts'
import type { MadeExampleRecord, MadeExampleSchema } from '../../model/example-record.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredAnswer } from '../endpoint/types.ts'
import { compileChoice } from '../schema/compile-choice.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
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

/** How many values one part of a copy may have, and the schemas around it. */
type Budget = { readonly values: number; readonly around: readonly Pointer[] }

/**
 * The schema of a generated example (docs/x-flow.md#generated-examples): a bounded copy of the answer's
 * schema; for a read whose answer has none, one of the type. Undefined when there is neither.
 */
export function compileMadeExample(
  compilation: Compilation,
  draft: TypeDraft,
  record: MappingRecord,
  answer: DeclaredAnswer
): MadeExampleRecord | undefined {
  const declared = answer.schema && madeExampleSchema(compilation, answer.schema)
  const schema = declared ?? madeExampleOfType(compilation, draft, record)
  if (schema === undefined) return undefined
  return { schema, seed: seedOf(compilation.documentUrl, record.key) }
}

function madeExampleOfType(
  compilation: Compilation,
  { named }: TypeDraft,
  { verb, records }: MappingRecord
): MadeExampleSchema | undefined {
  if (named === null || !isRead(verb)) return undefined
  const own = madeExampleSchema(compilation, named)
  if (own === undefined) return undefined
  const listed: MadeExampleSchema =
    verb === 'query' ? { type: 'array', items: own, minItems: 1, maxItems: 1 } : own
  return splitPath(records.at === 'path' ? records.path : '').reduceRight<MadeExampleSchema>(
    (inner, part) => ({ type: 'object', properties: { [part]: inner } }),
    listed
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
