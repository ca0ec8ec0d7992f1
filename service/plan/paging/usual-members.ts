import type { JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../base/json.ts'
import { PAGING_MEMBERS, pagingName } from '../../model/paging-names.ts'

/** What a usual member of an answer is about. */
export type UsualMember = keyof typeof PAGING_MEMBERS

/** A member with its name as `pagingName` writes it. */
export type FoundMember = { readonly name: string; readonly value: JsonValue }

/** What an answer says by usual members; only those that it has. */
export type UsualMembers = ReadonlyMap<UsualMember, FoundMember>

/** Names of the objects beside a list that tell about its pages. */
const CONTAINER = /^(data|d|odata)$|next|meta|pag|link|cursor|result|list|search|info|response|hits/

/** Members that may be lists of links, and how many links are looked at. */
const LINKS: ReadonlySet<string> = new Set(['links', 'link'])
const LINKS_MAX = 20

/** How deep members are searched, and how many of one object. */
const DEPTH_MAX = 4
const MEMBERS_MAX = 200

/** Ranks between one depth and the next. */
const LEVEL = 100

type Rank = { readonly about: UsualMember; readonly rank: number }

const RANKS = ranksOf()

/**
 * Finds the members by which answers usually tell about their pages (docs/x-flow.md#inferred-paging): in the
 * objects around the list, and in those beside it that have a telling name. Of several the least nested one is
 * taken, then that of the surest name. Only values that make sense are taken.
 *
 * @param place Names of the members that lead to the list.
 * @param single The only object of an answer that is no list. Neither it nor the list is searched.
 * @param positionParam The parameter for the position; a member of its name is the next cursor.
 * @param isCounted The parameter takes numbers, so that only a text is a cursor, or what an object that is named for
 *   the next page has.
 */
export function usualMembers(
  body: JsonValue | undefined,
  place: readonly string[],
  single: JsonValue | undefined,
  positionParam: string | null,
  isCounted: boolean
): UsualMembers {
  const found = new Map<UsualMember, FoundMember & { readonly rank: number }>()
  const cursorName = positionParam === null ? '' : pagingName(positionParam)
  const open = [{ holder: body, way: place as readonly string[] | null, depth: 1, isNext: false }]
  for (const { holder, way, depth, isNext } of open) {
    if (!isJsonObject(holder) || holder === single) continue
    let left = MEMBERS_MAX
    for (const key in holder) {
      if (left-- === 0) break
      const value = member(holder, key)
      if (value === undefined) continue
      const isOnWay = way !== null && way[0] === key
      if (isOnWay && way.length === 1) continue
      const name = pagingName(key)
      const level = depth * LEVEL
      for (const { about, rank } of RANKS.get(name) ?? []) note(about, name, value, level + rank)
      if (name === cursorName && (!isCounted || isNext || isText(value)))
        note('nextCursor', name, value, level)
      if (LINKS.has(name)) note('nextLink', name, nextOfLinks(value), level)
      if (isJsonObject(value) && depth < DEPTH_MAX && (isOnWay || CONTAINER.test(name))) {
        open.push({
          holder: value,
          way: isOnWay ? way.slice(1) : null,
          depth: depth + 1,
          isNext: name.startsWith('next')
        })
      }
    }
  }
  return found

  function note(
    about: UsualMember,
    name: string,
    given: JsonValue | undefined,
    rank: number
  ): void {
    const value = given === undefined ? undefined : meant(about, given)
    if (value !== undefined && rank < (found.get(about)?.rank ?? Number.POSITIVE_INFINITY)) {
      found.set(about, { name, value, rank })
    }
  }
}

/** The address of the next page in a list of links with relations; null where none leads there. */
function nextOfLinks(value: JsonValue): JsonValue | undefined {
  if (!isJsonArray(value)) return undefined
  const links = value.slice(0, LINKS_MAX)
  const relationOf = (link: JsonValue) => member(link, 'rel') ?? member(link, 'relation')
  if (!links.some(link => relationOf(link) !== undefined)) return undefined
  const next = links.find(link => {
    const relation = relationOf(link)
    return relation === 'next' || (isJsonArray(relation) && relation.includes('next'))
  })
  return member(next, 'href') ?? member(next, 'url') ?? member(next, 'uri') ?? null
}

/** A value as it is meant; undefined where it cannot be about that. */
function meant(about: UsualMember, value: JsonValue): JsonValue | undefined {
  switch (about) {
    case 'nextLink':
    case 'nextCursor':
    case 'nextPage':
    case 'previous': {
      // Hypermedia formats write a link as an object with `href`.
      const held = isJsonObject(value) ? member(value, 'href') : value
      return typeof held === 'object' && held !== null ? undefined : held
    }
    case 'more':
    case 'last':
    case 'first':
      return typeof value === 'boolean' || /^(true|false)$/i.test(String(value)) ? value : undefined
    case 'total': {
      // Search engines say beside the number whether it is exact.
      const held = isJsonObject(value) ? (member(value, 'value') ?? null) : value
      return isCount(held) ? held : undefined
    }
    default:
      return isCount(value) ? value : undefined
  }
}

function isText(value: JsonValue): boolean {
  return typeof value === 'string' && /[^\d\s]/.test(value)
}

function isCount(value: JsonValue): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d{1,15}$/.test(value))
}

function ranksOf(): ReadonlyMap<string, readonly Rank[]> {
  const ranks = new Map<string, Rank[]>()
  for (const [about, names] of Object.entries(PAGING_MEMBERS)) {
    for (const [rank, name] of names.entries()) {
      if (!isUsual(about)) continue
      ranks.set(name, [...(ranks.get(name) ?? []), { about, rank }])
    }
  }
  return ranks
}

function isUsual(name: string): name is UsualMember {
  return Object.hasOwn(PAGING_MEMBERS, name)
}
