import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import type { FilterGroup, ListFilter } from '../types.ts'
import { checkedWhere, columnOf, isEvaluable, meaningOf, textColumns } from './filter-columns.ts'
import { createPushing, pushAny, pushCondition } from './push-filter.ts'
import type { RemainingFilter } from './split-filter.ts'
import {
  andTerms,
  columnsOfOrder,
  countMembers,
  EVERYTHING,
  isSortable,
  splitFilter
} from './split-filter.ts'

/** A list filter for objects of the document, where no API takes a part of it. */
export type ExampleFilter = {
  /** What every object must meet, and the order. */
  readonly remaining: RemainingFilter
  /** The conditions that an API would take: objects that meet them are preferred. Null for none. */
  readonly preferred: FilterGroup | null
}

/**
 * Splits a list filter for the objects of an example (docs/x-flow.md#lists-in-examples): mapped conditions choose among
 * them; other conditions, order and search apply. What is mapped and cannot be evaluated is left out. Null for nothing.
 *
 * @throws ConnectorError as `splitFilter`.
 */
export function exampleFilter(
  operation: { readonly parameters: readonly BoundParameter[] },
  type: TypeRecord,
  filter: ListFilter
): ExampleFilter | null {
  const { remaining } = splitFilter(operation, type, filter)
  const where = remaining?.where ?? EVERYTHING
  const preferred = mappedConditions(operation, type, filter)
  const search = remaining?.search ?? mappedSearch(type, filter)
  const order = columnsOfOrder(type, filter).filter(({ column }) => isSortable(type, column))
  const providedIds = remaining?.providedIds ?? null
  const isFree = countMembers(where) + order.length === 0 && search === null
  if (isFree && providedIds === null && countMembers(preferred) === 0) return null
  return {
    remaining: { where, search, order, providedIds },
    preferred: countMembers(preferred) === 0 ? null : preferred
  }
}

/** The conditions that parameters take and that objects can be compared with. */
function mappedConditions(
  { parameters }: { readonly parameters: readonly BoundParameter[] },
  type: TypeRecord,
  filter: ListFilter
): FilterGroup {
  const pushing = createPushing(parameters)
  const { conditions, groups } = andTerms(checkedWhere(type, filter.where))
  const areEvaluable = (group: FilterGroup): boolean =>
    group.groups.every(areEvaluable) &&
    group.conditions.every(condition => {
      const property = columnOf(type, condition.column, 'filter')
      return isEvaluable(property, meaningOf(property, condition).criterion)
    })
  return {
    join: 'AND',
    conditions: conditions
      .filter(condition => pushCondition(pushing, type, condition))
      .filter(condition => areEvaluable({ ...EVERYTHING, conditions: [condition] })),
    groups: groups.filter(group => pushAny(pushing, type, group)).filter(areEvaluable)
  }
}

/** A search that a parameter takes, where the type has text that can be searched. */
function mappedSearch(
  type: TypeRecord,
  { search: text, searchColumns }: ListFilter
): RemainingFilter['search'] {
  if (text === null) return null
  const columns = searchColumns
    .map(column => columnOf(type, column, 'search'))
    .filter(property => isEvaluable(property, 'CONTAINS'))
    .map(({ name }) => name)
  const isPossible = searchColumns.length === 0 ? textColumns(type).length > 0 : columns.length > 0
  return isPossible ? { text, columns } : null
}
