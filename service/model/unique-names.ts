/**
 * Hands out names that are unique without regard to case (x-flow 3.1): a clash gets ` 1`, ` 2`, in
 * the order of asking.
 */
export function createNames(): { take(wanted: string): string; has(name: string): boolean } {
  const taken = new Set<string>()
  return {
    has: name => taken.has(name.toLowerCase()),
    take(wanted) {
      let name = wanted
      for (let count = 1; taken.has(name.toLowerCase()); count++) name = `${wanted} ${count}`
      taken.add(name.toLowerCase())
      return name
    }
  }
}
