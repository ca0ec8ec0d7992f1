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
import { pushAny, pushCondition, pushOrder, pushTo } from './push-filter.ts'
import type { FilterCondition, FilterGroup, ListFilter } from '../types.ts'

/**
 * What of a list filter its API does not take, so that it is evaluated over the objects that the API
 * gives. Columns are spelled as the type spells them.
 */
export type RemainingFilter = {
  /** Conditions and OR-ed groups that must all hold. */
  readonly where: FilterGroup
  /** A text that one of the columns must contain, else one of all of plain text; null for none. */
  readonly search: { readonly text: string; readonly columns: readonly string[] } | null
  /** Blank where the API's own order is kept. */
  readonly order: ListFilter['order']
  /** External ids that the flow provides, of which an object must have one; null for any. */
  readonly providedIds: ReadonlySet<string> | null
}

/** A list filter in two: what the API takes, and what remains to evaluate; null for nothing. */
export type SplitFilter = {
  readonly pushed: PushedValues
  readonly remaining: RemainingFilter | null
}

type Operation = { readonly parameters: readonly BoundParameter[] }
type Order = ListFilter['order']

/**
 * Gives the conditions, the order and the search of a list filter to the parameters that are mapped
 * from them, and says what remains. Each parameter takes one of them, so that none
 * is lost; what was pushed is the API's and is not evaluated again. Pushed are:
 *
 * - conditions joined by AND, at any depth; each goes to every parameter that takes its column and
 *   criterion, a second one of the same kind needs a parameter of its own;
 * - several OR-ed equalities of one column, where a parameter takes `any` of them, as one array;
 * - `EQUAL` and `NOT_EQUAL` to nothing where `IS_EMPTY` goes: they are a filter by emptiness;
 * - an order by one column, beside conditions that are left too: they keep the order of what they let
 *   through. An order by several columns is left whole;
 * - a search; one of a single column goes where `CONTAINS` of it goes, one of several is left.
 *
 * A search that is left looks in its columns, else in all of plain text.
 *
 * @throws ConnectorError `COLUMN_UNKNOWN` for what is no property of the type, `VALUE_INVALID` for a
 *   comparand that its property cannot have; `FILTER_UNSUPPORTED`, `ORDER_UNSUPPORTED` and
 *   `SEARCH_UNSUPPORTED` for what is left and cannot be evaluated either, because no answer shows it
 *   (custom, write-only and secret properties) or it compares objects and lists with a text.
 */
export function splitFilter(
  operation: Operation,
  type: TypeRecord,
  filter: ListFilter
): SplitFilter {
  if (asksForAll(filter)) return NOTHING_ASKED
  const given = checkedWhere(type, filter.where)
  const order = filter.order.map(({ column, direction }) => ({
    column: columnOf(type, column, 'order').name,
    direction
  }))
  const pushing = pushTo(operation)
  const { conditions, groups } = andTerms(given)
  const where: FilterGroup = {
    join: 'AND',
    conditions: conditions.filter(condition => !pushCondition(pushing, type, condition)),
    groups: groups.filter(group => !pushAny(pushing, type, group))
  }
  const search = searchLeft(pushing, type, filter)
  const orderLeft = pushOrder(pushing, type, order) ? [] : order
  checkEvaluable(type, where)
  checkSortable(type, orderLeft)
  const { pushed } = pushing
  const providedIds = filter.providedIds === null ? null : new Set(filter.providedIds)
  const isNothingLeft =
    where.conditions.length + where.groups.length + orderLeft.length === 0 &&
    search === null &&
    providedIds === null
  return {
    pushed,
    remaining: isNothingLeft ? null : { where, search, order: orderLeft, providedIds }
  }
}

const NOTHING_ASKED: SplitFilter = { pushed: new Map(), remaining: null }

/** Most loads have no filter. */
function asksForAll({ where, order, search, providedIds }: ListFilter): boolean {
  return (
    where.conditions.length + where.groups.length + order.length === 0 &&
    search === null &&
    providedIds === null
  )
}

/** The search that the API does not take; null when there is none. */
function searchLeft(
  pushing: Pushing,
  type: TypeRecord,
  { search: text, searchColumns }: ListFilter
): RemainingFilter['search'] {
  if (text === null) return null
  const columns = searchColumns.map(column => columnOf(type, column, 'search').name)
  if (columns.length === 0) {
    const isPushed = pushing.push(
      source => source.from === 'search',
      () => text
    )
    if (isPushed) return null
    if (textColumns(type).length > 0) return { text, columns }
    throw new ConnectorError('SEARCH_UNSUPPORTED', { type: type.name })
  }
  const conditions = columns.map(
    column => ({ column, criterion: 'CONTAINS', value: text }) as const
  )
  const [condition, second] = conditions
  const isOne = condition !== undefined && second === undefined
  if (isOne && pushCondition(pushing, type, condition)) return null
  checkEvaluable(type, { join: 'OR', conditions, groups: [] })
  return { text, columns }
}

function checkEvaluable(type: TypeRecord, { conditions, groups }: FilterGroup): void {
  for (const condition of conditions) {
    const property = columnOf(type, condition.column, 'filter')
    const { criterion } = meaningOf(property, condition)
    if (!isEvaluable(property, criterion)) throw unsupported(type, condition)
  }
  for (const group of groups) checkEvaluable(type, group)
}

function checkSortable(type: TypeRecord, order: Order): void {
  for (const { column } of order) {
    if (isEvaluable(columnOf(type, column, 'order'), 'LESS_THAN')) continue
    throw new ConnectorError('ORDER_UNSUPPORTED', { type: type.name, column })
  }
}

function unsupported(type: TypeRecord, condition: FilterCondition): ConnectorError {
  return new ConnectorError('FILTER_UNSUPPORTED', {
    type: type.name,
    column: condition.column,
    criterion: criterionWords(condition),
    mapping: whereTarget(type, condition)
  })
}

/** The group that every object meets. */
const EVERYTHING: FilterGroup = { join: 'AND', conditions: [], groups: [] }

/**
 * The same filter as terms that must all hold: the conditions of the result, and its
 * groups, each of which joins at least two members by OR. Groups with the same join as the one around
 * them, and those with one member, are no groups; empty ones contribute nothing, nor do conditions
 * that every object meets.
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

function countMembers({ conditions, groups }: FilterGroup): number {
  return conditions.length + groups.length
}

/** A blank text is part of every text. */
function meetsAll({ criterion, value }: FilterCondition): boolean {
  return isPartCriterion(criterion) && isBlank(value)
}
