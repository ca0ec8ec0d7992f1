import { LRUCache } from 'lru-cache'

import type { Store } from './types.ts'

/**
 * A store in this process's memory. When it is full the entry that was not used for longest goes
 * first; a value that alone is larger than the bound is not kept, and its key then holds nothing.
 *
 * @param maxBytes Bound on all keys and values together, at two bytes for each UTF-16 unit, which is
 *   the most that the engine needs for text.
 * @param now A clock that nobody sets, in milliseconds.
 */
export function createMemoryStore(options: {
  readonly maxBytes: number
  readonly now: () => number
}): Store {
  const entries = new LRUCache<string, string>({
    maxSize: options.maxBytes,
    sizeCalculation: (value, key) => Math.max(1, 2 * (key.length + value.length)),
    perf: { now: options.now },
    ttlResolution: 0
  })
  const get = async (key: string): Promise<string | undefined> => entries.get(key)
  return {
    get,
    getNear: get,
    getLatest: get,
    async set(key, value, ttlSeconds) {
      // To the cache a life time of 0 is one without end.
      if (ttlSeconds > 0) entries.set(key, value, { ttl: ttlSeconds * 1000 })
      else entries.delete(key)
    },
    async delete(key) {
      entries.delete(key)
    },
    async claim(key, holder, ttlSeconds) {
      if (entries.has(key)) return false
      entries.set(key, holder, { ttl: ttlSeconds * 1000 })
      return true
    },
    async release(key, holder) {
      if (entries.get(key) === holder) entries.delete(key)
    }
  }
}
