import type { Criterion } from '../../model/mapping-record.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import { findValue } from '../../objects/type-lookup.ts'
import type { FlowObject } from '../../objects/types.ts'
import type { FilterCondition, FilterGroup } from '../types.ts'
import type { PartCriterion } from './filter-columns.ts'
import {
  asksForEmpty,
  columnOf,
  isBlank,
  isPartCriterion,
  meaningOf,
  textColumns
} from './filter-columns.ts'
import { compareValues, folded, textOf, valueText } from './order-objects.ts'
import type { RemainingFilter } from './split-filter.ts'

/**
 * Whether an object meets the remaining filter: it is one of the provided objects, the conditions hold,
 * and one of the searched columns contains the text.
 *
 * - Values compare by the kind of their property; see `compareValues`.
 * - `CONTAINS` and its like ignore case and test the text that the flow sees: of a date its ISO form, of
 *   a number its digits. A blank text is in everything.
 * - Equality with a blank value is `IS_EMPTY`. A property without value equals no other value, differs
 *   from all, and is neither greater nor less.
 * - Blank text is empty, as is an object or list without objects.
 */
export function matches(
  type: TypeRecord,
  object: FlowObject,
  { where, search, providedIds }: RemainingFilter
): boolean {
  if (providedIds !== null && !providedIds.has(object.externalId ?? '')) return false
  if (!meetsGroup(type, object, where)) return false
  if (search === null) return true
  const columns = search.columns.length > 0 ? search.columns : textColumns(type)
  return columns.some(column =>
    meets(type, object, { column, criterion: 'CONTAINS', value: search.text })
  )
}

function meetsGroup(
  type: TypeRecord,
  object: FlowObject,
  { join, conditions, groups }: FilterGroup
): boolean {
  const met = (condition: FilterCondition): boolean => meets(type, object, condition)
  const metGroup = (group: FilterGroup): boolean => meetsGroup(type, object, group)
  return join === 'AND'
    ? conditions.every(met) && groups.every(metGroup)
    : conditions.some(met) || groups.some(metGroup)
}

/** Whether an object meets a condition, as `matches`. */
export function meets(type: TypeRecord, object: FlowObject, condition: FilterCondition): boolean {
  const property = columnOf(type, condition.column, 'filter')
  const { criterion, value } = meaningOf(property, condition)
  const text = valueText(property, object)
  if (criterion === 'IS_EMPTY') {
    const nested = findValue(object, property)?.objectData ?? []
    return (text === null && nested.length === 0) === asksForEmpty(value)
  }
  if (isPartCriterion(criterion)) {
    if (value === null || isBlank(value)) return true
    return text !== null && HAS_PART[criterion](folded(text), folded(value))
  }
  const wanted = textOf(property, value)
  const { value: form } = property
  if (form.form !== 'scalar' || text === null || wanted === null) return criterion === 'NOT_EQUAL'
  return HOLDS[criterion](compareValues(form.kind, text, wanted))
}

const HAS_PART: { readonly [part in PartCriterion]: (whole: string, part: string) => boolean } = {
  CONTAINS: (whole, part) => whole.includes(part),
  STARTS_WITH: (whole, part) => whole.startsWith(part),
  ENDS_WITH: (whole, part) => whole.endsWith(part)
}

/** Whether each comparison holds, by the order of the value and its comparand. */
const HOLDS: {
  readonly [comparison in Exclude<Criterion, PartCriterion | 'IS_EMPTY'>]: (
    order: number
  ) => boolean
} = {
  EQUAL: order => order === 0,
  NOT_EQUAL: order => order !== 0,
  GREATER_THAN: order => order > 0,
  GREATER_THAN_OR_EQUAL: order => order >= 0,
  LESS_THAN: order => order < 0,
  LESS_THAN_OR_EQUAL: order => order <= 0
}
