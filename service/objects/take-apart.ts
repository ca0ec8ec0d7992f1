import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { membersOf } from './type-members.ts'

/** The objects that stand in a member of the items of a list; an item without the member is itself one. */
export function unwrapped(values: readonly JsonValue[], item: string): readonly JsonValue[] {
  return values.map(value => {
    const held = isJsonObject(value) && Object.hasOwn(value, item) ? value[item] : undefined
    return held ?? (held === null ? null : value)
  })
}

/** The values of a map of objects, with their keys as `key` where the type has such a member. */
export function entriesOf(type: TypeRecord, map: JsonObject): readonly JsonValue[] {
  const hasKey = membersOf(type).names.has('key')
  return Object.entries(map).map(([key, value]) =>
    hasKey && isJsonObject(value) && !Object.hasOwn(value, 'key') ? { ...value, key } : value
  )
}
