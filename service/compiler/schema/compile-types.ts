import { pointer } from '../../base/json-pointer.ts'
import { isJsonArray } from '../../base/json.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import type { Compilation } from '../compilation.ts'
import { exampleSchema, ownExample } from '../example/example-schema.ts'
import { helperProperties, objectProperties } from './compile-properties.ts'
import type { Chain, DerivedType, DerivedTypeBounds, TypeScope, TypeTree } from './derive-types.ts'
import type { NamedType, NamedTypes } from './named-types.ts'
import { createNames } from './unique-names.ts'
import type { SchemaView } from './view-schema.ts'
import { viewSchema } from './view-schema.ts'

/** What of everything that may be made may be made for named types, so that what is below them gets the rest. */
const NAMED_SHARE = 0.4

/** How many arrays around a type's objects are looked through. */
const ARRAYS_MAX = 8

/** Names of types past a bound that one diagnostic shows. */
const SHOWN_MAX = 5

/** A type without what its mappings decide. */
export type TypeDraft = Omit<TypeRecord, 'identity' | 'mappings'> & {
  /** What the type's objects are; null for helper types, which no schema describes. */
  readonly view: SchemaView | null
  /** The declaration of a named type; null for a derived one. */
  readonly named: NamedType | null
}

/** A named type that is installed, and what its objects are. */
type Root = { readonly type: NamedType; readonly view: SchemaView }

/**
 * Compiles every type that is installed: the named ones, and breadth-first below each the types of its nested
 * schemas, `Parent:prop`. Past the bounds a nested object is JSON text.
 *
 * @returns The types, and the named ones that are left out because too much comes of the document.
 */
export function compileTypes(
  compilation: Compilation,
  { types, nameAt }: NamedTypes,
  bounds: DerivedTypeBounds
): { readonly drafts: readonly TypeDraft[]; readonly left: readonly NamedType[] } {
  const { roots, left } = findRoots(compilation, types)
  const names = createNames()
  for (const { type } of roots) names.take(type.name)
  const installed = new Set(roots.map(({ type }) => type.name))
  const installedAt = new Map([...nameAt].filter(([, name]) => installed.has(name)))
  const scope: TypeScope = { compilation, bounds, installedAt, nameAt, names, derived: 0 }
  return { drafts: roots.flatMap(root => compileTree(scope, root)), left }
}

function findRoots(
  compilation: Compilation,
  types: readonly NamedType[]
): { readonly roots: readonly Root[]; readonly left: readonly NamedType[] } {
  const left: NamedType[] = []
  const roots = types.flatMap(type => {
    // No look where nothing more can be afforded; a view that can be is installed, come what may.
    const view = compilation.afford(0, NAMED_SHARE) ? objectView(compilation, type) : null
    if (view === undefined) return []
    if (view !== null && compilation.afford(view.properties.size, NAMED_SHARE)) {
      return [{ type, view }]
    }
    left.push(type)
    return []
  })
  return { roots, left }
}

/** A named type and those below it. */
function compileTree(scope: TypeScope, { type, view }: Root): TypeDraft[] {
  const tree: TypeTree = { scope, queue: [], folded: [] }
  const chain: Chain = { at: view.at, form: 'object', type: type.name, outer: null }
  const drafts: TypeDraft[] = [
    {
      name: type.name,
      summary: type.extension.summary ?? view.description ?? view.title,
      form: 'object',
      ...objectProperties(tree, view, chain, type),
      pointer: type.at,
      view,
      named: type
    }
  ]
  // The queue grows while it is read, which is what makes the order breadth-first.
  for (const derived of tree.queue) drafts.push(derivedDraft(tree, derived))
  reportFolded(tree, type)
  return drafts
}

function derivedDraft(tree: TypeTree, derived: DerivedType): TypeDraft {
  const { name, form, view, chain } = derived
  const isObject = form === 'object'
  return {
    name,
    summary: view.description ?? view.title,
    form,
    ...(isObject ? objectProperties(tree, view, chain, null) : helperProperties(tree, derived)),
    pointer: view.at,
    view: isObject ? view : null,
    named: null
  }
}

function reportFolded({ scope, folded }: TypeTree, { name, at }: NamedType): void {
  if (folded.length === 0) return
  const schemas = [...new Set(folded)]
  const more = schemas.length > SHOWN_MAX ? ` and ${schemas.length - SHOWN_MAX} more` : ''
  scope.compilation.report.add('TYPE_BOUND_REACHED', at, {
    name,
    schemas: schemas.slice(0, SHOWN_MAX).join(', ') + more
  })
}

/**
 * What the objects of a named type are: the schema, the items of a root array, or what the schema's
 * example shows when it declares no property. Undefined, with a diagnostic, for a type without property.
 */
function objectView(compilation: Compilation, type: NamedType): SchemaView | undefined {
  let view = viewSchema(compilation, { schema: type.schema, at: type.at })
  for (
    let depth = 0;
    view?.kind === 'array' && view.items !== null && depth < ARRAYS_MAX;
    depth++
  ) {
    view = viewSchema(compilation, view.items)
  }
  if (view === undefined) return empty(compilation, type, 'its schema cannot be read')
  if (view.properties.size > 0 || view.choices.length > 0) return view
  const shown = viewOfExample(compilation, view) ?? view
  if (shown.properties.size > 0) return { ...shown, at: view.at, node: view.node }
  if (Object.keys(type.extension.customProperties ?? {}).length > 0) return view
  if (view.kind !== 'object' && view.kind !== 'any') {
    return empty(compilation, type, `its schema is of kind ${view.kind}, without properties`)
  }
  return empty(compilation, type, 'its schema has neither properties nor an example')
}

function empty(compilation: Compilation, type: NamedType, reason: string): undefined {
  compilation.report.add('TYPE_EMPTY', type.at, { name: type.name, reason })
  return undefined
}

function viewOfExample(compilation: Compilation, view: SchemaView): SchemaView | undefined {
  const shown = ownExample(view.node)
  const first = isJsonArray(shown) ? shown[0] : shown
  if (first === undefined) return undefined
  return viewSchema(compilation, { schema: exampleSchema(first), at: pointer(view.at, 'example') })
}
