import type { Linked, LinkedList } from './linked-list.ts'
import { append, detach } from './linked-list.ts'

/** Something that has bytes, and the rank that it was last given. */
export type Ranked<T> = Linked<T> & { bytes: number; rank: number }

/** Things in order of their bytes, as exactly as is needed to find one of the largest. */
export type SizeRanks<T> = {
  /** Adds something, or gives it its rank anew after its bytes changed; without bytes it is removed. */
  update(thing: T): void
  /** One of the largest, of which no other has a fortieth more bytes. Undefined for none. */
  largest(): T | undefined
}

/** Ranks between a number of bytes and its double. */
const STEPS = 32

/** What is in no order yet. */
export const UNRANKED = { rank: -1, bytes: 0, before: undefined, after: undefined }

/** Both operations take constant time, however many things there are. */
export function createSizeRanks<T extends Ranked<T>>(): SizeRanks<T> {
  const ranks: (LinkedList<T> | undefined)[] = []
  let top = UNRANKED.rank
  return {
    update(thing) {
      const { bytes, rank: before } = thing
      const rank = bytes > 0 ? Math.floor(STEPS * Math.log2(bytes + 1)) : UNRANKED.rank
      if (rank === before) return
      const peers = ranks[before]
      if (peers !== undefined) detach(peers, thing)
      thing.rank = rank
      if (rank === UNRANKED.rank) return
      const others = ranks[rank] ?? { first: undefined, last: undefined }
      ranks[rank] = others
      append(others, thing)
      top = Math.max(top, rank)
    },
    largest() {
      // There are few ranks, and each step down has a step up before it.
      while (top >= 0 && ranks[top]?.first === undefined) top--
      return ranks[top]?.first
    }
  }
}
