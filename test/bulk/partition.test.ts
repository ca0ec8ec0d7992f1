import assert from 'node:assert/strict'
import { test } from 'node:test'

import { cutList, expectedCalls } from '../../service/bulk/partition.ts'
import { rangeFilter } from '../../service/bulk/range-filter.ts'
import { NO_PAGING } from '../../service/model/endpoint-record.ts'
import type { RangePartition } from '../../service/model/partition-record.ts'

const RANGE = { by: 'range', field: 'at', fromParam: 'since', toParam: 'until' } as const
const OFFSET = { ...NO_PAGING, type: 'offset', pageSize: 50, positionParam: 'offset' } as const

for (const { what, range, values } of [
  {
    what: 'numbers past 2^53',
    range: { kind: 'number', from: '9007199254740993', to: '9007199254741003', count: 3 },
    values: ['9007199254740993', '9007199254740996', '9007199254740999', '9007199254741002', 1e300]
  },
  {
    what: 'numbers below zero',
    range: { kind: 'number', from: '-5', to: '5', count: 4 },
    values: [-5, -4.5, '-3', -2.5, 0, 0.1, 4, 4.99, 5, -5.01]
  },
  {
    what: 'days',
    range: { kind: 'date', from: '2024-02-28', to: '2024-03-03', count: 3 },
    values: [
      '2024-02-28',
      '2024-02-29T23:59:59.999Z',
      '2024-03-01T00:00:00+02:00',
      '2024-03-02T23:30:00-02:00',
      1709251200
    ]
  },
  {
    what: 'seconds',
    range: {
      kind: 'date-time',
      from: '2025-01-01T00:00:00Z',
      to: '2025-01-01T00:00:07Z',
      count: 7
    },
    values: [
      '2025-01-01T00:00:00Z',
      '2025-01-01 00:00:03.999',
      '2025-01-01T02:00:06.5+02:00',
      '2025-01-01T00:00:07Z'
    ]
  }
] satisfies {
  what: string
  range: Omit<RangePartition, keyof typeof RANGE>
  values: unknown[]
}[]) {
  test(`C31 parts by ${what} have each value of the range once`, () => {
    const record = { ...RANGE, ...range }
    const parts = cutList(record, null, [])
    assert.equal(parts.length, range.count)
    const whole = rangeFilter({ ...record, params: {} }, 'things')
    for (const value of values) {
      const row = { at: value }
      const found = parts.filter(part => part.by === 'range' && rangeFilter(part, 'things')(row, 1))
      assert.equal(found.length, whole(row, 1) ? 1 : 0, String(value))
    }
  })
}

test('C31 the bounds of a part are sent so wide that no API leaves out a row of it', () => {
  const numbers = cutList({ ...RANGE, kind: 'number', from: '1', to: '21', count: 2 }, null, [])
  const days = cutList(
    { ...RANGE, kind: 'date', from: '2025-01-01', to: '2025-01-03', count: 2 },
    null,
    []
  )
  assert.deepEqual(
    [...numbers, ...days].map(part => part.by === 'range' && part.params),
    [
      { since: '0', until: '11' },
      { since: '10', until: '21' },
      { since: '2024-12-31', until: '2025-01-03' },
      { since: '2025-01-01', until: '2025-01-04' }
    ]
  )
})

test('C31 a row without a value to compare belongs to no part, and is refused', () => {
  const [part] = cutList({ ...RANGE, kind: 'number', from: '1', to: '3', count: 1 }, null, [])
  assert.ok(part?.by === 'range')
  for (const row of [{}, { at: null }, { at: 'x' }, { at: '' }, { at: [1] }, { at: true }]) {
    assert.throws(() => rangeFilter(part, 'things')(row, 7), { code: 'PARTITION_VALUE' })
  }
})

test('C31 parts by pages follow each other, and the last one has the rest', () => {
  const record = { by: 'pages', from: 2, to: 8, count: 3 } as const
  assert.deepEqual(cutList(record, OFFSET, []), [
    { by: 'pages', at: 'offset', from: 50, to: 150, before: 50 },
    { by: 'pages', at: 'offset', from: 150, to: 250, before: 150 },
    { by: 'pages', at: 'offset', from: 250, to: null, before: 250 }
  ])
  const numbered = { ...OFFSET, type: 'page', firstPage: 0 } as const
  assert.deepEqual(
    cutList(record, numbered, []).map(part => part.by === 'pages' && [part.from, part.to]),
    [
      [1, 3],
      [3, 5],
      [5, null]
    ]
  )
})

test('C31 parts by ids have each id once, and none is empty', () => {
  const record = { by: 'ids', variable: 'ID', ids: [], count: 4 } as const
  const cut = (ids: string[]): unknown[] =>
    cutList(record, null, ids).map(part => part.by === 'ids' && part.ids)
  assert.deepEqual(cut(['a', 'b']), [['a'], ['b']])
  assert.deepEqual(cut([...'abcdefg']), [['a'], ['b', 'c'], ['d', 'e'], ['f', 'g']])
})

test('C31 expected calls are told as far as the API alone does not know them', () => {
  const [first, , last] = cutList({ by: 'pages', from: 1, to: 9, count: 3 }, OFFSET, [])
  assert.deepEqual(
    [first ?? null, last ?? null, null].map(part => expectedCalls(part, OFFSET)),
    [
      { least: 1, most: 3, recordsOfOne: 50 },
      { least: 1, most: null, recordsOfOne: 50 },
      { least: 1, most: null, recordsOfOne: 50 }
    ]
  )
  const ids = { by: 'ids', variable: 'ID', ids: ['a', 'b'] } as const
  assert.deepEqual(expectedCalls(ids, { ...NO_PAGING, type: 'none' }), {
    ...{ least: 2, most: 2, recordsOfOne: null }
  })
})
