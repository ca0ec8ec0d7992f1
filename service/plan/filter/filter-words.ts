import type { TypeRecord } from '../../model/type-record.ts'
import { columnOf, meaningOf } from './filter-columns.ts'
import { isBlank } from './filter-terms.ts'
import type { FilterCondition } from '../types.ts'

/** What a condition asks for, as messages say it. Its comparand may be secret and is not in it. */
export function criterionWords({ criterion, value }: FilterCondition): string {
  const isNothing = criterion !== 'IS_EMPTY' && isBlank(value)
  return isNothing ? `${criterion} to a blank value` : criterion
}

/** The right side of the entry under `where` that would take a condition (x-flow 5.1). */
export function whereTarget(type: TypeRecord, condition: FilterCondition): string {
  const { criterion } = meaningOf(columnOf(type, condition.column, 'filter'), condition)
  return criterion === 'EQUAL' ? 'parameter' : `{${criterion}: parameter}`
}
