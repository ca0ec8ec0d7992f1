import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Criterion } from '../../../service/model/mapping-record.ts'
import type { ScalarKind, TypeRecord } from '../../../service/model/type-record.ts'
import { CRITERIA } from '../../../service/model/mapping-record.ts'
import type { FlowObject } from '../../../service/objects/types.ts'
import { matches } from '../../support/run-filter.ts'
import { compileFilter } from '../../../service/plan/filter/compile-filter.ts'
import { splitFilter } from '../../../service/plan/filter/split-filter.ts'
import type { ListFilter } from '../../../service/plan/types.ts'
import { readListFilter } from '../../../service/protocol/list-filter.ts'
import type { FlowValues } from '../../support/type-record.ts'
import { flowObject, nested, objectType, scalar } from '../../support/type-record.ts'
import { group, listFilter, problem, where } from '../plan-records.ts'

/** Indexes of the objects that an API which takes nothing gives, and that meet the filter. */
function met(
  type: TypeRecord,
  objects: readonly FlowObject[],
  given: Partial<ListFilter>
): number[] {
  const { remaining } = splitFilter({ parameters: [] }, type, listFilter(given))
  return objects.flatMap((object, index) =>
    remaining === null || matches(type, object, remaining) ? [index] : []
  )
}

/** Values of one column, and which of them meet a criterion. */
type Column = {
  readonly kind: ScalarKind
  readonly values: readonly (string | null)[]
  readonly comparand: string
  /** Indexes of the values that meet each criterion. */
  readonly expected: { readonly [criterion in Exclude<Criterion, 'IS_EMPTY'>]: readonly number[] }
}

const COLUMNS: readonly Column[] = [
  {
    kind: 'text',
    values: ['drill', 'Drill Press', 'DRILL', 'hand drill', 'ädle', 'zoo', '', null, '  '],
    comparand: 'dRILL',
    expected: {
      EQUAL: [0, 2],
      NOT_EQUAL: [1, 3, 4, 5, 6, 7, 8],
      GREATER_THAN: [1, 3, 5],
      GREATER_THAN_OR_EQUAL: [0, 1, 2, 3, 5],
      LESS_THAN: [4],
      LESS_THAN_OR_EQUAL: [0, 2, 4],
      CONTAINS: [0, 1, 2, 3],
      STARTS_WITH: [0, 1, 2],
      ENDS_WITH: [0, 2, 3]
    }
  },
  {
    kind: 'number',
    values: ['9007199254740992', '9007199254740993', '9007199254740993.01', '-9', '10', null],
    comparand: '9007199254740993.0',
    expected: {
      EQUAL: [1],
      NOT_EQUAL: [0, 2, 3, 4, 5],
      GREATER_THAN: [2],
      GREATER_THAN_OR_EQUAL: [1, 2],
      LESS_THAN: [0, 3, 4],
      LESS_THAN_OR_EQUAL: [0, 1, 3, 4],
      CONTAINS: [2],
      STARTS_WITH: [2],
      ENDS_WITH: []
    }
  },
  {
    kind: 'integer',
    values: ['9', '10', '1e1', '100', '-10', '0', null],
    comparand: '10',
    expected: {
      EQUAL: [1, 2],
      NOT_EQUAL: [0, 3, 4, 5, 6],
      GREATER_THAN: [3],
      GREATER_THAN_OR_EQUAL: [1, 2, 3],
      LESS_THAN: [0, 4, 5],
      LESS_THAN_OR_EQUAL: [0, 1, 2, 4, 5],
      CONTAINS: [1, 2, 3, 4],
      STARTS_WITH: [1, 2, 3],
      ENDS_WITH: [1, 2, 4]
    }
  },
  {
    kind: 'boolean',
    values: ['true', 'TRUE', 'false', '', null],
    comparand: 'True',
    expected: {
      EQUAL: [0, 1],
      NOT_EQUAL: [2, 3, 4],
      GREATER_THAN: [],
      GREATER_THAN_OR_EQUAL: [0, 1],
      LESS_THAN: [2],
      LESS_THAN_OR_EQUAL: [0, 1, 2],
      CONTAINS: [0, 1],
      STARTS_WITH: [0, 1],
      ENDS_WITH: [0, 1]
    }
  },
  {
    kind: 'date',
    values: [
      '2024-03-09T00:00:00Z',
      '2024-03-09T23:30:00-08:00',
      '2024-03-10T00:00:00Z',
      '2023-12-31T00:00:00Z',
      '0001-01-01T00:00:00Z',
      null
    ],
    comparand: '03/09/2024 05:00:00 PM +00:00',
    expected: {
      EQUAL: [0, 1],
      NOT_EQUAL: [2, 3, 4, 5],
      GREATER_THAN: [2],
      GREATER_THAN_OR_EQUAL: [0, 1, 2],
      LESS_THAN: [3],
      LESS_THAN_OR_EQUAL: [0, 1, 3],
      CONTAINS: [],
      STARTS_WITH: [],
      ENDS_WITH: []
    }
  },
  {
    kind: 'date-time',
    values: [
      '2024-03-09T14:05:00Z',
      '2024-03-09T15:05:00.000+01:00',
      '2024-03-09T14:05:00.0000001Z',
      '2024-03-09T15:04:59.9999999+01:00',
      '1969-07-20T20:17:40Z',
      null
    ],
    comparand: '2024-03-09T06:05:00-08:00',
    expected: {
      EQUAL: [0, 1],
      NOT_EQUAL: [2, 3, 4, 5],
      GREATER_THAN: [2],
      GREATER_THAN_OR_EQUAL: [0, 1, 2],
      LESS_THAN: [3, 4],
      LESS_THAN_OR_EQUAL: [0, 1, 3, 4],
      CONTAINS: [],
      STARTS_WITH: [],
      ENDS_WITH: []
    }
  },
  {
    kind: 'json',
    values: ['{"a":1}', '{"A":1}', '{"a":12}', '[]', 'null', null],
    comparand: '{"a":1}',
    expected: {
      EQUAL: [0, 1],
      NOT_EQUAL: [2, 3, 4, 5],
      GREATER_THAN: [2, 4],
      GREATER_THAN_OR_EQUAL: [0, 1, 2, 4],
      LESS_THAN: [3],
      LESS_THAN_OR_EQUAL: [0, 1, 3],
      CONTAINS: [0, 1],
      STARTS_WITH: [0, 1],
      ENDS_WITH: [0, 1]
    }
  }
]

for (const { kind, values, comparand, expected } of COLUMNS) {
  const type = objectType('Thing', [scalar('Value', kind)])
  const objects = values.map(value => flowObject('Thing', { Value: value }))
  const indexes = [...values.keys()]
  const empty = indexes.filter(index =>
    [null, '', '  ', '0001-01-01T00:00:00Z'].includes(values[index] ?? null)
  )
  const filled = indexes.filter(index => !empty.includes(index))
  const meeting = (criterion: Criterion, value: string | null): number[] =>
    met(type, objects, { where: group('AND', [where('value', criterion, value)]) })

  test(`D10 D14 every criterion on a column of kind ${kind}`, () => {
    for (const criterion of CRITERIA) {
      if (criterion === 'IS_EMPTY') continue
      assert.deepEqual(meeting(criterion, comparand), expected[criterion], criterion)
    }
    assert.deepEqual(meeting('IS_EMPTY', 'true'), empty)
    assert.deepEqual(meeting('IS_EMPTY', 'false'), filled)
  })

  test(`D10 a blank comparand on a column of kind ${kind} is nothing`, () => {
    for (const blank of [null, '', ' ']) {
      assert.deepEqual(meeting('EQUAL', blank), empty)
      assert.deepEqual(meeting('NOT_EQUAL', blank), filled)
      for (const part of ['CONTAINS', 'STARTS_WITH', 'ENDS_WITH'] as const) {
        assert.deepEqual(meeting(part, blank), indexes, part)
      }
      for (const order of CRITERIA.filter(word => /GREATER|LESS/.test(word))) {
        assert.deepEqual(meeting(order, blank), [], order)
      }
    }
  })

  test(`D10 a property that an object of kind ${kind} lacks is empty`, () => {
    const lacking = [flowObject('Thing', {})]
    for (const [criterion, isMet] of [
      ['EQUAL', false],
      ['NOT_EQUAL', true],
      ['LESS_THAN', false],
      ['GREATER_THAN_OR_EQUAL', false],
      ['CONTAINS', false]
    ] as const) {
      const conditions = group('AND', [where('Value', criterion, comparand)])
      assert.deepEqual(met(type, lacking, { where: conditions }), isMet ? [0] : [], criterion)
    }
  })
}

test('D10 a part of a date or a number is looked for in the text that the flow sees', () => {
  const type = objectType('Thing', [scalar('At', 'date-time'), scalar('Size', 'number')])
  const objects = [
    flowObject('Thing', { At: '2024-03-09T14:05:00+02:00', Size: '12.50' }),
    flowObject('Thing', { At: '2024-04-09T14:05:00Z', Size: '512.5' })
  ]
  const meeting = (column: string, criterion: Criterion, value: string): number[] =>
    met(type, objects, { where: group('AND', [where(column, criterion, value)]) })
  assert.deepEqual(meeting('At', 'STARTS_WITH', '2024-03'), [0])
  assert.deepEqual(meeting('At', 'ENDS_WITH', 'z'), [1])
  assert.deepEqual(meeting('Size', 'STARTS_WITH', '12.'), [0])
  assert.deepEqual(meeting('Size', 'ENDS_WITH', '12.5'), [0, 1])
})

test('D10 text has no case in any script, and one form of its accents', () => {
  const type = objectType('Thing', [scalar('Name')])
  for (const [held, asked] of [
    ['ΟΔΟΣ', 'οδος'],
    ['straße', 'STRASSE'],
    ['Caf\u00e9', 'CAFE\u0301'],
    ['ЁЛКА', 'ёлка']
  ] as const) {
    const objects = [flowObject('Thing', { Name: held })]
    for (const criterion of ['EQUAL', 'CONTAINS', 'GREATER_THAN_OR_EQUAL'] as const) {
      const conditions = group('AND', [where('Name', criterion, asked)])
      assert.deepEqual(met(type, objects, { where: conditions }), [0], `${held} ${criterion}`)
    }
  }
  const accents = ['zebra', 'Äpfel', 'apfel', 'birne'].map(Name => flowObject('Thing', { Name }))
  const before = group('AND', [where('Name', 'LESS_THAN', 'B')])
  assert.deepEqual(met(type, accents, { where: before }), [1, 2])
})

test('D10 an object or a list is empty without objects, and is compared with nothing else', () => {
  const type = objectType('Thing', [
    nested('Keeper', 'object', 'Person'),
    nested('Tags', 'list', 'Thing:Tags')
  ])
  const person = flowObject('Person', { Name: 'Ana' })
  const held: FlowValues[] = [{ Keeper: [person], Tags: [] }, { Keeper: [], Tags: [person] }, {}]
  const objects = held.map(values => flowObject('Thing', values))
  for (const [column, empty, filled] of [
    ['Keeper', [1, 2], [0]],
    ['Tags', [0, 2], [1]]
  ] as const) {
    for (const [criterion, value, expected] of [
      ['IS_EMPTY', 'true', empty],
      ['IS_EMPTY', 'no', filled],
      ['EQUAL', null, empty],
      ['NOT_EQUAL', '', filled],
      ['CONTAINS', '', [0, 1, 2]]
    ] as const) {
      const conditions = { where: group('AND', [where(column, criterion, value)]) }
      assert.deepEqual(met(type, objects, conditions), expected, `${column} ${criterion}`)
    }
    const equal = { where: group('AND', [where(column, 'EQUAL', 'Ana')]) }
    problem('FILTER_UNSUPPORTED', () => met(type, objects, equal))
  }
})

const ASSET = objectType('Asset', [
  scalar('ID'),
  scalar('Label'),
  scalar('Bought At', 'date-time'),
  scalar('Price', 'number')
])
const ASSETS = [
  { ID: 'A-1', Label: 'Drill press', 'Bought At': '2019-05-01T00:00:00Z', Price: '900' },
  { ID: 'A-2', Label: 'Drill', 'Bought At': null, Price: '80' },
  { ID: 'A-3', Label: 'drill bits', 'Bought At': '2021-01-01T00:00:00Z', Price: '12.5' },
  { ID: 'A-4', Label: 'Lathe', 'Bought At': '2018-01-01T00:00:00Z', Price: null }
].map((values, order) => flowObject('Asset', values, { externalId: values.ID, order }))

/** External ids of the assets that the platform's own filter lets through. */
function assets(given: Parameters<typeof readListFilter>[0]): (string | null)[] {
  return met(ASSET, ASSETS, readListFilter(given)).map(index => ASSETS[index]?.externalId ?? null)
}

test('vector 5: IS_EMPTY is true for "True" in any case, and for anything else its opposite', () => {
  for (const [contentValue, expected] of [
    ['True', ['A-2']],
    [' TRUE ', ['A-2']],
    ['false', ['A-1', 'A-3', 'A-4']],
    ['', ['A-1', 'A-3', 'A-4']],
    [null, ['A-1', 'A-3', 'A-4']]
  ] as const) {
    const condition = { columnName: 'Bought At', criteriaType: 'IS_EMPTY', contentValue }
    assert.deepEqual(assets({ where: [condition] }), expected)
  }
})

test('vector 5: contentValue wins over value, and an unknown column is COLUMN_UNKNOWN', () => {
  const condition = { columnName: 'Label', criteriaType: 'EQUAL', contentValue: 'drill' }
  assert.deepEqual(assets({ where: [{ ...condition, value: 'Lathe' }] }), ['A-2'])
  assert.throws(() => assets({ where: [{ ...condition, columnName: 'Labels' }] }), {
    code: 'COLUMN_UNKNOWN'
  })
})

test('vector 6: D11 OR in AND, AND in OR, empty groups, and a blank join, which is AND', () => {
  const starts = { columnName: 'Label', criteriaType: 'STARTS_WITH', contentValue: 'dri' }
  const old = {
    columnName: 'Bought At',
    criteriaType: 'LESS_THAN',
    contentValue: '2020-01-01T00:00:00Z'
  }
  const unbought = { columnName: 'Bought At', criteriaType: 'IS_EMPTY', contentValue: 'True' }
  const dear = { columnName: 'Price', criteriaType: 'GREATER_THAN', contentValue: '50' }
  const oldOrUnbought = { comparisonType: 'OR', where: [old, unbought], listFilters: [] }
  const empty = { comparisonType: 'OR', where: [], listFilters: [{ comparisonType: 'AND' }] }
  assert.deepEqual(assets({ where: [starts], listFilters: [oldOrUnbought] }), ['A-1', 'A-2'])
  assert.deepEqual(
    assets({ comparisonType: '', where: [starts], listFilters: [empty, oldOrUnbought] }),
    ['A-1', 'A-2']
  )
  const oldAndDear = { comparisonType: 'AND', where: [old, dear] }
  assert.deepEqual(
    assets({ comparisonType: 'OR', where: [unbought], listFilters: [oldAndDear, empty] }),
    ['A-1', 'A-2']
  )
  const deep = { comparisonType: 'OR', where: [dear], listFilters: [oldAndDear] }
  assert.deepEqual(assets({ where: [starts], listFilters: [deep] }), ['A-1', 'A-2'])
  assert.deepEqual(assets({ listFilters: [empty] }), ['A-1', 'A-2', 'A-3', 'A-4'])
})

test('D13 D14 a search is in one of the texts, without case, and beside the conditions', () => {
  assert.deepEqual(assets({ search: 'DRILL' }), ['A-1', 'A-2', 'A-3'])
  assert.deepEqual(assets({ search: 'a-4' }), ['A-4'])
  assert.deepEqual(assets({ search: '12.5' }), [])
  const cheap = { columnName: 'Price', criteriaType: 'LESS_THAN', contentValue: '100' }
  assert.deepEqual(assets({ search: 'drill', where: [cheap] }), ['A-2', 'A-3'])
})

test('D13 a search is limited to the columns of its criteria, each with its own text', () => {
  const inColumns = (...searchCriteria: { columnName: string; query?: string }[]) =>
    assets({ search: 'a', searchCriteria })
  assert.deepEqual(inColumns({ columnName: 'Label' }), ['A-4'])
  assert.deepEqual(inColumns({ columnName: 'label' }, { columnName: 'Price' }), ['A-4'])
  const own = [
    { columnName: 'Price', query: '9' },
    { columnName: 'Label', query: 'BITS' }
  ]
  assert.deepEqual(inColumns(...own), ['A-1', 'A-3'])
})

test('provided objects limit a load to their external ids, beside the conditions', () => {
  const provided = (...providedIds: string[]) => ({ providedIds })
  assert.deepEqual(met(ASSET, ASSETS, provided('A-2', 'A-4', 'a-1')), [1, 3])
  assert.deepEqual(met(ASSET, ASSETS, provided()), [])
  const drills = { where: group('AND', [where('Label', 'CONTAINS', 'drill')]) }
  assert.deepEqual(met(ASSET, ASSETS, { ...drills, ...provided('A-2', 'A-4') }), [1])
  const nameless = [flowObject('Asset', { ID: null })]
  assert.deepEqual(met(ASSET, nameless, provided('A-1')), [])
})

/** How often an object is evaluated until the outcome is known, and the outcome. */
function evaluation(
  value: string,
  conditions: Partial<ListFilter>
): [times: number, isMet: boolean] {
  const type = objectType('Thing', [scalar('Value', 'text')])
  const { remaining } = splitFilter({ parameters: [] }, type, listFilter(conditions))
  assert.ok(remaining !== null)
  const evaluator = compileFilter(type, remaining)
  const object = flowObject('Thing', { Value: value })
  for (let times = 1; ; times++) {
    const isMet = evaluator.evaluate(object)
    if (isMet !== undefined) return [times, isMet]
  }
}

const part = (value: string, criterion: Criterion = 'CONTAINS') => ({
  column: 'Value',
  criterion,
  value
})

test('H1 a short text is evaluated at once, whatever the number of conditions', () => {
  const conditions = Array.from({ length: 500 }, (_, index) => part(`x${index}`))
  assert.deepEqual(evaluation('drill', { where: group('OR', conditions) }), [1, false])
})

test('H1 long texts are searched piece by piece, also for a part across two pieces', () => {
  const long = 'é'.repeat(3_000_000)
  const places = [0, 262_140, 524_280, 1_000_001, 2_999_990]
  for (const place of places) {
    const text = `${long.slice(0, place)}Straße${long.slice(place)}`
    const [times, isMet] = evaluation(text, { where: group('AND', [part('STRASSE')]) })
    assert.ok(isMet, `at ${place}`)
    assert.ok(place < 300_000 || times > 2, `${times} times at ${place}`)
  }
  assert.equal(evaluation(long, { where: group('AND', [part('strasse')]) })[1], false)
  const ends = `Straße${long}Ende`
  for (const [value, criterion, isMet] of [
    ['strasse', 'STARTS_WITH', true],
    ['ende', 'STARTS_WITH', false],
    ['ENDE', 'ENDS_WITH', true],
    ['Straße', 'ENDS_WITH', false]
  ] as const) {
    assert.equal(evaluation(ends, { where: group('AND', [part(value, criterion)]) })[1], isMet)
  }
})

test('H1 many conditions on a long text give way in between', () => {
  const conditions = Array.from({ length: 20 }, (_, index) => part(`x${index}`, 'STARTS_WITH'))
  const [times] = evaluation('y'.repeat(1_500_000), { where: group('OR', conditions) })
  assert.ok(times >= 10, `${times} times`)
})
