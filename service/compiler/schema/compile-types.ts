import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonArray } from '../../base/json.ts'
import { listFirst } from '../../base/list-first.ts'
import { uniqueNames } from '../../base/unique-names.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import type { Compilation } from '../compilation.ts'
import { helperProperties, objectProperties } from './compile-properties.ts'
import type { DerivedTypeBounds } from '../../settings.ts'
import type { TreeType, TypeScope, TypeTree } from './derive-types.ts'
import type { NamedType, NamedTypes } from './named-types.ts'
import { exampleSchema } from './schema-keywords.ts'
import type { SchemaView } from './schema-view.ts'
import { viewItems, viewSchema } from './view-schema.ts'
import { exampleOfSchema } from '../example/read-example.ts'

/** Share of everything affordable that named types may use, so that nested ones get the remainder. */
const NAMED_SHARE = 0.4

/** How many arrays around a type's objects are unwrapped. */
const ARRAYS_MAX = 8

/** How many names of types past a bound one diagnostic shows. */
const SHOWN_MAX = 5

/** A type without what its mappings decide. */
export type TypeDraft = Omit<TypeRecord, 'identity' | 'toldIds' | 'hasRequired' | 'mappings'> & {
  /** The schema of the type's objects; null for helper types. */
  readonly view: SchemaView | null
  /** The declaration of a named type; null for a derived one. */
  readonly named: NamedType | null
}

/** An object of a type as its answers show it; undefined for none. */
type ShownObject = (type: NamedType) => JsonValue | undefined

/** A named type that is installed, and the schema of its objects. */
type Root = { readonly type: NamedType; readonly view: SchemaView }

/**
 * Compiles every type that is installed: the named ones, and breadth first below each the types of its
 * nested schemas. Past the bounds a nested object is JSON text.
 *
 * @param shown For a type whose schema shows no member.
 * @returns The types, and the named ones that are left out because the document is too wide.
 */
export function compileTypes(
  compilation: Compilation,
  { types, nameAt }: NamedTypes,
  bounds: DerivedTypeBounds,
  shown: ShownObject
): { readonly drafts: readonly TypeDraft[]; readonly left: readonly NamedType[] } {
  const { roots, left } = findRoots(compilation, types, shown)
  const takeName = uniqueNames()
  for (const { type } of roots) takeName(type.name)
  const installed = new Set(roots.map(({ type }) => type.name))
  const installedAt = new Map([...nameAt].filter(([, name]) => installed.has(name)))
  const scope: TypeScope = { compilation, bounds, installedAt, nameAt, takeName, derived: 0 }
  return { drafts: roots.flatMap(root => compileTree(scope, root)), left }
}

function findRoots(
  compilation: Compilation,
  types: readonly NamedType[],
  shown: ShownObject
): { readonly roots: readonly Root[]; readonly left: readonly NamedType[] } {
  const left: NamedType[] = []
  const roots = types.flatMap(type => {
    const view = compilation.afford(0, NAMED_SHARE) ? objectView(compilation, type, shown) : null
    if (view === undefined) return []
    if (view !== null && compilation.afford(view.properties.size, NAMED_SHARE)) {
      return [{ type, view }]
    }
    left.push(type)
    return []
  })
  return { roots, left }
}

function compileTree(scope: TypeScope, { type, view }: Root): TypeDraft[] {
  const root: TreeType = { name: type.name, form: 'object', view, outer: null }
  const tree: TypeTree = { scope, queue: [root], folded: [] }
  const drafts: TypeDraft[] = []
  // The queue grows while it is read, which makes the order breadth first.
  for (const each of tree.queue) drafts.push(compileType(tree, each, each === root ? type : null))
  reportFolded(tree, type)
  return drafts
}

function compileType(tree: TypeTree, type: TreeType, named: NamedType | null): TypeDraft {
  const { name, form, view } = type
  const isObject = form === 'object'
  return {
    name,
    summary: named?.extension.summary ?? view.description ?? view.title,
    form,
    ...(isObject ? objectProperties(tree, type, named) : helperProperties(tree, type)),
    pointer: named?.at ?? view.at,
    view: isObject ? view : null,
    named
  }
}

function reportFolded({ scope, folded }: TypeTree, { name, at }: NamedType): void {
  if (folded.length === 0) return
  const schemas = [...new Set(folded)]
  const holes = { name, schemas: listFirst(schemas, SHOWN_MAX) }
  scope.compilation.report.add('TYPE_BOUND_REACHED', at, holes)
}

/**
 * The schema of a named type's objects: the type's own, the items of a root array, or one inferred from
 * its example, or those of its answers, where no property is declared. Undefined, with a diagnostic, for a type without property.
 */
function objectView(
  compilation: Compilation,
  type: NamedType,
  shown: ShownObject
): SchemaView | undefined {
  let view = viewSchema(compilation, type)
  for (let depth = 0; view?.kind === 'array' && view.items && depth < ARRAYS_MAX; depth++) {
    view = viewItems(compilation, view)
  }
  if (view === undefined) return reportEmpty(compilation, type, 'its schema cannot be read')
  if (view.properties.size > 0 || view.choices.length > 0) return view
  const inferred = viewOfExample(compilation, view) ?? viewOfAnswers(compilation, type, view, shown)
  if (inferred !== undefined && inferred.properties.size > 0) {
    return { ...inferred, at: view.at, node: view.node }
  }
  if (Object.keys(type.extension.customProperties ?? {}).length > 0) return view
  return reportEmpty(compilation, type, emptyReason(view))
}

function emptyReason({ kind, mapValues, node }: SchemaView): string {
  if (kind !== 'object' && kind !== 'any')
    return `its schema is of kind ${kind}, without properties`
  if (mapValues !== null) return 'its schema is a map, whose members have no fixed names'
  const hasExample = node.example !== undefined || node.examples !== undefined
  return hasExample
    ? 'its schema has no properties, and its example shows none'
    : 'its schema has neither properties nor an example'
}

function reportEmpty({ report }: Compilation, { name, at }: NamedType, reason: string): undefined {
  report.add('TYPE_EMPTY', at, { name, reason })
  return undefined
}

function viewOfAnswers(
  compilation: Compilation,
  type: NamedType,
  { kind, at }: SchemaView,
  shown: ShownObject
): SchemaView | undefined {
  const object = kind === 'object' || kind === 'any' ? shown(type) : undefined
  if (object === undefined) return undefined
  return viewSchema(compilation, { schema: exampleSchema(object), at: pointer(at, 'example') })
}

function viewOfExample(compilation: Compilation, view: SchemaView): SchemaView | undefined {
  const kind = view.kind === 'any' ? 'object' : view.kind
  const located = { schema: view.node, at: view.at }
  const shown = exampleOfSchema(compilation, located, { ...view, kind })
  const first = isJsonArray(shown) ? shown[0] : shown
  if (first === undefined) return undefined
  return viewSchema(compilation, { schema: exampleSchema(first), at: pointer(view.at, 'example') })
}
