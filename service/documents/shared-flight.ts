import { LRUCache } from 'lru-cache'

import type { Askers } from '../base/askers.ts'
import { ConnectorError } from '../errors.ts'
import { createJoinedFlight } from '../processes/joined-flight.ts'
import type { Store } from '../store/types.ts'
import { concernsAsker, isPassing } from './passing-failure.ts'

/**
 * Runs work once for all concurrent callers with the same key, among replicas too when they share a
 * store. A failure with a ConnectorError is rethrown to later callers for `failureMs`.
 */
export type SharedFlight<T> = (
  key: string,
  askers: Askers,
  /** Finds the result of another replica; undefined when there is none. */
  findResult: () => Promise<T | undefined>,
  work: (askers: Askers) => Promise<T>
) => Promise<T>

export type SharedFlightPorts = {
  readonly store: Store
  readonly wait: (milliseconds: number) => Promise<void>
  /** Makes a unique id. */
  readonly newId: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export type SharedFlightTimes = {
  /** How long a caller waits for the result of another replica before it does the work itself. */
  readonly waitMs: number
  /** How long a failure is shared. */
  readonly failureMs: number
  /** Lifetime of a lock, which its holder renews three times within it. */
  readonly lockMs: number
}

/** Failures remembered. */
const FAILURES_MAX = 1_000

const POLL_INTERVAL_MS = 50

export function createSharedFlight<T>(
  ports: SharedFlightPorts,
  times: SharedFlightTimes
): SharedFlight<T> {
  const { now } = ports
  const flight = createJoinedFlight<T>(concernsAsker)
  const failures = new LRUCache<string, { readonly error: ConnectorError; readonly at: number }>({
    max: FAILURES_MAX
  })
  return (key, askers, findResult, work) =>
    flight(key, askers, async all => {
      const failure = failures.get(key)
      // The clock may have been set back.
      if (failure !== undefined && Math.abs(now() - failure.at) < times.failureMs) {
        throw failure.error
      }
      try {
        return await runOnceAmongReplicas(ports, times, key, findResult, () => work(all))
      } catch (error) {
        const isKept = !isPassing(error) && !concernsAsker(error)
        if (error instanceof ConnectorError && isKept) {
          failures.set(key, { error, at: now() })
        }
        throw error
      }
    })
}

async function runOnceAmongReplicas<T>(
  { store, wait, newId }: SharedFlightPorts,
  { waitMs, lockMs }: SharedFlightTimes,
  key: string,
  findResult: () => Promise<T | undefined>,
  work: () => Promise<T>
): Promise<T> {
  const lock = `lock:${key}`
  const holder = newId()
  const claim = (): Promise<boolean> => store.claim(lock, holder, lockMs / 1000)
  for (let polls = 0; !(await claim()); polls++) {
    if (polls >= waitMs / POLL_INTERVAL_MS) return work()
    await wait(POLL_INTERVAL_MS)
    const done = await findResult()
    if (done !== undefined) return done
  }
  let renewed = Promise.resolve(true)
  const renewal = setInterval(() => {
    renewed = claim()
    // Awaited below; a rejection before that would end the process.
    renewed.catch(() => {})
  }, lockMs / 3)
  try {
    // The previous holder may have finished since the last poll.
    return (await findResult()) ?? (await work())
  } finally {
    clearInterval(renewal)
    await renewed
    await store.release(lock, holder)
  }
}
