import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { ConnectorError } from '../errors.ts'
import type { LoginScope } from './types.ts'

/** Counts the logins that failed, so that nobody tries passwords without end. */
export type LoginFailures = {
  /** @throws ConnectorError `LOGIN_DENIED` after too many failures of that name. */
  check(scope: LoginScope, username: string): void
  failed(scope: LoginScope, username: string): void
  /** A login that succeeded makes the failures before it forgotten. */
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
    check(scope, username) {
      if ((counts.get(keyOf(scope, username)) ?? 0) < FAILURES_MAX) return
      throw new ConnectorError('LOGIN_DENIED', {
        reason: 'too many failed logins with this name; try again in a minute'
      })
    },
    failed(scope, username) {
      const key = keyOf(scope, username)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    forget(scope, username) {
      counts.delete(keyOf(scope, username))
    }
  }
}

function keyOf({ tenant, schemaUrl }: LoginScope, username: string): string {
  const parts = [tenant, schemaUrl, username.toLowerCase()]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
