import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { ConnectorError } from '../errors.ts'
import type { LoginScope } from './types.ts'

/** Counts the logins that fail, so that nobody tries passwords without end. */
export type LoginFailures = {
  /**
   * Counts an attempt, which is a failure until it is known to be none.
   *
   * @throws ConnectorError `LOGIN_DENIED` after too many of that name.
   */
  begin(scope: LoginScope, username: string): void
  /** An attempt that said nothing about the password does not count. */
  undo(scope: LoginScope, username: string): void
  /** A login that succeeded makes all before it forgotten. */
  forget(scope: LoginScope, username: string): void
}

const NAMES_MAX = 10_000
const FAILURES_MAX = 5
const WINDOW_MS = 60_000

/** Failures in this process's memory: five of one name of a tenant in a minute. */
export function createLoginFailures(now: () => number): LoginFailures {
  const counts = new LRUCache<string, number>({
    max: NAMES_MAX,
    ttl: WINDOW_MS,
    ttlResolution: 0,
    noUpdateTTL: true,
    perf: { now }
  })
  return {
    begin(scope, username) {
      const key = keyOf(scope, username)
      const count = counts.get(key) ?? 0
      if (count >= FAILURES_MAX) {
        throw new ConnectorError('LOGIN_DENIED', {
          reason: 'too many failed logins with this name; try again in a minute'
        })
      }
      counts.set(key, count + 1)
    },
    undo(scope, username) {
      const key = keyOf(scope, username)
      counts.set(key, Math.max(0, (counts.get(key) ?? 0) - 1))
    },
    forget(scope, username) {
      counts.delete(keyOf(scope, username))
    }
  }
}

function keyOf({ tenant, schemaUrl }: LoginScope, username: string): string {
  const parts = [tenant, schemaUrl, username.trim().toLowerCase()]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
