import type { JsonValue } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { ConnectorError, suggestion } from '../../errors.ts'
import type { Criterion } from '../../model/mapping-record.ts'
import type { PropertyRecord, TypeRecord } from '../../model/type-record.ts'
import { dateFromFlow } from '../../objects/date-text.ts'
import { scalarToJson } from '../../objects/scalar-text.ts'
import { findProperty } from '../../objects/type-lookup.ts'
import type { FilterCondition, FilterGroup } from '../types.ts'

/**
 * The property of a list filter's column.
 *
 * @throws ConnectorError `COLUMN_UNKNOWN`
 */
export function columnOf(
  type: TypeRecord,
  column: string,
  clause: 'filter' | 'order' | 'search'
): PropertyRecord {
  const property = findProperty(type, column) ?? nestedColumn(type, column)
  if (property !== undefined) return property
  const names = type.properties.map(({ name }) => name)
  throw new ConnectorError('COLUMN_UNKNOWN', {
    type: type.name,
    column,
    clause,
    suggestion: suggestion(nearest(column, names))
  })
}

/** A nested column that the API takes conditions on, without regard to case. */
function nestedColumn({ columns = [] }: TypeRecord, column: string): PropertyRecord | undefined {
  const folded = column.toLowerCase()
  return columns.find(({ name }) => name.toLowerCase() === folded)
}

/**
 * Checks the conditions of a list filter, and spells their columns as the type does.
 *
 * @throws ConnectorError `COLUMN_UNKNOWN`, and `VALUE_INVALID` for a comparand that its property
 *   cannot have.
 */
export function checkedWhere(
  type: TypeRecord,
  { join, conditions, groups }: FilterGroup
): FilterGroup {
  return {
    join,
    conditions: conditions.map(condition => {
      const property = columnOf(type, condition.column, 'filter')
      comparand(type, property, condition)
      return { ...condition, column: property.name }
    }),
    groups: groups.map(group => checkedWhere(type, group))
  }
}

/** The meaning of a condition: equality with a blank value is `IS_EMPTY`. */
export function meaningOf(
  property: PropertyRecord,
  { criterion, value }: FilterCondition
): Pick<FilterCondition, 'criterion' | 'value'> {
  const isEquality = criterion === 'EQUAL' || criterion === 'NOT_EQUAL'
  if (!isEquality || !isNothing(property, value)) return { criterion, value }
  return { criterion: 'IS_EMPTY', value: String(criterion === 'EQUAL') }
}

/** Whether `IS_EMPTY` has the value `true`, in any letter case; else it asks for the opposite. */
export function asksForEmpty(value: string | null): boolean {
  return value?.trim().toLowerCase() === 'true'
}

/**
 * The JSON value that a condition compares with; undefined for none.
 *
 * @throws ConnectorError `VALUE_INVALID`
 */
export function comparand(
  type: TypeRecord,
  property: PropertyRecord,
  condition: FilterCondition
): JsonValue | undefined {
  const { criterion, value } = meaningOf(property, condition)
  if (criterion === 'IS_EMPTY') return asksForEmpty(value)
  if (value === null || isBlank(value)) return undefined
  const { value: form } = property
  if (isPartCriterion(criterion) || form.form !== 'scalar') return value
  if (form.kind === 'json' || form.kind === 'any') return value
  return scalarToJson(form.kind, value, { type: type.name, property: property.name })
}

/**
 * Whether a criterion can be evaluated over the objects of an answer. Objects and lists can only be
 * empty or not; custom, write-only and secret values are never in an answer.
 */
export function isEvaluable(property: PropertyRecord, criterion: Criterion): boolean {
  if (property.custom || property.writeOnly || property.content === 'ContentPassword') return false
  return property.value.form === 'scalar' || criterion === 'IS_EMPTY'
}

/** The columns of a search that names none: those of plain text. */
export function textColumns(type: TypeRecord): readonly string[] {
  return type.properties
    .filter(
      ({ value }) => value.form === 'scalar' && (value.kind === 'text' || value.kind === 'any')
    )
    .filter(property => isEvaluable(property, 'CONTAINS'))
    .map(({ name }) => name)
}

/** Whether a value is blank, or the platform's date for none. */
function isNothing({ value: form }: PropertyRecord, value: string | null): boolean {
  if (value === null || isBlank(value)) return true
  if (form.form !== 'scalar' || (form.kind !== 'date' && form.kind !== 'date-time')) return false
  return dateFromFlow(form.kind, value.trim()) === null
}

/** Whether a text is missing or only white space. */
export function isBlank(value: string | null): boolean {
  return value === null || value.trim() === ''
}

/** Criteria that look for a part of a text. */
export type PartCriterion = 'CONTAINS' | 'STARTS_WITH' | 'ENDS_WITH'

export function isPartCriterion(criterion: Criterion): criterion is PartCriterion {
  return criterion === 'CONTAINS' || criterion === 'STARTS_WITH' || criterion === 'ENDS_WITH'
}

/** Describes a condition in messages, without its comparand, which may be secret. */
export function criterionWords({ criterion, value }: FilterCondition): string {
  const isNothing = criterion !== 'IS_EMPTY' && isBlank(value)
  return isNothing ? `${criterion} to a blank value` : criterion
}

/** The right side of a `where` entry that would take a condition. */
export function whereTarget(type: TypeRecord, condition: FilterCondition): string {
  const { criterion } = meaningOf(columnOf(type, condition.column, 'filter'), condition)
  return criterion === 'EQUAL' ? 'parameter' : `{${criterion}: parameter}`
}
