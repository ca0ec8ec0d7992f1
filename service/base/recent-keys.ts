/** Numbers under hashes of 64 bits, in two halves, of which only the latest are remembered. */
export type RecentKeys = {
  /** The number of a key; undefined for one that was never set, or is forgotten. */
  get(high: number, low: number): number | undefined
  /**
   * Brings the memory of some keys near. Getting each of them afterwards waits for none, which would take most of its
   * time.
   *
   * @param keys Both halves of each, one key after the other.
   * @param start Where the first one begins in them.
   */
  prefetch(keys: Int32Array, start: number, end: number): void
  /** Sets a number of 32 bits. */
  set(high: number, low: number, value: number): void
}

/** Numbers that one slot takes: both halves of the hash, and the value. */
const SLOT = 3

/** Slots of a new table, and of one that grows no further. At most half of them are filled. */
const SLOTS_MIN = 256
const SLOTS_MAX = 2 ** 20

/** How many times larger a table gets that is full. */
const GROWTH = 4

type Table = { readonly slots: Int32Array; readonly mask: number; count: number }

/**
 * Creates a memory of keys by their hashes, which takes 25 MB at most: it holds the latest 524,288 keys, and up to
 * twice as many. It grows as it is filled. Two generations of tables take turns, so that nothing is sought for
 * what to forget.
 */
export function createRecentKeys(): RecentKeys {
  let current = createTable(SLOTS_MIN)
  let before: Table | null = null
  /** What was read ahead, which would not be read if it were kept nowhere. */
  const ahead = new Int32Array(1)

  return {
    prefetch(keys, start, end) {
      ahead[0] = touch(current, keys, start, end)
      if (before !== null) ahead[0] = touch(before, keys, start, end)
    },
    get(high, low) {
      return (
        valueIn(current, high, low) ?? (before === null ? undefined : valueIn(before, high, low))
      )
    },
    set(high, low, value) {
      if (current.count >= current.slots.length / SLOT / 2) {
        if (current.slots.length / SLOT < SLOTS_MAX) {
          current = grown(current)
        } else {
          const next = before === null ? createTable(SLOTS_MAX) : cleared(before)
          before = current
          current = next
        }
      }
      put(current, high, low, value)
    }
  }
}

function createTable(size: number): Table {
  return { slots: new Int32Array(size * SLOT), mask: size - 1, count: 0 }
}

function cleared(table: Table): Table {
  table.slots.fill(0)
  table.count = 0
  return table
}

function grown({ slots, mask }: Table): Table {
  const larger = createTable((mask + 1) * GROWTH)
  for (let at = 0; at < slots.length; at += SLOT) {
    const high = slots[at] ?? 0
    if (high !== 0) put(larger, high, slots[at + 1] ?? 0, slots[at + 2] ?? 0)
  }
  return larger
}

/** Reads the first slot in which each of some keys may be. No read waits for the one before. */
function touch({ slots, mask }: Table, keys: Int32Array, start: number, end: number): number {
  let seen = 0
  for (let at = start + 1; at < end; at += 2) seen ^= slots[((keys[at] ?? 0) & mask) * SLOT] ?? 0
  return seen
}

/** The offset of a key, or of the free slot in which it would be. */
function find({ slots, mask }: Table, high: number, low: number): number {
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const at = slot * SLOT
    if (slots[at] === 0 || (slots[at] === high && slots[at + 1] === low)) return at
  }
}

function valueIn(table: Table, high: number, low: number): number | undefined {
  const used = occupied(high)
  const at = find(table, used, low)
  return table.slots[at] === used ? table.slots[at + 2] : undefined
}

function put(table: Table, high: number, low: number, value: number): void {
  const used = occupied(high)
  const at = find(table, used, low)
  if (table.slots[at] === 0) table.count++
  table.slots[at] = used
  table.slots[at + 1] = low
  table.slots[at + 2] = value
}

/** A free slot begins with 0. */
function occupied(high: number): number {
  return high === 0 ? 1 : high
}
