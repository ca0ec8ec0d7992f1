import type { Linked, LinkedList } from '../base/linked-list.ts'
import { append, detach } from '../base/linked-list.ts'
import type { Owner } from '../base/owner.ts'
import { COMMON_OWNER, doorKey } from '../base/owner.ts'
import type { Ranked, SizeRanks } from '../base/size-ranks.ts'
import { createSizeRanks, UNRANKED } from '../base/size-ranks.ts'

export type FairCacheOptions<V> = {
  /** Limit on the total size of all entries and owners. */
  readonly maxBytes: number
  /** Bytes of a value with its key; those of the cache's own records come on top. */
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
  /** Includes expired entries that are still there. */
  usage(): CacheUsage
}

export type CacheUsage = { readonly entries: number; readonly bytes: number }

/** Bytes that the record of an entry, a tenant or a door token takes, as measured. */
export const ENTRY_BYTES = 200
export const OWNER_BYTES = 400

/** Entries whose life time is checked whenever one is set, and before each that is evicted. */
const CHECKS = 4

interface Entry<V> extends Linked<Entry<V>> {
  readonly key: string
  readonly value: V
  readonly bytes: number
  readonly endsAt: number
  readonly tenant: Tenant<V>
}

/** A tenant with its entries, the least recently used one first. */
interface Tenant<V> extends LinkedList<Entry<V>>, Ranked<Tenant<V>> {
  readonly door: Door<V>
  readonly owner: Owner
}

interface Door<V> extends Ranked<Door<V>> {
  readonly name: string
  readonly tenants: Map<string, Tenant<V>>
  readonly bySize: SizeRanks<Tenant<V>>
}

/**
 * A cache shared fairly among door tokens, and below them among tenants: when it is full, the tenant with the most
 * bytes of the door token with the most loses its least recently used entry. Entries and owners both count.
 * Every operation takes constant time, however many owners there are.
 */
export function createFairCache<V extends {}>(options: FairCacheOptions<V>): FairCache<V> {
  const { sizeOf, now } = options
  const maxBytes = Math.floor(options.maxBytes)
  const entries = new Map<string, Entry<V>>()
  const doors = new Map<string, Door<V>>()
  const bySize = createSizeRanks<Door<V>>()
  let hand = entries.values()
  let bytes = 0

  /** Counts bytes of a tenant, which comes and goes with its first and last ones. */
  const count = (tenant: Tenant<V>, change: number): void => {
    const { door, owner } = tenant
    const isNew = tenant.bytes === 0
    if (isNew && door.bytes === 0) doors.set(door.name, door)
    if (isNew) door.tenants.set(owner.tenant, tenant)
    const isGone = tenant.bytes + change === OWNER_BYTES
    const changed = change + (isNew ? OWNER_BYTES : 0) - (isGone ? OWNER_BYTES : 0)
    tenant.bytes += changed
    door.bytes += changed
    bytes += changed
    door.bySize.update(tenant)
    bySize.update(door)
    if (isGone) door.tenants.delete(owner.tenant)
    if (door.bytes === 0) doors.delete(door.name)
  }
  const remove = (entry: Entry<V>): void => {
    entries.delete(entry.key)
    detach(entry.tenant, entry)
    count(entry.tenant, -entry.bytes)
  }
  const tenantOf = (owner: Owner): Tenant<V> => {
    const name = doorKey(owner)
    const door: Door<V> = doors.get(name) ?? {
      ...UNRANKED,
      name,
      tenants: new Map(),
      bySize: createSizeRanks()
    }
    const known = door.tenants.get(owner.tenant)
    return known ?? { ...UNRANKED, door, owner, first: undefined, last: undefined }
  }
  const isOver = ({ endsAt }: Entry<V>): boolean => now() > endsAt
  /** Looks at the next few entries in turn, so that what nobody asks for again does not stay. */
  const dropExpired = (): void => {
    for (let check = 0; check < CHECKS; check++) {
      const { value, done } = hand.next()
      if (done === true) {
        hand = entries.values()
        return
      }
      if (isOver(value)) remove(value)
    }
  }
  return {
    get(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      if (isOver(entry)) {
        remove(entry)
        return undefined
      }
      detach(entry.tenant, entry)
      append(entry.tenant, entry)
      return entry.value
    },
    has(key) {
      const entry = entries.get(key)
      return entry !== undefined && !isOver(entry)
    },
    set(key, value, ttlSeconds, newOwner) {
      const before = entries.get(key)
      const owner = newOwner ?? before?.tenant.owner ?? COMMON_OWNER
      if (before !== undefined) remove(before)
      dropExpired()
      const size = ENTRY_BYTES + sizeOf(value, key)
      if (ttlSeconds <= 0 || size + OWNER_BYTES > maxBytes) return
      const tenant = tenantOf(owner)
      const endsAt = now() + ttlSeconds * 1000
      const place = { before: undefined, after: undefined }
      const entry: Entry<V> = { key, value, bytes: size, endsAt, tenant, ...place }
      entries.set(key, entry)
      append(tenant, entry)
      count(tenant, size)
      while (bytes > maxBytes) {
        dropExpired()
        if (bytes <= maxBytes) return
        const oldest = bySize.largest()?.bySize.largest()?.first
        if (oldest === undefined) return
        remove(oldest)
      }
    },
    delete(key) {
      const entry = entries.get(key)
      if (entry !== undefined) remove(entry)
    },
    usage: () => ({ entries: entries.size, bytes })
  }
}
