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

/** Of this process, so that no API can choose ids that collide. */
const SEED = randomInt(2 ** 31)

/**
 * Creates the memory of one load. Objects are compared by the hash of their id, then by that of their content; objects
 * without an id are never equal. A load of one page costs nothing, and one of any length at most 25 MB: an object is
 * recognized among the latest 524,288 at least.
 *
 * @param signal Ends the load.
 */
export function createKnownObjects(identity: IdentityRecord, signal: AbortSignal): KnownObjects {
  let known: RecentKeys | null = null
  let last: WrittenPage = { values: [], items: null }
  let isFirst = true
  let firstId: string | undefined

  return {
    take(values, items) {
      const before = last
      const page = { values, items }
      last = page
      if (isFirst) {
        isFirst = false
        return wholePage(values)
      }
      const steps: PageStep[] = []
      if (known === null) {
        // The first page is remembered only now, as most loads have but one.
        known = createRecentKeys()
        firstId = idOf(identity, before.values[0])
        steps.push(...rememberPage(identity, before, known))
      }
      const comparing = startComparing(identity, page, before, known)
      steps.push(...comparing.steps)
      const result = (): KnownPage => {
        const isFromStart = firstId !== undefined && idOf(identity, values[0]) === firstId
        return { ...comparing.result(), isFromStart }
      }
      const done = inTurns(createTurns(signal), stepOver(steps))
      return done === undefined ? result() : done.then(result)
    }
  }
}

type WrittenPage = { readonly values: readonly JsonValue[]; readonly items: JsonItems | null }

/** Does something with each of so many objects of a page. */
type PageStep = { readonly count: number; readonly each: (index: number) => void }

/** A step over some of the objects; true after the last one of the last step. */
function stepOver(steps: readonly PageStep[]): () => boolean {
  let step = 0
  let at = 0
  return () => {
    const { count, each } = steps[step] ?? NO_STEP
    const end = Math.min(count, at + STEP_OBJECTS)
    for (; at < end; at++) each(at)
    if (at === count) {
      step++
      at = 0
    }
    return step >= steps.length
  }
}

const NO_STEP: PageStep = { count: 0, each: () => {} }

type Comparing = {
  readonly steps: readonly PageStep[]
  result(): Omit<KnownPage, 'isFromStart'>
}

/** Numbers of one object: both halves of the hash of its id, the hash of its content, and 1 for what is to be remembered. */
const NUMBERS = 4

/** Compares a page with what is known, and then remembers it. */
function startComparing(
  identity: IdentityRecord,
  page: WrittenPage,
  before: WrittenPage,
  known: RecentKeys
): Comparing {
  const { length } = page.values
  const hashes = new Int32Array(length * NUMBERS)
  const values: JsonValue[] = []
  const dropped: number[] = []
  let [withId, seen, changed] = [0, 0, 0]
  let isSame = length === before.values.length

  function compare(index: number): void {
    const value = page.values[index] ?? null
    const at = index * NUMBERS
    isSame &&= isSameJson(before.values[index] ?? null, value)
    if (!hashObject(identity, page, index, hashes, at)) {
      values.push(value)
      return
    }
    withId++
    const content = known.get(hashes[at] ?? 0, hashes[at + 1] ?? 0)
    if (content !== undefined) {
      seen++
      hashes[at + 3] = 0
    }
    if (content === hashes[at + 2]) {
      dropped.push(index)
      return
    }
    if (content !== undefined) changed++
    values.push(value)
  }

  return {
    steps: [
      { count: length, each: compare },
      { count: length, each: index => remember(known, hashes, index * NUMBERS) }
    ],
    result: () => ({
      values,
      dropped,
      changed,
      isNew: withId > 0 && seen === 0,
      isKnown: withId > 0 && seen === withId,
      isSame: withId > 0 && seen === withId && isSame
    })
  }
}

function rememberPage(identity: IdentityRecord, page: WrittenPage, known: RecentKeys): PageStep[] {
  const hashes = new Int32Array(NUMBERS)
  const each = (index: number): void => {
    hashes.fill(0)
    if (hashObject(identity, page, index, hashes, 0)) remember(known, hashes, 0)
  }
  return [{ count: page.values.length, each }]
}

/** Hashes an object, unless it has no id. */
function hashObject(
  identity: IdentityRecord,
  { values, items }: WrittenPage,
  index: number,
  into: Int32Array,
  at: number
): boolean {
  const value = values[index] ?? null
  const id = idOf(identity, value)
  if (id === undefined) return false
  hashText(id, SEED, into, at)
  into[at + 2] = items === null ? hashJson(value, SEED) : hashItem(items, index)
  into[at + 3] = 1
  return true
}

function hashItem({ view, ranges }: JsonItems, index: number): number {
  return hashBytes(view, ranges[index * 2] ?? 0, ranges[index * 2 + 1] ?? 0, SEED)
}

function remember(known: RecentKeys, hashes: Int32Array, at: number): void {
  if (hashes[at + 3] === 1) known.set(hashes[at] ?? 0, hashes[at + 1] ?? 0, hashes[at + 2] ?? 0)
}

function idOf(identity: IdentityRecord, value: JsonValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : ownId(identity, value)
}

function isSameJson(a: JsonValue, b: JsonValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
