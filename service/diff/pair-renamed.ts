/** Most pairs that are compared by their likeness; past it nothing more counts as renamed. */
const PAIRS_MAX = 10_000

/** From this likeness on, what came is what went under another name. */
const LIKE_FROM = 0.5

type Pair<T> = { readonly gone: T; readonly added: T; readonly likeness: number }

/** By what something is known although its name has changed. */
export type Recognition<T> = {
  /** Something that stays and is nobody else's; null for nothing. */
  readonly keyOf: (item: T) => string | null
  /** From 0 to 1. */
  readonly likenessOf: (gone: T, added: T) => number
}

/**
 * Pairs what is gone with what was added in its place: first that with the same key, then the most alike. Each is in at
 * most one pair.
 */
export function pairRenamed<T>(
  gone: readonly T[],
  added: readonly T[],
  { keyOf, likenessOf }: Recognition<T>
): Map<T, T> {
  const paired = new Map<T, T>()
  const taken = new Set<T>()
  const pair = (one: T, other: T): void => {
    if (paired.has(one) || taken.has(other)) return
    paired.set(one, other)
    taken.add(other)
  }
  const addedBy = Map.groupBy(added, keyOf)
  for (const [key, [one, another]] of Map.groupBy(gone, keyOf)) {
    const [other, further] = addedBy.get(key) ?? []
    const isUnique = another === undefined && further === undefined
    if (key !== null && isUnique && one !== undefined && other !== undefined) pair(one, other)
  }
  const [left, free] = [
    gone.filter(one => !paired.has(one)),
    added.filter(other => !taken.has(other))
  ]
  for (const { gone: one, added: other } of alike(left, free, likenessOf)) pair(one, other)
  return paired
}

/** The pairs that are alike, the most alike first. */
function alike<T>(
  gone: readonly T[],
  added: readonly T[],
  likenessOf: Recognition<T>['likenessOf']
): Pair<T>[] {
  if (gone.length * added.length > PAIRS_MAX) return []
  const pairs = gone.flatMap(one =>
    added.map(other => ({ gone: one, added: other, likeness: likenessOf(one, other) }))
  )
  return pairs
    .filter(({ likeness }) => likeness >= LIKE_FROM)
    .toSorted((a, b) => b.likeness - a.likeness)
}
