/**
 * Hands out names that are unique without regard to case (x-flow 3.1): a clash gets ` 1`, ` 2`, in
 * the order of asking.
 */
export function createNames(): { take(wanted: string): string; has(name: string): boolean } {
  const taken = new Set<string>()
  /** By name in lower case, the last number that was given to a clash. */
  const numbers = new Map<string, number>()
  return {
    has: name => taken.has(name.toLowerCase()),
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
