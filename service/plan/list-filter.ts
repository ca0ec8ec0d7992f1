import type { JsonValue } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import { ConnectorError, suggestion } from '../errors.ts'
import type {
  Criterion,
  OperationRecord,
  ParameterRecord,
  PropertyRecord,
  Source,
  TypeRecord
} from '../model/types.ts'
import { scalarToJson } from '../objects/scalar-text.ts'
import { findProperty } from '../objects/type-lookup.ts'
import { andTerms, searchedWhere } from './filter-terms.ts'
import type { FilterCondition, FilterGroup, ListFilter } from './types.ts'

/** What an API's parameters get from a list filter. */
export type PushedValues = ReadonlyMap<ParameterRecord, JsonValue>

type Accepts = (source: Source) => boolean

/** Gives values to all parameters with a source; false when none is left that has it. */
type Push = (accepts: Accepts, value: (parameter: ParameterRecord) => JsonValue) => boolean

/**
 * Checks that an operation takes everything that a list filter asks for, so that nothing of it is
 * dropped in silence (x-flow 5.1).
 *
 * @throws ConnectorError as `pushFilter`.
 */
export function checkFilter(
  operation: Pick<OperationRecord, 'parameters'>,
  type: TypeRecord,
  filter: ListFilter
): void {
  pushFilter(operation, type, filter)
}

/**
 * Gives the conditions, the order and the search of a list filter to the parameters that are mapped
 * from them (x-flow 5 and 5.1). Each parameter takes one of them, so that none is lost:
 *
 * - conditions joined by AND, at any depth; each goes to every parameter that takes its column and
 *   criterion, a second one of the same kind needs a parameter of its own;
 * - several OR-ed equalities of one column, where a parameter takes `any` of them, as one array;
 * - `EQUAL` and `NOT_EQUAL` to nothing are a filter by emptiness, so they go where `IS_EMPTY` goes;
 * - a search of one column goes where `CONTAINS` of it goes.
 *
 * @throws ConnectorError `COLUMN_UNKNOWN` for what is no property of the type, `VALUE_INVALID` for a
 *   comparand that its property cannot have, `FILTER_UNSUPPORTED`, `FILTER_OR_UNSUPPORTED`,
 *   `ORDER_UNSUPPORTED`, `SEARCH_UNSUPPORTED` and `PROVIDED_OBJECTS_UNSUPPORTED` for what the API
 *   does not take.
 */
export function pushFilter(
  operation: Pick<OperationRecord, 'parameters'>,
  type: TypeRecord,
  filter: ListFilter
): PushedValues {
  if (filter.filterByProvidedObjects) {
    throw new ConnectorError('PROVIDED_OBJECTS_UNSUPPORTED', { type: type.name })
  }
  checkColumns(type, filter)
  const pushed = new Map<ParameterRecord, JsonValue>()
  const push: Push = (accepts, value) => {
    const takers = operation.parameters.filter(
      parameter => !pushed.has(parameter) && parameter.sources.some(accepts)
    )
    for (const parameter of takers) pushed.set(parameter, value(parameter))
    return takers.length > 0
  }
  for (const alternatives of andTerms(searchedWhere(filter), type.name)) {
    const [condition] = alternatives
    if (condition === undefined) continue
    if (alternatives.length === 1) pushCondition(push, type, condition)
    else pushAny(push, type, alternatives)
  }
  pushOrder(push, type, filter)
  const { search } = filter
  if (search !== null && filter.searchColumns.length === 0) {
    const isPushed = push(
      source => source.from === 'search',
      () => search
    )
    if (!isPushed) throw new ConnectorError('SEARCH_UNSUPPORTED', { type: type.name })
  }
  return pushed
}

function pushCondition(push: Push, type: TypeRecord, condition: FilterCondition): void {
  const property = columnOf(type, condition.column, 'filter')
  const { criterion, value } = effective(property, condition)
  const json = comparand(type, property, criterion, value)
  const isPushed =
    json !== undefined &&
    push(
      source => takes(source, property, criterion),
      ({ sources }) => {
        const isArray = sources.some(
          source => takes(source, property, criterion) && source.from === 'filter' && source.any
        )
        return isArray ? [json] : json
      }
    )
  if (isPushed) return
  throw new ConnectorError('FILTER_UNSUPPORTED', {
    type: type.name,
    column: property.name,
    criterion: isBlank(condition.value)
      ? `${condition.criterion} to a blank value`
      : condition.criterion,
    mapping: criterion === 'EQUAL' ? 'parameter' : `{${criterion}: parameter}`
  })
}

/** Several alternatives: pushed where they are equalities of one column that is taken as an array. */
function pushAny(push: Push, type: TypeRecord, conditions: readonly FilterCondition[]): void {
  const properties = new Set(conditions.map(({ column }) => columnOf(type, column, 'filter')))
  const [property] = properties
  const isOneColumn = properties.size === 1 && conditions.every(c => c.criterion === 'EQUAL')
  if (property !== undefined && isOneColumn) {
    const values = conditions
      .map(({ value }) => comparand(type, property, 'EQUAL', value))
      .filter(value => value !== undefined)
    const isPushed =
      values.length === conditions.length &&
      push(
        source => source.from === 'filter' && source.any && takes(source, property, 'EQUAL'),
        () => values
      )
    if (isPushed) return
  }
  throw new ConnectorError('FILTER_OR_UNSUPPORTED', { type: type.name })
}

function pushOrder(push: Push, type: TypeRecord, { order }: ListFilter): void {
  const [first, second] = order
  if (first === undefined) return
  const property = columnOf(type, first.column, 'order')
  const refuse = (reason: string): ConnectorError =>
    new ConnectorError('ORDER_UNSUPPORTED', { type: type.name, column: property.name, reason })
  if (second !== undefined) {
    throw refuse(` and "${columnOf(type, second.column, 'order').name}" at once`)
  }
  const name = property.key ?? property.name
  const isPushed = push(
    source => source.from === 'order',
    ({ sources }) => {
      const template = sources.find(source => source.from === 'order')
      const text = first.direction === 'ASC' ? template?.ascending : template?.descending
      return (text ?? '{name}').replaceAll('{name}', () => name)
    }
  )
  if (isPushed) return
  const takesColumn = push(
    source => source.from === 'orderBy',
    () => name
  )
  if (!takesColumn) throw refuse('')
  const takesDirection = push(
    source => source.from === 'direction',
    ({ allowed }) => directionWord(first.direction, allowed)
  )
  if (!takesDirection && first.direction === 'DESC') throw refuse(' in descending order')
}

/** A direction as the parameter spells it: `asc`, `ascending`. */
function directionWord(direction: 'ASC' | 'DESC', allowed: readonly string[] | null): string {
  return allowed?.find(word => word.toUpperCase().startsWith(direction)) ?? direction
}

/** Whether a source takes conditions of a column; a plain property takes equality. */
function takes(source: Source, property: PropertyRecord, criterion: Criterion): boolean {
  if (source.from === 'filter') {
    return source.criterion === criterion && isColumn(source.column, property)
  }
  const [column, inner] = source.from === 'property' ? source.path : []
  const isPlain = column !== undefined && inner === undefined
  return isPlain && criterion === 'EQUAL' && isColumn(column, property)
}

function isColumn(name: string, property: PropertyRecord): boolean {
  return name.toLowerCase() === property.name.toLowerCase()
}

/** Comparing with nothing is asking for emptiness (protocol 7.3). */
function effective(
  { name: column }: PropertyRecord,
  { criterion, value }: FilterCondition
): FilterCondition {
  if (isBlank(value) && criterion === 'EQUAL') {
    return { column, criterion: 'IS_EMPTY', value: 'true' }
  }
  if (isBlank(value) && criterion === 'NOT_EQUAL') {
    return { column, criterion: 'IS_EMPTY', value: 'false' }
  }
  return { column, criterion, value }
}

/** What a condition compares with, in the JSON form of its column; undefined for nothing. */
function comparand(
  type: TypeRecord,
  property: PropertyRecord,
  criterion: Criterion,
  text: string | null
): JsonValue | undefined {
  if (criterion === 'IS_EMPTY') return text?.trim().toLowerCase() === 'true'
  if (text === null || isBlank(text)) return undefined
  const isPartOfText = ['CONTAINS', 'STARTS_WITH', 'ENDS_WITH'].includes(criterion)
  if (isPartOfText || property.value.form !== 'scalar' || property.value.kind === 'json') {
    return text
  }
  return scalarToJson(property.value.kind, text, { type: type.name, property: property.name })
}

function isBlank(value: string | null): boolean {
  return value === null || value.trim() === ''
}

function checkColumns(type: TypeRecord, { where, order, search, searchColumns }: ListFilter): void {
  checkGroup(type, where)
  for (const { column } of order) columnOf(type, column, 'order')
  if (search === null) return
  for (const column of searchColumns) columnOf(type, column, 'search')
}

function checkGroup(type: TypeRecord, { conditions, groups }: FilterGroup): void {
  for (const { column } of conditions) columnOf(type, column, 'filter')
  for (const group of groups) checkGroup(type, group)
}

function columnOf(
  type: TypeRecord,
  column: string,
  clause: 'filter' | 'order' | 'search'
): PropertyRecord {
  const property = findProperty(type, column)
  if (property !== undefined) return property
  const names = type.properties.map(({ name }) => name)
  throw new ConnectorError('COLUMN_UNKNOWN', {
    type: type.name,
    column,
    clause,
    suggestion: suggestion(nearest(column, names))
  })
}
