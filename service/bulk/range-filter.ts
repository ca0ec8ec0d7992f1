import type { JsonObject, JsonValue } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import { flowText, scalarToText } from '../objects/scalar-text.ts'
import type { SortKey } from '../plan/filter/compare-values.ts'
import { compareKeys, sortKey } from '../plan/filter/compare-values.ts'
import type { Partition } from './partition.ts'

type Range = Extract<Partition, { readonly by: 'range' }>

/** What is said of a value that is of no range. */
const EXPECTED = { number: 'number', date: 'date', 'date-time': 'date' } as const

/**
 * Creates what tells whether a row is in a range: numbers by all their digits, dates by the instant, those without time
 * zone in UTC.
 *
 * @param type The name of the type of the rows.
 * @returns The number of a row is that of its record, from 1, for messages.
 * @throws ConnectorError `PARTITION_VALUE` for a row whose value cannot be compared.
 */
export function rangeFilter(
  { field, kind, from, to }: Range,
  type: string
): (row: JsonObject, number: number) => boolean {
  const compared = kind === 'number' ? 'number' : 'date-time'
  const keyOf = (value: JsonValue): SortKey | null => {
    const text = scalarToText(compared, value)
    const normal = text === undefined ? null : flowText(compared, text)
    return normal === null ? null : sortKey(compared, normal)
  }
  const [first, last] = [keyOf(from), keyOf(to)]
  return (row, number) => {
    const key = keyOf(row[field] ?? null)
    if (key === null || first === null || last === null) {
      throw new ConnectorError('PARTITION_VALUE', {
        ...{ type, record: number, field, kind: EXPECTED[kind] }
      })
    }
    return compareKeys(compared, key, first) >= 0 && compareKeys(compared, key, last) < 0
  }
}
