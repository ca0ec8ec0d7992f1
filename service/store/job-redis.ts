import { setTimeout as wait } from 'node:timers/promises'

import type { Redis } from 'ioredis'

import { createRedis } from './create-redis.ts'
import { StoreUnavailable } from './entry.ts'
import { isOfReplica, isRedisReply, isRefusedUser, redisCode } from './redis-error.ts'

/** A connection to Redis for jobs. A command waits for Redis as long as that takes, and may be sent twice. */
export type JobRedis = Redis

/** Delays between attempts to connect (ms). */
const RECONNECT_MS = 200
const RECONNECT_MAX_MS = 2_000

/** Reconnects, and sends the command again. */
const AGAIN = 2

/**
 * Connects to Redis for jobs.
 *
 * @param url `REDIS_URL`.
 * @param withinMs How long the first connection may take, with all attempts.
 * @throws StoreUnavailable where there is no connection by then, or Redis does not let this user in.
 */
export async function openJobRedis(url: string, withinMs: number): Promise<JobRedis> {
  const redis = createRedis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: attempt => Math.min(attempt * RECONNECT_MS, RECONNECT_MAX_MS),
    reconnectOnError: error => (isOfReplica(error) ? AGAIN : false)
  })
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  let last = 'timeout'
  redis.once('ready', resolve)
  // Each loss of the connection is an error, and is followed by an attempt to connect.
  redis.on('error', error => {
    last = redisCode(error)
    if (isRefusedUser(last)) reject(new StoreUnavailable(last))
  })
  const over = new AbortController()
  const late = wait(withinMs, undefined, { signal: over.signal }).then(() =>
    Promise.reject(new StoreUnavailable(last))
  )
  try {
    await Promise.race([ready, late])
    return redis
  } catch (error) {
    redis.disconnect()
    throw error
  } finally {
    over.abort()
  }
}

/**
 * What Redis does with keys when its memory is full; jobs need `noeviction`.
 *
 * @throws StoreUnavailable where it does not say so.
 */
export async function evictionPolicy(redis: JobRedis): Promise<string> {
  try {
    const facts = await redis.info('memory')
    return /^maxmemory_policy:(\S+)/m.exec(facts)?.[1] ?? 'noeviction'
  } catch (error) {
    throw isRedisReply(error) ? new StoreUnavailable(redisCode(error)) : error
  }
}
