import { orWhenUnavailable } from './store-unavailable.ts'
import type { EntryStore } from './entry.ts'

/** Texts that replicas share and none remembers by itself: what is large, and never changes under its key. */
export type SharedValues = {
  /** Undefined too where there is no answer. */
  get(key: string): Promise<string | undefined>
  /** Keeps a value for `ttlSeconds` seconds, unless it is too large or there is no answer. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>
}

/** @param now Milliseconds since 1970. */
export function createSharedValues(shared: EntryStore, now: () => number): SharedValues {
  return {
    async get(key) {
      const entry = await orWhenUnavailable(shared.get(key, false), undefined)
      return entry?.value ?? undefined
    },
    async set(key, value, ttlSeconds) {
      const entry = { at: Math.round(now() * 1000), ttlSeconds, value }
      await orWhenUnavailable(shared.set(key, entry, ttlSeconds * 1000, 'always'), undefined)
    }
  }
}
