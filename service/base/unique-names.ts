/** Makes a name unique without regard to case: a clash gets ` 1`, ` 2`, in the order of the calls. */
export type TakeName = (wanted: string) => string

export function uniqueNames(): TakeName {
  const taken = new Set<string>()
  /** By name in lower case, the last number that a clash got. */
  const numbers = new Map<string, number>()
  return wanted => {
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
