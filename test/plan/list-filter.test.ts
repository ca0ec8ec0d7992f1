import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Criterion, ParameterRecord, Source } from '../../service/model/types.ts'
import { checkFilter } from '../../service/plan/list-filter.ts'
import type { ListFilter } from '../../service/plan/types.ts'
import {
  group,
  listFilter,
  operation,
  parameter,
  plan,
  planSample,
  problem,
  sentQuery,
  THING,
  where
} from './plan-records.ts'

function filterSource(column: string, criterion: Criterion = 'EQUAL', any = false): Source {
  return { from: 'filter', column, criterion, any }
}

const NAME = parameter('name', { sources: [filterSource('Name')] })
const NAME_ANY = parameter('names', {
  explode: false,
  sources: [filterSource('Name', 'EQUAL', true)]
})
const BIGGER = parameter('bigger', { sources: [filterSource('Size', 'GREATER_THAN')] })
const EMPTY = parameter('no_name', { sources: [filterSource('Name', 'IS_EMPTY')] })
const HAS = parameter('q', { sources: [filterSource('Name', 'CONTAINS')] })
const SEARCH = parameter('search', { sources: [{ from: 'search' }] })
const SORT = parameter('sort', { sources: [{ from: 'orderBy' }] })
const DIRECTION = parameter('dir', { sources: [{ from: 'direction' }] })
const ORDER = parameter('order', {
  sources: [{ from: 'order', ascending: '{name}', descending: '-{name}' }]
})

/** The query that a filter becomes. */
function query(parameters: readonly ParameterRecord[], given: Partial<ListFilter>): string {
  return sentQuery(plan({ parameters }, { input: { filter: listFilter(given) } }))
}

function check(parameters: readonly ParameterRecord[], given: Partial<ListFilter>): () => void {
  return () => checkFilter(operation({ parameters }), THING, listFilter(given))
}

test('D01 D03 a condition goes to the parameter that is mapped from its column and criterion', () => {
  const conditions = group('AND', [
    where('Name', 'EQUAL', 'a b'),
    where('Size', 'GREATER_THAN', '7')
  ])
  assert.equal(query([NAME, BIGGER], { where: conditions }), 'name=a%20b&bigger=7')
})

test('D02 a plain property on a load takes an equality filter', () => {
  const plain = parameter('name', { sources: [{ from: 'property', path: ['Name'] }] })
  assert.equal(query([plain], { where: group('AND', [where('Name', 'EQUAL', 'x')]) }), 'name=x')
  problem(
    'FILTER_UNSUPPORTED',
    check([plain], { where: group('AND', [where('Name', 'CONTAINS', 'x')]) })
  )
})

test('D04 a filter that is not set sends no parameter', () => {
  assert.equal(query([NAME, BIGGER, SEARCH, SORT, DIRECTION, ORDER], {}), '')
  assert.equal(query([NAME], { where: group('OR', [], [group('AND', [])]) }), '')
})

test('one condition feeds every parameter that takes it', () => {
  const path = parameter('path_name', { in: 'path', sources: [filterSource('Name')] })
  const planned = plan(
    { path: '/{path_name}', parameters: [path, NAME] },
    { input: { filter: listFilter({ where: group('AND', [where('Name', 'EQUAL', 'x')]) }) } }
  )
  assert.equal(planned.url, 'https://api.example.com/x?name=x')
})

test('a column is named as it is spelled, else without regard to case', () => {
  assert.equal(query([NAME], { where: group('AND', [where('nAME', 'EQUAL', 'x')]) }), 'name=x')
})

test('nested AND groups, groups of one and empty groups are no obstacle', () => {
  const nested = group(
    'AND',
    [],
    [
      group('AND', [where('Size', 'GREATER_THAN', '7')]),
      group('OR', [where('Name', 'EQUAL', 'x')], [group('OR', [])]),
      group('AND', [])
    ]
  )
  assert.equal(query([NAME, BIGGER], { where: nested }), 'name=x&bigger=7')
})

test('a comparand has the form that its column has in the API', () => {
  const born = parameter('born', { sources: [filterSource('Born')] })
  const conditions = group('AND', [where('Born', 'EQUAL', '2024-03-09T00:00:00Z')])
  assert.equal(query([born], { where: conditions }), 'born=2024-03-09')
  const wrong = group('AND', [where('Size', 'GREATER_THAN', 'many')])
  problem('VALUE_INVALID', check([BIGGER], { where: wrong }))
})

test('IS_EMPTY is true for "true" in any case, false for anything else', () => {
  const asked = (value: string | null): string =>
    query([EMPTY], { where: group('AND', [where('Name', 'IS_EMPTY', value)]) })
  assert.deepEqual(
    [asked('True'), asked('no'), asked(null)],
    ['no_name=true', 'no_name=false', 'no_name=false']
  )
})

test('EQUAL to a blank value is a filter by emptiness, never an equality', () => {
  const blank = { where: group('AND', [where('Name', 'EQUAL', '')]) }
  const error = problem('FILTER_UNSUPPORTED', check([NAME], blank))
  assert.match(error.message, /"Name" cannot be filtered by EQUAL to a blank value/)
  assert.match(error.remedy, /`Name: \{IS_EMPTY: parameter\}`/)
  assert.equal(query([NAME, EMPTY], blank), 'no_name=true')
  const filled = { where: group('AND', [where('Name', 'NOT_EQUAL', null)]) }
  assert.equal(query([EMPTY], filled), 'no_name=false')
})

test('a blank text is part of every text, so it says nothing', () => {
  const conditions = group('AND', [where('Name', 'CONTAINS', '')])
  assert.equal(query([], { where: conditions }), '')
  assert.equal(query([], { where: group('OR', [where('Name', 'EQUAL', 'x')], [conditions]) }), '')
})

test('D01 what the API does not take is refused with the line to add', () => {
  const conditions = group('AND', [where('Size', 'LESS_THAN', '3')])
  const error = problem('FILTER_UNSUPPORTED', check([NAME, BIGGER], { where: conditions }))
  assert.equal(error.message, '"Size" cannot be filtered by LESS_THAN on type "Thing"')
  assert.match(error.remedy, /`Size: \{LESS_THAN: parameter\}`/)
})

test('a second condition of one kind needs a parameter of its own', () => {
  const conditions = group('AND', [
    where('Size', 'GREATER_THAN', '1'),
    where('Size', 'GREATER_THAN', '2')
  ])
  problem('FILTER_UNSUPPORTED', check([BIGGER], { where: conditions }))
  const both = parameter('one', { sources: [filterSource('Name'), filterSource('Size')] })
  const two = group('AND', [where('Name', 'EQUAL', 'x'), where('Size', 'EQUAL', '1')])
  problem('FILTER_UNSUPPORTED', check([both], { where: two }))
})

test('a condition that would say nothing in the parameter is refused, not dropped', () => {
  const born = parameter('born', {
    kind: 'date',
    fallback: '2020-01-01',
    sources: [filterSource('Name')]
  })
  const conditions = group('AND', [where('Name', 'EQUAL', '0001-01-01T00:00:00Z')])
  problem('PARAMETER_INVALID', () => query([born], { where: conditions }))
})

test('OR of several conditions is refused, but for equalities that are taken as an array', () => {
  const several = { where: group('OR', [where('Name', 'EQUAL', 'a'), where('name', 'EQUAL', 'b')]) }
  problem('FILTER_OR_UNSUPPORTED', check([NAME], several))
  assert.equal(query([NAME_ANY], several), 'names=a,b')
  const one = { where: group('AND', [where('Name', 'EQUAL', 'a')]) }
  assert.equal(query([NAME_ANY], one), 'names=a')
  for (const conditions of [
    [where('Name', 'EQUAL', 'a'), where('Size', 'EQUAL', '1')],
    [where('Name', 'EQUAL', 'a'), where('Name', 'CONTAINS', 'b')],
    [where('Name', 'EQUAL', 'a'), where('Name', 'EQUAL', '')]
  ]) {
    problem('FILTER_OR_UNSUPPORTED', check([NAME_ANY], { where: group('OR', conditions) }))
  }
  const ofGroups = group(
    'OR',
    [where('Name', 'EQUAL', 'a')],
    [group('AND', [where('Name', 'EQUAL', 'b'), where('Size', 'EQUAL', '1')])]
  )
  problem('FILTER_OR_UNSUPPORTED', check([NAME_ANY], { where: ofGroups }))
})

test('a column that the type does not have is named with the nearest one', () => {
  const inGroup = group('OR', [], [group('AND', [where('Nane', 'EQUAL', 'x')])])
  const error = problem('COLUMN_UNKNOWN', check([NAME], { where: inGroup }))
  assert.equal(error.message, 'type "Thing" has no property "Nane" (did you mean "Name"?)')
  assert.match(error.remedy, /filter/)
  const order = [{ column: 'Nope', direction: 'ASC' }] as const
  assert.match(problem('COLUMN_UNKNOWN', check([SORT], { order })).remedy, /order/)
  const searched = { search: 'x', searchColumns: ['Nope'] }
  assert.match(problem('COLUMN_UNKNOWN', check([SEARCH], searched)).remedy, /search/)
})

test('an order goes to the parameters mapped from it, under the name that the API knows', () => {
  const order = [{ column: 'Colour 1', direction: 'DESC' }] as const
  assert.equal(query([SORT, DIRECTION], { order }), 'sort=colour&dir=DESC')
  const spelled = { ...DIRECTION, allowed: ['ascending', 'descending'] }
  assert.equal(query([SORT, spelled], { order }), 'sort=colour&dir=descending')
  assert.equal(query([ORDER], { order }), 'order=-colour')
  assert.equal(query([SORT], { order: [{ column: 'Name', direction: 'ASC' }] }), 'sort=Name')
})

test('an order that the API does not take is refused', () => {
  const ascending = { column: 'Name', direction: 'ASC' } as const
  const descending = { column: 'Size', direction: 'DESC' } as const
  problem('ORDER_UNSUPPORTED', check([NAME, DIRECTION], { order: [ascending] }))
  const backwards = problem('ORDER_UNSUPPORTED', check([SORT], { order: [descending] }))
  assert.match(backwards.message, /"Size" in descending order/)
  const two = problem('ORDER_UNSUPPORTED', check([ORDER], { order: [ascending, descending] }))
  assert.match(two.message, /"Name" and "Size" at once/)
})

test('a search goes to the parameter mapped from it, else it is refused', () => {
  assert.equal(query([SEARCH], { search: 'drill press' }), 'search=drill%20press')
  problem('SEARCH_UNSUPPORTED', check([NAME], { search: 'drill' }))
})

test('a search of one column goes where CONTAINS of it goes, one of several is refused', () => {
  assert.equal(query([SEARCH, HAS], { search: 'x', searchColumns: ['Name'] }), 'q=x')
  problem('FILTER_UNSUPPORTED', check([SEARCH], { search: 'x', searchColumns: ['Name'] }))
  const several = { search: 'x', searchColumns: ['Name', 'Colour 1'] }
  problem('FILTER_OR_UNSUPPORTED', check([SEARCH, HAS], several))
})

test('objects that the flow provides are no filter of an API', () => {
  problem('PROVIDED_OBJECTS_UNSUPPORTED', check([NAME], { filterByProvidedObjects: true }))
})

test('a filter beside an id counts for nothing', () => {
  const filter = listFilter({ id: '7', where: group('AND', [where('Nope', 'EQUAL', 'x')]) })
  const id = parameter('id', { in: 'path', sources: [{ from: 'id', part: null }] })
  const planned = plan(
    { path: '/things/{id}', parameters: [id, NAME] },
    { input: { id: '7', filter } }
  )
  assert.equal(planned.url, 'https://api.example.com/things/7')
})

test('D01 the sample of filters sends all of them at once', async () => {
  const filter = listFilter({
    where: group(
      'AND',
      [
        where('City', 'EQUAL', 'Springfield'),
        where('Title', 'STARTS_WITH', 'Spring'),
        where('Starts', 'GREATER_THAN', '2024-05-01T00:00:00Z'),
        where('Price', 'LESS_THAN_OR_EQUAL', '99.90'),
        where('Venue', 'IS_EMPTY', 'false')
      ],
      [group('OR', [where('Status', 'EQUAL', 'open'), where('Status', 'EQUAL', 'planned')])]
    ),
    order: [{ column: 'Starts', direction: 'DESC' }],
    search: 'jazz'
  })
  const page = { values: { limit: 21, offset: 20 }, url: null }
  const planned = await planSample('where-filters', 'query:Event', { input: { filter, page } })
  assert.deepEqual(Object.fromEntries(new URL(planned.url).searchParams), {
    limit: '21',
    offset: '20',
    city: 'Springfield',
    title_begins: 'Spring',
    after: '2024-05-01T00:00:00Z',
    price_to: '99.9',
    no_venue: 'false',
    status: 'open,planned',
    q: 'jazz',
    sort: '-Starts'
  })
})
