import type { Owner } from '../base/owner.ts'
import type { Entry, EntryStore } from './entry.ts'
import { remainingMs, orWhenUnavailable, readEntry, writeEntry } from './entry.ts'
import type { RedisLink } from './redis-link.ts'
import type { Store } from './types.ts'

export type SharedStoreOptions = {
  readonly shared: EntryStore
  /** The memory of this replica. */
  readonly local: Store
  readonly link: Pick<RedisLink, 'connection' | 'settledAt' | 'onReturn'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** An entry in local memory. */
type LocalEntry = Entry & {
  /** The Redis connection on which it was written or read; null for an entry that is not shared yet. */
  readonly connection: number | null
}

/** How long a deletion is kept, so that other replicas drop what they remember (seconds). */
const DELETED_S = 24 * 60 * 60

/** Keys that are shared when Redis returns. Others are shared when they are next read. */
const UNSHARED_MAX = 1_000

/**
 * A store shared among replicas that falls back to local memory, so that nothing fails while it is
 * unavailable (service/decisions/0008-memory-behind-redis.md).
 *
 * Values are kept in both. A read asks the shared store first. Local memory serves when it is unavailable,
 * and for entries that were not shared or were lost meanwhile; these are then shared, unless a later one
 * exists. A lock is taken in both; while the shared store is unavailable, each replica has its own locks.
 */
export function createSharedStore(options: SharedStoreOptions): Store {
  const { shared, local, link, now } = options
  const unshared = new Set<string>()
  let last = 0

  const recall = async (key: string): Promise<LocalEntry | undefined> =>
    readLocalEntry(await local.get(key))
  const remember = async (
    key: string,
    entry: Entry,
    connection: number | null,
    owner?: Owner
  ): Promise<void> => {
    const text = `${connection ?? ''} ${writeEntry(entry)}`
    await local.set(key, text, remainingMs(entry, now()) / 1000, owner)
    unshared.delete(key)
    if (connection === null) unshared.add(key)
    const [oldest] = unshared
    if (oldest !== undefined && unshared.size > UNSHARED_MAX) unshared.delete(oldest)
  }

  /** Shares an entry. @returns Whether it was kept; null when the shared store is unavailable. */
  const share = async (
    key: string,
    entry: Entry,
    rule: 'always' | 'unless later'
  ): Promise<boolean | null> => {
    const connection = link.connection()
    const isKept = await orWhenUnavailable(
      shared.set(key, entry, remainingMs(entry, now()), rule),
      null
    )
    // This replica may have set another one meanwhile.
    const isLatest = (await recall(key))?.at === entry.at
    if (isKept === true && isLatest) await remember(key, entry, connection)
    return isKept
  }
  const keep = async (
    key: string,
    value: string | null,
    ttlSeconds: number,
    owner?: Owner
  ): Promise<void> => {
    last = Math.max(Math.round(now() * 1000), last + 1)
    const entry = { at: last, ttlSeconds, value }
    await remember(key, entry, null, owner)
    await share(key, entry, 'always')
  }

  /** @param mustBeLatest Whether to return undefined rather than an entry that may be outdated. */
  const read = async (key: string, mustBeLatest: boolean): Promise<Entry | undefined> => {
    const connection = link.connection()
    const before = await recall(key)
    const found = await orWhenUnavailable(shared.get(key, mustBeLatest), null)
    const own = await recall(key)
    if (found === null) return mustBeLatest ? undefined : own
    const isSetMeanwhile = own?.at !== before?.at || own?.connection !== before?.connection
    if (own !== undefined && isSetMeanwhile) return own
    if (own !== undefined && own.at > (found?.at ?? 0)) {
      const isPerhapsLost = own.connection !== connection && !mustBeLatest
      if (own.connection === null || isPerhapsLost) {
        const isKept = await share(key, own, 'unless later')
        const later =
          isKept === false
            ? await orWhenUnavailable(shared.get(key, mustBeLatest), undefined)
            : undefined
        if (later === undefined) return isKept !== true && mustBeLatest ? undefined : own
        await remember(key, later, connection)
        return later
      }
    }
    if (found === undefined) {
      await local.delete(key)
      unshared.delete(key)
    } else if (own?.at !== found.at || own.connection !== connection) {
      await remember(key, found, connection)
    }
    return found
  }
  const get = async (key: string): Promise<string | undefined> =>
    (await read(key, false))?.value ?? undefined

  link.onReturn(async () => {
    for (const key of [...unshared]) await read(key, true)
  })
  return {
    get,
    async getLocal(key) {
      const own = await recall(key)
      return own === undefined ? get(key) : (own.value ?? undefined)
    },
    async getLatest(key) {
      const entry = await read(key, true)
      const isSettled = entry !== undefined && entry.at / 1000 >= link.settledAt()
      return isSettled ? (entry.value ?? undefined) : undefined
    },
    set: keep,
    delete: key => keep(key, null, DELETED_S),
    async claim(key, holder, ttlSeconds) {
      if (!(await local.claim(key, holder, ttlSeconds))) return false
      const isFree = await orWhenUnavailable(shared.claim(key, holder, ttlSeconds), true)
      if (!isFree) await local.release(key, holder)
      return isFree
    },
    async release(key, holder) {
      await local.release(key, holder)
      await orWhenUnavailable(shared.release(key, holder), undefined)
    }
  }
}

/** Parses `<connection> <entry>`. */
function readLocalEntry(text: string | undefined): LocalEntry | undefined {
  if (text === undefined) return undefined
  const blank = text.indexOf(' ')
  const entry = readEntry(text.slice(blank + 1))
  const connection = blank === 0 ? null : Number(text.slice(0, blank))
  return entry === undefined ? undefined : { ...entry, connection }
}

/** Values that are shared among replicas but not kept in their memory: large, and never changed. */
export type SharedValues = {
  /** Undefined also when the shared store is unavailable. */
  get(key: string): Promise<string | undefined>
  /** Keeps a value, unless it is too large or the shared store is unavailable. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>
}

/** @param now Milliseconds since 1970. */
export function createSharedValues(shared: EntryStore, now: () => number): SharedValues {
  return {
    async get(key) {
      const entry = await orWhenUnavailable(shared.get(key, false), undefined)
      return entry?.value ?? undefined
    },
    async set(key, value, ttlSeconds) {
      const entry = { at: Math.round(now() * 1000), ttlSeconds, value }
      await orWhenUnavailable(shared.set(key, entry, ttlSeconds * 1000, 'always'), undefined)
    }
  }
}
