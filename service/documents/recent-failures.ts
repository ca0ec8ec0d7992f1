import { LRUCache } from 'lru-cache'

import type { ConnectorError } from '../errors.ts'

/** Failures that are told again for a while, in place of what has failed being tried again. */
export type RecentFailures = {
  get(key: string): ConnectorError | undefined
  set(key: string, error: ConnectorError): void
}

/** Failures that are remembered at the most. */
const FAILURES_MAX = 1_000

/**
 * @param lifeMs Milliseconds for which a failure is told again.
 * @param now Milliseconds since 1970. A clock that was set back keeps no failure alive.
 */
export function createRecentFailures(lifeMs: number, now: () => number): RecentFailures {
  const failures = new LRUCache<string, { readonly error: ConnectorError; readonly at: number }>({
    max: FAILURES_MAX
  })
  return {
    get(key) {
      const failure = failures.get(key)
      const isRecent = failure !== undefined && Math.abs(now() - failure.at) < lifeMs
      return isRecent ? failure.error : undefined
    },
    set: (key, error) => void failures.set(key, { error, at: now() })
  }
}
