import type { PropertyRecord, TypeRecord } from '../../model/type-record.ts'
import type { FlowObject } from '../../objects/types.ts'
import { compareValues } from './compare-values.ts'
import { valueText } from './evaluate-filter.ts'
import { columnOf } from './filter-columns.ts'
import type { ListFilter } from '../types.ts'

/**
 * Sorts objects by the columns of an order, the first one first (protocol 7.4). Values compare as
 * those of conditions do. What has no value comes last ascending and first descending. Objects that
 * are equal in every column keep their order.
 *
 * @throws ConnectorError `COLUMN_UNKNOWN`
 */
export function orderObjects(
  type: TypeRecord,
  objects: readonly FlowObject[],
  order: ListFilter['order']
): readonly FlowObject[] {
  const columns = order.map(({ column, direction }) => {
    const property = columnOf(type, column, 'order')
    return { property, sign: direction === 'ASC' ? 1 : -1 }
  })
  return objects
    .map(object => ({ object, values: columns.map(({ property }) => valueText(property, object)) }))
    .toSorted((a, b) => {
      for (const [index, { property, sign }] of columns.entries()) {
        const difference = compare(property, a.values[index] ?? null, b.values[index] ?? null)
        if (difference !== 0) return sign * difference
      }
      return 0
    })
    .map(({ object }) => object)
}

function compare({ value: form }: PropertyRecord, a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return form.form === 'scalar' ? compareValues(form.kind, a, b) : 0
}
