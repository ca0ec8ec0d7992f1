import { isJsonObject } from '../../base/json.ts'
import { pointer } from '../../base/json-pointer.ts'
import { isBesideObjects } from '../../model/list-names.ts'
import type { Compilation } from '../compilation.ts'
import { compileIdentity } from '../schema/compile-identity.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import type { SchemaView } from '../schema/view-schema.ts'
import { viewAlternatives, viewItems, viewSchema } from '../schema/view-schema.ts'
import { walkMembers } from '../schema/walk-members.ts'
import { isType } from './compile-answer.ts'

/**
 * How a schema resembles a type: it is the type's `own`; one of several, with that of the type `among` them; it
 * has all members of the type (`equal`), or its id and many others (`alike`); it is `open` and may have any; or
 * it is something else.
 */
type Likeness = 'own' | 'among' | 'equal' | 'alike' | 'open' | 'other'

/** A place in an answer where objects may stand. */
export type Place = {
  /** The members that lead to it. */
  readonly path: readonly string[]
  /** A list, a map of objects under their keys, or a single object. */
  readonly form: 'list' | 'map' | 'object'
  readonly likeness: Likeness
  /** The member of each item that has the object; null where the item is it. */
  readonly item: string | null
  /** It stands under a name for something else, such as `included`. */
  readonly isBeside: boolean
}

/** What stands at a place. */
export type Form = Pick<Place, 'form' | 'likeness' | 'item'>

export type FoundPlaces = {
  readonly places: readonly Place[]
  /** Where the schema says too little, a `list` may stand, or at least an `object`. */
  readonly mayHold: 'list' | 'object' | null
}

type Search = {
  readonly compilation: Compilation
  readonly draft: TypeDraft
  readonly idKey: string | null
}

/** An object whose members may have places. */
type Holder = {
  readonly view: SchemaView
  readonly path: readonly string[]
  /** It may be an object of the type, to which its members of the type's names belong. */
  readonly isObject: boolean
  /** It stands beside the objects as a rule, so that only the type itself counts there. */
  readonly isBeside: boolean
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
  let mayHold: FoundPlaces['mayHold'] = null
  const enter = (view: SchemaView, path: readonly string[], isBeside: boolean): Holder[] =>
    viewAlternatives(compilation, view).flatMap(held => {
      const form = formOf(search, held)
      const isPlace = form !== null && typeof form !== 'string'
      const isSure = isPlace && (form.likeness === 'own' || form.likeness === 'among')
      if (isPlace && (isSure || !isBeside)) add(found, { ...form, path, isBeside })
      if (!isPlace && form !== null && !isBeside && mayHold !== 'list') mayHold = form
      const isObject = isPlace && form.form === 'object'
      return isObject && isSure ? [] : [{ view: held, path, isObject, isBeside }]
    })
  walkMembers(compilation, enter(root, [], false), (above, key, located) => {
    const view = above.isObject && own.has(key) ? undefined : viewSchema(compilation, located)
    const isBeside = above.isBeside || isBesideObjects(key, draft.name)
    return view === undefined ? [] : enter(view, [...above.path, key], isBeside)
  })
  return { places: [...found.values()], mayHold }
}

/** What stands at a place that is known; null where no object of the type can. */
export function placeOf(compilation: Compilation, draft: TypeDraft, view: SchemaView): Form | null {
  const search = searchFor(compilation, draft)
  for (const held of viewAlternatives(compilation, view)) {
    const form = formOf(search, held)
    if (form !== null && typeof form !== 'string') return form
  }
  return null
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

const RANKS: readonly Likeness[] = ['own', 'among', 'equal', 'alike', 'open', 'other']

function rank({ likeness, form }: Place): number {
  return RANKS.indexOf(likeness) * 2 + Number(form === 'object')
}

/** What a schema holds: objects of some likeness; a list or an object that it does not describe; or neither. */
function formOf(search: Search, view: SchemaView): Form | 'list' | 'object' | null {
  const { compilation } = search
  const { kind, properties, choices } = view
  if (kind === 'any' || kind === 'mixed') return 'list'
  if (kind === 'array') {
    const item = viewItems(compilation, view)
    if (item === undefined || item.kind === 'any') return 'list'
    return item.kind === 'object' || item.kind === 'mixed' ? listOf(search, item) : null
  }
  if (kind !== 'object') return null
  const likeness = likenessOf(search, view)
  if (likeness === 'other') return null
  if (likeness !== 'open') return { form: 'object', likeness, item: null }
  const values = valuesOf(compilation, view)
  if (values === undefined) {
    if (properties.size > 0 || choices.length > 0) return null
    // A map of anything may be one of objects.
    return view.node.additionalProperties === undefined ? 'object' : 'list'
  }
  const ofValues = values.kind === 'object' ? likenessOf(search, values) : 'other'
  if (ofValues === 'other') return null
  return ofValues === 'open' ? 'list' : { form: 'map', likeness: ofValues, item: null }
}

/** A list of objects, or of objects around them. */
function listOf(search: Search, item: SchemaView): Form {
  const likeness = likenessOf(search, item)
  if (likeness !== 'other') return { form: 'list', likeness, item: null }
  let mayWrap = false
  const held: { readonly item: string; readonly likeness: Likeness }[] = []
  for (const [key, located] of item.properties) {
    const view = viewSchema(search.compilation, located)
    if (view?.kind === 'any') mayWrap = true
    if (view?.kind !== 'object' && view?.kind !== 'mixed') continue
    const inside = likenessOf(search, view)
    mayWrap ||= inside === 'open'
    held.push({ item: key, likeness: inside })
  }
  for (const wanted of RANKS.slice(0, 4)) {
    const [inner, another] = held.filter(({ likeness: inside }) => inside === wanted)
    if (inner !== undefined && another === undefined) return { form: 'list', ...inner }
    if (another !== undefined) return { form: 'list', likeness, item: null }
  }
  return { form: 'list', likeness: mayWrap ? 'open' : likeness, item: null }
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
    const forms = alternatives.map(choice => sharedLikeness(draft, idKey, choice))
    return forms.some(form => form !== 'other') ? 'alike' : 'other'
  }
  return view.properties.size === 0 ? 'open' : sharedLikeness(draft, idKey, view)
}

/** An object is like a type by its id, two or all members of the type, and half of what could be shared. */
function sharedLikeness(
  draft: TypeDraft,
  idKey: string | null,
  { properties }: SchemaView
): 'equal' | 'alike' | 'other' {
  if (idKey !== null && !properties.has(idKey)) return 'other'
  const names = new Set(draft.properties.flatMap(({ key }) => key ?? []))
  const shared = [...properties.keys()].filter(key => names.has(key)).length
  if (shared > 1 && shared === names.size) return 'equal'
  const isAlike =
    shared >= Math.min(2, names.size) && shared * 2 >= Math.min(names.size, properties.size)
  return isAlike ? 'alike' : 'other'
}
