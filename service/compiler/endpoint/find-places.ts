import type { Pointer } from '../../base/json-pointer.ts'
import { isJsonObject } from '../../base/json.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { Compilation } from '../compilation.ts'
import { compileIdentity } from '../schema/compile-identity.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import type { SchemaView } from '../schema/view-schema.ts'
import { viewAlternatives, viewItems, viewSchema } from '../schema/view-schema.ts'
import { isType } from './compile-answer.ts'

/** How many members lead to a place at most, and how many schemas one search looks at. */
const LEVELS_MAX = 4
const SCHEMAS_MAX = 500

/**
 * How a schema resembles a type: it is the type's `own`; one of several, with that of the type among them; it
 * has the type's id and mostly members of it; it is `open` and may have any; or it is something else.
 */
type Likeness = 'own' | 'among' | 'alike' | 'open' | 'other'

/** A place in an answer where objects may stand. */
export type Place = {
  /** The members that lead to it. */
  readonly path: readonly string[]
  /** A list, a map of objects under their keys, or a single object. */
  readonly form: 'list' | 'map' | 'object'
  readonly likeness: Likeness
  /** The member of each item that has the object; null where the item is it. */
  readonly item: string | null
}

export type FoundPlaces = {
  readonly places: readonly Place[]
  /** Something in the answer may hold objects that the schema does not show. */
  readonly isOpen: boolean
}

type Search = {
  readonly compilation: Compilation
  readonly draft: TypeDraft
  readonly idKey: string | null
}

/**
 * Finds the places of an answer where objects of a type may stand, up to four members inside each other, the
 * least nested first. It looks into the alternatives of `oneOf` and `anyOf`, and not into items of lists.
 */
export function findPlaces(
  compilation: Compilation,
  draft: TypeDraft,
  root: SchemaView
): FoundPlaces {
  const search = searchFor(compilation, draft)
  const own = new Set(draft.properties.flatMap(({ key }) => key ?? []))
  const found = new Map<string, Place>()
  let isOpen = false
  const open = [{ view: root, path: [] as readonly string[], around: [] as readonly Pointer[] }]
  let seen = 0
  for (const { view, path, around } of open) {
    for (const held of viewAlternatives(compilation, view)) {
      const at = placeAt(search, held)
      if (at !== null && at !== 'open') add(found, { ...at, path })
      isOpen ||= at === 'open'
      const isObject = at !== null && at !== 'open' && at.form === 'object'
      const isWhole = isObject && (at.likeness === 'own' || at.likeness === 'among')
      if (held.kind !== 'object' || isWhole || path.length >= LEVELS_MAX) continue
      if (around.includes(held.at)) continue
      for (const [key, located] of held.properties) {
        // What stands in a property of the type belongs to the object.
        if (isObject && own.has(key)) continue
        if (++seen > SCHEMAS_MAX || !compilation.afford(1)) break
        const below = viewSchema(compilation, located)
        if (below === undefined) continue
        open.push({ view: below, path: [...path, key], around: [...around, held.at] })
      }
    }
  }
  return { places: [...found.values()], isOpen }
}

/** The form of a place that is known; null where no object of the type can stand. */
export function placeOf(
  compilation: Compilation,
  draft: TypeDraft,
  view: SchemaView
): Omit<Place, 'path'> | null {
  const search = searchFor(compilation, draft)
  const forms = viewAlternatives(compilation, view).map(held => placeAt(search, held))
  return (
    (forms.find(form => form !== null && form !== 'open') as Omit<Place, 'path'> | undefined) ??
    null
  )
}

function searchFor(compilation: Compilation, draft: TypeDraft): Search {
  const [id] = compileIdentity(compilation, draft, []).candidates
  return { compilation, draft, idKey: id?.[0] ?? null }
}

/** Keeps one place for each path: the alternatives of one place are alike as a rule. */
function add(found: Map<string, Place>, place: Place): void {
  const key = JSON.stringify(place.path)
  const known = found.get(key)
  if (known === undefined || rank(place) < rank(known)) found.set(key, place)
}

const RANKS: readonly Likeness[] = ['own', 'among', 'alike', 'open', 'other']

function rank({ likeness, form }: Place): number {
  return RANKS.indexOf(likeness) * 2 + Number(form === 'object')
}

type Form = Omit<Place, 'path'>

/** What a schema holds; `open` where it does not say. */
function placeAt(search: Search, view: SchemaView): Form | 'open' | null {
  const { compilation } = search
  const { kind, properties, choices } = view
  if (kind === 'any' || kind === 'mixed') return 'open'
  if (kind === 'array') {
    const item = viewItems(compilation, view)
    if (item === undefined || item.kind === 'any') return 'open'
    return item.kind === 'object' || item.kind === 'mixed' ? listOf(search, item) : null
  }
  if (kind !== 'object') return null
  const likeness = likenessOf(search, view)
  if (likeness !== 'open')
    return likeness === 'other' ? null : { form: 'object', likeness, item: null }
  const values = valuesOf(compilation, view)
  if (values === undefined) return properties.size === 0 && choices.length === 0 ? 'open' : null
  const ofValues = values.kind === 'object' ? likenessOf(search, values) : 'other'
  if (ofValues === 'other' || ofValues === 'open') return null
  return { form: 'map', likeness: ofValues, item: null }
}

/** A list of objects, or of objects around them. */
function listOf(search: Search, item: SchemaView): Form {
  const likeness = likenessOf(search, item)
  if (likeness !== 'other') return { form: 'list', likeness, item: null }
  const held = [...item.properties].flatMap(([key, located]) => {
    const view = viewSchema(search.compilation, located)
    if (view?.kind !== 'object' && view?.kind !== 'mixed') return []
    return [{ item: key, likeness: likenessOf(search, view) }]
  })
  for (const wanted of RANKS.slice(0, 3)) {
    const [inner, another] = held.filter(({ likeness: inside }) => inside === wanted)
    if (inner !== undefined && another === undefined) return { form: 'list', ...inner }
    if (another !== undefined) break
  }
  return { form: 'list', likeness, item: null }
}

/** The schema of all values of a map without members of its own. */
export function valuesOf(compilation: Compilation, view: SchemaView): SchemaView | undefined {
  const { properties, mapValues, node, at } = view
  if (properties.size > 0) return undefined
  if (mapValues !== null) return viewSchema(compilation, mapValues)
  const patterns = isJsonObject(node.patternProperties)
    ? Object.entries(node.patternProperties)
    : []
  const [[pattern, schema] = []] = patterns
  if (pattern === undefined || schema === undefined || patterns.length > 1) return undefined
  return viewSchema(compilation, { schema, at: pointer(at, 'patternProperties', pattern) })
}

function likenessOf({ compilation, draft, idKey }: Search, view: SchemaView): Likeness {
  if (isType(compilation, draft, view)) return 'own'
  const alternatives = viewAlternatives(compilation, view)
  const [only] = alternatives
  if (alternatives.length > 1 || only !== view) {
    if (alternatives.some(choice => isType(compilation, draft, choice))) return 'among'
    return alternatives.some(choice => isAlike(draft, idKey, choice)) ? 'alike' : 'other'
  }
  const { properties } = view
  if (properties.size === 0) return 'open'
  return isAlike(draft, idKey, view) ? 'alike' : 'other'
}

function isAlike(draft: TypeDraft, idKey: string | null, { properties }: SchemaView): boolean {
  if (idKey !== null && !properties.has(idKey)) return false
  const names = new Set(draft.properties.flatMap(({ key }) => key ?? []))
  const shared = [...properties.keys()].filter(key => names.has(key)).length
  return shared > 0 && shared * 2 >= Math.min(names.size, properties.size)
}
