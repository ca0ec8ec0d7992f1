import { LRUCache } from 'lru-cache'

import type { Owner } from '../base/owner.ts'
import { ownerKey } from '../base/owner.ts'

export type FairCacheOptions<V> = {
  /** Limit on the total size of all entries. */
  readonly maxBytes: number
  readonly sizeOf: (value: V, key: string) => number
  /** A monotonic clock in milliseconds. */
  readonly now: () => number
}

/** Values by key, each with a time to live and an owner whose quota it counts against. */
export type FairCache<V> = {
  get(key: string): V | undefined
  has(key: string): boolean
  /**
   * Replaces the value of a key. A value larger than the whole cache deletes the key instead.
   *
   * @param owner Default: the owner of the replaced value.
   */
  set(key: string, value: V, ttlSeconds: number, owner?: Owner): void
  delete(key: string): void
  /** Includes expired entries that are not swept yet. */
  usage(): CacheUsage
}

export type CacheUsage = { readonly entries: number; readonly bytes: number }

/** Minimum time between sweeps of a full cache. */
const SWEEP_INTERVAL_MS = 1_000

/**
 * A cache shared fairly among owners: when it is full, the owner with the most bytes loses its least
 * recently used entry.
 */
export function createFairCache<V extends {}>(options: FairCacheOptions<V>): FairCache<V> {
  const { sizeOf, now } = options
  const maxBytes = Math.floor(options.maxBytes)
  /** By key of their owner. */
  const partitions = new Map<string, LRUCache<string, V>>()
  const owners = new Map<string, string>()
  let bytes = 0
  let sweptAt = Number.NEGATIVE_INFINITY

  const createPartition = (): LRUCache<string, V> =>
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
  const partitionOf = (key: string): LRUCache<string, V> | undefined => {
    const owner = owners.get(key)
    return owner === undefined ? undefined : partitions.get(owner)
  }
  const remove = (key: string): void => {
    const owner = owners.get(key) ?? ''
    const partition = partitions.get(owner)
    partition?.delete(key)
    if (partition?.size === 0) partitions.delete(owner)
  }
  /** Removes expired entries, at most once per interval. */
  const sweep = (): void => {
    if (now() - sweptAt < SWEEP_INTERVAL_MS) return
    sweptAt = now()
    for (const [owner, partition] of partitions) {
      partition.purgeStale()
      if (partition.size === 0) partitions.delete(owner)
    }
  }
  return {
    get: key => partitionOf(key)?.get(key),
    has: key => partitionOf(key)?.has(key) === true,
    set(key, value, ttlSeconds, newOwner) {
      const owner = newOwner === undefined ? (owners.get(key) ?? '') : ownerKey(newOwner)
      remove(key)
      // lru-cache takes a time to live of 0 for endless.
      if (ttlSeconds <= 0 || sizeOf(value, key) > maxBytes) return
      const partition = partitions.get(owner) ?? createPartition()
      partitions.set(owner, partition)
      partition.set(key, value, { ttl: ttlSeconds * 1000 })
      owners.set(key, owner)
      bytes += sizeOf(value, key)
      if (bytes > maxBytes) sweep()
      while (bytes > maxBytes) dropFromLargest(partitions)
    },
    delete: remove,
    usage: () => ({ entries: owners.size, bytes })
  }
}

/** Drops the least recently used entry of the owner with the most bytes. */
function dropFromLargest<V extends {}>(partitions: Map<string, LRUCache<string, V>>): void {
  const [first] = partitions
  if (first === undefined) return
  let [owner, partition] = first
  for (const [other, candidate] of partitions) {
    if (candidate.calculatedSize > partition.calculatedSize) [owner, partition] = [other, candidate]
  }
  partition.pop()
  if (partition.size === 0) partitions.delete(owner)
}
