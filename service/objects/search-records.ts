import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import { plainName } from '../base/plain-name.ts'
import type { IdentityRecord, TypeRecord } from '../model/type-record.ts'
import { ownId } from './external-id.ts'
import type { FoundRecords } from './find-records.ts'
import { membersOf } from './type-members.ts'

/** How many members lead to a place at most, and how many members one search looks at. */
const LEVELS_MAX = 4
const MEMBERS_MAX = 500

/** Usual names of a list of objects, without case and separators. */
const USUAL_NAMES = new Set(
  (
    'data items results result records entries rows values value list content objects elements hits ' +
    'resources members docs documents collection nodes edges matches entities payload'
  ).split(' ')
)

/** Names of lists that are not those of the objects, unless the type is named like them. */
const OTHER_NAMES = new Set(
  'error errors warning warnings links link included facets aggregations debug'.split(' ')
)

/** What a search found: the objects; none; or several places, of which none is chosen. */
export type SearchedRecords =
  | { readonly found: FoundRecords }
  | { readonly between: readonly string[] }

/** A place in an answer: a list, or a single object. */
type Place = {
  readonly path: string
  readonly values: readonly JsonValue[]
  readonly isList: boolean
  /** How many members of the type its first object has. */
  readonly share: number
  readonly isOwnMember: boolean
}

type Search = {
  readonly type: TypeRecord
  readonly names: readonly string[]
  /** Where an id surely is; null for a type without one of its own. */
  readonly identity: IdentityRecord | null
}

/**
 * Searches the objects of an answer whose document does not say where they are (docs/x-flow.md#records): the
 * body, else the only list of objects that have the id or a member of the type, up to four members inside
 * each other.
 *
 * @param isLoad One object was asked for, so that it wins over a list inside of it.
 */
export function searchRecords(type: TypeRecord, body: JsonValue, isLoad: boolean): SearchedRecords {
  const search = searchFor(type)
  if (isJsonArray(body)) return found(placeOfList(search, '', body, false)?.values ?? body, true)
  const whole = { found: { values: [body], isList: false } }
  if (!isJsonObject(body)) return whole
  const share = shareOf(search, body)
  const { lists, objects, empty, maps } = collect(search, body)
  const outer = isLoad ? lists : lists.filter(list => !list.isOwnMember || list.share > share)
  if (share > 0) {
    const rivals = isLoad ? [] : outer
    const [rival, another] = rivals
    if (rival === undefined) {
      const mayBeEnvelope = !isLoad && share === 1 && share < search.names.length
      const isEmptyList = mayBeEnvelope && empty.some(({ isUsual, isOwn }) => isUsual && !isOwn)
      const inner = mayBeEnvelope ? objects.filter(object => object.share > share) : []
      if (!isEmptyList && inner.length === 0) return whole
      return { between: ['the body', ...empty.map(({ path }) => path), ...pathsOf(inner)] }
    }
    if (another === undefined && rival.share > share) return found(rival.values, true)
    return { between: [...(rival.share > share ? [] : ['the body']), ...pathsOf(rivals)] }
  }
  for (const places of [lists, maps]) {
    const [place, another] = places
    if (another !== undefined) return { between: pathsOf(places) }
    if (place !== undefined) return found(place.values, true)
  }
  const usual = empty.filter(({ isUsual }) => isUsual)
  if (usual.length > 0) return found([], true)
  const [object, another] = objects
  if (another !== undefined) return { between: pathsOf(objects) }
  if (object !== undefined) return found(object.values, false)
  return empty.length === 1 ? found([], true) : whole
}

function found(values: readonly JsonValue[], isList: boolean): SearchedRecords {
  return { found: { values, isList } }
}

function pathsOf(places: readonly Place[]): string[] {
  return places.map(({ path }) => path)
}

function searchFor(type: TypeRecord): Search {
  const { composite, candidates } = type.identity
  const identity =
    composite !== null
      ? { composite, candidates: [] }
      : { composite, candidates: candidates.slice(0, 1) }
  const hasId = composite !== null || candidates.length > 0
  return { type, names: membersOf(type).names, identity: hasId ? identity : null }
}

/** How many members of the type an object has; 0 for one without the id that the type has. */
function shareOf({ names, identity }: Search, value: JsonValue): number {
  if (!isJsonObject(value)) return 0
  if (identity !== null && ownId(identity, value) === undefined) return 0
  if (names.length === 0) return 1
  return names.filter(name => Object.hasOwn(value, name)).length
}

type EmptyList = { readonly path: string; readonly isUsual: boolean; readonly isOwn: boolean }

type Collected = {
  readonly lists: readonly Place[]
  readonly maps: readonly Place[]
  readonly objects: readonly Place[]
  readonly empty: readonly EmptyList[]
}

/** The lists and objects inside of an answer, the least nested first; not those inside of lists. */
function collect(search: Search, body: JsonObject): Collected {
  const lists: Place[] = []
  const maps: Place[] = []
  const objects: Place[] = []
  const empty: EmptyList[] = []
  const own = new Set(search.names)
  const open = [{ holder: body, path: '', level: 1 }]
  let seen = 0
  for (const { holder, path: above, level } of open) {
    for (const [key, held] of Object.entries(holder)) {
      if (++seen > MEMBERS_MAX) break
      const path = above === '' ? key : `${above}.${key}`
      const isOwn = level === 1 && own.has(key)
      const name = plainName(key)
      if (OTHER_NAMES.has(name) && !isNamedLike(search.type, name)) continue
      const isUsual = USUAL_NAMES.has(name) || isNamedLike(search.type, name)
      if (held === null || (isJsonArray(held) && held.length === 0)) {
        if (held !== null || isUsual) empty.push({ path, isUsual, isOwn })
      } else if (isJsonArray(held)) {
        const list = placeOfList(search, path, held, isOwn)
        if (list !== undefined) lists.push(list)
      } else if (isJsonObject(held)) {
        const share = shareOf(search, held)
        const values = share > 0 ? [] : valuesOfMap(search, held)
        if (values.length > 0) {
          maps.push({ path, values, isList: true, share: 1, isOwnMember: isOwn })
        } else if (isTelling(search, share)) {
          objects.push({ path, values: [held], isList: false, share, isOwnMember: isOwn })
        } else if (level < LEVELS_MAX) open.push({ holder: held, path, level: level + 1 })
      }
    }
  }
  return { lists: preferred(lists), maps, objects, empty }
}

/** An object inside of another is taken for one of the type if it has several members of it, or all. */
function isTelling({ names }: Search, share: number): boolean {
  return share > 1 || (share > 0 && share === names.length)
}

/** Lists of objects with the type's id, if there are any, are more than lists with any member of it. */
function preferred(lists: readonly Place[]): readonly Place[] {
  const sure = lists.filter(({ share }) => share > 0)
  return sure.length > 0 ? sure : lists
}

/** A list whose objects, or the only objects of the type inside of them, have members of the type. */
function placeOfList(
  search: Search,
  path: string,
  values: readonly JsonValue[],
  isOwnMember: boolean
): Place | undefined {
  const first = values.find(isJsonObject)
  if (first === undefined) return undefined
  const { names } = search
  const share = shareOf(search, first)
  const hasAny = names.length === 0 || names.some(name => Object.hasOwn(first, name))
  if (share > 0) return { path, values, isList: true, share, isOwnMember }
  const inner = Object.entries(first).filter(([, held]) => isTelling(search, shareOf(search, held)))
  const [[item, held] = []] = inner
  if (item !== undefined && held !== undefined && inner.length === 1) {
    return {
      path: `${path}[].${item}`,
      values: unwrapped(values, item),
      isList: true,
      share: shareOf(search, held),
      isOwnMember
    }
  }
  return hasAny ? { path, values, isList: true, share: 0, isOwnMember } : undefined
}

/** The objects that stand in a member of the items of a list; an item without the member is itself one. */
export function unwrapped(values: readonly JsonValue[], item: string): readonly JsonValue[] {
  return values.map(value => {
    const held = isJsonObject(value) && Object.hasOwn(value, item) ? value[item] : undefined
    return held ?? (held === null ? null : value)
  })
}

/** The values of a map whose keys are the ids of its objects; none for any other object. */
function valuesOfMap(search: Search, map: JsonObject): readonly JsonValue[] {
  const { identity } = search
  if (identity === null) return []
  const entries = Object.entries(map)
  const isMap =
    entries.length > 0 && entries.every(([key, value]) => ownId(identity, value) === key)
  return isMap ? entriesOf(search.type, map) : []
}

/** The values of a map of objects, with their keys as `key` where the type has such a member. */
export function entriesOf(type: TypeRecord, map: JsonObject): readonly JsonValue[] {
  const hasKey = membersOf(type).names.includes('key')
  return Object.entries(map).map(([key, value]) =>
    hasKey && isJsonObject(value) && !Object.hasOwn(value, 'key') ? { ...value, key } : value
  )
}

/** Whether a name is the type's, in singular or plural, or the last word of it. */
function isNamedLike({ name }: TypeRecord, given: string): boolean {
  const own = plainName(name)
  return [
    given,
    given.replace(/s$/, ''),
    given.replace(/ies$/, 'y'),
    given.replace(/es$/, '')
  ].some(form => form.length > 2 && own.endsWith(form))
}
