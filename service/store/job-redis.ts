import { once } from 'node:events'

import { Redis } from 'ioredis'

/** A connection to Redis for jobs. A command waits for Redis as long as that takes, and may be sent twice. */
export type JobRedis = Redis

/** Delays between attempts to connect (ms). */
const RECONNECT_MS = 200
const RECONNECT_MAX_MS = 2_000

/**
 * Connects to Redis for jobs.
 *
 * @param url `REDIS_URL`.
 * @param withinMs How long the first connection may take.
 * @returns Null where there is no connection by then.
 */
export async function openJobRedis(url: string, withinMs: number): Promise<JobRedis | null> {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: attempt => Math.min(attempt * RECONNECT_MS, RECONNECT_MAX_MS)
  })
  // Each loss of the connection is an error, and is followed by an attempt to connect.
  redis.on('error', () => {})
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(withinMs) })
    return redis
  } catch {
    redis.disconnect()
    return null
  }
}

/** What Redis does with keys when its memory is full; jobs need `noeviction`. */
export async function evictionPolicy(redis: JobRedis): Promise<string> {
  const facts = await redis.info('memory')
  return /^maxmemory_policy:(\S+)/m.exec(facts)?.[1] ?? 'noeviction'
}
