/** Most pairs that are compared; past it nothing counts as renamed. */
const PAIRS_MAX = 10_000

/** From this likeness on, what came is what went under another name. */
const LIKE_FROM = 0.5

type Pair<T> = { readonly gone: T; readonly added: T; readonly likeness: number }

/**
 * Pairs what is gone with what was added in its place, the most alike first. Each is in at most one pair.
 *
 * @param likenessOf From 0 to 1.
 */
export function pairRenamed<T>(
  gone: readonly T[],
  added: readonly T[],
  likenessOf: (gone: T, added: T) => number
): Map<T, T> {
  const pairs: Pair<T>[] = []
  if (gone.length * added.length <= PAIRS_MAX) {
    for (const one of gone) {
      for (const other of added) {
        const likeness = likenessOf(one, other)
        if (likeness >= LIKE_FROM) pairs.push({ gone: one, added: other, likeness })
      }
    }
  }
  const paired = new Map<T, T>()
  const taken = new Set<T>()
  for (const pair of pairs.toSorted((a, b) => b.likeness - a.likeness)) {
    if (paired.has(pair.gone) || taken.has(pair.added)) continue
    paired.set(pair.gone, pair.added)
    taken.add(pair.added)
  }
  return paired
}
