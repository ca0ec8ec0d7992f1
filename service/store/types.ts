/**
 * Text under keys, each with a life time. What is in it may be gone at any moment: a store is asked
 * first and never relied on.
 */
export type Store = {
  /** Undefined when the key was never set, its time is over, or it had to make room. */
  get(key: string): Promise<string | undefined>
  /**
   * The same without asking further than needed: what this replica remembers will do, though another
   * may have set the key since. For what never changes under its key, or tells its age.
   */
  getLocal(key: string): Promise<string | undefined>
  /**
   * The same for what is worse than nothing when it is out of date: undefined too where another replica
   * may have set the key since and cannot be asked.
   */
  getLatest(key: string): Promise<string | undefined>
  /**
   * Keeps `value` for `ttlSeconds` seconds, in place of what the key held. One that is too large is not
   * kept, and the key then holds nothing.
   *
   * @param owner Whose room it takes: where memory is full, who has most makes room. That of all
   *   documents together unless it is named.
   */
  set(key: string, value: string, ttlSeconds: number, owner?: string): Promise<void>
  delete(key: string): Promise<void>
  /**
   * Takes a lock for `ttlSeconds` seconds from now, unless another holder has it. Of several who try at
   * once one succeeds; who has it already keeps it for as long. Locks have keys of their own, under which nothing else is kept.
   *
   * @param holder Tells this try from all others.
   * @returns Whether the holder has it.
   */
  claim(key: string, holder: string, ttlSeconds: number): Promise<boolean>
  /** Gives a lock back; one that another holder has by now stays. */
  release(key: string, holder: string): Promise<void>
}
