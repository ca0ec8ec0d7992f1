import type { Pointer } from '../../base/json-pointer.ts'
import type { PropertyRecord, TypeRecord } from '../../model/type-record.ts'
import type { Compilation } from '../compilation.ts'
import { scalarForm } from './scalar-property.ts'
import type { Names } from './unique-names.ts'
import type { SchemaView } from './view-schema.ts'
import { viewSchema } from './view-schema.ts'

/** How many types may be derived from nested schemas. */
export type DerivedTypeBounds = { readonly perType: number; readonly total: number }

/** Characters in the name of a derived type at the most; deeper ones are JSON text. */
const NAME_LENGTH_MAX = 2_000

/** What of everything that may be made may be made for types, so that mappings get the rest. */
const TYPES_SHARE = 0.7

type Form = TypeRecord['form']

/** The schemas around a nested one, inside out, with the types they got. */
export type Chain = {
  readonly at: Pointer
  readonly form: Form
  readonly type: string
  readonly outer: Chain | null
}

/** A type that was derived from a nested schema. */
export type DerivedType = {
  readonly name: string
  readonly form: Form
  readonly view: SchemaView
  readonly chain: Chain
}

/** What all types of a document share. */
export type TypeScope = {
  readonly compilation: Compilation
  readonly bounds: DerivedTypeBounds
  /** By place, the names of types that are installed. */
  readonly installedAt: ReadonlyMap<Pointer, string>
  /** By place, the names of all types. */
  readonly nameAt: ReadonlyMap<Pointer, string>
  /** Names of types that are taken. */
  readonly names: Names
  /** Types that were derived so far. */
  derived: number
}

/** The types below one named type. */
export type TypeTree = {
  readonly scope: TypeScope
  /** Those that were derived, in the order in which they are to be compiled. */
  readonly queue: DerivedType[]
  /** Names of those that are JSON text, because a bound was reached. */
  readonly folded: string[]
}

export type PropertyForm = Pick<PropertyRecord, 'content' | 'value'>

/** The form of what no type describes. */
export const JSON_TEXT: PropertyForm = {
  content: 'ContentString',
  value: { form: 'scalar', kind: 'json' }
}

/**
 * The form of a property by its schema. Nested objects and lists get types.
 *
 * @param wanted Name of the type that the property may get, `Parent:prop`.
 */
export function propertyForm(
  tree: TypeTree,
  wanted: string,
  view: SchemaView | undefined,
  key: string,
  chain: Chain
): PropertyForm {
  if (view === undefined) return JSON_TEXT
  if (view.kind === 'array') return listForm(tree, wanted, view, chain)
  if (view.kind !== 'object') {
    const { content, kind } = scalarForm(view, key)
    return { content, value: { form: 'scalar', kind } }
  }
  if (isWhole(tree, view)) {
    return nestedForm('ContentObject', 'object', typeOf(tree, wanted, view, 'object', chain))
  }
  if (view.mapValues === null) return JSON_TEXT
  return nestedForm('ContentList', 'map', typeOf(tree, wanted, view, 'entry', chain))
}

function listForm(tree: TypeTree, wanted: string, list: SchemaView, chain: Chain): PropertyForm {
  const { compilation, installedAt } = tree.scope
  const item = list.items === null ? undefined : viewSchema(compilation, list.items)
  if (item === undefined) return JSON_TEXT
  const own = installedAt.get(list.at)
  if (own !== undefined) return nestedForm('ContentList', 'list', own)
  if (item.kind === 'object') {
    if (!isWhole(tree, item)) return JSON_TEXT
    return nestedForm('ContentList', 'list', typeOf(tree, wanted, item, 'object', chain))
  }
  if (['array', 'mixed', 'any'].includes(item.kind)) return JSON_TEXT
  return nestedForm('ContentList', 'list', typeOf(tree, wanted, item, 'item', chain))
}

function nestedForm(
  content: 'ContentObject' | 'ContentList',
  form: 'object' | 'list' | 'map',
  type: string | undefined
): PropertyForm {
  return type === undefined ? JSON_TEXT : { content, value: { form, type } }
}

/** Whether an object has members that a type can have. */
function isWhole({ scope }: TypeTree, { at, properties, choices }: SchemaView): boolean {
  return properties.size > 0 || choices.length > 0 || scope.installedAt.has(at)
}

/**
 * The type of a nested schema: its own, that of the same schema around it, or a new one. Undefined, and
 * folded into JSON text, past the bounds.
 */
function typeOf(
  { scope, queue, folded }: TypeTree,
  wanted: string,
  view: SchemaView,
  form: Form,
  chain: Chain
): string | undefined {
  const { compilation, bounds } = scope
  const own = scope.installedAt.get(view.at)
  if (own !== undefined) return own
  for (let outer: Chain | null = chain; outer !== null; outer = outer.outer) {
    if (outer.at === view.at && outer.form === form) return outer.type
  }
  const isPast =
    queue.length >= bounds.perType ||
    scope.derived >= bounds.total ||
    wanted.length > NAME_LENGTH_MAX
  if (isPast || !compilation.afford(view.properties.size, TYPES_SHARE)) {
    folded.push(wanted)
    return undefined
  }
  const name = scope.names.take(wanted)
  if (name !== wanted) compilation.report.add('TYPE_RENAMED', view.at, { place: wanted, name })
  scope.derived++
  queue.push({ name, form, view, chain: { at: view.at, form, type: name, outer: chain } })
  return name
}
