import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject } from '../../base/json.ts'

/** How many members lead to a list at the most. */
const DEPTH_MAX = 4

/** Members of one example that are looked at. */
const MEMBERS_MAX = 500

/** A list in an example: the members that lead to it, and its objects. */
export type PlaceInExample = {
  readonly path: readonly string[]
  readonly objects: readonly JsonObject[]
}

/**
 * The only list of objects in an example of an answer, the least nested first; an empty list counts where there is no
 * other. Null for none, and for several of which nothing decides.
 */
export function listInExample(example: JsonValue): PlaceInExample | null {
  let level: { readonly value: JsonValue; readonly path: readonly string[] }[] = [
    { value: example, path: [] }
  ]
  let empty: PlaceInExample[] = []
  for (let depth = 0; depth <= DEPTH_MAX && level.length > 0; depth++) {
    const lists = level.flatMap(({ value, path }) =>
      isJsonArray(value) && value.every(isJsonObject) ? [{ path, objects: value }] : []
    )
    const [filled, another] = lists.filter(({ objects }) => objects.length > 0)
    if (filled !== undefined) return another === undefined ? filled : null
    if (empty.length === 0) empty = lists
    level = level
      .flatMap(({ value, path }) =>
        isJsonObject(value)
          ? Object.entries(value).map(([key, held]) => ({ value: held, path: [...path, key] }))
          : []
      )
      .slice(0, MEMBERS_MAX)
  }
  const [only, other] = empty
  return only === undefined || other !== undefined ? null : only
}

/** The objects of an example of one object, or of a list of them. */
export function objectsInExample(example: JsonValue, isList: boolean): readonly JsonObject[] {
  const list = isList || isJsonArray(example) ? listInExample(example) : null
  if (list !== null) return list.objects
  return isJsonObject(example) ? [example] : []
}
