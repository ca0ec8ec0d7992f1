import assert from 'node:assert/strict'
import test from 'node:test'

import { readListFilter } from '../../service/protocol/list-filter.ts'
import type { RequestListFilter } from '../../service/protocol/schemas.ts'

const EVERYTHING = {
  id: null,
  where: { join: 'AND', conditions: [], groups: [] },
  order: [],
  search: null,
  searchColumns: [],
  limit: 0,
  offset: 0,
  offsetToken: null,
  providedIds: null
}

const equal = (columnName: string, contentValue: string) => ({
  columnName,
  criteriaType: 'EQUAL',
  contentValue
})

const read = (column: string, value: string | null) => ({ column, criterion: 'EQUAL', value })

test('vector 3: no list filter, and an empty one, load everything', () => {
  assert.deepEqual(readListFilter(null), EVERYTHING)
  assert.deepEqual(readListFilter(undefined), EVERYTHING)
  assert.deepEqual(
    readListFilter({
      id: ' ',
      where: null,
      listFilters: null,
      orderBy: null,
      searchCriteria: null,
      limit: null,
      offset: null,
      search: ' ',
      filterByProvidedObjects: null
    }),
    EVERYTHING
  )
})

test('vector 4: an id takes precedence over everything else, even invalid members', () => {
  const filter: RequestListFilter = {
    id: 'A-7',
    where: [{ columnName: 'ID', criteriaType: 'NO_SUCH', contentValue: 'B' }],
    limit: 0,
    offset: 40,
    search: 'x',
    orderBy: [{ columnName: 'Label', direction: 'sideways' }],
    filterByProvidedObjects: true
  }
  assert.deepEqual(readListFilter(filter), { ...EVERYTHING, id: 'A-7' })
})

test('vector 5: contentValue wins over value, also when it is null', () => {
  const values = [
    { contentValue: 'new', value: 'stale' },
    { contentValue: null, value: 'stale' },
    { contentValue: '', value: 'stale' },
    { value: 'only' },
    {}
  ].map(given => {
    const where = [{ columnName: 'Label', criteriaType: 'EQUAL', ...given }]
    return readListFilter({ where }).where.conditions[0]?.value
  })
  assert.deepEqual(values, ['new', null, '', 'only', null])
})

test('vector 5: every criterion of the platform is read, in any case', () => {
  const known =
    'EQUAL NOT_EQUAL GREATER_THAN GREATER_THAN_OR_EQUAL LESS_THAN LESS_THAN_OR_EQUAL CONTAINS STARTS_WITH ENDS_WITH IS_EMPTY'.split(
      ' '
    )
  for (const criteriaType of [...known, 'equal', ' Contains ']) {
    const where = [{ columnName: 'Label', criteriaType, contentValue: 'x' }]
    const [condition] = readListFilter({ where }).where.conditions
    assert.equal(condition?.criterion, criteriaType.trim().toUpperCase())
  }
})

const refused = [
  { name: 'an unknown criterion', criteriaType: 'LIKE', code: 'CRITERION_UNKNOWN' },
  { name: 'a criterion of lists', criteriaType: 'ANY_EQUAL', code: 'CRITERION_UNKNOWN' },
  { name: 'no criterion', criteriaType: null, code: 'CRITERION_UNKNOWN' },
  { name: 'no column', columnName: ' ', code: 'BODY_INVALID' },
  { name: 'an object to compare with', objectData: [{}], code: 'BODY_INVALID' }
]
for (const { name, code, ...condition } of refused) {
  test(`vector 5: a condition with ${name} is ${code}`, () => {
    const where = [{ columnName: 'Label', criteriaType: 'EQUAL', ...condition }]
    assert.throws(() => readListFilter({ where }), { code })
  })
}

test('vector 6: groups nest under their own join, blank is AND, empty groups contribute nothing', () => {
  const filter: RequestListFilter = {
    comparisonType: '',
    where: [equal('A', '1')],
    listFilters: [
      {
        comparisonType: 'or',
        where: [equal('B', '2')],
        listFilters: [
          { comparisonType: 'AND', where: [equal('C', '3')] },
          { comparisonType: 'OR', where: [] }
        ]
      },
      { comparisonType: 'OR', where: [], listFilters: [{ where: null, listFilters: [] }] }
    ]
  }
  assert.deepEqual(readListFilter(filter).where, {
    join: 'AND',
    conditions: [read('A', '1')],
    groups: [
      {
        join: 'OR',
        conditions: [read('B', '2')],
        groups: [{ join: 'AND', conditions: [read('C', '3')], groups: [] }]
      }
    ]
  })
})

test('vector 6: another word for a join is BODY_INVALID and names its location', () => {
  const filter = { listFilters: [{ comparisonType: 'XOR', where: [equal('A', '1')] }] }
  assert.throws(() => readListFilter(filter), {
    code: 'BODY_INVALID',
    message:
      'the request body is invalid at /listFilter/listFilters/0/comparisonType: expected AND or OR'
  })
})

test('vector 7: the older order comes first, duplicates are dropped, a blank direction is ASC', () => {
  const filter: RequestListFilter = {
    orderByPropertyDeveloperName: 'Label',
    orderByDirectionType: 'desc',
    orderBy: [
      { columnName: 'label', direction: 'ASC' },
      { columnName: 'Bought At', direction: '' },
      { columnName: 'ID', direction: 'DESC' },
      { columnName: 'ID', direction: 'ASC' },
      { columnName: null, direction: 'DESC' }
    ]
  }
  assert.deepEqual(readListFilter(filter).order, [
    { column: 'Label', direction: 'DESC' },
    { column: 'Bought At', direction: 'ASC' },
    { column: 'ID', direction: 'DESC' }
  ])
})

test('vector 7: another word for a direction is BODY_INVALID', () => {
  const filter = { orderBy: [{ columnName: 'ID', direction: 'UP' }] }
  assert.throws(() => readListFilter(filter), { code: 'BODY_INVALID' })
})

test('a search is limited to the columns of its criteria', () => {
  const searchCriteria = [{ columnName: 'Label' }, { columnName: 'ID', query: ' ' }, {}]
  const { search, searchColumns } = readListFilter({ search: 'dri', searchCriteria })
  assert.equal(search, 'dri')
  assert.deepEqual(searchColumns, ['Label', 'ID'])
})

test("a column's own query replaces the search", () => {
  const searchCriteria = [{ columnName: 'Label', query: 'lathe' }]
  const { search, searchColumns } = readListFilter({ search: 'dri', searchCriteria })
  assert.equal(search, 'lathe')
  assert.deepEqual(searchColumns, ['Label'])
})

test('criteria without any text search nothing', () => {
  const filter = readListFilter({ searchCriteria: [{ columnName: 'Label', query: null }] })
  assert.deepEqual(filter, EVERYTHING)
})

test('columns searched for different texts become conditions, any of which is enough', () => {
  const searchCriteria = [{ columnName: 'Label', query: 'lathe' }, { columnName: 'ID' }]
  const filter = readListFilter({
    comparisonType: 'OR',
    where: [equal('A', '1'), equal('B', '2')],
    search: 'dri',
    searchCriteria
  })
  assert.equal(filter.search, null)
  assert.deepEqual(filter.where, {
    join: 'AND',
    conditions: [],
    groups: [
      { join: 'OR', conditions: [read('A', '1'), read('B', '2')], groups: [] },
      {
        join: 'OR',
        conditions: [
          { column: 'Label', criterion: 'CONTAINS', value: 'lathe' },
          { column: 'ID', criterion: 'CONTAINS', value: 'dri' }
        ],
        groups: []
      }
    ]
  })
})

test('limit and offset are kept', () => {
  const filter = { limit: 2, offset: 3 }
  assert.deepEqual(readListFilter(filter), { ...EVERYTHING, ...filter })
})

test('provided objects are read where the filter is limited to them: those that have an id', () => {
  const filter = { filterByProvidedObjects: true }
  const given = [
    { externalId: 'A-7', properties: [] },
    { externalId: ' ' },
    { externalId: 'b1', internalId: 'B1' },
    { externalId: 'A-9' }
  ]
  assert.deepEqual(readListFilter(filter, given).providedIds, ['A-7', 'A-9'])
  assert.deepEqual(readListFilter(filter, []).providedIds, [])
  assert.deepEqual(readListFilter(filter, null), { ...EVERYTHING, providedIds: [] })
  assert.equal(readListFilter({ filterByProvidedObjects: false }, given).providedIds, null)
  assert.equal(readListFilter({ ...filter, id: 'A-7' }, [{ properties: [{}] }]).providedIds, null)
})
