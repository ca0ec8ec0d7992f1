import type { Criterion } from '../../model/mapping-record.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import type { FlowObject } from '../../objects/types.ts'
import type { FilterCondition, FilterGroup } from '../types.ts'
import type { ColumnValues } from './column-values.ts'
import { columnValues, textOf } from './column-values.ts'
import { compareKeys, FOLDED_MAX, folded, sortKey } from './compare-values.ts'
import type { PartCriterion } from './filter-columns.ts'
import {
  asksForEmpty,
  columnOf,
  isBlank,
  isPartCriterion,
  meaningOf,
  textColumns
} from './filter-columns.ts'
import { createPartFinder } from './find-part.ts'
import type { RemainingFilter } from './split-filter.ts'

/** A compiled filter. */
export type Evaluator = {
  /**
   * Whether an object meets the filter; undefined if more must be evaluated. Then it is called again with the
   * same object, and continues.
   */
  evaluate(object: FlowObject): boolean | undefined
}

/** Whether an object meets a condition; undefined if a long text must be searched further. */
export type Test = (object: FlowObject) => boolean | undefined

/** A test, and what follows: the next one, or the outcome. */
type Node = {
  readonly test: Test
  /** Whose text the test looks at. */
  readonly column: ColumnValues | null
  readonly met: Node | boolean
  readonly unmet: Node | boolean
}

/** A part of a filter, which is put between what follows if it is met, and if not. */
type Part = (met: Node | boolean, unmet: Node | boolean) => Node | boolean

/** Characters that are looked at in one go, about. */
const STEP_LENGTH = 1_000_000
/** What a test costs besides its text, in characters. */
const TEST_COST = 100

/**
 * Compiles the remaining filter, once for a request: columns are looked up and comparands folded here. An object
 * meets it if it is one of the provided objects, the conditions hold, and one of the searched columns contains
 * the text.
 *
 * - Values compare by the kind of their property; see `compareKeys`.
 * - `CONTAINS` and its like ignore case and test the text that the flow sees: of a date its ISO form, of
 *   a number its digits. A blank text is in everything.
 * - Equality with a blank value is `IS_EMPTY`. A property without value equals no other value, differs
 *   from all, and is neither greater nor less.
 * - Blank text is empty, as is an object or list without objects.
 */
export function compileFilter(
  type: TypeRecord,
  { where, search, providedIds }: RemainingFilter
): Evaluator {
  const columns = columnsOf(type)
  const isProvided: Test = object => providedIds?.has(object.externalId ?? '') ?? true
  const parts: Part[] = [single(isProvided, null), groupPart(columns, where)]
  if (search !== null) {
    const names = search.columns.length > 0 ? search.columns : textColumns(type)
    const conditions = names.map(
      column => ({ column, criterion: 'CONTAINS', value: search.text }) as const
    )
    parts.push(groupPart(columns, { join: 'OR', conditions, groups: [] }))
  }
  return evaluator(chain('AND', parts, true, false))
}

/** Compiles one condition of a filter. */
export function compileCondition(type: TypeRecord, condition: FilterCondition): Test {
  return testOf(columnsOf(type)(condition.column), condition)
}

/** The column of a name, the same for all conditions on it. */
type Columns = (name: string) => ColumnValues

function columnsOf(type: TypeRecord): Columns {
  const known = new Map<string, ColumnValues>()
  return name => {
    const property = columnOf(type, name, 'filter')
    const column =
      known.get(property.name) ?? columnValues(property, type.properties.indexOf(property))
    known.set(property.name, column)
    return column
  }
}

function groupPart(columns: Columns, { join, conditions, groups }: FilterGroup): Part {
  const parts = [
    ...conditions.map(condition => {
      const column = columns(condition.column)
      return single(testOf(column, condition), column)
    }),
    ...groups.map(group => groupPart(columns, group))
  ]
  return (met, unmet) => chain(join, parts, met, unmet)
}

function single(test: Test, column: ColumnValues | null): Part {
  return (met, unmet) => ({ test, column, met, unmet })
}

function chain(
  join: FilterGroup['join'],
  parts: readonly Part[],
  met: Node | boolean,
  unmet: Node | boolean
): Node | boolean {
  let next = join === 'AND' ? met : unmet
  for (const part of parts.toReversed()) {
    next = join === 'AND' ? part(next, unmet) : part(met, next)
  }
  return next
}

function evaluator(first: Node | boolean): Evaluator {
  let current: FlowObject | null = null
  let at = first
  return {
    evaluate(object) {
      if (object !== current) {
        current = object
        at = first
      }
      let left = STEP_LENGTH
      while (typeof at !== 'boolean') {
        if (left < 0) return undefined
        left -= TEST_COST + (at.column?.text(object)?.length ?? 0)
        const isMet = at.test(object)
        if (isMet === undefined) return undefined
        at = isMet ? at.met : at.unmet
      }
      current = null
      return at
    }
  }
}

function testOf(column: ColumnValues, condition: FilterCondition): Test {
  const { property, kind } = column
  const { criterion, value } = meaningOf(property, condition)
  if (criterion === 'IS_EMPTY') {
    const isAskedFor = asksForEmpty(value)
    return object => column.isEmpty(object) === isAskedFor
  }
  if (isPartCriterion(criterion)) {
    if (value === null || isBlank(value)) return () => true
    const part = folded(value)
    const hasPart = HAS_PART[criterion]
    const finder = createPartFinder(criterion, part)
    return object => {
      const text = column.text(object)
      if (text === null) return false
      return text.length > FOLDED_MAX ? finder.find(text) : hasPart(column.folded(object), part)
    }
  }
  const differs = criterion === 'NOT_EQUAL'
  const wanted = textOf(property, value)
  if (kind === null || wanted === null) return () => differs
  const key = sortKey(kind, wanted)
  const holds = HOLDS[criterion]
  return object => {
    const held = column.key(object)
    return held === null ? differs : holds(compareKeys(kind, held, key))
  }
}

const HAS_PART: { readonly [part in PartCriterion]: (whole: string, part: string) => boolean } = {
  CONTAINS: (whole, part) => whole.includes(part),
  STARTS_WITH: (whole, part) => whole.startsWith(part),
  ENDS_WITH: (whole, part) => whole.endsWith(part)
}

/** Whether each comparison holds, by the order of the value and its comparand. */
const HOLDS: {
  readonly [comparison in Exclude<Criterion, PartCriterion | 'IS_EMPTY'>]: (
    order: number
  ) => boolean
} = {
  EQUAL: order => order === 0,
  NOT_EQUAL: order => order !== 0,
  GREATER_THAN: order => order > 0,
  GREATER_THAN_OR_EQUAL: order => order >= 0,
  LESS_THAN: order => order < 0,
  LESS_THAN_OR_EQUAL: order => order <= 0
}
