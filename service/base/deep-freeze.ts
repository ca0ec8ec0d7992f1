/** Freezes a JSON tree in place, iteratively, so that depth is no limit; shared parts are met once. */
export function deepFreeze<T>(root: T): T {
  const open: unknown[] = [root]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) continue
    Object.freeze(value)
    for (const held of Object.values(value)) open.push(held)
  }
  return root
}
