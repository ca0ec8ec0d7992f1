import { ConnectorError } from '../../errors.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import { criterionWords, whereTarget } from '../filter/filter-columns.ts'
import type { RemainingFilter } from '../filter/split-filter.ts'
import type { FilterCondition, FilterGroup } from '../types.ts'

/** Names in one message at the most. */
const NAMED_MAX = 3

/** Something that is left of a filter, and what of the mapping would make the API take it. */
type Left = { readonly name: string; readonly entries: readonly string[] }

/**
 * The problem of a filter that cannot be evaluated to its end, because the API has more objects than
 * one load reads (x-flow 5.1). It names what the API does not take, and what to map.
 *
 * @param reached The bound that was reached: objects (`SCAN_MAX_RECORDS`) or pages (`SCAN_MAX_PAGES`).
 */
export function scanLimit(
  type: TypeRecord,
  { where, search, order, providedIds }: RemainingFilter,
  reached: { readonly records: number } | { readonly pages: number }
): ConnectorError {
  const left = [
    ...where.conditions.map(condition => leftCondition(type, condition)),
    ...where.groups.map(leftAlternatives),
    ...(search === null ? [] : [leftSearch(search)]),
    ...(order.length === 0 ? [] : [leftOrder(order)]),
    ...(providedIds === null ? [] : [{ name: 'the objects that the flow provides', entries: [] }])
  ]
  const entries = new Set(left.flatMap(part => part.entries))
  const add =
    entries.size === 0
      ? 'Narrow the load by a condition that the API takes, joined by AND'
      : `Add ${listed([...entries])} to \`x-flow-query.parameters\` of "${type.name}"`
  const [read, setting] =
    'records' in reached
      ? [`${reached.records} objects`, 'SCAN_MAX_RECORDS']
      : [`${reached.pages} pages`, 'SCAN_MAX_PAGES']
  const unpushed = listed(left.map(({ name }) => name))
  return new ConnectorError('FILTER_SCAN_LIMIT', { type: type.name, unpushed, read, add, setting })
}

function leftCondition(type: TypeRecord, condition: FilterCondition): Left {
  const entry = `\`where: {${condition.column}: ${whereTarget(type, condition)}}\``
  return { name: conditionWords(condition), entries: [entry] }
}

/** Only equalities of one column can be mapped, as an array. */
function leftAlternatives(group: FilterGroup): Left {
  const columns = new Set(group.conditions.map(({ column }) => column))
  const [column, another] = columns
  const isList =
    another === undefined &&
    group.groups.length === 0 &&
    group.conditions.every(({ criterion }) => criterion === 'EQUAL')
  const entry = `\`where: {${column}: {EQUAL: {parameter: parameter, any: true}}}\``
  const names = new Set(conditionsIn(group).map(conditionWords))
  return { name: `the OR of ${listed([...names])}`, entries: isList ? [entry] : [] }
}

/** A search of several columns at once has no mapping. */
function leftSearch({ columns }: NonNullable<RemainingFilter['search']>): Left {
  const [column, another] = columns
  const name = column === undefined ? 'the search' : `the search in ${listed(columns.map(quoted))}`
  if (column === undefined) return { name, entries: ['`parameter: search`'] }
  const entry = `\`where: {${column}: {CONTAINS: parameter}}\``
  return { name, entries: another === undefined ? [entry] : [] }
}

/** An order by several columns has no mapping. */
function leftOrder(order: RemainingFilter['order']): Left {
  const name = `the order by ${listed(order.map(({ column }) => quoted(column)))}`
  const entries = ['`parameter: orderBy`', '`parameter: direction`']
  return { name, entries: order.length === 1 ? entries : [] }
}

function conditionsIn({ conditions, groups }: FilterGroup): readonly FilterCondition[] {
  return [...conditions, ...groups.flatMap(conditionsIn)]
}

function conditionWords(condition: FilterCondition): string {
  return `${quoted(condition.column)} by ${criterionWords(condition)}`
}

function quoted(name: string): string {
  return `"${name}"`
}

/** `a, b and c`; what is too much is counted. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_MAX)
  const rest = names.length - shown.length
  const parts = rest === 0 ? shown : [...shown, `${rest} more`]
  return [parts.slice(0, -1).join(', '), parts.at(-1)].filter(Boolean).join(' and ')
}
