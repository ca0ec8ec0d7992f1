import { ConnectorError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import type { FilterGroup, ListFilter } from '../types.ts'

type FilterSettings = Pick<Settings, 'FILTER_MAX_CRITERIA' | 'FILTER_MAX_BYTES'>

/**
 * Checks how much a list filter asks for (docs/protocol.md#limits-of-a-filter).
 *
 * @throws ConnectorError `FILTER_TOO_MANY_CRITERIA`, `FILTER_TOO_LARGE`
 */
export function assertFilterFits(
  { where, order, search, searchColumns }: ListFilter,
  { FILTER_MAX_CRITERIA, FILTER_MAX_BYTES }: FilterSettings
): void {
  let count = order.length + searchColumns.length
  let bytes = Buffer.byteLength(search ?? '')
  for (const { column } of order) bytes += Buffer.byteLength(column)
  for (const column of searchColumns) bytes += Buffer.byteLength(column)
  const open: FilterGroup[] = [where]
  for (let group = open.pop(); group !== undefined; group = open.pop()) {
    count += group.conditions.length
    for (const { column, value } of group.conditions) {
      bytes += Buffer.byteLength(column) + Buffer.byteLength(value ?? '')
    }
    for (const inner of group.groups) open.push(inner)
  }
  if (count > FILTER_MAX_CRITERIA) {
    throw new ConnectorError('FILTER_TOO_MANY_CRITERIA', { count, limit: FILTER_MAX_CRITERIA })
  }
  if (bytes > FILTER_MAX_BYTES) {
    throw new ConnectorError('FILTER_TOO_LARGE', { limit: FILTER_MAX_BYTES })
  }
}
