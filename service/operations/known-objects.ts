import { randomInt } from 'node:crypto'

import type { JsonValue } from '../base/json.ts'
import { hashBytes, hashJson, hashText } from '../base/json-hash.ts'
import type { JsonItems } from '../base/json-items.ts'
import type { RecentKeys } from '../base/recent-keys.ts'
import { createRecentKeys } from '../base/recent-keys.ts'
import type { IdentityRecord } from '../model/type-record.ts'
import { ownId } from '../objects/external-id.ts'
import type { TakenPage } from '../plan/paging/window-state.ts'
import { createTurns, inTurns } from '../time/turns.ts'

/** A page without the objects that came before, and how many came again with other content. */
export type KnownPage = TakenPage & {
  readonly values: readonly JsonValue[]
  readonly changed: number
}

/** A page of which all objects are taken, and nothing is known. */
export function wholePage(values: readonly JsonValue[]): KnownPage {
  return {
    values,
    dropped: [],
    changed: 0,
    isNew: false,
    isKnown: false,
    isFromStart: false,
    isSame: false
  }
}

/** Recognizes the objects of a list that an earlier page had already. */
export type KnownObjects = {
  /**
   * Takes the next page, a long one in turns. The first one is taken as it is.
   *
   * @param items The objects as they are written; null where they are not known.
   */
  take(values: readonly JsonValue[], items: JsonItems | null): KnownPage | Promise<KnownPage>
}

/** Objects that are looked at in one step. */
const STEP_OBJECTS = 64

/** Seed of hashes in this process, so that no API can choose ids that collide. */
export const HASH_SEED = randomInt(2 ** 31)

/**
 * Creates the memory of one load. Objects are compared by the hash of their id, then by that of their content; objects
 * without an id are never equal. A load of one page costs nothing, and one of any length at most 25 MB: an object is
 * recognized among the latest 524,288 at least.
 *
 * @param signal Ends the load.
 */
export function createKnownObjects(identity: IdentityRecord, signal: AbortSignal): KnownObjects {
  /** The first page is remembered only when another one comes, as most loads have but one. */
  let before: WrittenPage | null = null
  let memory: Memory | null = null

  return {
    take(values, items) {
      if (before === null) {
        before = { values, items }
        return wholePage(values)
      }
      // A text and its value have different hashes: once a page has no texts, values are compared, those of the page
      // before it too.
      const isWritten = before.items !== null && (items !== null || values.length === 0)
      const isHashed = memory !== null && (isWritten || before.items === null)
      const earlier = isWritten ? before : { values: before.values, items: null }
      const page = isWritten ? { values, items } : { values, items: null }
      memory ??= {
        known: createRecentKeys(),
        firstId: idOf(identity, before.values[0]),
        last: createHashes(before)
      }
      const { known, firstId } = memory
      const last = isHashed ? memory.last : createHashes(earlier)
      const hashes = createHashes(page)
      const comparing = startComparing(page, hashes, last, known)
      const start = isHashed ? [] : [hashing(identity, earlier, last), remembering(last, known)]
      const steps = [...start, hashing(identity, page, hashes), ...comparing.steps]
      memory = { known, firstId, last: hashes }
      // An empty page changes nothing.
      before = isWritten ? { values, items: items ?? before.items } : FORGOTTEN
      const result = (): KnownPage => {
        const isFromStart = firstId !== undefined && idOf(identity, values[0]) === firstId
        return { ...comparing.result(), isFromStart }
      }
      const done = inTurns(createTurns(signal), stepOver(steps))
      return done === undefined ? result() : done.then(result)
    }
  }
}

/** What is known of the pages so far, of which the last one is kept apart. */
type Memory = {
  readonly known: RecentKeys
  readonly firstId: string | undefined
  readonly last: PageHashes
}

/** A page that is not needed any more: values are compared. */
const FORGOTTEN: WrittenPage = { values: [], items: null }

type WrittenPage = { readonly values: readonly JsonValue[]; readonly items: JsonItems | null }

/** Does something with the objects of a page, some at a time. */
type PageStep = { readonly count: number; readonly some: (from: number, to: number) => void }

/** A step over some of the objects; true after the last one of the last step. */
function stepOver(steps: readonly PageStep[]): () => boolean {
  let step = 0
  let at = 0
  return () => {
    const { count, some } = steps[step] ?? NO_STEP
    const end = Math.min(count, at + STEP_OBJECTS)
    some(at, end)
    at = end
    if (at === count) {
      step++
      at = 0
    }
    return step >= steps.length
  }
}

const NO_STEP: PageStep = { count: 0, some: () => {} }

/** What is kept of a page. */
type PageHashes = {
  readonly count: number
  /** Of each object both halves of the hash of its id. */
  readonly ids: Int32Array
  readonly contents: Int32Array
  /** 1 for an object with an id, which is to be remembered. */
  readonly marks: Uint8Array
}

function createHashes({ values: { length } }: WrittenPage): PageHashes {
  return {
    count: length,
    ids: new Int32Array(length * 2),
    contents: new Int32Array(length),
    marks: new Uint8Array(length)
  }
}

function hashing(
  identity: IdentityRecord,
  { values, items }: WrittenPage,
  { count, ids, contents, marks }: PageHashes
): PageStep {
  const some = (from: number, to: number): void => {
    for (let index = from; index < to; index++) {
      const value = values[index] ?? null
      const id = idOf(identity, value)
      contents[index] = items === null ? hashJson(value, HASH_SEED) : hashItem(items, index)
      if (id === undefined) continue
      hashText(id, HASH_SEED, ids, index * 2)
      marks[index] = 1
    }
  }
  return { count, some }
}

function remembering({ count, ids, contents, marks }: PageHashes, known: RecentKeys): PageStep {
  const some = (from: number, to: number): void => {
    for (let index = from; index < to; index++) {
      if (marks[index] !== 1) continue
      known.set(ids[index * 2] ?? 0, ids[index * 2 + 1] ?? 0, contents[index] ?? 0)
    }
  }
  return { count, some }
}

type Comparing = {
  readonly steps: readonly PageStep[]
  result(): Omit<KnownPage, 'isFromStart'>
}

/** Compares a page, once it is hashed, with what is known, and then remembers it. */
function startComparing(
  { values }: WrittenPage,
  hashes: PageHashes,
  before: PageHashes,
  known: RecentKeys
): Comparing {
  const { count, ids, contents, marks } = hashes
  const dropped: number[] = []
  let [withId, seen, changed] = [0, 0, 0]
  let isSame = count === before.count

  function compare(from: number, to: number): void {
    known.prefetch(ids, from * 2, to * 2)
    for (let index = from; index < to; index++) compareOne(index)
  }

  function compareOne(index: number): void {
    const content = contents[index]
    isSame &&= content === before.contents[index]
    if (marks[index] === 0) return
    withId++
    const earlier = known.get(ids[index * 2] ?? 0, ids[index * 2 + 1] ?? 0)
    if (earlier === undefined) return
    seen++
    marks[index] = 0
    if (earlier === content) dropped.push(index)
    else changed++
  }

  return {
    steps: [{ count, some: compare }, remembering(hashes, known)],
    result: () => ({
      values: dropped.length === 0 ? values : without(values, dropped),
      dropped,
      changed,
      isNew: withId > 0 && seen === 0,
      isKnown: withId > 0 && seen === withId,
      isSame: withId > 0 && seen === withId && isSame
    })
  }
}

function without(values: readonly JsonValue[], dropped: readonly number[]): readonly JsonValue[] {
  const left = new Set(dropped)
  return values.filter((_, index) => !left.has(index))
}

function hashItem({ view, ranges }: JsonItems, index: number): number {
  return hashBytes(view, ranges[index * 2] ?? 0, ranges[index * 2 + 1] ?? 0, HASH_SEED)
}

function idOf(identity: IdentityRecord, value: JsonValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : ownId(identity, value)
}
