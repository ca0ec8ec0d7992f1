/** Longer words get no suggestion. */
const WORD_MAX = 100

/** Limit on the cost of a suggestion, in compared pairs of letters. */
const COMPARISONS_MAX = 2_000_000

/**
 * Finds the known word most similar to `given`, ignoring case; undefined when none is close. Close means
 * that at most a third of the longer word's letters differ. Words past the cost limit are not compared.
 */
export function nearest(given: string, known: Iterable<string>): string | undefined {
  if (given.length > WORD_MAX) return undefined
  let best: string | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  let comparisons = 0
  const wanted = given.toLowerCase()
  for (const word of known) {
    const length = Math.max(word.length, given.length)
    if (length > WORD_MAX || Math.abs(word.length - given.length) * 3 > length) continue
    comparisons += word.length * given.length
    if (comparisons > COMPARISONS_MAX) break
    const distance = editDistance(wanted, word.toLowerCase())
    if (distance * 3 <= length && distance < bestDistance) {
      best = word
      bestDistance = distance
    }
  }
  return best
}

/** Damerau-Levenshtein distance, with swaps of adjacent letters only. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + changed)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
