import type { JsonValue } from '../base/json.ts'
import type { IdentityRecord } from '../model/type-record.ts'
import { ownId } from '../objects/external-id.ts'
import type { TakenPage } from '../plan/paging/window-state.ts'

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
  /** Takes the next page. The first one is taken as it is. */
  take(page: readonly JsonValue[]): KnownPage
}

/**
 * Creates the memory of one load. Objects are compared by id, then by content; objects without an id are never
 * equal. A load of one page costs nothing.
 */
export function createKnownObjects(identity: IdentityRecord): KnownObjects {
  const known = new Map<string, JsonValue>()
  let last: readonly JsonValue[] = []
  let isFirst = true
  let firstId: string | undefined

  function idOf(value: JsonValue): string | undefined {
    return value === null ? undefined : ownId(identity, value)
  }

  function remember(page: readonly JsonValue[]): void {
    for (const value of page) {
      const id = idOf(value)
      if (id !== undefined && !known.has(id)) known.set(id, value)
    }
  }

  return {
    take(page) {
      if (isFirst) {
        isFirst = false
        last = page
        return wholePage(page)
      }
      // The page before is remembered only now, as most loads have but one.
      if (known.size === 0 && last[0] !== undefined) firstId = idOf(last[0])
      remember(last)
      const dropped: number[] = []
      let [withId, seen, changed] = [0, 0, 0]
      const values = page.filter((value, index) => {
        const id = idOf(value)
        if (id === undefined) return true
        withId++
        const same = known.get(id)
        if (same === undefined) return true
        seen++
        if (JSON.stringify(same) !== JSON.stringify(value)) {
          changed++
          return true
        }
        dropped.push(index)
        return false
      })
      const isKnown = withId > 0 && seen === withId
      const isSame =
        isKnown && page.length === last.length && JSON.stringify(page) === JSON.stringify(last)
      last = page
      return {
        values,
        dropped,
        changed,
        isNew: withId > 0 && seen === 0,
        isKnown,
        isFromStart: firstId !== undefined && page[0] !== undefined && idOf(page[0]) === firstId,
        isSame
      }
    }
  }
}
