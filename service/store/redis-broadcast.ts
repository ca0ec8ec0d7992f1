import { createRedis } from './create-redis.ts'
import { orWhenUnavailable } from './entry.ts'
import type { RedisLink, RedisTimes } from './redis-link.ts'
import type { Sealer } from './sealer.ts'

/** Sends messages to all replicas, this one included. Messages may be lost: none is sent while Redis is away. */
export type RedisBroadcast = {
  send(text: string): void
  onMessage(listener: (text: string) => void): void
  close(): void
}

const CHANNEL = 'openapi-flow:1:news'

/** Longer messages are dropped unread. */
const MESSAGE_MAX_BYTES = 4 * 1024

/**
 * Broadcasts sealed messages over Redis and ignores all others. It subscribes on a separate connection, as
 * Redis requires, and reconnects whenever that is lost. Messages are sent over `link`.
 *
 * @param url `REDIS_URL`.
 */
export function createRedisBroadcast(
  url: string,
  link: Pick<RedisLink, 'free'>,
  sealer: Sealer,
  times: Pick<RedisTimes, 'connectMs' | 'reconnectMs'>
): RedisBroadcast {
  const listeners: ((text: string) => void)[] = []
  const redis = createRedis(url, {
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
