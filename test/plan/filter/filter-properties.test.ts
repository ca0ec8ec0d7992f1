import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { JsonValue } from '../../../service/base/json.ts'
import { isJsonArray } from '../../../service/base/json.ts'
import type { BoundParameter } from '../../../service/model/bound-parameters.ts'
import { CRITERIA } from '../../../service/model/mapping-record.ts'
import type { FlowObject } from '../../../service/objects/types.ts'
import { matches, sortedObjects } from '../../support/run-filter.ts'
import { splitFilter } from '../../../service/plan/filter/split-filter.ts'
import type { ListFilter } from '../../../service/plan/types.ts'
import { flowObject } from '../../support/type-record.ts'
import type { Row } from './filter-evaluator.ts'
import {
  COLUMNS,
  compareRows,
  groupArbitrary,
  holds,
  holdsCondition,
  ROW_TYPE,
  rowArbitrary,
  sentText
} from './filter-evaluator.ts'
import { listFilter, parameter } from '../plan-records.ts'

const rows = fc.array(rowArbitrary, { maxLength: 8 })

function objectOf(row: Row, index: number): FlowObject {
  return flowObject('Row', row, { externalId: String(index) })
}

/** Indexes of the rows that meet what an API with these parameters leaves of a filter. */
function left(
  parameters: readonly BoundParameter[],
  given: readonly Row[],
  filter: Partial<ListFilter>
): number[] {
  const { remaining } = splitFilter({ parameters }, ROW_TYPE, listFilter(filter))
  return given.flatMap((row, index) =>
    remaining === null || matches(ROW_TYPE, objectOf(row, index), remaining) ? [index] : []
  )
}

test('D10 D11 D14 any tree of conditions is evaluated as a plain evaluator does', () => {
  fc.assert(
    fc.property(rows, groupArbitrary, (given, where) => {
      const expected = given.flatMap((row, index) => (holds(where, row) === false ? [] : [index]))
      assert.deepEqual(left([], given, { where }), expected)
    }),
    { numRuns: 1000 }
  )
})

/** A parameter for some column and criterion, or for any of several equal values. */
const parameters = fc
  .array(
    fc.record({
      column: fc.constantFrom(...COLUMNS),
      criterion: fc.constantFrom(...CRITERIA),
      any: fc.boolean()
    }),
    { maxLength: 12 }
  )
  .map(sources =>
    sources.map((source, index) =>
      parameter(`p${index}`, { sources: [{ from: 'filter', ...source }] })
    )
  )

/** Whether an API that takes a condition exactly lets a row through. */
function isAllowed({ sources }: BoundParameter, sent: JsonValue, row: Row): boolean {
  const values = isJsonArray(sent) ? sent : [sent]
  return sources.some(
    source =>
      source.from === 'filter' &&
      values.some(value => holdsCondition({ ...source, value: sentText(value) }, row))
  )
}

test('D01 D11 D14 what is pushed and what is left are together the whole filter', () => {
  fc.assert(
    fc.property(rows, groupArbitrary, parameters, (given, where, taking) => {
      const { pushed } = splitFilter({ parameters: taking }, ROW_TYPE, listFilter({ where }))
      const kept = left(taking, given, { where }).filter(index => {
        const row = given[index]
        return row && [...pushed].every(([taker, sent]) => isAllowed(taker, sent, row))
      })
      const expected = given.flatMap((row, index) => (holds(where, row) === false ? [] : [index]))
      assert.deepEqual(kept, expected)
    }),
    { numRuns: 1000 }
  )
})

test('D13 D14 conditions, a search and provided objects must all hold', () => {
  const provided = fc.option(fc.array(fc.nat(8).map(String), { maxLength: 4 }))
  const search = fc.option(fc.constantFrom('APFEL', 'SS', '0', '日本'))
  fc.assert(
    fc.property(rows, groupArbitrary, search, provided, (given, where, text, providedIds) => {
      const expected = given.flatMap((row, index) => {
        const found = { column: 'text', criterion: 'CONTAINS', value: text } as const
        const isFound = holdsCondition(found, row)
        const isProvided = providedIds?.includes(String(index)) ?? true
        return holds(where, row) !== false && isFound && isProvided ? [index] : []
      })
      assert.deepEqual(left([], given, { where, search: text, providedIds }), expected)
    }),
    { numRuns: 300 }
  )
})

test('D12 D14 any order sorts as a plain comparison does, and keeps equal objects as they were', () => {
  const order = fc.uniqueArray(
    fc.record({
      column: fc.constantFrom(...COLUMNS),
      direction: fc.constantFrom('ASC', 'DESC')
    }),
    { selector: ({ column }) => column, maxLength: 3 }
  )
  fc.assert(
    fc.property(fc.array(rowArbitrary, { maxLength: 20 }), order, (given, columns) => {
      const expected = [...given.keys()].sort((a, b) => {
        const [left, right] = [given[a], given[b]]
        if (left === undefined || right === undefined) return 0
        for (const { column, direction } of columns) {
          const difference = compareRows(column, left, right)
          if (difference !== 0) return direction === 'ASC' ? difference : -difference
        }
        return a - b
      })
      const sorted = sortedObjects(ROW_TYPE, given.map(objectOf), columns)
      assert.deepEqual(
        sorted.map(({ externalId }) => externalId),
        expected.map(String)
      )
    }),
    { numRuns: 500 }
  )
})
