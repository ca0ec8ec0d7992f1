import { ConnectorError } from '../errors.ts'
import type { FilterCondition, FilterGroup, ListFilter } from './types.ts'

/** Conditions of which one must hold. */
type Alternatives = readonly FilterCondition[]

/**
 * The conditions of a list filter, with a search that is limited to columns written as what it means:
 * that one of them contains the text (protocol 7.4).
 */
export function searchedWhere({ where, search, searchColumns }: ListFilter): FilterGroup {
  if (search === null || searchColumns.length === 0) return where
  const conditions = searchColumns.map(
    column => ({ column, criterion: 'CONTAINS', value: search }) as const
  )
  const searched: FilterGroup = { join: 'OR', conditions, groups: [] }
  return { join: 'AND', conditions: [], groups: [where, searched] }
}

/**
 * Flattens a filter to terms that must all hold, each a list of alternatives (protocol 7.3): nested
 * groups with the same join, and those with one member, are no groups; empty ones contribute nothing,
 * nor do conditions that every object meets.
 *
 * @throws ConnectorError `FILTER_OR_UNSUPPORTED` for OR-ed groups whose members are joined by AND.
 */
export function andTerms(where: FilterGroup, type: string): readonly Alternatives[] {
  return reduce(where, type) ?? []
}

/** Undefined for an empty group; no terms for one that every object meets. */
function reduce(
  { join, conditions, groups }: FilterGroup,
  type: string
): Alternatives[] | undefined {
  const parts = [
    ...conditions.map(condition => (meetsAll(condition) ? [] : [[condition]])),
    ...groups.map(group => reduce(group, type)).filter(part => part !== undefined)
  ]
  const [first] = parts
  if (parts.length < 2) return first
  if (join === 'AND') return parts.flat()
  if (parts.some(part => part.length === 0)) return []
  if (parts.every(part => part.length === 1)) return [parts.flat(2)]
  throw new ConnectorError('FILTER_OR_UNSUPPORTED', { type })
}

/** A blank text is part of every text. */
function meetsAll({ criterion, value }: FilterCondition): boolean {
  const isPart =
    criterion === 'CONTAINS' || criterion === 'STARTS_WITH' || criterion === 'ENDS_WITH'
  return isPart && (value === null || value === '')
}
