import { ConnectorError } from '../errors.ts'
import { CRITERIA } from '../model/mapping-record.ts'
import { EVERY_OBJECT } from '../plan/filter/every-object.ts'
import type { FilterCondition, FilterGroup, ListFilter } from '../plan/types.ts'
import { readFlowObjects } from './read-flow-objects.ts'
import type { RequestFilterGroup, RequestListFilter, RequestObject } from './schemas.ts'

type RequestCondition = NonNullable<RequestFilterGroup['where']>[number]

/**
 * Reads the `listFilter` of a load (docs/protocol.md#load). Without one, everything is loaded. An `id` that
 * is not blank takes precedence: the other members are not even validated.
 *
 * @param objectData Objects of the load, read only for `filterByProvidedObjects`. Those without an external
 *   id are ignored.
 * @throws ConnectorError CRITERION_UNKNOWN, BODY_INVALID
 */
export function readListFilter(
  filter: RequestListFilter | null | undefined,
  objectData?: readonly RequestObject[] | null
): ListFilter {
  if (filter == null) return EVERY_OBJECT
  if (!isBlank(filter.id)) return { ...EVERY_OBJECT, id: filter.id ?? null }
  const search = readSearch(filter)
  const where = readGroup(filter, '/listFilter')
  return {
    id: null,
    where: search.terms === null ? where : withGroup(where, search.terms),
    order: readOrder(filter),
    search: search.text,
    searchColumns: search.columns,
    limit: filter.limit ?? 0,
    offset: filter.offset ?? 0,
    offsetToken: isBlank(filter.offsetToken) ? null : (filter.offsetToken ?? null),
    providedIds: filter.filterByProvidedObjects ? externalIds(objectData ?? []) : null
  }
}

function externalIds(objects: readonly RequestObject[]): string[] {
  return readFlowObjects(objects, null, '/objectData').flatMap(object => object.externalId ?? [])
}

/** Reads one level of conditions. Groups without conditions are dropped. */
function readGroup(group: RequestFilterGroup, pointer: string): FilterGroup {
  const groups = (group.listFilters ?? []).map((inner, index) =>
    readGroup(inner, `${pointer}/listFilters/${index}`)
  )
  return {
    join: keyword(group.comparisonType, ['AND', 'OR'], `${pointer}/comparisonType`),
    conditions: (group.where ?? []).map((condition, index) =>
      readCondition(condition, `${pointer}/where/${index}`)
    ),
    groups: groups.filter(({ conditions, groups }) => conditions.length + groups.length > 0)
  }
}

function readCondition(condition: RequestCondition, pointer: string): FilterCondition {
  const column = condition.columnName ?? ''
  if (isBlank(column)) throw invalid(`${pointer}/columnName`, 'the name of a property')
  const name = condition.criteriaType?.trim().toUpperCase() ?? ''
  const criterion = CRITERIA.find(known => known === name)
  if (criterion === undefined) {
    throw new ConnectorError('CRITERION_UNKNOWN', {
      criterion: condition.criteriaType ?? '',
      known: CRITERIA.join(', ')
    })
  }
  // `value` is deprecated and can be stale: it is used only when `contentValue` is absent.
  const value = condition.contentValue === undefined ? condition.value : condition.contentValue
  if (isBlank(value) && (condition.objectData ?? []).length > 0) {
    throw invalid(`${pointer}/objectData`, 'a text to compare with in contentValue')
  }
  return { column, criterion, value: value ?? null }
}

/** Reads both forms of order, the older one first. The first entry of a column wins. */
function readOrder(filter: RequestListFilter): ListFilter['order'] {
  const legacy = {
    columnName: filter.orderByPropertyDeveloperName,
    direction: filter.orderByDirectionType,
    pointer: '/listFilter/orderByDirectionType'
  }
  const current = (filter.orderBy ?? []).map((order, index) => ({
    ...order,
    pointer: `/listFilter/orderBy/${index}/direction`
  }))
  const seen = new Set<string>()
  return [legacy, ...current].flatMap(({ columnName, direction, pointer }) => {
    const column = columnName ?? ''
    if (isBlank(column) || seen.has(column.toLowerCase())) return []
    seen.add(column.toLowerCase())
    return [{ column, direction: keyword(direction, ['ASC', 'DESC'], pointer) }]
  })
}

type Search = {
  readonly text: string | null
  readonly columns: readonly string[]
  /** Conditions that replace a search for different texts in different columns. */
  readonly terms: FilterGroup | null
}

/**
 * Reads the search text and the columns it is limited to. A column's own `query` overrides the text for that
 * column. Different texts become conditions, since a search has only one (docs/protocol.md#search).
 */
function readSearch({ search, searchCriteria }: RequestListFilter): Search {
  const text = isBlank(search) ? null : (search ?? null)
  const terms = (searchCriteria ?? []).flatMap(({ columnName, query }) => {
    const value = isBlank(query) ? text : (query ?? null)
    const column = columnName ?? ''
    return isBlank(column) || value === null ? [] : [{ column, value }]
  })
  if (new Set(terms.map(({ value }) => value)).size < 2) {
    return {
      text: terms[0]?.value ?? text,
      columns: terms.map(({ column }) => column),
      terms: null
    }
  }
  const conditions = terms.map(term => ({ ...term, criterion: 'CONTAINS' }) as const)
  return { text: null, columns: [], terms: { join: 'OR', conditions, groups: [] } }
}

/** Both groups, joined by AND. */
function withGroup(where: FilterGroup, group: FilterGroup): FilterGroup {
  if (where.join === 'AND') return { ...where, groups: [...where.groups, group] }
  return { join: 'AND', conditions: [], groups: [where, group] }
}

/** One of two keywords, in any case; the first when blank. */
function keyword<Word extends string>(
  given: string | null | undefined,
  words: readonly [Word, Word],
  pointer: string
): Word {
  if (isBlank(given)) return words[0]
  const word = words.find(known => known === given?.trim().toUpperCase())
  if (word === undefined) throw invalid(pointer, words.join(' or '))
  return word
}

function isBlank(text: string | null | undefined): boolean {
  return text == null || text.trim() === ''
}

function invalid(pointer: string, expected: string): ConnectorError {
  return new ConnectorError('BODY_INVALID', { pointer, expected: `expected ${expected}` })
}
