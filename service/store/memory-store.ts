import { LRUCache } from 'lru-cache'

import type { Store } from './types.ts'

/** What an owner has in the store. */
type Room = LRUCache<string, string>

/** Milliseconds between two looks for what is over, in a store that is full. */
const SWEEP_EVERY_MS = 1_000

/**
 * A store in this process's memory. When it is full, room is made by the owner who has most of it, so
 * that nobody's entries push out another's: that entry of its own goes that was not used for longest. A
 * value that alone is larger than the bound is not kept, and its key then holds nothing.
 *
 * @param maxBytes Bound on all keys and values together, at two bytes for each UTF-16 unit, which is
 *   the most that the engine needs for text.
 * @param now A clock that nobody sets, in milliseconds.
 */
export function createMemoryStore(options: {
  readonly maxBytes: number
  readonly now: () => number
}): Store {
  const { maxBytes, now } = options
  const rooms = new Map<string, Room>()
  const owners = new Map<string, string>()
  let bytes = 0
  let sweptAt = Number.NEGATIVE_INFINITY

  const makeRoom = (): Room =>
    new LRUCache<string, string>({
      maxSize: maxBytes,
      sizeCalculation: sizeOf,
      perf: { now },
      ttlResolution: 0,
      dispose(value, key) {
        bytes -= sizeOf(value, key)
        owners.delete(key)
      }
    })
  const roomOf = (key: string): Room | undefined => {
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
  const keep = (key: string, value: string, ttlSeconds: number, given?: string): void => {
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
  }
  const get = async (key: string): Promise<string | undefined> => roomOf(key)?.get(key)
  return {
    get,
    getNear: get,
    getLatest: get,
    async set(key, value, ttlSeconds, owner) {
      keep(key, value, ttlSeconds, owner)
    },
    async delete(key) {
      remove(key)
    },
    async claim(key, holder, ttlSeconds) {
      if (roomOf(key)?.has(key) === true) return false
      keep(key, holder, ttlSeconds)
      return true
    },
    async release(key, holder) {
      if (roomOf(key)?.get(key) === holder) remove(key)
    }
  }
}

function sizeOf(value: string, key: string): number {
  return Math.max(1, 2 * (key.length + value.length))
}

/** Drops the entry that was not used for longest of the owner who has most. */
function dropFromLargest(rooms: Map<string, Room>): void {
  const [first] = rooms
  if (first === undefined) return
  let [owner, room] = first
  for (const [other, candidate] of rooms) {
    if (candidate.calculatedSize > room.calculatedSize) [owner, room] = [other, candidate]
  }
  room.pop()
  if (room.size === 0) rooms.delete(owner)
}
