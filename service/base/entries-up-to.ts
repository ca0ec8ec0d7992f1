/**
 * Options of an `LRUCache` of so many entries. Its memory grows with them: with `max` it would take the room of all of
 * them at once, a millisecond for 10,000.
 */
export function entriesUpTo(count: number): {
  readonly maxSize: number
  readonly sizeCalculation: () => number
} {
  return { maxSize: count, sizeCalculation: one }
}

function one(): number {
  return 1
}
