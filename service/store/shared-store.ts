import { orWhenUnavailable } from './store-unavailable.ts'
import type { Entry, EntryStore } from './entry.ts'
import { millisecondsLeft, readEntry, writeEntry } from './entry.ts'
import type { RedisLink } from './redis-link.ts'
import type { Store } from './types.ts'

export type SharedStoreOptions = {
  readonly shared: EntryStore
  /** The store of this replica. */
  readonly near: Store
  /** The way to the shared entries. */
  readonly link: Pick<RedisLink, 'connection' | 'settledAt' | 'onReturn'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What this replica remembers of a key. */
type Remembered = Entry & {
  /** The connection over which it was shared or found; null where it was neither. */
  readonly over: number | null
}

/** For so long other replicas are told that a key was deleted, which they may remember otherwise. */
const DELETED_S = 24 * 60 * 60

/** Keys at the most that are shared as soon as that is possible again; others, when they are asked for. */
const UNSHARED_MAX = 1_000

/**
 * A store that replicas share with this one's memory behind it, so that nothing fails when it is away.
 *
 * Values are kept in both. What is shared is asked for first; the memory serves when there is no answer,
 * and for what was not shared, or was lost, while it was away, which then is shared again unless there
 * is what was set later. A lock is taken in both; without an answer the one in memory decides, so that
 * each replica has its own.
 */
export function createSharedStore(options: SharedStoreOptions): Store {
  const { shared, near, link, now } = options
  const unshared = new Set<string>()
  let last = 0

  const recall = async (key: string): Promise<Remembered | undefined> =>
    readRemembered(await near.get(key))
  const remember = async (
    key: string,
    entry: Entry,
    over: number | null,
    owner?: string
  ): Promise<void> => {
    const text = `${over ?? ''} ${writeEntry(entry)}`
    await near.set(key, text, millisecondsLeft(entry, now()) / 1000, owner)
    unshared.delete(key)
    if (over === null) unshared.add(key)
    const [oldest] = unshared
    if (oldest !== undefined && unshared.size > UNSHARED_MAX) unshared.delete(oldest)
  }

  /** Shares an entry, and remembers that. @returns Whether it is there now; null without an answer. */
  const share = async (
    key: string,
    entry: Entry,
    rule: 'always' | 'unless later'
  ): Promise<boolean | null> => {
    const over = link.connection()
    const isKept = await orWhenUnavailable(
      shared.set(key, entry, millisecondsLeft(entry, now()), rule),
      null
    )
    // Another may have been set here since.
    const isLatest = (await recall(key))?.at === entry.at
    if (isKept === true && isLatest) await remember(key, entry, over)
    return isKept
  }
  const keep = async (
    key: string,
    value: string | null,
    ttlSeconds: number,
    owner?: string
  ): Promise<void> => {
    last = Math.max(Math.round(now() * 1000), last + 1)
    const entry = { at: last, ttlSeconds, value }
    await remember(key, entry, null, owner)
    await share(key, entry, 'always')
  }

  /** @param isLatest Whether only what is known to be the latest will do. */
  const read = async (key: string, isLatest: boolean): Promise<Entry | undefined> => {
    const over = link.connection()
    const before = await recall(key)
    const found = await orWhenUnavailable(shared.get(key, isLatest), null)
    const own = await recall(key)
    if (found === null) return isLatest ? undefined : own
    const isSetMeanwhile = own?.at !== before?.at || own?.over !== before?.over
    if (own !== undefined && isSetMeanwhile) return own
    if (own !== undefined && own.at > (found?.at ?? 0)) {
      const isPerhapsLost = own.over !== over && !isLatest
      if (own.over === null || isPerhapsLost) {
        const isKept = await share(key, own, 'unless later')
        const later =
          isKept === false
            ? await orWhenUnavailable(shared.get(key, isLatest), undefined)
            : undefined
        if (later === undefined) return isKept !== true && isLatest ? undefined : own
        await remember(key, later, over)
        return later
      }
    }
    if (found === undefined) {
      await near.delete(key)
      unshared.delete(key)
    } else if (own?.at !== found.at || own.over !== over) {
      await remember(key, found, over)
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
      if (!(await near.claim(key, holder, ttlSeconds))) return false
      const isFree = await orWhenUnavailable(shared.claim(key, holder, ttlSeconds), true)
      if (!isFree) await near.release(key, holder)
      return isFree
    },
    async release(key, holder) {
      await near.release(key, holder)
      await orWhenUnavailable(shared.release(key, holder), undefined)
    }
  }
}

/** The connection and a blank in front of an entry. */
function readRemembered(text: string | undefined): Remembered | undefined {
  if (text === undefined) return undefined
  const blank = text.indexOf(' ')
  const entry = readEntry(text.slice(blank + 1))
  const over = blank === 0 ? null : Number(text.slice(0, blank))
  return entry === undefined ? undefined : { ...entry, over }
}
