import { LRUCache } from 'lru-cache'

export type FairCacheOptions<V> = {
  /** Bound on the sizes of all entries together. */
  readonly maxBytes: number
  readonly sizeOf: (value: V, key: string) => number
  /** A clock that nobody sets, in milliseconds. */
  readonly now: () => number
}

/** Values under keys, each with a life time and an owner whose room it takes. */
export type FairCache<V> = {
  get(key: string): V | undefined
  has(key: string): boolean
  /**
   * Keeps a value for so long, in place of what the key held. One that alone is larger than the bound is not
   * kept, and its key then holds nothing.
   *
   * @param owner By default the one of what the key held.
   */
  set(key: string, value: V, ttlSeconds: number, owner?: string): void
  delete(key: string): void
  /** What it holds, with what is over and was not let go of yet. */
  usage(): CacheUsage
}

export type CacheUsage = { readonly entries: number; readonly bytes: number }

/** Milliseconds between two looks for what is over, in a cache that is full. */
const SWEEP_EVERY_MS = 1_000

/**
 * A cache in which nobody's entries push out another's: when it is full, room is made by the owner who has
 * most of it, and that entry of its own goes that was not used for longest.
 */
export function createFairCache<V extends {}>(options: FairCacheOptions<V>): FairCache<V> {
  const { sizeOf, now } = options
  const maxBytes = Math.floor(options.maxBytes)
  /** What each owner has. */
  const rooms = new Map<string, LRUCache<string, V>>()
  const owners = new Map<string, string>()
  let bytes = 0
  let sweptAt = Number.NEGATIVE_INFINITY

  const makeRoom = (): LRUCache<string, V> =>
    new LRUCache<string, V>({
      maxSize: maxBytes,
      sizeCalculation: sizeOf,
      perf: { now },
      ttlResolution: 0,
      dispose(value, key) {
        bytes -= sizeOf(value, key)
        owners.delete(key)
      }
    })
  const roomOf = (key: string): LRUCache<string, V> | undefined => {
    const owner = owners.get(key)
    return owner === undefined ? undefined : rooms.get(owner)
  }
  const remove = (key: string): void => {
    const owner = owners.get(key) ?? ''
    const room = rooms.get(owner)
    room?.delete(key)
    if (room?.size === 0) rooms.delete(owner)
  }
  /** Lets go of what is over, but not so often that it costs more than it frees. */
  const sweep = (): void => {
    if (now() - sweptAt < SWEEP_EVERY_MS) return
    sweptAt = now()
    for (const [owner, room] of rooms) {
      room.purgeStale()
      if (room.size === 0) rooms.delete(owner)
    }
  }
  return {
    get: key => roomOf(key)?.get(key),
    has: key => roomOf(key)?.has(key) === true,
    set(key, value, ttlSeconds, given) {
      const owner = given ?? owners.get(key) ?? ''
      remove(key)
      // To the cache a life time of 0 is one without end.
      if (ttlSeconds <= 0 || sizeOf(value, key) > maxBytes) return
      const room = rooms.get(owner) ?? makeRoom()
      rooms.set(owner, room)
      room.set(key, value, { ttl: ttlSeconds * 1000 })
      owners.set(key, owner)
      bytes += sizeOf(value, key)
      if (bytes > maxBytes) sweep()
      while (bytes > maxBytes) dropFromLargest(rooms)
    },
    delete: remove,
    usage: () => ({ entries: owners.size, bytes })
  }
}

/** Drops the entry that was not used for longest of the owner who has most. */
function dropFromLargest<V extends {}>(rooms: Map<string, LRUCache<string, V>>): void {
  const [first] = rooms
  if (first === undefined) return
  let [owner, room] = first
  for (const [other, candidate] of rooms) {
    if (candidate.calculatedSize > room.calculatedSize) [owner, room] = [other, candidate]
  }
  room.pop()
  if (room.size === 0) rooms.delete(owner)
}
