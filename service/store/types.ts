/**
 * Text under keys, each with a life time. What is in it may be gone at any moment: a store is asked
 * first and never relied on.
 */
export type Store = {
  /** Undefined when the key was never set, its time is over, or it had to make room. */
  get(key: string): Promise<string | undefined>
  /** Keeps `value` for `ttlSeconds` seconds, in place of what the key held. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>
  delete(key: string): Promise<void>
}
