/** Above this number of calls, calls close together share a log entry. */
const EXACT_MAX = 100

const BUCKETS = 10

/** A sliding-window log of calls. */
export type SlidingWindow = {
  /** Earliest time of the next call, in milliseconds: `now` or later. */
  next(now: number): number
  /**
   * Counts a call at a moment returned by `next`.
   *
   * @param now Calls within the window before `now` are kept, even if the moment is past their window,
   *   because later ones may be given back.
   */
  take(moment: number, now: number): void
  /** Removes a counted call that is not made. */
  giveBack(moment: number): void
}

/**
 * Allows at most `calls` calls in any window of `windowMs` milliseconds. Moments are assigned in order, also
 * in the future. Memory and time are bounded: above 100 calls, those within a hundredth of the window
 * count as made at the last of them.
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
      const firstKept = log.findIndex(({ last }) => last > now - windowMs)
      log.splice(0, firstKept === -1 ? log.length : firstKept)
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

/** Counts events of a recent period. */
export type RollingCount = {
  add(): void
  total(): number
  clear(): void
}

/**
 * Counts in ten time buckets and drops the oldest when a new one begins.
 *
 * @param windowMs Length of the period (ms).
 * @param now A monotonic clock in milliseconds.
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
