import type { JsonValue } from '../../base/json.ts'
import { isJsonArray, plainText } from '../../base/json.ts'
import { plainName } from '../../base/plain-name.ts'
import { ConnectorError } from '../../errors.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { Criterion } from '../../model/mapping-record.ts'
import type { PropertyRecord, TypeRecord } from '../../model/type-record.ts'
import { findProperty } from '../../objects/type-lookup.ts'
import type { FlowObject } from '../../objects/types.ts'
import type { FilterCondition, FilterGroup, ListFilter } from '../types.ts'
import type { Test } from './compile-filter.ts'
import { compileCondition } from './compile-filter.ts'
import { asksForEmpty, columnOf, criterionWords, meaningOf, whereTarget } from './filter-columns.ts'
import { textOf } from './column-values.ts'
import { columnSource } from './push-filter.ts'
import type { RemainingFilter, SplitFilter } from './split-filter.ts'
import { checkSortable } from './split-filter.ts'

/** Values that one reading of a list sends for its parameters, by name, besides those that are pushed. */
export type CallValues = { readonly [parameter: string]: string }

/** A list filter of which a part remains, and the parameters that it was split for. */
export type ScanSplit = {
  readonly parameters: readonly BoundParameter[]
  readonly pushed: SplitFilter['pushed']
  readonly remaining: RemainingFilter
  /** Conditions that choose among the objects: those that meet them, if there are any, else all. Default: none. */
  readonly preferred?: FilterGroup | null
}

/** What else decides about the readings; as of `scanCalls`. */
export type ScanBounds = {
  readonly order: ListFilter['order']
  readonly most: number
  readonly reserved: readonly (string | null)[]
}

/** The readings of a list that have every object which a remaining filter can ask for. */
export type ScanCalls = {
  readonly calls: readonly CallValues[]
  /** The order in which the objects are put: several readings lose that of the API. */
  readonly order: ListFilter['order']
}

/** A parameter that keeps to its default: the API answers with the objects whose column meets it. */
type Narrowing = {
  readonly parameter: BoundParameter
  readonly column: string
  readonly criterion: Criterion
  readonly given: string
}

/** Most words of an enum, times the conditions on its column, that are compared. */
const COMPARISONS_MAX = 50_000

const EVERYTHING: CallValues = {}

/**
 * Decides how often a list is read to evaluate what remains of a filter
 * (docs/x-flow.md#local-evaluation). Once, unless a condition remains on a column whose parameter has a
 * default: this narrows the list also where nothing is sent. The parameter is the one that is mapped from the
 * column, or an unmapped one of its name. Then the value of its enum that means all is
 * sent; without one, each value that the conditions leave, in a reading of its own.
 *
 * @param most Most readings.
 * @param reserved Names of parameters for paging.
 * @throws ConnectorError `FILTER_UNSUPPORTED` where the enum does not have all values that are asked
 *   for, where there is no enum, or with more readings than `most`; `ORDER_UNSUPPORTED` for an order that
 *   several readings lose, and that cannot be made here.
 */
export function scanCalls(
  type: TypeRecord,
  { parameters, pushed, remaining }: ScanSplit,
  { order, most, reserved }: ScanBounds
): ScanCalls {
  const { where } = remaining
  let calls: readonly CallValues[] = [EVERYTHING]
  for (const parameter of parameters) {
    const isUsed = pushed.has(parameter) || reserved.includes(parameter.name)
    const narrowing = isUsed ? undefined : narrowingOf(type, where, parameter)
    if (narrowing === undefined) continue
    const words = wordsToSend(type, where, narrowing)
    if (words.length * calls.length > most) throw unsupported(type, where, narrowing)
    calls = calls.flatMap(call => words.map(word => ({ ...call, [parameter.name]: word })))
  }
  if (calls.length === 1) return { calls, order: remaining.order }
  checkSortable(type, order)
  return { calls, order }
}

/** How the default of a parameter narrows what the conditions ask for; undefined where it does not. */
function narrowingOf(
  type: TypeRecord,
  where: FilterGroup,
  parameter: BoundParameter
): Narrowing | undefined {
  const defaults = textsOf(parameter.fallback ?? parameter.default)
  if (defaults.length === 0 || defaults.some(meansAll)) return undefined
  for (const { property, criterion } of columnsOf(type, parameter, defaults)) {
    const { name: column } = property
    const isAsked = conditionsIn(where).some(condition => condition.column === column)
    const isKept = where.conditions.some(
      condition =>
        condition.column === column &&
        meaningOf(property, condition).criterion === 'EQUAL' &&
        defaults.some(value =>
          compileCondition(type, { column, criterion, value })(holding(column, condition.value))
        )
    )
    if (isAsked && !isKept) return { parameter, column, criterion, given: defaults.join(', ') }
  }
  return undefined
}

/** The columns by which a parameter narrows: those that it is mapped from, else the one of its name. */
function columnsOf(
  type: TypeRecord,
  { name, in: location, sources }: BoundParameter,
  defaults: readonly string[]
): readonly { readonly property: PropertyRecord; readonly criterion: Criterion }[] {
  if (sources.length > 0) {
    return sources.flatMap(source => {
      const taken = columnSource(source)
      const property = taken && findProperty(type, taken.column)
      return taken === undefined || property === undefined
        ? []
        : { property, criterion: taken.criterion }
    })
  }
  const word = plainName(name)
  const named = type.properties.filter(property => plainName(property.key ?? '') === word)
  const isOfKind = (property: PropertyRecord): boolean =>
    defaults.every(value => textOf(property, value) !== null)
  return location === 'query'
    ? named.filter(isOfKind).map(property => ({ property, criterion: 'EQUAL' }))
    : []
}

/** The values that let through every object which the conditions ask for. */
function wordsToSend(
  type: TypeRecord,
  where: FilterGroup,
  narrowing: Narrowing
): readonly string[] {
  const { parameter, column, criterion } = narrowing
  const { allowed, kind } = parameter
  const words = allowed ?? (kind === 'boolean' ? ['true', 'false'] : [])
  const all = words.find(meansAll)
  if (all !== undefined) return [all]
  const conditions = conditionsIn(where).filter(condition => condition.column === column)
  if (words.length * conditions.length > COMPARISONS_MAX) throw unsupported(type, where, narrowing)
  const property = columnOf(type, column, 'filter')
  const objects = words.map(word => holding(column, word))
  const tests = new Map(
    conditions.map(condition => [condition, compileCondition(type, condition)] as const)
  )
  const isBeyond = [...tests].some(([condition, test]) => {
    const asked = meaningOf(property, condition)
    if (asked.criterion === 'IS_EMPTY') return asksForEmpty(asked.value)
    return asked.criterion === 'EQUAL' && !objects.some(object => test(object) === true)
  })
  const left = words.filter((_, index) => {
    const object = objects[index]
    return object !== undefined && mayMeet(tests, where, object)
  })
  if (criterion === 'EQUAL' && !isBeyond && left.length > 0) return left
  throw unsupported(type, where, narrowing)
}

/**
 * Whether an object may meet conditions, of which only the value of one column is known.
 *
 * @param tests Of the conditions on that column.
 */
function mayMeet(
  tests: ReadonlyMap<FilterCondition, Test>,
  where: FilterGroup,
  object: FlowObject
): boolean {
  const met = (condition: FilterCondition): boolean => tests.get(condition)?.(object) ?? true
  const metGroup = (inner: FilterGroup): boolean => mayMeet(tests, inner, object)
  return where.join === 'AND'
    ? where.conditions.every(met) && where.groups.every(metGroup)
    : where.conditions.some(met) || where.groups.some(metGroup)
}

/** An object with the value of one column. */
function holding(column: string, contentValue: string | null): FlowObject {
  const property = { developerName: column, contentType: null, contentValue, objectData: null }
  return { externalId: null, internalId: null, developerName: '', order: 0, properties: [property] }
}

function conditionsIn({ conditions, groups }: FilterGroup): readonly FilterCondition[] {
  return [...conditions, ...groups.flatMap(conditionsIn)]
}

/** A value as it is written in an enum that has one for all objects. */
function meansAll(word: string): boolean {
  return ['all', 'any', '*'].includes(word.toLowerCase())
}

function textsOf(value: JsonValue | undefined): string[] {
  if (value === undefined || value === null) return []
  const values = isJsonArray(value) ? value : [value]
  return values.map(plainText).filter(text => text.trim() !== '')
}

function unsupported(
  type: TypeRecord,
  where: FilterGroup,
  { parameter: { name }, column, given }: Narrowing
): ConnectorError {
  const condition = conditionsIn(where).find(one => one.column === column)
  return new ConnectorError('FILTER_UNSUPPORTED', {
    type: type.name,
    column,
    criterion: condition === undefined ? '' : criterionWords(condition),
    reason: `, because parameter "${name}" narrows the list to its default "${given}"`,
    mapping: condition === undefined ? 'parameter' : whereTarget(type, condition),
    other: `, or add a value for all objects, such as "all", to the \`enum\` of "${name}"`
  })
}
