import { joinPath } from '../../base/dotted-path.ts'
import { bareName } from '../../base/plain-name.ts'
import { isBesideObjects } from '../../model/list-names.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { isScalar } from '../schema/schema-view.ts'
import { viewAlternatives, viewItems, viewSchema } from '../schema/view-schema.ts'
import { containsResource, endsLikeResource } from './resource-words.ts'

/** A list of objects in an answer, and how sure it is that the answer is about these. */
export type FoundList = {
  /** Dotted path; blank for the whole answer. */
  readonly path: string
  readonly item: SchemaView
  readonly score: number
  readonly reason: string
}

/** What is known of the operation whose answer it is. */
export type ListHints = {
  /** The words of the path's resource, in the singular. */
  readonly words: readonly string[]
  /** It takes a position or a cursor. */
  readonly isPaged: boolean
  /** The member that a vendor's extension names; null for none. */
  readonly declared: string | null
  /** The path ends with the id of one object. */
  readonly isItem: boolean
}

/** Names of members that hold the objects of an answer, whatever these are. */
const USUAL = words(
  'items data results value rows records result values entries list content elements resources objects docs documents ' +
    'collection entities hits members nodes edges hydramember'
)

/** Names of members around a list. */
const ENVELOPES = words(
  'data result results response payload body d embedded hits content output items list collection return value'
)

/** Names of scalars that say something about a list or an answer, by the kind that they have. */
const METADATA = {
  number:
    /^(total|count|num|page|per|limit|offset|start|end|size|next|prev|first|last|from|to|skip|top|took|max|min|result|record|item|rows|code|status|time|version|index|current|remaining|odata)/,
  string:
    /^(next|prev|first|last|self|page|cursor|iterator|bookmark|scroll|end|start|continu|more|kind|etag|object|type|url|uri|href|link|status|code|message|msg|version|time|date|request|trace|tracking|query|sort|order|odata|api|id$|context|result|description|copyright|attribution|marker|token|resource|error|success|generated|updated|locale|language|total|count)|token$|cursor$|marker$|url$|uri$|link$/,
  boolean:
    /^(has|is|more|success|ok|error|truncated|incomplete|end|last|first|done|exhausted|next)|more$/
}

/** Names of objects that stand beside a list. */
const BESIDE = words(
  'meta metadata paging pagination page pageinfo pages links link cursors cursor summary info query request response responsemetadata ' +
    'embedded status errors error warnings facets aggregations included header headers filters filter sort count totals responsecontext'
)

const LEVELS_MAX = 2

/**
 * Finds the list of objects in an answer, with evidence only (docs/x-flow.md#inference): the answer is an array; a
 * member is declared, has the resource's name or a usual one; it is the only one, or what is beside it is metadata; the
 * operation is paged. A choice of several schemas shows nothing.
 */
export function findList(
  compilation: Compilation,
  view: SchemaView,
  hints: ListHints
): FoundList | null {
  const items = viewItems(compilation, view)
  if (items !== undefined) {
    const reason = 'the answer is an array of objects'
    return isObject(items) ? { path: '', item: items, score: 0.95, reason } : null
  }
  return findInside(compilation, view, hints, LEVELS_MAX)
}

function findInside(
  compilation: Compilation,
  view: SchemaView,
  hints: ListHints,
  levels: number
): FoundList | null {
  if (view.kind !== 'object' || viewAlternatives(compilation, view).length > 1) return null
  if (!compilation.afford(view.properties.size)) return null
  const members = membersOf(compilation, view)
  const lists = members.filter(({ items }) => items !== null)
  const named = (test: (key: string) => boolean): Member | undefined =>
    lists.find(({ key }) => test(key))
  const found = (member: Member | undefined, score: number, reason: string): FoundList | null =>
    member?.items == null
      ? null
      : { path: joinPath([member.key]), item: member.items, score, reason }
  const { words: resource, declared } = hints
  if (declared !== null) {
    const place = found(
      named(key => key === declared),
      0.98,
      `declared to be in "${declared}"`
    )
    if (place !== null) return place
  }
  // What has an id of its own is an object, whose lists are parts of it.
  const hasId = members.some(({ key, view: held }) => isOwnId(key) && isScalar(held))
  const open = lists.filter(({ key }) => !isBesideObjects(key, resource.join('')))
  const [only, another] = open
  const isOnly = only !== undefined && another === undefined
  const others = members.filter(({ key }) => key !== only?.key)
  const isMetadata = others.every(isBeside)
  if (hasId && !(isOnly && hints.isPaged && !hints.isItem && isMetadata)) return null
  if (hints.isItem && !isMetadata) return null
  const ofResource = open.filter(({ key }) => endsLikeResource(key, resource))
  if (ofResource.length === 1) {
    return found(ofResource[0], 0.92, `"${ofResource[0]?.key}" has the name of the path`)
  }
  // An object with the name of the path is what the answer is about.
  const isInside = members.some(
    ({ key, view: held }) =>
      held?.kind === 'object' && held.properties.size > 0 && endsLikeResource(key, resource)
  )
  if (isInside) return levels === 0 ? null : findBelow(compilation, members, hints, levels)
  const around = open.filter(({ key }) => containsResource(key, resource))
  if (isOnly && around.length === 1) {
    return found(only, 0.8, `"${only.key}" has the word of the path`)
  }
  const usual = open.filter(({ key }) => USUAL.has(bareName(key)))
  if (usual.length === 1 && (isOnly || isMetadataBut(members, usual[0]) || hints.isPaged)) {
    return found(usual[0], 0.9, `"${usual[0]?.key}" is a usual name for the objects of a list`)
  }
  if (isOnly && others.length === 0) {
    return found(only, 0.85, `"${only.key}" is all that the answer has`)
  }
  if (isOnly && isMetadata) {
    return found(only, 0.85, `beside "${only.key}" there is metadata only`)
  }
  if (isOnly && hints.isPaged) {
    return found(only, 0.8, `"${only.key}" is the only list of a paged answer`)
  }
  if (levels === 0 || open.length > 0) {
    return usual.length > 0
      ? found(usual[0], 0.55, `"${usual[0]?.key}" is one of several lists`)
      : null
  }
  return findBelow(compilation, members, hints, levels)
}

/** A list inside of an object that is usually around one, or the only object. */
function findBelow(
  compilation: Compilation,
  members: readonly Member[],
  hints: ListHints,
  levels: number
): FoundList | null {
  for (const { key, view } of members) {
    if (view?.kind !== 'object') continue
    const name = bareName(key)
    const isAround =
      ENVELOPES.has(name) ||
      endsLikeResource(key, hints.words) ||
      (members.length === 1 && !BESIDE.has(name)) ||
      /response$|result$|list$/.test(name)
    const inner = isAround ? findInside(compilation, view, hints, levels - 1) : null
    if (inner === null) continue
    return {
      ...inner,
      path: `${joinPath([key])}.${inner.path}`,
      score: inner.score - 0.03,
      reason: `${inner.reason} in "${key}"`
    }
  }
  return null
}

type Member = {
  readonly key: string
  readonly view: SchemaView | undefined
  /** The objects of a list; null for what is none. */
  readonly items: SchemaView | null
}

function membersOf(compilation: Compilation, { properties }: SchemaView): Member[] {
  return [...properties].map(([key, located]) => {
    const view = viewSchema(compilation, located)
    const items = view && viewItems(compilation, view)
    return { key, view, items: items !== undefined && isObject(items) ? items : null }
  })
}

function isMetadataBut(members: readonly Member[], list: Member | undefined): boolean {
  return members.every(member => member === list || isBeside(member))
}

/** Whether a member says something about a list, by its name and its kind. */
export function isBeside({ key, view }: Pick<Member, 'key' | 'view'>): boolean {
  const name = bareName(key)
  if (view === undefined || BESIDE.has(name)) return true
  switch (view.kind) {
    case 'integer':
    case 'number':
      return METADATA.number.test(name)
    case 'boolean':
      return METADATA.boolean.test(name)
    case 'string':
    case 'any':
      return METADATA.string.test(name) || METADATA.number.test(name)
    case 'array':
      return /error|warning|link|message|facet|included/.test(name)
    default:
      return /link|meta|paging|pagination/.test(name)
  }
}

function isObject(view: SchemaView): boolean {
  return view.kind === 'object' || (view.kind === 'mixed' && view.choices.length > 0)
}

/** Whether a member has the name of an id, so that what has it is an object. */
export function isOwnId(key: string): boolean {
  return /^(id|_id|uuid|guid)$/i.test(key)
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}
