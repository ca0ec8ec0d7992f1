import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import { plainName } from '../base/plain-name.ts'
import { isBesideObjects, isNamedLike } from '../model/list-names.ts'
import type { IdentityRecord, TypeRecord } from '../model/type-record.ts'
import { ownId } from './external-id.ts'
import { refusalWords } from './refusal-words.ts'
import { entriesOf, unwrapped } from './take-apart.ts'
import { hasAny, membersOf } from './type-members.ts'
import type { FoundRecords } from './types.ts'

/** How many members lead to a place at most, and how many members one search looks at. */
const LEVELS_MAX = 4
const MEMBERS_MAX = 500

/** Usual names of a list of objects, without case and separators. */
const USUAL_NAMES: ReadonlySet<string> = new Set([
  ...'data items results result records entries rows values value list content objects'.split(' '),
  ...'elements hits resources members docs documents collection nodes edges matches'.split(' '),
  ...['entities', 'payload']
])

/** What a search found: objects, or several places of which it chose none. */
export type SearchedRecords =
  | { readonly found: FoundRecords }
  | { readonly between: readonly string[] }

/** A member of an answer. */
type Named = {
  readonly path: string
  /** Its name is usual for a list, or like that of the type. */
  readonly isUsual: boolean
  /** The type has a member of its name, too. */
  readonly isOwn: boolean
}

const WHOLE: Named = { path: '', isUsual: true, isOwn: false }

/** A place in an answer with a list or an object. */
type Place = Named & {
  readonly values: readonly JsonValue[]
  /** How many members of the type its first object has; 0 without the type's id. */
  readonly share: number
}

type Search = {
  readonly type: TypeRecord
  readonly names: ReadonlySet<string>
  /** Where the id is; null for a type without one of its own. */
  readonly identity: IdentityRecord | null
}

/**
 * Searches the objects of an answer whose document does not say where they are (docs/x-flow.md#records): the
 * body, else the only list of objects of the type, up to four members inside each other.
 *
 * @param isLoad One object was asked for, so that the body wins over a list inside of it.
 */
export function searchRecords(type: TypeRecord, body: JsonValue, isLoad: boolean): SearchedRecords {
  const search = searchFor(type)
  if (isJsonArray(body)) return listOf(placeOfList(search, WHOLE, body)?.values ?? body)
  const whole = { found: { values: [body], isList: false } }
  if (!isJsonObject(body)) return whole
  const share = shareOf(search, body)
  if (share > 0 && isLoad) return whole
  const places = collect(search, body)
  if (share > 0) return besideBody(search, share, places) ?? whole
  return amongPlaces(places, isLoad) ?? whole
}

/** The only list of a body that is no object of the type, an empty one, or the only object; null for none. */
function amongPlaces(
  { lists, maps, others, objects, empty }: Collected,
  isLoad: boolean
): SearchedRecords | null {
  const usual = empty.filter(({ isUsual }) => isUsual)
  for (const kind of [[...lists, ...maps], others]) {
    const [place, another] = kind
    if (place === undefined) continue
    // The list that is meant may be an empty one.
    const rivals = place.isUsual ? [] : empty
    if (another !== undefined || rivals.length > 0) return undecided([...kind, ...rivals])
    return listOf(place.values)
  }
  if (usual.some(({ isObject }) => !isObject)) return listOf([])
  const arrays = empty.filter(({ isObject }) => !isObject)
  const [object, another] = objects
  if (object === undefined) return arrays.length === 1 ? listOf([]) : null
  if (another !== undefined) return undecided(objects)
  if (!isLoad && empty.length > 0) return undecided([object, ...empty])
  return { found: { values: object.values, isList: false } }
}

/**
 * The objects of the type in what stands at the place of the records: inside of the items of a list, or the
 * values of a map. What shows no such objects is returned as it is.
 */
export function takenApart(type: TypeRecord, held: JsonValue): JsonValue {
  if (isJsonArray(held)) {
    const first = held.find(isJsonObject)
    if (first === undefined || hasAny(first, membersOf(type).names)) return held
    return [...(placeOfList(searchFor(type), WHOLE, held)?.values ?? held)]
  }
  if (!isJsonObject(held) || hasAny(held, membersOf(type).names)) return held
  const values = valuesOfMap(searchFor(type), held)
  return values.length > 0 ? [...values] : held
}

/**
 * The list inside of a body that may itself be an object of the type: one with more of its members, or of a
 * usual name. Null for none, so that the body is the object.
 */
function besideBody(
  { names }: Search,
  share: number,
  { lists, maps, objects, empty }: Collected
): SearchedRecords | null {
  const rivals = [...lists, ...maps].filter(list => !list.isOwn || list.share > share)
  const [rival] = rivals
  if (rival !== undefined) {
    const isSurer = rival.share > share || (rival.isUsual && rival.share === share)
    if (rivals.length === 1 && isSurer) return listOf(rival.values)
    return undecided(rivals, isSurer ? [] : ['the body'])
  }
  if (share > 1 || share === names.size) return null
  // One member alone, as an id, may be that of the answer.
  const others = [...empty.filter(({ isUsual, isOwn }) => isUsual && !isOwn), ...objects]
  return undecided(others, ['the body'])
}

function listOf(values: readonly JsonValue[]): SearchedRecords {
  return { found: { values, isList: true } }
}

function undecided(places: readonly Named[], first: readonly string[] = []): SearchedRecords {
  return { between: [...first, ...places.map(({ path }) => path)] }
}

function searchFor(type: TypeRecord): Search {
  const { composite, candidates } = type.identity
  const hasId = composite !== null || candidates.length > 0
  const first = composite === null ? candidates.slice(0, 1) : []
  const identity = hasId ? { composite, candidates: first } : null
  return { type, names: membersOf(type).names, identity }
}

/** How many members of the type an object has; 0 for one without the id that the type has. */
function shareOf({ names, identity }: Search, value: JsonValue): number {
  if (!isJsonObject(value)) return 0
  if (identity !== null && ownId(identity, value) === undefined) return 0
  let share = 0
  for (const name in value) if (names.has(name)) share++
  return share
}

type Empty = Named & { readonly isObject: boolean }

type Collected = {
  readonly lists: readonly Place[]
  readonly maps: readonly Place[]
  readonly objects: readonly Place[]
  /** Lists of other objects at usual names. */
  readonly others: readonly Place[]
  /** Lists without objects, null at usual names, and objects without members. */
  readonly empty: readonly Empty[]
}

/** The lists and objects inside of an answer, the least nested first; not those inside of lists. */
function collect(search: Search, body: JsonObject): Collected {
  const lists: Place[] = []
  const maps: Place[] = []
  const objects: Place[] = []
  const others: Place[] = []
  const empty: Empty[] = []
  const open = [{ holder: body, path: '', level: 1 }]
  let seen = 0
  for (const { holder, path: above, level } of open) {
    for (const [key, held] of Object.entries(holder)) {
      if (++seen > MEMBERS_MAX) break
      if (isBesideObjects(key, search.type.name)) continue
      const path = above === '' ? key : `${above}.${key}`
      const isUsual = USUAL_NAMES.has(plainName(key)) || isNamedLike(key, search.type.name)
      const named = { path, isUsual, isOwn: level === 1 && search.names.has(key) }
      if (held === null || (isJsonArray(held) && held.length === 0)) {
        // With null the API may say in words why there is no list.
        const isList = held !== null || (isUsual && refusalWords(body) === '')
        if (isList) empty.push({ ...named, isObject: false })
      } else if (isJsonArray(held)) {
        const list = placeOfList(search, named, held)
        if (list !== undefined) lists.push(list)
        else if (isUsual && held.some(isJsonObject))
          others.push({ ...named, values: held, share: 0 })
      } else if (isJsonObject(held)) {
        if (Object.keys(held).length === 0) empty.push({ ...named, isObject: true })
        const share = shareOf(search, held)
        const values = share > 0 ? [] : valuesOfMap(search, held)
        if (values.length > 0)
          maps.push({ ...named, values, share: shareOf(search, values[0] ?? null) })
        else if (isTelling(search, share)) objects.push({ ...named, values: [held], share })
        else if (level < LEVELS_MAX) open.push({ holder: held, path, level: level + 1 })
      }
    }
  }
  return { lists: preferred(lists), maps, objects, others, empty }
}

/** An object inside of another is taken for one of the type if it has several members of it, or all. */
function isTelling({ names }: Search, share: number): boolean {
  return share > 1 || (share > 0 && share === names.size)
}

/** Lists of objects with the type's id are surer than lists with any member of it. */
function preferred(lists: readonly Place[]): readonly Place[] {
  const sure = lists.filter(({ share }) => share > 0)
  return sure.length > 0 ? sure : lists
}

/** A list of objects of the type, or of objects around them; undefined for any other list. */
function placeOfList(
  search: Search,
  named: Named,
  values: readonly JsonValue[]
): Place | undefined {
  const first = values.find(isJsonObject)
  if (first === undefined) return undefined
  const { names } = search
  const share = shareOf(search, first)
  if (share > 0) return { ...named, values, share }
  const inner = Object.entries(first).filter(([, held]) => isTelling(search, shareOf(search, held)))
  const [[item, held] = []] = inner
  if (item !== undefined && held !== undefined && inner.length === 1) {
    const inside = unwrapped(values, item)
    return {
      ...named,
      path: `${named.path}[].${item}`,
      values: inside,
      share: shareOf(search, held)
    }
  }
  return names.size === 0 || hasAny(first, names) ? { ...named, values, share: 0 } : undefined
}

/** The values of a map whose keys are the ids of its objects; none for any other object. */
function valuesOfMap({ identity, type }: Search, map: JsonObject): readonly JsonValue[] {
  if (identity === null) return []
  for (const key in map) if (ownId(identity, map[key] ?? null) !== key) return []
  return entriesOf(type, map)
}
