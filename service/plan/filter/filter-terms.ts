import type { Criterion } from '../../model/mapping-record.ts'
import type { FilterCondition, FilterGroup } from '../types.ts'

/** The group that every object meets. */
const EVERYTHING: FilterGroup = { join: 'AND', conditions: [], groups: [] }

/** No text, or nothing but white space: the same as no comparand (protocol 7.3). */
export function isBlank(value: string | null): boolean {
  return value === null || value.trim() === ''
}

/** Criteria that look for a part of a text. */
export type PartCriterion = 'CONTAINS' | 'STARTS_WITH' | 'ENDS_WITH'

export function isPartCriterion(criterion: Criterion): criterion is PartCriterion {
  return criterion === 'CONTAINS' || criterion === 'STARTS_WITH' || criterion === 'ENDS_WITH'
}

/**
 * The same filter as terms that must all hold (protocol 7.3): the conditions of the result, and its
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
