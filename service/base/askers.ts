import type { Owner } from './owner.ts'
import { COMMON_OWNER, ownerKey } from './owner.ts'

/** Those for whom one piece of work is done: who asked for it first, and who has asked since. */
export type Askers = {
  /** Whose memory the result counts against. */
  readonly first: Owner
  /**
   * Calls back for each owner, also for those who join later.
   *
   * @returns Ends the callbacks.
   */
  each(listener: (owner: Owner) => void): () => void
}

export type OpenAskers = Askers & {
  /** Adds those for whom other work is done, also those who join them later. */
  join(others: Askers): void
}

/** Owners of one piece of work. Further ones share its result without a turn of their own. */
const OWNERS_MAX = 1_000

/** One asker, whom nobody joins. */
export function oneAsker(owner: Owner): Askers {
  return {
    first: owner,
    each(listener) {
      listener(owner)
      return () => {}
    }
  }
}

/** For work that is done for nobody in particular. */
export const COMMON_ASKERS: Askers = oneAsker(COMMON_OWNER)

/** Askers whom others may join. */
export function createAskers(begin: Askers): OpenAskers {
  const owners = new Map<string, Owner>()
  const listeners = new Set<(owner: Owner) => void>()
  const add = (owner: Owner): void => {
    const key = ownerKey(owner)
    if (owners.has(key) || owners.size >= OWNERS_MAX) return
    owners.set(key, owner)
    for (const listener of listeners) listener(owner)
  }
  begin.each(add)
  return {
    first: begin.first,
    each(listener) {
      listeners.add(listener)
      for (const owner of [...owners.values()]) listener(owner)
      return () => void listeners.delete(listener)
    },
    join: others => void others.each(add)
  }
}
