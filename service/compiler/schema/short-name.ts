import { createHash } from 'node:crypto'

/** Longest name of a type or a property that the platform stores, with room for a number behind it. */
const LENGTH_MAX = 250

const KEPT = 116

/**
 * A name of at most 250 characters: a longer one keeps its ends, with a hash of the whole between them, so that
 * it is the same whenever the document is compiled (docs/x-flow.md#derived-types).
 */
export function shortName(name: string): string {
  if (name.length <= LENGTH_MAX) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8)
  const head = name.slice(0, KEPT).replace(/[\uD800-\uDBFF]$/, '')
  const tail = name.slice(-KEPT).replace(/^[\uDC00-\uDFFF]/, '')
  return `${head}…${hash}…${tail}`
}
