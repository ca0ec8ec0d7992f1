import { createFairCache } from './fair-cache.ts'
import type { Store } from './types.ts'

/**
 * A store in the memory of this process.
 *
 * @param maxBytes Limit on all keys and values together, counted as two bytes per UTF-16 code unit.
 * @param now A monotonic clock in milliseconds.
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
