/** How long one piece of work holds the event loop before it gives way (ms). */
const TURN_MS = 8

/** Long work that is divided into turns of the event loop, so that others are served in between. */
export type Turns = {
  /** Whether the current turn has lasted long enough. */
  isOver(): boolean
  /** Resolves when the next turn begins. Rejects with the signal's reason once it is aborted. */
  next(): Promise<void>
}

function monotonic(): number {
  return performance.now()
}

/** Work that gave way and waits for its next turn. */
const waiting: (() => void)[] = []

/**
 * Starts the first turn of some work.
 *
 * @param signal Ends the work.
 * @param now A monotonic clock (ms).
 */
export function createTurns(signal: AbortSignal, now: () => number = monotonic): Turns {
  let began = now()
  return {
    isOver: () => now() - began >= TURN_MS,
    next: async () => {
      await giveWay()
      signal.throwIfAborted()
      began = now()
    }
  }
}

/**
 * Repeats a step until it says that the work is done, and gives way when a turn is over. A step should take
 * far less than a turn.
 *
 * @returns Undefined if the first turn was enough, so that short work costs no promise.
 */
export function inTurns(turns: Turns, step: () => boolean): Promise<void> | undefined {
  while (!step()) {
    if (turns.isOver()) return continueInTurns(turns, step)
  }
  return undefined
}

async function continueInTurns(turns: Turns, step: () => boolean): Promise<void> {
  for (;;) {
    await turns.next()
    do {
      if (step()) return
    } while (!turns.isOver())
  }
}

/** Only one waiter has a turn in each iteration of the loop, however many there are. */
function giveWay(): Promise<void> {
  return new Promise(resolve => {
    waiting.push(resolve)
    if (waiting.length === 1) setImmediate(startNext)
  })
}

function startNext(): void {
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(startNext)
}
