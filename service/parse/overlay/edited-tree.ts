import type { Pointer } from '../../base/json-pointer.ts'
import { pointer, pointerParts } from '../../base/json-pointer.ts'
import type { JsonArray, JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, ownMember } from '../../base/json.ts'

/** Member names and indexes from the root to a value. */
export type Path = readonly (string | number)[]

/** A value, and where its text stands: a pointer in the document, or `name#/pointer` in an overlay. */
export type Sourced = { readonly value: JsonValue; readonly from: Pointer }

/**
 * A tree that is changed without changing the values that it was made of, as these may stand at several places. It
 * knows of each of its values where its text stands.
 */
export type EditedTree = {
  root(): JsonObject
  /** The value at a path that exists. */
  get(path: Path): Sourced
  /** The values that another one holds, with their keys. */
  held(holder: Sourced): readonly (readonly [key: string, held: Sourced])[]
  /** Sets or replaces a member or an item of what stands at a path. */
  set(path: Path, key: string | number, given: Sourced): void
  /** Adds items behind those of the array at a path. */
  append(path: Path, given: readonly Sourced[]): void
  /** Takes members or items away from what stands at a path. */
  remove(path: Path, keys: ReadonlySet<string | number>): void
  /** From now on changes leave all values as they are, wherever they stand. */
  freeze(): void
  /** Where the text of a value of the tree stands. */
  originOf(at: Pointer): Pointer
}

type Holder = JsonObject | JsonArray
type OwnHolder = { [key: string]: JsonValue } | JsonValue[]

/** Where a held value comes from: another text, or another key of what its holder comes from. */
type Slot = { readonly from: Pointer } | { readonly key: string }

export function createEditedTree(given: JsonObject): EditedTree {
  let root = given
  let owned = new WeakMap<Holder, OwnHolder>()
  /** Of each holder the values whose texts do not stand in its own under the same key. */
  const slots = new WeakMap<Holder, Map<string, Slot>>()

  const own = (holder: Holder): OwnHolder => {
    const known = owned.get(holder)
    if (known !== undefined) return known
    const copy: OwnHolder = isJsonArray(holder) ? [...holder] : { ...holder }
    owned.set(copy, copy)
    slots.set(copy, new Map(slots.get(holder)))
    return copy
  }
  /** Makes all holders on a path the tree's own, which may be changed. */
  const open = (path: Path): OwnHolder => {
    let holder = own(root)
    if (!isJsonArray(holder)) root = holder
    for (const key of path) {
      const inner = valueAt(holder, key)
      if (!isHolder(inner)) throw new Error('a path leads through a scalar')
      const next = own(inner)
      put(holder, key, next)
      holder = next
    }
    return holder
  }
  const setSlot = (holder: Holder, key: string | number, slot: Slot): void => {
    slots.get(holder)?.set(String(key), slot)
  }
  const fromOf = (holder: Holder, from: Pointer, key: string): Pointer => {
    const slot = slots.get(holder)?.get(key) ?? { key }
    return 'from' in slot ? slot.from : pointer(from, slot.key)
  }
  const stepTo = ({ value, from }: Sourced, key: string): Sourced => {
    if (!isHolder(value)) return { value: null, from: pointer(from, key) }
    return { value: valueAt(value, key) ?? null, from: fromOf(value, from, key) }
  }
  const get = (path: Path): Sourced => path.map(String).reduce(stepTo, { value: root, from: '' })
  return {
    root: () => root,
    get,
    held: holder =>
      isHolder(holder.value)
        ? Object.keys(holder.value).map(key => [key, stepTo(holder, key)] as const)
        : [],
    set(path, key, { value, from }) {
      const holder = open(path)
      put(holder, key, value)
      setSlot(holder, key, { from })
    },
    append(path, items) {
      const array = open(path)
      if (!isJsonArray(array)) throw new Error('only an array has items')
      for (const { value, from } of items) setSlot(array, array.push(value) - 1, { from })
    },
    remove(path, keys) {
      const holder = open(path)
      const own = slots.get(holder)
      if (!isJsonArray(holder)) {
        for (const key of keys) {
          Reflect.deleteProperty(holder, key)
          own?.delete(String(key))
        }
        return
      }
      const kept = holder.flatMap((value, index): [Slot, JsonValue][] => {
        const slot = own?.get(String(index)) ?? { key: String(index) }
        return keys.has(index) ? [] : [[slot, value]]
      })
      holder.length = 0
      for (const [slot, value] of kept) setSlot(holder, holder.push(value) - 1, slot)
    },
    freeze() {
      owned = new WeakMap()
    },
    originOf: at => get(pointerParts(at) ?? []).from
  }
}

export function isHolder(value: JsonValue | undefined): value is Holder {
  return isJsonArray(value) || isJsonObject(value)
}

function valueAt(holder: Holder, key: string | number): JsonValue | undefined {
  return isJsonArray(holder) ? holder[Number(key)] : ownMember(holder, String(key))
}

function put(holder: OwnHolder, key: string | number, value: JsonValue): void {
  if (isJsonArray(holder)) holder[Number(key)] = value
  else holder[key] = value
}
