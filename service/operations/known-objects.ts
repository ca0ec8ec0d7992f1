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

  function idOf(value: JsonValue): string | undefined {
    return value === null ? undefined : ownId(identity, value)
  }

  function remember(value: JsonValue, into: RecentKeys): void {
    const id = idOf(value)
    if (id === undefined) return
    const key = hashText(id, SEED)
    if (into.get(key) === undefined) into.set(key, hashJson(value, SEED))
  }

  /** Compares a page with what is known, step by step. */
  function startComparing(
    page: readonly JsonValue[],
    before: readonly JsonValue[],
    earlier: RecentKeys
  ): Comparing {
    const values: JsonValue[] = []
    const dropped: number[] = []
    let [withId, seen, changed] = [0, 0, 0]
    let isSame = page.length === before.length

    function compare(value: JsonValue, index: number): void {
      const id = idOf(value)
      const content = id === undefined ? undefined : earlier.get(hashText(id, SEED))
      if (id !== undefined) withId++
      const isEqual = content !== undefined && content === hashJson(value, SEED)
      isSame &&= isSameJson(before[index] ?? null, value)
      if (content !== undefined) seen++
      if (content !== undefined && !isEqual) changed++
      if (isEqual) dropped.push(index)
      else values.push(value)
    }

    return {
      compare,
      result: () => ({
        values,
        dropped,
        changed,
        isNew: withId > 0 && seen === 0,
        isKnown: withId > 0 && seen === withId,
        isFromStart: firstId !== undefined && page[0] !== undefined && idOf(page[0]) === firstId,
        isSame: withId > 0 && seen === withId && isSame
      })
    }
  }

  return {
    take(page) {
      const before = last
      last = page
      if (isFirst) {
        isFirst = false
        return wholePage(page)
      }
      // The page before is remembered only now, as most loads have but one.
      if (known === null && before[0] !== undefined) firstId = idOf(before[0])
      known ??= createRecentKeys()
      const earlier = known
      const comparing = startComparing(page, before, earlier)
      let at = 0
      const length = before.length + page.length
      const done = inTurns(createTurns(signal), () => {
        const end = Math.min(length, at + STEP_OBJECTS)
        for (; at < end; at++) {
          if (at < before.length) remember(before[at] ?? null, earlier)
          else comparing.compare(page[at - before.length] ?? null, at - before.length)
        }
        return at === length
      })
      return done === undefined ? comparing.result() : done.then(comparing.result)
    }
  }
}

type Comparing = {
  compare(value: JsonValue, index: number): void
  result(): KnownPage
}

function isSameJson(a: JsonValue, b: JsonValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
