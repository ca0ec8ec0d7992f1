/** The value of a key with its time. `value` is null for a deleted key. */
export type Entry = {
  /** When it was set, in whole microseconds since 1970. */
  readonly at: number
  readonly ttlSeconds: number
  readonly value: string | null
}

/** Entries shared among replicas. All methods throw StoreUnavailable. */
export type EntryStore = {
  /** @param mustBeLatest Whether to fail when Redis rejects writes, so that an entry may be outdated. */
  get(key: string, mustBeLatest: boolean): Promise<Entry | undefined>
  /**
   * Keeps an entry for its remaining time. An entry that is too large deletes the key instead.
   *
   * @param rule `unless later` does not replace an entry that was set later.
   * @returns False when a later one was found.
   */
  set(
    key: string,
    entry: Entry,
    remainingMs: number,
    rule: 'always' | 'unless later'
  ): Promise<boolean>
  /** As in `Store`. */
  claim(key: string, holder: string, ttlSeconds: number): Promise<boolean>
  /** As in `Store`. */
  release(key: string, holder: string): Promise<void>
}

export function remainingMs({ at, ttlSeconds }: Entry, now: number): number {
  return Math.ceil(at / 1000 + ttlSeconds * 1000 - now)
}

/** `<at> <ttl> <value>`, or `<at> <ttl>` for a deleted key. */
export function writeEntry({ at, ttlSeconds, value }: Entry): string {
  return value === null ? `${at} ${ttlSeconds}` : `${at} ${ttlSeconds} ${value}`
}

/** Parses the text of `writeEntry`; undefined for any other text. */
export function readEntry(text: string): Entry | undefined {
  const [, at, ttl, blank] = /^(\d+) ([\d.]+)( ?)/.exec(text) ?? []
  if (at === undefined || ttl === undefined) return undefined
  const value = blank === '' ? null : text.slice(at.length + ttl.length + 2)
  return { at: Number(at), ttlSeconds: Number(ttl), value }
}

/** The shared store did not respond. The message is a code of the system or of Redis, never their text. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** Returns `substitute` when the shared store is unavailable. */
export async function orWhenUnavailable<T, S>(answer: Promise<T>, substitute: S): Promise<T | S> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof StoreUnavailable) return substitute
    throw error
  }
}
