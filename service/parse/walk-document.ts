import type { Pointer } from '../base/json-pointer.ts'
import { pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'

/** Members whose values are data, not part of the structure. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const'])

/** Members whose keys are names chosen by the author. */
const NAME_MAPS = new Set([
  '$defs',
  'callbacks',
  'content',
  'definitions',
  'dependentSchemas',
  'encoding',
  'headers',
  'links',
  'mapping',
  'parameters',
  'pathItems',
  'patternProperties',
  'properties',
  'requestBodies',
  'responses',
  'schemas',
  'scopes',
  'securitySchemes',
  'variables'
])

/**
 * Visits the objects of a document in document order, except examples, other data and extensions.
 *
 * @param start Location of `root`.
 * @param visit Not called for objects whose keys are names chosen by the author.
 */
export function walkDocument(
  root: JsonValue,
  start: Pointer,
  visit: (value: JsonObject, at: Pointer) => void
): void {
  const open: [JsonValue, Pointer, boolean][] = [[root, start, false]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, at, isNameMap] = next
    if (isJsonArray(value)) {
      for (let index = value.length - 1; index >= 0; index--) {
        const item = value[index]
        if (typeof item === 'object' && item !== null) open.push([item, pointer(at, index), false])
      }
      continue
    }
    if (!isJsonObject(value)) continue
    if (!isNameMap) visit(value, at)
    for (const [key, held] of Object.entries(value).reverse()) {
      if (typeof held !== 'object' || held === null) continue
      if (isNameMap || !(DATA.has(key) || key.startsWith('x-'))) {
        open.push([held, pointer(at, key), !isNameMap && NAME_MAPS.has(key)])
      }
    }
  }
}
