/** Hands out names. */
export type Names = { take(wanted: string): string }

/**
 * Names that are unique without regard to case: a clash gets ` 1`, ` 2`, in the order of asking.
 */
export function createNames(): Names {
  const taken = new Set<string>()
  /** By name in lower case, the last number that was given to a clash. */
  const numbers = new Map<string, number>()
  return {
    take(wanted) {
      const lower = wanted.toLowerCase()
      let name = wanted
      for (let count = numbers.get(lower) ?? 0; taken.has(name.toLowerCase()); ) {
        count++
        name = `${wanted} ${count}`
        numbers.set(lower, count)
      }
      taken.add(name.toLowerCase())
      return name
    }
  }
}
