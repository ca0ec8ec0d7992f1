/** Chooses by chance, the same for the same seed. */
export type Chooser = {
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  /** Whether one of `of` times is now. */
  once(of: number): boolean
  pick<T>(list: readonly [T, ...T[]]): T
  /** A whole number from 0 to `max`, of which each order of magnitude is as likely as another. */
  size(max: number): number
  /** As many values as such a number says. */
  some<T>(max: number, make: (index: number) => T): T[]
}

/** Makes a chooser by a small generator of pseudo-random numbers (mulberry32). */
export function createChooser(seed: number): Chooser {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  const size = (max: number): number => Math.floor((max + 1) ** next()) - 1 + below(2)
  return {
    below,
    once: of => below(of) === 0,
    pick: list => list[below(list.length)] ?? list[0],
    size,
    some: (max, make) => Array.from({ length: size(max) }, (_, index) => make(index))
  }
}
