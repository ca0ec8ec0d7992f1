import { followPath } from '../base/dotted-path.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import { isRead } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { searchRecords, takenApart } from './search-records.ts'
import { entriesOf, unwrapped } from './take-apart.ts'
import type { FoundRecords } from './types.ts'

/** What is at the place of the records; without `found`, several places `between` which nothing decides. */
export type PlacedRecords = {
  /** Undefined where there is anything but objects, or nothing. */
  readonly found: FoundRecords | undefined
  readonly between: readonly string[]
}

/**
 * Finds the objects in an answer's body. A single object is a list of one; null has no objects. For a mapping
 * with batches a list of anything will do.
 */
export function findRecords(
  { records, verb, batchSize }: MappingRecord,
  type: TypeRecord,
  body: JsonValue
): PlacedRecords {
  if (records.at === 'undecided') return { found: undefined, between: records.between }
  if (records.at === 'search') {
    const searched = searchRecords(type, body, verb === 'load')
    if ('between' in searched) return { found: undefined, between: searched.between }
    const { values, isList } = searched.found
    return { found: objectsIn(isList ? values : values[0], batchSize !== null), between: [] }
  }
  const { path, item, areEntries } = records
  const held = followPath(body, path)
  if (areEntries === true && isJsonObject(held)) {
    return { found: { values: entriesOf(type, held), isList: true }, between: [] }
  }
  const isWrapped = item !== undefined && isJsonArray(held)
  const placed = isWrapped ? unwrapped(held, item) : held
  const isSought = !isWrapped && held !== undefined && isRead(verb)
  const found = objectsIn(isSought ? takenApart(type, held) : placed, batchSize !== null)
  return { found, between: [] }
}

function objectsIn(
  held: JsonValue | readonly JsonValue[] | undefined,
  areRows: boolean
): FoundRecords | undefined {
  if (held === null) return { values: [], isList: true }
  if (isJsonArray(held)) {
    const isOfScalars = held.some(value => value !== null) && !held.some(isJsonObject)
    return isOfScalars && !areRows ? undefined : { values: held, isList: true }
  }
  return isJsonObject(held) ? { values: [held], isList: false } : undefined
}
