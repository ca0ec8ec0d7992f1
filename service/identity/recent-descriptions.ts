import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { createSingleFlight } from '../base/single-flight.ts'
import { untilAborted } from '../time/deadline.ts'
import type { Described } from './types.ts'

/** Descriptions of users that are not older than an hour. */
export type RecentDescriptions = {
  /**
   * Returns a description as it is while it is recent, else what was read since; reads it again if that is not recent
   * either. Concurrent callers share one reading.
   *
   * @param login What distinguishes a login and its credential; it is kept as a hash.
   * @param readAgain Null for another user, or nobody.
   */
  read(
    login: readonly string[],
    known: Described,
    readAgain: (signal: AbortSignal) => Promise<Described | null>,
    signal: AbortSignal
  ): Promise<Described | null>
}

/** How long groups and addresses count after they were read (ms). */
const RECENT_MS = 60 * 60 * 1000

/** Characters that are kept, and as how many a shorter entry counts: there are at most 10,000 entries. */
const KEPT_MAX_LENGTH = 20_000_000
const ENTRY_MIN_LENGTH = 2_000

/** Keeps descriptions in memory: each replica reads for itself. */
export function createRecentDescriptions(now: () => number): RecentDescriptions {
  const kept = new LRUCache<string, Described>({
    maxSize: KEPT_MAX_LENGTH,
    sizeCalculation: described => Math.max(ENTRY_MIN_LENGTH, JSON.stringify(described).length)
  })
  const once = createSingleFlight<Described | null>()
  // What was read at a moment that has not come yet was read before the clock was set.
  const isRecent = ({ readAt }: Described): boolean => readAt <= now() && now() - readAt < RECENT_MS
  return {
    async read(login, known, readAgain, signal) {
      if (!known.hasUserInfo || isRecent(known)) return known
      const key = createHash('sha256').update(JSON.stringify(login)).digest('base64url')
      const since = kept.get(key)
      if (since !== undefined && isRecent(since)) return since
      const reading = once(key, async () => {
        // Other callers may wait for the same description, so no caller's signal applies.
        const described = await readAgain(new AbortController().signal)
        if (described !== null) kept.set(key, described)
        return described
      })
      return untilAborted(reading, signal)
    }
  }
}
