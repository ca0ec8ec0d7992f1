/** Whether one of some names is among others, if letter case does not count. */
export function sharesFolded(names: readonly string[], others: readonly string[]): boolean {
  const folded = new Set(names.map(name => name.toLowerCase()))
  return others.some(name => folded.has(name.toLowerCase()))
}
