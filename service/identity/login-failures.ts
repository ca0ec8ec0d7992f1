import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { ownerKey } from '../base/owner.ts'
import { ConnectorError } from '../errors.ts'
import type { LoginScope } from './types.ts'

/** Counts failed logins to limit password guessing. */
export type LoginFailures = {
  /**
   * Counts an attempt as failed, before its outcome is known.
   *
   * @throws ConnectorError `LOGIN_DENIED` after too many failures of that user name.
   */
  count(scope: LoginScope, username: string): void
  /** Takes back an attempt that did not test the password, such as after a time-out. */
  uncount(scope: LoginScope, username: string): void
  /** Forgets the failures of a user name after a successful login. */
  clear(scope: LoginScope, username: string): void
}

const NAMES_MAX = 10_000
const FAILURES_MAX = 5
const WINDOW_MS = 60_000

/** Counts in memory: at most five failures of one user name of a tenant in a minute. */
export function createLoginFailures(now: () => number): LoginFailures {
  const counts = new LRUCache<string, number>({
    max: NAMES_MAX,
    ttl: WINDOW_MS,
    ttlResolution: 0,
    noUpdateTTL: true,
    perf: { now }
  })
  return {
    count(scope, username) {
      const key = keyOf(scope, username)
      const count = counts.get(key) ?? 0
      if (count >= FAILURES_MAX) {
        throw new ConnectorError('LOGIN_DENIED', {
          reason: 'too many failed logins with this name; try again in a minute'
        })
      }
      counts.set(key, count + 1)
    },
    uncount(scope, username) {
      const key = keyOf(scope, username)
      counts.set(key, Math.max(0, (counts.get(key) ?? 0) - 1))
    },
    clear(scope, username) {
      counts.delete(keyOf(scope, username))
    }
  }
}

function keyOf({ owner, schemaUrl }: LoginScope, username: string): string {
  const parts = [ownerKey(owner), schemaUrl, username.trim().toLowerCase()]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
