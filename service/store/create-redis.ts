import type { RedisOptions } from 'ioredis'
import { Redis } from 'ioredis'

/** Options that keep the types of replies. */
type Options = Omit<RedisOptions, 'protocol' | 'stringNumbers' | 'replyMapping'>

/**
 * Makes a connection to Redis, which is opened at once and again whenever it is lost.
 *
 * @param url `REDIS_URL`.
 */
export function createRedis(url: string, options: Options = {}): Redis {
  // ioredis waits this long for a connection to close, even for one that is closed already, and holds the process so long.
  return new Redis(url, { disconnectTimeout: 0, ...options })
}
