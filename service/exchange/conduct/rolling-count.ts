const SLOTS = 10

/** How often something happened within the last stretch of time. */
export type RollingCount = {
  add(): void
  total(): number
  clear(): void
}

/**
 * Counts in ten slots of time, of which the oldest is forgotten as the newest begins.
 *
 * @param windowMs The stretch that is counted, in milliseconds.
 * @param now A clock in milliseconds that never goes back.
 */
export function createRollingCount(windowMs: number, now: () => number): RollingCount {
  const slotMs = windowMs / SLOTS
  const counts: number[] = Array(SLOTS).fill(0)
  let latest = 0
  const currentSlot = (): number => {
    const current = Math.floor(now() / slotMs)
    for (let slot = Math.max(latest, current - SLOTS) + 1; slot <= current; slot++) {
      counts[slot % SLOTS] = 0
    }
    latest = current
    return current % SLOTS
  }
  return {
    add() {
      const slot = currentSlot()
      counts[slot] = (counts[slot] ?? 0) + 1
    },
    total() {
      currentSlot()
      return counts.reduce((sum, count) => sum + count, 0)
    },
    clear() {
      counts.fill(0)
    }
  }
}
