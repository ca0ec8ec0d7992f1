/** What stands under a key: when it was set, for how long, and the value; null where it was deleted. */
export type Entry = {
  /** Microseconds since 1970: whole, so that of two entries the later one is known. */
  readonly at: number
  readonly ttlSeconds: number
  readonly value: string | null
}

/** Entries that replicas share. Every method throws StoreUnavailable when there is no answer. */
export type EntryStore = {
  /** @param isLatest Whether there may be no answer rather than what others failed to replace. */
  get(key: string, isLatest: boolean): Promise<Entry | undefined>
  /**
   * Keeps an entry for the rest of its time. One that is too large is not kept, and the key then holds
   * nothing.
   *
   * @param rule `unless later`: leaves an entry in place that was set after this one.
   * @returns False when a later one was left in place.
   */
  set(
    key: string,
    entry: Entry,
    millisecondsLeft: number,
    rule: 'always' | 'unless later'
  ): Promise<boolean>
  /** As that of a Store. */
  claim(key: string, holder: string, ttlSeconds: number): Promise<boolean>
  /** As that of a Store. */
  release(key: string, holder: string): Promise<void>
}

/** Milliseconds that are left of an entry's time. */
export function millisecondsLeft({ at, ttlSeconds }: Entry, now: number): number {
  return Math.ceil(at / 1000 + ttlSeconds * 1000 - now)
}

/** `<at> <ttl> <value>`; nothing after the numbers where the key was deleted. */
export function writeEntry({ at, ttlSeconds, value }: Entry): string {
  return value === null ? `${at} ${ttlSeconds}` : `${at} ${ttlSeconds} ${value}`
}

/** Undefined for a text that `writeEntry` did not write. */
export function readEntry(text: string): Entry | undefined {
  const [, at, ttl, blank] = /^(\d+) ([\d.]+)( ?)/.exec(text) ?? []
  if (at === undefined || ttl === undefined) return undefined
  const value = blank === '' ? null : text.slice(at.length + ttl.length + 2)
  return { at: Number(at), ttlSeconds: Number(ttl), value }
}
