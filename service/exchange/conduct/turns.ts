/** Above this number of calls those that are close to each other are remembered as one. */
const EXACT_MAX = 100

/** Turns of calls of which only so many fit into any window of time. */
export type Turns = {
  /** The moment of the next turn, in milliseconds: `now`, or when the window has room again. */
  next(now: number): number
  /** Takes the turn at a moment that `next` gave. */
  take(turn: number): void
  /** Gives a turn back that was taken and not used. */
  giveBack(turn: number): void
}

/**
 * Gives turns such that no window of `windowMs` milliseconds, wherever it begins, has more than `calls`
 * of them. Turns are given in order, also those to come. Memory and time are bounded: of many calls
 * those within a hundredth of the window count as made at the last of them.
 */
export function createTurns(calls: number, windowMs: number): Turns {
  const grainMs = calls > EXACT_MAX ? windowMs / EXACT_MAX : 0
  const log: { readonly first: number; last: number; count: number }[] = []
  return {
    next(now) {
      let later = 0
      for (const entry of log.toReversed()) {
        later += entry.count
        if (later >= calls) return Math.max(now, entry.last + windowMs)
      }
      return Math.max(now, log.at(-1)?.last ?? 0)
    },
    take(turn) {
      const gone = log.findIndex(({ last }) => last > turn - windowMs)
      log.splice(0, gone === -1 ? log.length : gone)
      const entry = log.at(-1)
      if (entry !== undefined && turn - entry.first < grainMs) {
        entry.last = turn
        entry.count++
      } else {
        log.push({ first: turn, last: turn, count: 1 })
      }
    },
    giveBack(turn) {
      const index = log.findLastIndex(({ first, last }) => first <= turn && turn <= last)
      const entry = log[index]
      if (entry === undefined) return
      entry.count--
      if (entry.count === 0) log.splice(index, 1)
    }
  }
}
