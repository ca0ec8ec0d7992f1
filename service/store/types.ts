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
  /**
   * Takes a lock: keeps `holder` under the key for `ttlSeconds` seconds unless the key holds something.
   * Of several who try at once one succeeds.
   *
   * @returns Whether it was free.
   */
  claim(key: string, holder: string, ttlSeconds: number): Promise<boolean>
  /** Gives a lock back; one that another holder has by now stays. */
  release(key: string, holder: string): Promise<void>
}
