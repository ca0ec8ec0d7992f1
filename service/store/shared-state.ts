import type { Settings } from '../settings.ts'
import { createMemoryStore } from './memory-store.ts'
import type { RedisBroadcast } from './redis-broadcast.ts'
import { createRedisBroadcast } from './redis-broadcast.ts'
import type { RedisLink, RedisLinkOptions } from './redis-link.ts'
import { createRedisLink, USUAL_TIMES } from './redis-link.ts'
import type { SharedMark } from './redis-mark.ts'
import { createRedisMark } from './redis-mark.ts'
import { createRedisStore } from './redis-store.ts'
import type { Sealer } from './sealer.ts'
import type { SharedRateLimit } from './shared-rate-limit.ts'
import { createSharedRateLimit } from './shared-rate-limit.ts'
import { createSharedStore, createSharedValues } from './shared-store.ts'
import type { SharedValues } from './shared-store.ts'
import type { Store } from './types.ts'

/** What requests share: in memory, and in Redis with other replicas. All but the store is null without Redis. */
export type SharedState = {
  readonly store: Store
  readonly rateLimit: SharedRateLimit | null
  readonly redis: RedisLink | null
  readonly values: SharedValues | null
  readonly broadcast: RedisBroadcast | null
  readonly mark: SharedMark | null
}

export type SharedStateOptions = Pick<RedisLinkOptions, 'ports' | 'log'> & {
  readonly settings: Pick<Settings, 'REDIS_URL' | 'REDIS_TIMEOUT_MS'>
  readonly sealer: Sealer
  /** Maximum size of the store in memory. */
  readonly maxBytes: number
}

/** What requests share with other replicas through Redis. */
export function createSharedState(options: SharedStateOptions): SharedState {
  const { settings, sealer, maxBytes, ports, log } = options
  const local = createMemoryStore({ maxBytes, now: ports.now })
  const times = { ...USUAL_TIMES, commandMs: settings.REDIS_TIMEOUT_MS }
  const redis = createRedisLink({ url: settings.REDIS_URL, ports, log, times })
  const entries = createRedisStore(redis, sealer)
  return {
    store: createSharedStore({ shared: entries, local, link: redis, now: ports.date }),
    rateLimit: createSharedRateLimit(redis, sealer),
    redis,
    values: createSharedValues(entries, ports.date),
    broadcast: createRedisBroadcast(settings.REDIS_URL, redis, sealer, USUAL_TIMES),
    mark: createRedisMark(redis, sealer, ports.date)
  }
}
