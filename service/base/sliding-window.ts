/** Above this number of calls those that are close to each other are remembered as one. */
const EXACT_MAX = 100

const BUCKETS = 10

/** Moments of calls of which only so many fit into any window of time. */
export type SlidingWindow = {
  /** When the next call may be made, in milliseconds: `now`, or when the window has room again. */
  next(now: number): number
  /**
   * Counts a call at a moment that `next` gave.
   *
   * @param now What was called before still counts, though the moment may lie past its window: those
   *   to come may be given back.
   */
  take(moment: number, now: number): void
  /** Forgets a call that was counted and is not made. */
  giveBack(moment: number): void
}

/**
 * Finds moments such that no window of `windowMs` milliseconds, wherever it begins, has more than `calls`
 * of them. They are given in order, also those to come. Memory and time are bounded: of many calls
 * those within a hundredth of the window count as made at the last of them.
 */
export function createSlidingWindow(calls: number, windowMs: number): SlidingWindow {
  const grainMs = calls > EXACT_MAX ? windowMs / EXACT_MAX : 0
  const log: { readonly first: number; last: number; count: number }[] = []
  return {
    next(now) {
      let later = 0
      const full = log.findLast(({ count }) => {
        later += count
        return later >= calls
      })
      if (full !== undefined) return Math.max(now, full.last + windowMs)
      return Math.max(now, log.at(-1)?.last ?? 0)
    },
    take(moment, now) {
      const gone = log.findIndex(({ last }) => last > now - windowMs)
      log.splice(0, gone === -1 ? log.length : gone)
      const entry = log.at(-1)
      if (entry !== undefined && moment - entry.first < grainMs) {
        entry.last = moment
        entry.count++
      } else {
        log.push({ first: moment, last: moment, count: 1 })
      }
    },
    giveBack(moment) {
      const index = log.findLastIndex(({ first, last }) => first <= moment && moment <= last)
      const entry = log[index]
      if (entry === undefined) return
      entry.count--
      if (entry.count === 0) log.splice(index, 1)
    }
  }
}

/** How often something happened within the last stretch of time. */
export type RollingCount = {
  add(): void
  total(): number
  clear(): void
}

/**
 * Counts in ten buckets of time, of which the oldest is forgotten as the newest begins.
 *
 * @param windowMs The stretch that is counted, in milliseconds.
 * @param now A clock in milliseconds that never goes back.
 */
export function createRollingCount(windowMs: number, now: () => number): RollingCount {
  const bucketMs = windowMs / BUCKETS
  const counts: number[] = Array(BUCKETS).fill(0)
  let latest = 0
  const currentBucket = (): number => {
    const current = Math.floor(now() / bucketMs)
    for (let bucket = Math.max(latest, current - BUCKETS) + 1; bucket <= current; bucket++) {
      counts[bucket % BUCKETS] = 0
    }
    latest = current
    return current % BUCKETS
  }
  return {
    add() {
      const bucket = currentBucket()
      counts[bucket] = (counts[bucket] ?? 0) + 1
    },
    total() {
      currentBucket()
      return counts.reduce((sum, count) => sum + count, 0)
    },
    clear() {
      counts.fill(0)
    }
  }
}
