import type { Owner } from './owner.ts'
import { ownerKey } from './owner.ts'

export type FairQueueLimits = {
  /** Running entries of all owners together. */
  readonly running: number
  /** Waiting entries per owner. */
  readonly waiting: number
}

export type FairQueue = {
  /**
   * Runs an entry of an owner, or queues it.
   *
   * @param start Called when the entry may run, immediately if a slot is free.
   * @returns Ends the entry, waiting or running; further calls have no effect. Null when the queue of the
   *   owner is full.
   */
  enter(owner: Owner, start: () => void): (() => void) | null
}

type Entry = { readonly start: () => void }
type Queue = { running: number; lastStart: number; readonly waiting: Set<Entry> }

/**
 * Shares slots fairly among owners. A free slot goes to the waiting owner with the fewest running
 * entries; among equals, to the one whose last start is longest ago.
 */
export function createFairQueue(limits: FairQueueLimits): FairQueue {
  // Holds only owners with entries.
  const queues = new Map<string, Queue>()
  let running = 0
  let starts = 0

  const run = (queue: Queue, { start }: Entry): void => {
    running++
    queue.running++
    queue.lastStart = ++starts
    start()
  }
  const runNext = (): void => {
    const queue = nextOf(queues.values())
    const [entry] = queue?.waiting ?? []
    if (queue === undefined || entry === undefined) return
    queue.waiting.delete(entry)
    run(queue, entry)
  }
  return {
    enter(owner, start) {
      const key = ownerKey(owner)
      const queue = queues.get(key) ?? { running: 0, lastStart: 0, waiting: new Set() }
      const entry = { start }
      const waits = running >= limits.running
      if (waits && queue.waiting.size >= limits.waiting) return null
      queues.set(key, queue)
      if (waits) queue.waiting.add(entry)
      else run(queue, entry)

      let isHere = true
      return () => {
        if (!isHere) return
        isHere = false
        const hasRun = !queue.waiting.delete(entry)
        if (hasRun) {
          running--
          queue.running--
        }
        if (queue.running === 0 && queue.waiting.size === 0) queues.delete(key)
        if (hasRun) runNext()
      }
    }
  }
}

/** The queue that gets the next slot; undefined when none waits. */
function nextOf(queues: Iterable<Queue>): Queue | undefined {
  let next: Queue | undefined
  for (const queue of queues) {
    if (queue.waiting.size > 0 && (next === undefined || isBefore(queue, next))) next = queue
  }
  return next
}

function isBefore(a: Queue, b: Queue): boolean {
  return a.running === b.running ? a.lastStart < b.lastStart : a.running < b.running
}
