import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import type { EntryStore } from '../../service/store/entry.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'
import type { RedisState } from '../../service/store/redis-health.ts'
import type { RedisLink, RedisTimes } from '../../service/store/redis-link.ts'
import { createRedisLink } from '../../service/store/redis-link.ts'
import { createRedisStore } from '../../service/store/redis-store.ts'
import type { Sealer } from '../../service/store/sealer.ts'
import { createSealer, makeKey } from '../../service/store/sealer.ts'
import { createSharedStore } from '../../service/store/shared-store.ts'
import type { Store } from '../../service/store/types.ts'

/** The store room of one replica, over a real Redis. */
export type Replica = {
  readonly link: RedisLink
  /** Redis alone. */
  readonly redis: Texts
  /** Redis with this replica's memory behind it. */
  readonly store: Store
  /** What was logged, as `warn away ECONNREFUSED`. */
  readonly lines: readonly string[]
  until(state: RedisState['state']): Promise<void>
}

/** Texts in Redis, each set after the one before. */
export type Texts = Pick<EntryStore, 'claim' | 'release'> & {
  get(key: string): Promise<string | null | undefined>
  /** @param value Null to delete the key. */
  set(key: string, value: string | null, ttlSeconds: number): Promise<void>
  /** Sets what was set in that second of 1970, unless there is what was set later. */
  setOlder(key: string, value: string, second: number): Promise<boolean>
}

/** A sealer with a key of the test's own, so that tests share a Redis without meeting in it. */
export function newSealer(): Sealer {
  return createSealer([makeKey()])
}

/** Times in which a test sees a Redis come back, and a busy machine is no Redis that is away. */
export const PATIENT_TIMES: RedisTimes = {
  commandMs: 10_000,
  connectMs: 10_000,
  silenceMs: 60_000,
  backoffMs: 500,
  reconnectMs: 100
}

/** Times in which a test sees a Redis that does not answer be given up. */
export const SHORT_TIMES: RedisTimes = {
  ...PATIENT_TIMES,
  commandMs: 500,
  connectMs: 2_000,
  silenceMs: 1_000
}

/**
 * Makes a replica's store room, which the test's end closes, without waiting for Redis.
 *
 * @param now A monotonic clock (ms).
 */
export function createReplica(
  t: TestContext,
  url: string,
  sealer: Sealer,
  times: RedisTimes = PATIENT_TIMES,
  now: () => number = () => performance.now()
): Replica {
  const lines: string[] = []
  const say = (level: string) => (message: string, facts: { readonly reason: string | null }) => {
    lines.push(`${level} ${message.replace(/:.*/, '')} ${facts.reason}`)
  }
  const link = createRedisLink({
    url,
    ports: { now, date: Date.now, random: Math.random },
    log: { warn: say('warn'), info: say('info') },
    times
  })
  t.after(() => link.close())
  const shared = createRedisStore(link, sealer)
  const local = createMemoryStore({ maxBytes: 1_000_000, now: Date.now })
  const store = createSharedStore({ shared, local, link, now: Date.now })
  return {
    link,
    redis: texts(shared),
    store,
    lines,
    async until(state) {
      while (link.state().state !== state) await wait(5)
    }
  }
}

function texts({ get, set, claim, release }: EntryStore): Texts {
  return {
    claim,
    release,
    get: async key => (await get(key, false))?.value,
    async set(key, value, ttlSeconds) {
      const entry = { at: Date.now() * 1000, ttlSeconds, value }
      assert.equal(await set(key, entry, ttlSeconds * 1000, 'always'), true)
    },
    setOlder: (key, value, second) =>
      set(key, { at: second * 1_000_000, ttlSeconds: 60, value }, 60_000, 'unless later')
  }
}

/** The same, once Redis is in use. */
export async function startReplica(...given: Parameters<typeof createReplica>): Promise<Replica> {
  const replica = createReplica(...given)
  await replica.until('ok')
  return replica
}
