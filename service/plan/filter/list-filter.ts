import { ConnectorError } from '../../errors.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import { checkedWhere, columnOf, isEvaluable, meaningOf, textColumns } from './filter-columns.ts'
import { andTerms } from './filter-terms.ts'
import { criterionWords, whereTarget } from './filter-words.ts'
import type { PushedValues, Pushing } from './push-filter.ts'
import { pushAny, pushCondition, pushOrder, pushTo } from './push-filter.ts'
import type { RestFilter } from './rest-filter.ts'
import type { FilterCondition, FilterGroup, ListFilter } from '../types.ts'

/** A list filter in two: what the API takes, and what is left to evaluate; null for nothing. */
export type SplitFilter = { readonly pushed: PushedValues; readonly rest: RestFilter | null }

type Operation = { readonly parameters: readonly BoundParameter[] }
type Order = ListFilter['order']

/**
 * Gives the conditions, the order and the search of a list filter to the parameters that are mapped
 * from them, and says what is left (x-flow 5 and 5.1). Each parameter takes one of them, so that none
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
  if (asksForAll(filter)) return EVERYTHING
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
  return { pushed, rest: isNothingLeft ? null : { where, search, order: orderLeft, providedIds } }
}

const EVERYTHING: SplitFilter = { pushed: new Map(), rest: null }

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
): RestFilter['search'] {
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
