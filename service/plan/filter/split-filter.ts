import { ConnectorError } from '../../errors.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import {
  checkedWhere,
  columnOf,
  criterionWords,
  isBlank,
  isEvaluable,
  isPartCriterion,
  meaningOf,
  textColumns,
  whereTarget
} from './filter-columns.ts'
import type { PushedValues, Pushing } from './push-filter.ts'
import { createPushing, pushAny, pushCondition, pushOrder, pushSearch } from './push-filter.ts'
import type { FilterCondition, FilterGroup, ListFilter } from '../types.ts'

/**
 * The part of a list filter that its API does not take, evaluated here over the API's objects. Columns
 * are spelled as in the type.
 */
export type RemainingFilter = {
  /** Conditions and OR-ed groups that must all hold. */
  readonly where: FilterGroup
  /** A text that one of the columns must contain; no columns for all of plain text; null for none. */
  readonly search: { readonly text: string; readonly columns: readonly string[] } | null
  /** Empty where the API's order is kept. */
  readonly order: ListFilter['order']
  /** External ids of the objects that the flow provides; null for any object. */
  readonly providedIds: ReadonlySet<string> | null
}

type AnyFilter = Pick<ListFilter, 'where' | 'order'> & {
  readonly search: unknown
  readonly providedIds: unknown
}

/** A list filter in two parts: for the API, and the remaining one; null for nothing. */
export type SplitFilter = {
  readonly pushed: PushedValues
  readonly remaining: RemainingFilter | null
}

/**
 * Pushes the conditions, the order and the search of a list filter to the parameters that are mapped
 * from them (docs/x-flow.md#filters-order-and-search). Each parameter takes one part, if its enum has the
 * value. Pushed are:
 *
 * - conditions joined by AND, at any depth, each to every parameter of its column and criterion; a
 *   second one of the same kind needs another parameter;
 * - several OR-ed equalities of one column, as one array, to a parameter with `any`;
 * - `EQUAL` and `NOT_EQUAL` to a blank value as `IS_EMPTY`;
 * - an order by one column, also beside conditions that remain, as they keep it;
 * - a search; one of a single column as `CONTAINS`. One of several columns remains.
 *
 * @param operation.isGuessed Nobody has declared what its parameters take: conditions that are pushed are evaluated here,
 *   too. Default false.
 * @throws ConnectorError `COLUMN_UNKNOWN`; `VALUE_INVALID` for a comparand that its property cannot
 *   have; `FILTER_UNSUPPORTED`, `ORDER_UNSUPPORTED` and `SEARCH_UNSUPPORTED` for a remaining part that
 *   cannot be evaluated, because answers do not have the property (custom, write-only and secret ones)
 *   or it compares objects and lists with a text.
 */
export function splitFilter(
  operation: { readonly parameters: readonly BoundParameter[]; readonly isGuessed?: boolean },
  type: TypeRecord,
  filter: ListFilter
): SplitFilter {
  if (asksForAll(filter)) return NOTHING_ASKED
  const order = columnsOfOrder(type, filter)
  const pushing = createPushing(operation.parameters)
  const { conditions, groups } = andTerms(checkedWhere(type, filter.where))
  const isLeft = (condition: FilterCondition): boolean =>
    !pushCondition(pushing, type, condition) ||
    (operation.isGuessed === true && isEvaluableHere(type, condition))
  const where: FilterGroup = {
    join: 'AND',
    conditions: conditions.filter(isLeft),
    groups: groups.filter(group => !pushAny(pushing, type, group))
  }
  const search = searchLeft(pushing, type, filter)
  const orderLeft = pushOrder(pushing, type, order) ? [] : order
  checkEvaluable(type, where)
  checkSortable(type, orderLeft)
  const { pushed } = pushing
  const providedIds = filter.providedIds === null ? null : new Set(filter.providedIds)
  const remaining = { where, search, order: orderLeft, providedIds }
  return { pushed, remaining: asksForAll(remaining) ? null : remaining }
}

/** The order of a filter, its columns spelled as in the type. */
export function columnsOfOrder(type: TypeRecord, { order }: ListFilter): ListFilter['order'] {
  return order.map(({ column, direction }) => ({
    column: columnOf(type, column, 'order').name,
    direction
  }))
}

const NOTHING_ASKED: SplitFilter = { pushed: new Map(), remaining: null }

function asksForAll({ where, order, search, providedIds }: AnyFilter): boolean {
  return (
    where.conditions.length + where.groups.length + order.length === 0 &&
    search === null &&
    providedIds === null
  )
}

/** The search that remains. */
function searchLeft(
  pushing: Pushing,
  type: TypeRecord,
  { search: text, searchColumns }: ListFilter
): RemainingFilter['search'] {
  if (text === null) return null
  const columns = searchColumns.map(column => columnOf(type, column, 'search').name)
  if (pushSearch(pushing, type, text, columns)) return null
  if (columns.length === 0 && textColumns(type).length === 0) {
    throw new ConnectorError('SEARCH_UNSUPPORTED', { type: type.name })
  }
  const conditions = columns.map(
    column => ({ column, criterion: 'CONTAINS', value: text }) as const
  )
  checkEvaluable(type, { join: 'OR', conditions, groups: [] })
  return { text, columns }
}

function checkEvaluable(type: TypeRecord, { conditions, groups }: FilterGroup): void {
  for (const condition of conditions) {
    if (!isEvaluableHere(type, condition)) throw unsupported(type, condition)
  }
  for (const group of groups) checkEvaluable(type, group)
}

/** Whether a condition can be evaluated over the objects of an answer. */
export function isEvaluableHere(type: TypeRecord, condition: FilterCondition): boolean {
  const property = columnOf(type, condition.column, 'filter')
  return isEvaluable(property, meaningOf(property, condition).criterion)
}

/** @throws ConnectorError `ORDER_UNSUPPORTED` for a column whose values answers do not have. */
export function checkSortable(type: TypeRecord, order: ListFilter['order']): void {
  for (const { column } of order) {
    if (isSortable(type, column)) continue
    throw new ConnectorError('ORDER_UNSUPPORTED', { type: type.name, column })
  }
}

export function isSortable(type: TypeRecord, column: string): boolean {
  return isEvaluable(columnOf(type, column, 'order'), 'LESS_THAN')
}

function unsupported(type: TypeRecord, condition: FilterCondition): ConnectorError {
  return new ConnectorError('FILTER_UNSUPPORTED', {
    type: type.name,
    column: condition.column,
    criterion: criterionWords(condition),
    reason: '',
    mapping: whereTarget(type, condition),
    other: ''
  })
}

/** A group that every object meets. */
export const EVERYTHING: FilterGroup = { join: 'AND', conditions: [], groups: [] }

/**
 * Normalizes a filter to terms that are joined by AND: conditions, and groups that join at least two
 * members by OR. Groups with the join of their parent or a single member are merged into it; empty
 * groups and conditions that every object meets are removed.
 */
export function andTerms(where: FilterGroup): FilterGroup {
  const reduced = reduce(where) ?? EVERYTHING
  return reduced.join === 'AND' ? reduced : { ...EVERYTHING, groups: [reduced] }
}

/** Undefined for an empty group; without members for one that every object meets. */
function reduce({ join, conditions, groups }: FilterGroup): FilterGroup | undefined {
  const parts = [
    ...conditions.map(condition =>
      meetsAll(condition) ? EVERYTHING : { ...EVERYTHING, conditions: [condition] }
    ),
    ...groups.map(reduce).filter(part => part !== undefined)
  ]
  const telling = parts.filter(part => countMembers(part) > 0)
  const isMetByAll = join === 'AND' ? telling.length === 0 : telling.length < parts.length
  if (parts.length > 0 && isMetByAll) return EVERYTHING
  const [first] = telling
  if (telling.length < 2) return first
  const merges = (part: FilterGroup): boolean => part.join === join || countMembers(part) === 1
  return {
    join,
    conditions: telling.filter(merges).flatMap(part => part.conditions),
    groups: telling.flatMap(part => (merges(part) ? part.groups : [part]))
  }
}

export function countMembers({ conditions, groups }: FilterGroup): number {
  return conditions.length + groups.length
}

/** Whether every object meets a condition: a blank text is part of every text. */
function meetsAll({ criterion, value }: FilterCondition): boolean {
  return isPartCriterion(criterion) && isBlank(value)
}
