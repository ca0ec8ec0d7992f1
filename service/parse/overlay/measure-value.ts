import type { JsonArray, JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray } from '../../base/json.ts'
import { isHolder } from './edited-tree.ts'

/** How large a value is. */
export type Size = {
  /** How many values it has, itself among them. */
  readonly values: number
  /** How deep they nest. */
  readonly height: number
  /** How many characters the keys on the way to one of them have at most. */
  readonly keys: number
}

const SCALAR: Size = { values: 1, height: 0, keys: 0 }

/**
 * Measures values of bounded depth that no longer change. A value that stands at several places counts at each, and is
 * looked at once.
 */
export function createMeasure(): (value: JsonValue) => Size {
  const known = new WeakMap<JsonObject | JsonArray, Size>()
  const measure = (value: JsonValue): Size => {
    if (!isHolder(value)) return SCALAR
    const before = known.get(value)
    if (before !== undefined) return before
    const isList = isJsonArray(value)
    let [values, height, keys] = [1, 0, 0]
    for (const [key, inner] of Object.entries(value)) {
      const size = measure(inner)
      values += size.values
      height = Math.max(height, size.height)
      keys = Math.max(keys, size.keys + (isList ? 0 : key.length))
    }
    const size = { values, height: height + 1, keys }
    known.set(value, size)
    return size
  }
  return measure
}
