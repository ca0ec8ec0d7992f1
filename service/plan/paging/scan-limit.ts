import { ConnectorError } from '../../errors.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import { criterionWords, whereTarget } from '../filter/filter-columns.ts'
import type { RemainingFilter } from '../filter/split-filter.ts'
import type { FilterCondition, FilterGroup } from '../types.ts'

/** How many names one message shows. */
const NAMED_MAX = 3

/** A part of a remaining filter, and the mapping entries that would push it. */
type Part = { readonly name: string; readonly entries: readonly string[] }

/**
 * The problem of a filter that cannot be evaluated completely, because the API has more objects than one
 * load reads (docs/x-flow.md#local-evaluation). It names what the API does not take, and what to map.
 *
 * @param reached The bound that was reached: objects (`SCAN_MAX_RECORDS`) or pages (`SCAN_MAX_PAGES`).
 */
export function scanLimit(
  type: TypeRecord,
  { where, search, order, providedIds }: RemainingFilter,
  reached: { readonly records: number } | { readonly pages: number }
): ConnectorError {
  const parts = [
    ...where.conditions.map(condition => conditionPart(type, condition)),
    ...where.groups.map(alternativesPart),
    ...(search === null ? [] : [searchPart(search)]),
    ...(order.length === 0 ? [] : [orderPart(order)]),
    ...(providedIds === null ? [] : [{ name: 'the objects that the flow provides', entries: [] }])
  ]
  const entries = new Set(parts.flatMap(part => part.entries))
  const add =
    entries.size === 0
      ? 'Narrow the load by a condition that the API takes, joined by AND'
      : `Add ${listed([...entries])} to \`x-flow-query.parameters\` of "${type.name}"`
  const [read, setting] =
    'records' in reached
      ? [`${reached.records} objects`, 'SCAN_MAX_RECORDS']
      : [`${reached.pages} pages`, 'SCAN_MAX_PAGES']
  const unpushed = listed(parts.map(({ name }) => name))
  return new ConnectorError('FILTER_SCAN_LIMIT', { type: type.name, unpushed, read, add, setting })
}

function conditionPart(type: TypeRecord, condition: FilterCondition): Part {
  const entry = `\`where: {${condition.column}: ${whereTarget(type, condition)}}\``
  return { name: conditionWords(condition), entries: [entry] }
}

/** Only equalities of one column can be mapped, as an array. */
function alternativesPart(group: FilterGroup): Part {
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
function searchPart({ columns }: NonNullable<RemainingFilter['search']>): Part {
  const [column, another] = columns
  const name = column === undefined ? 'the search' : `the search in ${listed(columns.map(quoted))}`
  if (column === undefined) return { name, entries: ['`parameter: search`'] }
  const entry = `\`where: {${column}: {CONTAINS: parameter}}\``
  return { name, entries: another === undefined ? [entry] : [] }
}

/** An order by several columns has no mapping. */
function orderPart(order: RemainingFilter['order']): Part {
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

/** `a, b and c`, or `a, b, c and 4 more`. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_MAX)
  const more = names.length - shown.length
  const parts = more === 0 ? shown : [...shown, `${more} more`]
  return [parts.slice(0, -1).join(', '), parts.at(-1)].filter(Boolean).join(' and ')
}
