import assert from 'node:assert/strict'
import { test } from 'node:test'

import { plainText } from '../../../service/base/json.ts'
import type { BoundParameter } from '../../../service/model/bound-parameters.ts'
import type { Criterion, Source } from '../../../service/model/mapping-record.ts'
import type { ExplainedPart } from '../../../service/plan/filter/explain-filter.ts'
import { explainFilter } from '../../../service/plan/filter/explain-filter.ts'
import { splitFilter } from '../../../service/plan/filter/split-filter.ts'
import type { FilterCondition, FilterGroup, ListFilter } from '../../../service/plan/types.ts'
import { group, listFilter, parameter, THING, where } from '../plan-records.ts'

const filterSource = (column: string, criterion: Criterion = 'EQUAL', any = false): Source => ({
  from: 'filter',
  column,
  criterion,
  any
})

const NAME = parameter('name', { sources: [filterSource('Name')] })
const NAMES = parameter('names', { sources: [filterSource('Name', 'EQUAL', true)] })
const HAS = parameter('has', { sources: [filterSource('Name', 'CONTAINS')] })
const SEARCH = parameter('q', { sources: [{ from: 'search' }] })
const ORDER = parameter('order', {
  sources: [{ from: 'order', ascending: '{name}', descending: '-{name}' }]
})
const ALL = [NAME, NAMES, HAS, SEARCH, ORDER]

const A = where('Name', 'EQUAL', 'a')
const all = (...conditions: readonly FilterCondition[]): FilterGroup => group('AND', conditions)

const FILTERS: readonly Partial<ListFilter>[] = [
  {},
  { where: all(A) },
  { where: all(A, where('Name', 'EQUAL', 'b')) },
  { where: all(where('Name', 'CONTAINS', 'a'), where('Name', 'STARTS_WITH', 'b')) },
  { where: group('OR', [A, where('Name', 'EQUAL', 'b')]) },
  { where: group('OR', [A, where('Name', 'CONTAINS', 'b')]) },
  { search: 'x' },
  { search: 'x', searchColumns: ['name'] },
  { order: [{ column: 'name', direction: 'DESC' }] },
  { providedIds: ['1', '2'], where: all(A) }
]

const explained = (
  parameters: readonly BoundParameter[],
  filter: Partial<ListFilter>,
  more: { isGuessed?: boolean; isExample?: boolean } = {}
): readonly ExplainedPart[] => {
  const operation = { parameters, isGuessed: false, isExample: false, ...more }
  return explainFilter(operation, THING, listFilter(filter))
}

test('J14 what is explained is what is sent and evaluated', () => {
  for (const parameters of [ALL, [NAME, SEARCH], [HAS, ORDER], []]) {
    for (const isGuessed of [false, true]) {
      for (const filter of FILTERS) {
        const parts = explained(parameters, filter, { isGuessed })
        const { pushed, remaining } = splitFilter(
          { parameters, isGuessed },
          THING,
          listFilter(filter)
        )
        const shown = JSON.stringify({ filter, parts })
        assert.deepEqual(
          parts.flatMap(({ sent }) => sent),
          [...pushed].map(([{ name }, value]) => `${name}=${plainText(value)}`),
          shown
        )
        const { where: left, search = null, order = [], providedIds = null } = remaining ?? {}
        const evaluated =
          (left?.conditions.length ?? 0) +
          (left?.groups.length ?? 0) +
          (search === null ? 0 : 1) +
          (order.length > 0 ? 1 : 0) +
          (providedIds === null ? 0 : 1)
        assert.equal(parts.filter(({ isEvaluated }) => isEvaluated).length, evaluated, shown)
      }
    }
  }
})

test('J14 each part has its words and a reason', () => {
  const parts = explained([NAME], {
    where: all(where('name', 'EQUAL', 'a'), where('Name', 'IS_EMPTY', 'false')),
    search: 'red',
    searchColumns: ['Name'],
    order: [{ column: 'Name', direction: 'ASC' }]
  })
  assert.deepEqual(
    parts.map(({ part, text }) => `${part}: ${text}`),
    [
      'condition: Name EQUAL "a"',
      'condition: Name IS_EMPTY "false"',
      'search: "red" in Name',
      'order: Name ASC'
    ]
  )
  assert.equal(new Set(parts.map(({ reason }) => reason)).size, 3)
})

test('J14 the document evaluates all, and prefers what its API would take', () => {
  const given = { where: all(A, where('Name', 'STARTS_WITH', 'a')) }
  const [first, second] = explained([NAME], given, { isExample: true })
  assert.deepEqual([first?.sent, first?.isEvaluated], [[], true])
  assert.notEqual(first?.reason, second?.reason)
})
