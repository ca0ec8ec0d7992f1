import type { Owner } from '../base/owner.ts'

/**
 * Text values by key, each with a time to live. Any value may be evicted at any time.
 */
export type Store = {
  /** Undefined when the key is not set, has expired or was evicted. */
  get(key: string): Promise<string | undefined>
  /**
   * The same from local memory if possible, though another replica may have set the key since. For values
   * that never change or that carry their age.
   */
  getLocal(key: string): Promise<string | undefined>
  /**
   * The same for values that are harmful when outdated: undefined also when another replica may have set
   * the key since and the shared store is unavailable.
   */
  getLatest(key: string): Promise<string | undefined>
  /**
   * Replaces the value of a key. A value that is too large deletes the key instead.
   *
   * @param owner Whose memory quota the value counts against. The default is a common quota.
   */
  set(key: string, value: string, ttlSeconds: number, owner?: Owner): Promise<void>
  delete(key: string): Promise<void>
  /**
   * Takes a lock for `ttlSeconds` from now, or renews it, unless another holder has it. Keys of locks must
   * not be used for values.
   *
   * @param holder Unique to this attempt.
   * @returns Whether the holder has the lock.
   */
  claim(key: string, holder: string, ttlSeconds: number): Promise<boolean>
  /** Releases a lock, unless another holder has it by now. */
  release(key: string, holder: string): Promise<void>
}
