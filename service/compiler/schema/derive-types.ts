import type { TakeName } from '../../base/unique-names.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import type { PropertyRecord, TypeRecord } from '../../model/type-record.ts'
import type { DerivedTypeBounds } from '../../settings.ts'
import type { Compilation } from '../compilation.ts'
import { shortName } from './short-name.ts'
import { scalarForm } from './scalar-property.ts'
import type { SchemaView } from './schema-view.ts'
import { viewItems } from './view-schema.ts'

/** Share of everything affordable that types may use, so that mappings get the remainder. */
const TYPES_SHARE = 0.7

type Form = TypeRecord['form']

/** A named type, or one that is derived from a schema nested in it. */
export type TreeType = {
  readonly name: string
  readonly form: Form
  readonly view: SchemaView
  /** The type that contains it; null for a named one. */
  readonly outer: TreeType | null
}

/** State that all types of a document share. */
export type TypeScope = {
  readonly compilation: Compilation
  readonly bounds: DerivedTypeBounds
  /** Names of the installed types by pointer. */
  readonly installedAt: ReadonlyMap<Pointer, string>
  /** Names of all named types by pointer. */
  readonly nameAt: ReadonlyMap<Pointer, string>
  readonly takeName: TakeName
  /** How many types were derived so far. */
  derived: number
}

/** A named type and the types below it. */
export type TypeTree = {
  readonly scope: TypeScope
  /** All types, breadth first. */
  readonly queue: TreeType[]
  /** Names of the types that are JSON text because a bound was reached. */
  readonly folded: string[]
}

export type PropertyForm = Pick<PropertyRecord, 'content' | 'value'>

/** The form of a value that no type describes. */
const JSON_TEXT: PropertyForm = {
  content: 'ContentString',
  value: { form: 'scalar', kind: 'json' }
}

/**
 * The form of a property by its schema. A nested object or list gets a type, `Parent:name`.
 *
 * @param key JSON member of the property, which may say that it is a secret.
 */
export function propertyForm(
  tree: TypeTree,
  outer: TreeType,
  name: string,
  view: SchemaView | undefined,
  key = name
): PropertyForm {
  if (view === undefined) return JSON_TEXT
  const wanted = `${outer.name}:${name}`
  if (view.kind === 'array') return listForm(tree, outer, wanted, view)
  if (view.kind !== 'object') {
    const { content, kind } = scalarForm(view, key)
    return { content, value: { form: 'scalar', kind } }
  }
  if (hasMembers(tree, view)) {
    return nestedForm('ContentObject', 'object', typeOf(tree, outer, wanted, view, 'object'))
  }
  if (view.mapValues === null) return JSON_TEXT
  return nestedForm('ContentList', 'map', typeOf(tree, outer, wanted, view, 'entry'))
}

function listForm(tree: TypeTree, outer: TreeType, wanted: string, list: SchemaView): PropertyForm {
  const item = viewItems(tree.scope.compilation, list)
  if (item === undefined) return JSON_TEXT
  const own = tree.scope.installedAt.get(list.at)
  if (own !== undefined) return nestedForm('ContentList', 'list', own)
  const isObject = item.kind === 'object'
  const isUntyped = isObject
    ? !hasMembers(tree, item)
    : ['array', 'mixed', 'any'].includes(item.kind)
  if (isUntyped) return JSON_TEXT
  const type = typeOf(tree, outer, wanted, item, isObject ? 'object' : 'item')
  return nestedForm('ContentList', 'list', type)
}

function nestedForm(
  content: 'ContentObject' | 'ContentList',
  form: 'object' | 'list' | 'map',
  type: string | undefined
): PropertyForm {
  return type === undefined ? JSON_TEXT : { content, value: { form, type } }
}

/** Whether a type can have the members of an object. */
function hasMembers({ scope }: TypeTree, { at, properties, choices }: SchemaView): boolean {
  return properties.size > 0 || choices.length > 0 || scope.installedAt.has(at)
}

/**
 * The type of a nested schema: its own, that of the same schema around it, or a new one. Past the
 * bounds undefined, for JSON text.
 */
function typeOf(
  { scope, queue, folded }: TypeTree,
  outer: TreeType,
  wanted: string,
  view: SchemaView,
  form: Form
): string | undefined {
  const { compilation, bounds } = scope
  const own = scope.installedAt.get(view.at)
  if (own !== undefined) return own
  for (let around: TreeType | null = outer; around !== null; around = around.outer) {
    if (around.view.at === view.at && around.form === form) return around.name
  }
  const isPast = queue.length > bounds.perType || scope.derived >= bounds.total
  if (isPast || !compilation.afford(view.properties.size, TYPES_SHARE)) {
    folded.push(wanted)
    return undefined
  }
  const short = shortName(wanted)
  const name = scope.takeName(short)
  if (short !== wanted) compilation.report.add('NAME_SHORTENED', view.at, { name, given: wanted })
  else if (name !== wanted) compilation.report.add('TYPE_RENAMED', view.at, { place: wanted, name })
  scope.derived++
  queue.push({ name, form, view, outer })
  return name
}
