import { randomInt } from 'node:crypto'

import type { JsonValue } from '../base/json.ts'
import { hashJson, hashText } from '../base/json-hash.ts'
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
  /** Takes the next page, a long one in turns. The first one is taken as it is. */
  take(page: readonly JsonValue[]): KnownPage | Promise<KnownPage>
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
  let last: readonly JsonValue[] = []
  let isFirst = true
  let firstId: string | undefined

  return {
    take(page) {
      const before = last
      last = page
      if (isFirst) {
        isFirst = false
        return wholePage(page)
      }
      const steps: PageStep[] = []
      if (known === null) {
        // The first page is remembered only now, as most loads have but one.
        known = createRecentKeys()
        firstId = idOf(identity, before[0])
        steps.push(...rememberPage(identity, before, known))
      }
      const comparing = startComparing(identity, page, before, known)
      steps.push(...comparing.steps)
      const result = (): KnownPage => {
        const isFromStart = firstId !== undefined && idOf(identity, page[0]) === firstId
        return { ...comparing.result(), isFromStart }
      }
      const done = inTurns(createTurns(signal), stepOver(steps))
      return done === undefined ? result() : done.then(result)
    }
  }
}

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

/** Numbers of one object: both halves of the hash of its id, the hash of its content, and whether it has an id. */
const NUMBERS = 4

/** Compares a page with what is known, and then remembers it. */
function startComparing(
  identity: IdentityRecord,
  page: readonly JsonValue[],
  before: readonly JsonValue[],
  known: RecentKeys
): Comparing {
  const hashes = new Int32Array(page.length * NUMBERS)
  const values: JsonValue[] = []
  const dropped: number[] = []
  let [withId, seen, changed] = [0, 0, 0]
  let isSame = page.length === before.length

  function compare(index: number): void {
    const value = page[index] ?? null
    const at = index * NUMBERS
    isSame &&= isSameJson(before[index] ?? null, value)
    if (!hashObject(identity, value, hashes, at)) {
      values.push(value)
      return
    }
    withId++
    const content = known.get(hashes[at] ?? 0, hashes[at + 1] ?? 0)
    if (content !== undefined) seen++
    if (content === hashes[at + 2]) {
      dropped.push(index)
      return
    }
    if (content !== undefined) changed++
    values.push(value)
  }

  return {
    steps: [
      { count: page.length, each: compare },
      { count: page.length, each: index => remember(known, hashes, index * NUMBERS) }
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

function rememberPage(
  identity: IdentityRecord,
  page: readonly JsonValue[],
  known: RecentKeys
): PageStep[] {
  const hashes = new Int32Array(NUMBERS)
  const each = (index: number): void => {
    hashes.fill(0)
    if (hashObject(identity, page[index] ?? null, hashes, 0)) remember(known, hashes, 0)
  }
  return [{ count: page.length, each }]
}

/** Hashes an object, unless it has no id. */
function hashObject(
  identity: IdentityRecord,
  value: JsonValue,
  into: Int32Array,
  at: number
): boolean {
  const id = idOf(identity, value)
  if (id === undefined) return false
  hashText(id, SEED, into, at)
  into[at + 2] = hashJson(value, SEED)
  into[at + 3] = 1
  return true
}

/** The first object of an id is remembered. */
function remember(known: RecentKeys, hashes: Int32Array, at: number): void {
  const [high, low] = [hashes[at] ?? 0, hashes[at + 1] ?? 0]
  if (hashes[at + 3] === 1 && known.get(high, low) === undefined) {
    known.set(high, low, hashes[at + 2] ?? 0)
  }
}

function idOf(identity: IdentityRecord, value: JsonValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : ownId(identity, value)
}

function isSameJson(a: JsonValue, b: JsonValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
