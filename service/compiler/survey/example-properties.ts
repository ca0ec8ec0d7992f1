import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../base/json.ts'

/** Most members that are taken over. */
const MEMBERS_MAX = 30

/**
 * Properties for the members of the first object in the example of a Media Type Object, as Schema Objects.
 *
 * @returns Null where there is no such example.
 */
export function exampleProperties(media: JsonObject | undefined): JsonObject | null {
  const named = member(media, 'examples')
  const [first] = isJsonObject(named) ? Object.values(named) : []
  const found = firstObject(media?.example ?? member(first, 'value'))
  if (found === undefined) return null
  const members = Object.entries(found).slice(0, MEMBERS_MAX)
  return Object.fromEntries(members.map(([key, value]) => [key, schemaOf(value)]))
}

/** The first object of a list, at the root or in a member, else the object at the root. */
function firstObject(value: JsonValue | undefined): JsonObject | undefined {
  if (isJsonArray(value)) return value.find(isJsonObject)
  if (!isJsonObject(value)) return undefined
  const [only, another] = Object.values(value).flatMap(held => {
    const first = isJsonArray(held) ? held.find(isJsonObject) : undefined
    return first === undefined ? [] : [first]
  })
  return only !== undefined && another === undefined ? only : value
}

function schemaOf(value: JsonValue): JsonObject {
  if (isJsonArray(value)) return { type: 'array', items: schemaOf(value[0] ?? null) }
  if (isJsonObject(value)) return { type: 'object' }
  if (typeof value === 'boolean') return { type: 'boolean' }
  return { type: typeof value === 'number' ? 'number' : 'string' }
}
