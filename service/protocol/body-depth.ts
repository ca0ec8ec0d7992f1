/**
 * Whether a body is nested deeper than `limit` levels; a list or an object is one level. Level by level, not
 * by recursion, so that no depth ends the process.
 */
export function isDeeper(body: unknown, limit: number): boolean {
  let level = isContainer(body) ? [body] : []
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > limit) return true
    const below: object[] = []
    for (const container of level) {
      for (const value of Object.values(container)) if (isContainer(value)) below.push(value)
    }
    level = below
  }
  return false
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
