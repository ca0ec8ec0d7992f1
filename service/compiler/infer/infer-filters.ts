import type { JsonObject, JsonValue } from '../../base/json.ts'
import { bareName, plainName } from '../../base/plain-name.ts'
import type { ReadOperation } from './read-operations.ts'

/** Parameters that take a text to search for. */
const FUZZY = new Set(
  'q query search searchtext searchterm searchquery searchstring keyword keywords term searchfor'.split(
    ' '
  )
)

/** Parameters that say how the answer is written, or how its list is cut. */
const PRESENTATION = new Set(
  (
    'sort sortby sortorder sortdirection order orderby orderdirection direction fields field select include includes expand ' +
    'embed format view limit offset page pagesize perpage cursor top skip filter callback alt prettyprint pretty locale lang ' +
    'language timezone count start'
  ).split(' ')
)

const SINGLE: readonly ParameterKind[] = ['text', 'integer', 'number', 'boolean']
type ParameterKind = ReadOperation['parameters'][number]['kind']

/**
 * The parameters of a list that filter it: an exact one is single-valued and named like a scalar property, a fuzzy one
 * takes a text to search for. Others say how the answer is written.
 *
 * @param scalars The properties that hold one value, by their names as `plainName` writes them.
 * @param taken Names of parameters that something else fills.
 * @returns Entries for `parameters` of a query.
 */
export function inferFilters(
  { parameters }: ReadOperation,
  scalars: ReadonlyMap<string, string>,
  taken: ReadonlySet<string>
): JsonObject {
  const where: Record<string, JsonValue> = {}
  const entries: Record<string, JsonValue> = {}
  for (const { name, in: place, kind, required } of parameters) {
    const bare = bareName(name)
    if (place !== 'query' || taken.has(name) || !SINGLE.includes(kind)) continue
    if (FUZZY.has(bare)) {
      if (!Object.values(entries).includes('search')) entries[name] = 'search'
      continue
    }
    const property = scalars.get(plainName(name))
    if (property === undefined || required || PRESENTATION.has(bare)) continue
    where[property] = name
  }
  return { ...(Object.keys(where).length > 0 && { where }), ...entries }
}
