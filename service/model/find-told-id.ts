import { plainName } from '../base/plain-name.ts'

/** How many objects are searched for an id, how deep inside each other, and how many members of each. */
const OBJECTS_MAX = 50
const DEPTH_MAX = 3
const MEMBERS_MAX = 200

/** Members that only wrap what an answer tells. */
const WRAPPERS = new Set('body content d data item payload response result value'.split(' '))

/** An object in an answer. */
type Place<T> = {
  readonly object: T
  readonly path: readonly string[]
  /** What the names of its members begin with: those around it, without wrappers. */
  readonly prefix: string
}

/**
 * Searches an answer, or its schema, for a member by which it tells an external id. The least nested object
 * counts, and in one object the likeliest name. A name may be spread over objects: `thing.id` is `thingId`.
 *
 * @param toldIds Names as in `TypeRecord.toldIds`.
 * @param membersOf The members of an object; null for any other value.
 * @param read What a member tells; null for nothing.
 */
export function findToldId<T, Told>(
  toldIds: readonly string[],
  root: T,
  membersOf: (value: T) => Iterable<readonly [string, T]> | null,
  read: (member: T, path: readonly string[]) => Told | null
): Told | null {
  const open: Place<T>[] = [{ object: root, path: [], prefix: '' }]
  for (const { object, path, prefix } of open) {
    const members = [...(membersOf(object) ?? [])].slice(0, MEMBERS_MAX).map(([key, value]) => {
      return { key, value, name: prefix + plainName(key) }
    })
    const byName = new Map(members.map(member => [member.name, member]))
    for (const name of toldIds) {
      const found = byName.get(name)
      const told = found === undefined ? null : read(found.value, [...path, found.key])
      if (told !== null) return told
    }
    if (path.length >= DEPTH_MAX) continue
    for (const { key, value, name } of members) {
      if (open.length >= OBJECTS_MAX || membersOf(value) === null) continue
      const isWrapper = WRAPPERS.has(plainName(key))
      if (!isWrapper && !toldIds.some(told => told.startsWith(name))) continue
      open.push({ object: value, path: [...path, key], prefix: isWrapper ? prefix : name })
    }
  }
  return null
}
