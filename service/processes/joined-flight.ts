import type { Askers, OpenAskers } from '../base/askers.ts'
import { createAskers } from '../base/askers.ts'

/** Runs work once for all concurrent callers with the same key; `work` is told of those who join. */
export type JoinedFlight<T, Key = string> = (
  key: Key,
  askers: Askers,
  work: (askers: Askers) => Promise<T>
) => Promise<T>

/**
 * Results and failures are not kept.
 *
 * @param concernsAsker Whether a failure concerns only who has begun the work, such as a full queue. Then the work is
 *   begun again for those who have joined.
 */
export function createJoinedFlight<T, Key = string>(
  concernsAsker: (error: unknown) => boolean
): JoinedFlight<T, Key> {
  const flights = new Map<Key, { readonly result: Promise<T>; readonly askers: OpenAskers }>()
  const join: JoinedFlight<T, Key> = (key, askers, work) => {
    const running = flights.get(key)
    if (running !== undefined) {
      running.askers.join(askers)
      return running.result.catch((error: unknown) => {
        if (concernsAsker(error)) return join(key, askers, work)
        throw error
      })
    }
    const all = createAskers(askers)
    const result = work(all).finally(() => flights.delete(key))
    flights.set(key, { result, askers: all })
    return result
  }
  return join
}
