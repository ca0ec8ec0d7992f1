import { createFairCache } from './fair-cache.ts'
import type { Store } from './types.ts'

/**
 * A store in this process's memory. A value that alone is larger than the bound is not kept, and its key
 * then holds nothing.
 *
 * @param maxBytes Bound on all keys and values together, at two bytes for each UTF-16 unit, which is
 *   the most that the engine needs for text.
 * @param now A clock that nobody sets, in milliseconds.
 */
export function createMemoryStore(options: {
  readonly maxBytes: number
  readonly now: () => number
}): Store {
  const values = createFairCache<string>({ ...options, sizeOf })
  const get = async (key: string): Promise<string | undefined> => values.get(key)
  return {
    get,
    getLocal: get,
    getLatest: get,
    async set(key, value, ttlSeconds, owner) {
      values.set(key, value, ttlSeconds, owner)
    },
    async delete(key) {
      values.delete(key)
    },
    async claim(key, holder, ttlSeconds) {
      if ((values.get(key) ?? holder) !== holder) return false
      values.set(key, holder, ttlSeconds)
      return true
    },
    async release(key, holder) {
      if (values.get(key) === holder) values.delete(key)
    }
  }
}

function sizeOf(value: string, key: string): number {
  return Math.max(1, 2 * (key.length + value.length))
}
