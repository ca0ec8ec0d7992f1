import { followPath } from '../base/dotted-path.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import type { RecordsLocation } from '../model/mapping-record.ts'

/** Usual members with an answer's objects, in the order in which they are tried. */
const USUAL_KEYS = ['data', 'items', 'results', 'records', 'entries', 'rows', 'values']

/** The objects of an answer, and whether they were a list. */
export type FoundRecords = { readonly values: readonly JsonValue[]; readonly isList: boolean }

/**
 * Finds the objects in an answer's body. A single object is a list of one; null has no objects. Undefined
 * where there is anything else, or nothing.
 *
 * @param areRows A list of anything will do, as the answer to a batch.
 */
export function findRecords(
  location: RecordsLocation,
  body: JsonValue,
  areRows: boolean
): FoundRecords | undefined {
  const found = location.at === 'path' ? followPath(body, location.path) : search(body)
  if (found === null) return { values: [], isList: true }
  if (isJsonArray(found)) {
    const isOfScalars = found.some(value => value !== null) && !found.some(isJsonObject)
    return isOfScalars && !areRows ? undefined : { values: found, isList: true }
  }
  return isJsonObject(found) ? { values: [found], isList: false } : undefined
}

function search(body: JsonValue): JsonValue {
  for (const key of USUAL_KEYS) {
    const held = isJsonObject(body) && Object.hasOwn(body, key) ? body[key] : undefined
    if (isJsonArray(held) && held.every(isJsonObject)) return held
  }
  return body
}
