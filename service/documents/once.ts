import { LRUCache } from 'lru-cache'

import { createSingleFlight } from '../base/single-flight.ts'
import { ConnectorError } from '../errors.ts'
import type { Store } from '../store/types.ts'

/**
 * Does work once for all who ask for it at the same time, here and as far as the store reaches on other
 * replicas. A failure that has a code is told again for a while.
 */
export type Once<T> = (
  /** Names the work, with what kind it is. */
  key: string,
  /** What another replica has done of it; undefined for nothing. */
  look: () => Promise<T | undefined>,
  work: () => Promise<T>
) => Promise<T>

export type OncePorts = {
  readonly store: Store
  /** Waits so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>
  /** A text that was never given before. */
  readonly newId: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** All in milliseconds. */
export type OnceTimes = {
  /** For so long others look for what the one at work has done; then each does it on its own. */
  readonly waitMs: number
  /** For so long a failure is told again. */
  readonly failureMs: number
  /** Life of a lock whose holder is gone; one at work renews it three times in that. */
  readonly lockMs: number
}

/** Failures that are remembered at the most. */
const FAILURES_MAX = 1_000

const LOOK_EVERY_MS = 50

export function createOnce<T>(ports: OncePorts, times: OnceTimes): Once<T> {
  const { now } = ports
  const flight = createSingleFlight<T>()
  const failures = new LRUCache<string, { readonly error: ConnectorError; readonly at: number }>({
    max: FAILURES_MAX
  })
  return (key, look, work) =>
    flight(key, async () => {
      const failure = failures.get(key)
      // A clock that was set back keeps no failure alive.
      if (failure !== undefined && Math.abs(now() - failure.at) < times.failureMs) {
        throw failure.error
      }
      try {
        return await onceAmongReplicas(ports, times, key, look, work)
      } catch (error) {
        // That too many waited is over before anything else.
        if (error instanceof ConnectorError && error.code !== 'COMPILER_BUSY') {
          failures.set(key, { error, at: now() })
        }
        throw error
      }
    })
}

async function onceAmongReplicas<T>(
  { store, wait, newId }: OncePorts,
  { waitMs, lockMs }: OnceTimes,
  key: string,
  look: () => Promise<T | undefined>,
  work: () => Promise<T>
): Promise<T> {
  const lock = `lock:${key}`
  const holder = newId()
  const claim = (): Promise<boolean> => store.claim(lock, holder, lockMs / 1000)
  for (let looks = 0; !(await claim()); looks++) {
    if (looks >= waitMs / LOOK_EVERY_MS) return work()
    await wait(LOOK_EVERY_MS)
    const done = await look()
    if (done !== undefined) return done
  }
  let renewed = Promise.resolve(true)
  const renewal = setInterval(() => {
    renewed = claim()
  }, lockMs / 3)
  try {
    // The one before may have ended since it was last looked for.
    return (await look()) ?? (await work())
  } finally {
    clearInterval(renewal)
    await renewed
    await store.release(lock, holder)
  }
}
