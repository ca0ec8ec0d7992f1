import type { Criterion } from '../../model/mapping-record.ts'
import type { TypeRecord } from '../../model/type-record.ts'
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
import { compareValues, folded, heldBy, textOf, valueText } from './order-objects.ts'
import type { RemainingFilter } from './split-filter.ts'

/**
 * Whether an object meets what remains of a filter: it is one of the provided
 * objects, its conditions hold, and one of the searched columns contains the text.
 *
 * - Values are compared under the kind of their property; see `compareValues`.
 * - A part of a text is looked for without case, in the text that the flow sees: of a date its ISO
 *   form, of a number its digits. A blank part is in everything.
 * - Comparing with nothing asks for emptiness. A property without value equals nothing, differs from
 *   everything, and is neither greater nor less.
 * - `IS_EMPTY` takes blank text for empty, and an object or list without objects.
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
  if (join === 'AND') {
    return (
      conditions.every(condition => meets(type, object, condition)) &&
      groups.every(group => meetsGroup(type, object, group))
    )
  }
  return (
    conditions.some(condition => meets(type, object, condition)) ||
    groups.some(group => meetsGroup(type, object, group))
  )
}

function meets(type: TypeRecord, object: FlowObject, condition: FilterCondition): boolean {
  const property = columnOf(type, condition.column, 'filter')
  const { criterion, value } = meaningOf(property, condition)
  const text = valueText(property, object)
  if (criterion === 'IS_EMPTY') {
    const nested = heldBy(object, property)?.objectData ?? []
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

/** What each comparison says of the order of a value and the one it is compared with. */
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
