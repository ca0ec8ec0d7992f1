import { Redis } from 'ioredis'

import { orWhenUnavailable } from './store-unavailable.ts'
import type { RedisLink, RedisTimes } from './redis-link.ts'
import type { Sealer } from './sealer.ts'

/** Messages to all replicas, this one among them. Each may be lost: while Redis is away nothing is sent. */
export type RedisBroadcast = {
  send(text: string): void
  onMessage(listener: (text: string) => void): void
  close(): void
}

const CHANNEL = 'openapi-flow:1:news'

/** Bytes of a message at the most, so that nobody makes replicas read more. */
const MESSAGE_MAX_BYTES = 4 * 1024

/**
 * Broadcasts over Redis, sealed: what others send there is not heard. It listens on a connection of its own,
 * as Redis demands, which is made again whenever it is lost; `link` says how Redis is.
 *
 * @param url As in `REDIS_URL`.
 */
export function createRedisBroadcast(
  url: string,
  link: Pick<RedisLink, 'free'>,
  sealer: Sealer,
  times: Pick<RedisTimes, 'connectMs' | 'reconnectMs'>
): RedisBroadcast {
  const listeners: ((text: string) => void)[] = []
  const redis = new Redis(url, {
    connectTimeout: times.connectMs,
    maxLoadingRetryTime: times.reconnectMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    retryStrategy: attempt => Math.min(attempt * 100, times.reconnectMs)
  })
  redis.on('error', () => {})
  redis.on('ready', () => {
    redis.subscribe(CHANNEL).catch(() => redis.disconnect(true))
  })
  redis.on('messageBuffer', (_channel: Buffer, sealed: Buffer) => {
    if (sealed.length > MESSAGE_MAX_BYTES) return
    const text = sealer.openBytes(sealed, CHANNEL)?.toString()
    if (text !== undefined) for (const listener of listeners) listener(text)
  })
  return {
    send(text) {
      const sealed = sealer.sealBytes(Buffer.from(text), CHANNEL)
      void orWhenUnavailable(
        link.free(connection => connection.publish(CHANNEL, sealed)),
        undefined
      )
    },
    onMessage: listener => void listeners.push(listener),
    close: () => redis.disconnect()
  }
}
