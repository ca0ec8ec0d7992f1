import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CRITERIA } from '../../../service/model/mapping-record.ts'
import type { Criterion, Source } from '../../../service/model/mapping-record.ts'
import type { BoundParameter } from '../../../service/model/bound-parameters.ts'
import type { TypeRecord } from '../../../service/model/type-record.ts'
import { splitFilter } from '../../../service/plan/filter/split-filter.ts'
import type { RemainingFilter } from '../../../service/plan/filter/split-filter.ts'
import type { ListFilter } from '../../../service/plan/types.ts'
import { custom, nested, objectType, scalar } from '../../support/type-record.ts'
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
} from '../plan-records.ts'

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
function query(parameters: readonly BoundParameter[], given: Partial<ListFilter>): string {
  return sentQuery(plan({ parameters }, { input: { filter: listFilter(given) } }))
}

function split(
  parameters: readonly BoundParameter[],
  given: Partial<ListFilter>,
  type: TypeRecord = THING
): RemainingFilter | null {
  return splitFilter(operation({ parameters }), type, listFilter(given)).remaining
}

/** What is left of a filter; nothing, with what differs. */
function remaining(given: Partial<RemainingFilter>): RemainingFilter {
  return { where: group('AND', []), search: null, order: [], providedIds: null, ...given }
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
  const contains = group('AND', [where('Name', 'CONTAINS', 'x')])
  assert.deepEqual(split([plain], { where: contains }), remaining({ where: contains }))
})

test('D04 a filter that is not set sends no parameter', () => {
  assert.equal(query([NAME, BIGGER, SEARCH, SORT, DIRECTION, ORDER], {}), '')
  assert.equal(query([NAME], { where: group('OR', [], [group('AND', [])]) }), '')
  assert.equal(split([], { where: group('OR', [], [group('AND', [])]) }), null)
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
  problem('VALUE_INVALID', () => split([BIGGER], { where: wrong }))
  problem('VALUE_INVALID', () => split([], { where: group('OR', [], [wrong]) }))
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
  assert.deepEqual(split([NAME], blank), remaining(blank))
  assert.equal(query([NAME, EMPTY], blank), 'no_name=true')
  const filled = { where: group('AND', [where('Name', 'NOT_EQUAL', null)]) }
  assert.equal(query([EMPTY], filled), 'no_name=false')
  const unborn = parameter('unborn', { sources: [filterSource('Born', 'IS_EMPTY')] })
  const noDate = { where: group('AND', [where('Born', 'EQUAL', '0001-01-01T00:00:00Z')]) }
  assert.equal(query([unborn], noDate), 'unborn=true')
})

test('a blank text is part of every text, so it says nothing', () => {
  const conditions = group('AND', [where('Name', 'CONTAINS', ' ')])
  assert.equal(query([], { where: conditions }), '')
  assert.equal(split([], { where: conditions }), null)
  assert.equal(query([], { where: group('OR', [where('Name', 'EQUAL', 'x')], [conditions]) }), '')
})

test('D10 D14 what the API does not take is left, what it takes is pushed and not left', () => {
  const less = where('size', 'LESS_THAN', '3')
  const conditions = group('AND', [where('Name', 'EQUAL', 'a'), less])
  const { pushed, remaining: left } = splitFilter(
    operation({ parameters: [NAME, BIGGER] }),
    THING,
    listFilter({ where: conditions })
  )
  assert.deepEqual([...pushed], [[NAME, 'a']])
  assert.deepEqual(left, remaining({ where: group('AND', [{ ...less, column: 'Size' }]) }))
  assert.equal(query([NAME, BIGGER], { where: conditions }), 'name=a')
})

test('D10 every criterion that has no parameter is left as it was asked', () => {
  for (const criterion of CRITERIA) {
    const conditions = group('AND', [where('Name', criterion, 'true')])
    assert.deepEqual(split([], { where: conditions }), remaining({ where: conditions }), criterion)
    const taker = parameter('p', { sources: [filterSource('Name', criterion)] })
    assert.equal(split([taker], { where: conditions }), null, criterion)
  }
})

test('D14 a condition that no answer shows the values for must be mapped', () => {
  const secret = scalar('Pin', 'text', { content: 'ContentPassword' })
  const owner = nested('Owner', 'object', 'Person')
  const hidden = scalar('Note', 'text', { writeOnly: true })
  const type = objectType('Thing', [
    custom('Region'),
    secret,
    hidden,
    owner,
    scalar('Size', 'integer')
  ])
  for (const { name } of [custom('Region'), secret, hidden, owner]) {
    const equal = { where: group('OR', [where('Size', 'EQUAL', '1'), where(name, 'EQUAL', 'x')]) }
    const error = problem('FILTER_UNSUPPORTED', () => split([], equal, type))
    assert.equal(error.message, `property "${name}" of type "Thing" cannot be filtered by EQUAL`)
    assert.match(error.remedy, new RegExp(`\`${name}: parameter\``))
    const mapped = parameter('p', { sources: [filterSource(name)] })
    const pushed = { where: group('AND', [where(name, 'EQUAL', 'x')]) }
    assert.equal(split([mapped], pushed, type), null)
    const sorted = { order: [{ column: name, direction: 'ASC' }] } as const
    problem('ORDER_UNSUPPORTED', () => split([], sorted, type))
    assert.equal(split([SORT], sorted, type), null)
    const searched = { search: 'x', searchColumns: [name, 'Size'] }
    problem('FILTER_UNSUPPORTED', () => split([], searched, type))
  }
  const empty = { where: group('AND', [where('Owner', 'EQUAL', null)]) }
  assert.deepEqual(split([], empty, type), remaining(empty))
  problem('FILTER_UNSUPPORTED', () =>
    split([], { where: group('AND', [where('Region', 'IS_EMPTY', 'true')]) }, type)
  )
  problem('SEARCH_UNSUPPORTED', () => split([], { search: 'x' }, type))
})

test('D11 a second condition of one kind is left, unless it has a parameter of its own', () => {
  const more = where('Size', 'GREATER_THAN', '2')
  const conditions = group('AND', [where('Size', 'GREATER_THAN', '1'), more])
  assert.deepEqual(
    split([BIGGER], { where: conditions }),
    remaining({ where: group('AND', [more]) })
  )
  assert.equal(query([BIGGER], { where: conditions }), 'bigger=1')
  const both = parameter('one', { sources: [filterSource('Name'), filterSource('Size')] })
  const two = group('AND', [where('Name', 'EQUAL', 'x'), where('Size', 'EQUAL', '1')])
  const left = remaining({ where: group('AND', [where('Size', 'EQUAL', '1')]) })
  assert.deepEqual(split([both], { where: two }), left)
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

test('D11 OR-ed equalities of one column go to a parameter that takes them as an array', () => {
  const several = { where: group('OR', [where('Name', 'EQUAL', 'a'), where('Name', 'EQUAL', 'b')]) }
  assert.equal(query([NAME_ANY], several), 'names=a,b')
  assert.equal(split([NAME_ANY], several), null)
  const inGroups = { where: group('OR', several.where.conditions.slice(1), [several.where]) }
  assert.equal(query([NAME_ANY], inGroups), 'names=b,a,b')
  const one = { where: group('AND', [where('Name', 'EQUAL', 'a')]) }
  assert.equal(query([NAME_ANY], one), 'names=a')
})

test('D11 any other OR is left whole, also the part of it that the API would take', () => {
  const equal = where('Name', 'EQUAL', 'a')
  const ofGroups = group('OR', [equal], [group('AND', [equal, where('Size', 'EQUAL', '1')])])
  for (const or of [
    group('OR', [equal, where('Size', 'EQUAL', '1')]),
    group('OR', [equal, where('Name', 'CONTAINS', 'b')]),
    group('OR', [equal, where('Name', 'EQUAL', '')]),
    ofGroups
  ]) {
    const alone = remaining({ where: group('AND', [], [or]) })
    assert.deepEqual(split([NAME, NAME_ANY, HAS], { where: or }), alone)
    assert.equal(query([NAME, NAME_ANY, HAS], { where: or }), '')
    const and = group('AND', [where('Size', 'GREATER_THAN', '7')], [or, group('OR', [])])
    assert.deepEqual(split([BIGGER], { where: and }), alone)
    assert.equal(query([BIGGER], { where: and }), 'bigger=7')
  }
  const plain = group('OR', [equal, where('Name', 'EQUAL', 'b')])
  assert.deepEqual(split([NAME], { where: plain }), remaining({ where: group('AND', [], [plain]) }))
})

test('a column that the type does not have is named with the nearest one', () => {
  const inGroup = group('OR', [], [group('AND', [where('Nane', 'EQUAL', 'x')])])
  const error = problem('COLUMN_UNKNOWN', () => split([NAME], { where: inGroup }))
  assert.equal(error.message, 'type "Thing" has no property "Nane" (did you mean "Name"?)')
  assert.match(error.remedy, /filter/)
  const order = [{ column: 'Nope', direction: 'ASC' }] as const
  assert.match(problem('COLUMN_UNKNOWN', () => split([SORT], { order })).remedy, /order/)
  const searched = { search: 'x', searchColumns: ['Nope'] }
  assert.match(problem('COLUMN_UNKNOWN', () => split([SEARCH], searched)).remedy, /search/)
})

test('an order goes to the parameters mapped from it, under the name that the API knows', () => {
  const order = [{ column: 'Colour 1', direction: 'DESC' }] as const
  assert.equal(query([SORT, DIRECTION], { order }), 'sort=colour&dir=DESC')
  const spelled = { ...DIRECTION, allowed: ['ascending', 'descending'] }
  assert.equal(query([SORT, spelled], { order }), 'sort=colour&dir=descending')
  assert.equal(query([ORDER], { order }), 'order=-colour')
  assert.equal(query([SORT], { order: [{ column: 'Name', direction: 'ASC' }] }), 'sort=Name')
})

test('D12 D14 an order that the API does not take is left whole, and no part of it is sent', () => {
  const ascending = { column: 'Name', direction: 'ASC' } as const
  const descending = { column: 'Size', direction: 'DESC' } as const
  for (const [parameters, order] of [
    [[NAME, DIRECTION], [ascending]],
    [[SORT], [descending]],
    [[ORDER], [ascending, descending]],
    [
      [SORT, DIRECTION],
      [descending, ascending]
    ]
  ] as const) {
    assert.deepEqual(split(parameters, { order }), remaining({ order }))
    assert.equal(query(parameters, { order }), '')
  }
})

test('P12 an order that the enum of its parameter lacks is left', () => {
  const order = (column: string, direction: 'ASC' | 'DESC') => ({ order: [{ column, direction }] })
  const sort = { ...SORT, allowed: ['colour', 'created_at'] }
  const words = { ...ORDER, allowed: ['colour', '-colour', 'name'] }
  for (const parameters of [[sort, DIRECTION], [words]]) {
    assert.deepEqual(split(parameters, order('Size', 'DESC')), remaining(order('Size', 'DESC')))
    assert.equal(query(parameters, order('Size', 'ASC')), '')
  }
  assert.equal(query([sort, DIRECTION], order('Colour 1', 'ASC')), 'sort=colour&dir=ASC')
  assert.equal(query([words], order('Colour 1', 'DESC')), 'order=-colour')
  // The name in another letter case, and one direction of two.
  assert.equal(query([words], order('Name', 'ASC')), 'order=name')
  assert.deepEqual(split([words], order('Name', 'DESC')), remaining(order('Name', 'DESC')))
  const upwards = { ...DIRECTION, allowed: ['asc'] }
  assert.equal(query([sort, upwards], order('Colour 1', 'ASC')), 'sort=colour&dir=asc')
  assert.deepEqual(
    split([sort, upwards], order('Colour 1', 'DESC')),
    remaining(order('Colour 1', 'DESC'))
  )
  // Where the template cannot say it, other parameters may.
  assert.equal(query([words, SORT, DIRECTION], order('Size', 'DESC')), 'sort=Size&dir=DESC')
})

test('M16 a value outside the enum of a parameter is left, another letter case is spelled', () => {
  const allowed = { ...NAME, allowed: ['Open', 'in-progress', '7'] }
  const asked = (value: string) => ({ where: group('AND', [where('Name', 'EQUAL', value)]) })
  assert.equal(query([allowed], asked('open')), 'name=Open')
  assert.equal(query([allowed], asked('IN-PROGRESS')), 'name=in-progress')
  assert.deepEqual(split([allowed], asked('archived')), remaining(asked('archived')))
  assert.equal(query([allowed], asked('archived')), '')
  const size = parameter('size', { kind: 'integer', sources: [filterSource('Size')] })
  const sized = (value: string) => ({ where: group('AND', [where('Size', 'EQUAL', value)]) })
  assert.equal(query([{ ...size, allowed: ['1', '2'] }], sized('2')), 'size=2')
  assert.deepEqual(split([{ ...size, allowed: ['1', '2'] }], sized('3')), remaining(sized('3')))
  const any = { ...NAME_ANY, allowed: ['a', 'B'] }
  const either = (...values: string[]) => ({
    where: group(
      'OR',
      values.map(value => where('Name', 'EQUAL', value))
    )
  })
  assert.equal(query([any], either('a', 'b')), 'names=a,B')
  const { join, conditions } = either('a', 'c').where
  const or = remaining({ where: group('AND', [], [group(join, conditions)]) })
  assert.deepEqual(split([any], either('a', 'c')), or)
  // A parameter whose enum has the value takes it, whatever another has.
  assert.equal(query([allowed, HAS, { ...NAME, name: 'n' }], asked('archived')), 'n=archived')
})

test('D12 an order that the API takes is pushed beside conditions that are left', () => {
  const conditions = group('AND', [where('Size', 'LESS_THAN', '3')])
  const order = [{ column: 'Name', direction: 'DESC' }] as const
  assert.deepEqual(split([ORDER], { where: conditions, order }), remaining({ where: conditions }))
  assert.equal(query([ORDER], { where: conditions, order }), 'order=-Name')
})

test('D13 D14 a search goes to the parameter mapped from it, else it is left', () => {
  assert.equal(query([SEARCH], { search: 'drill press' }), 'search=drill%20press')
  assert.equal(split([SEARCH], { search: 'drill' }), null)
  const left = remaining({ search: { text: 'drill', columns: [] } })
  assert.deepEqual(split([NAME, HAS], { search: 'drill' }), left)
})

test('D13 a search of one column goes where CONTAINS of it goes, one of several is left', () => {
  const one = { search: 'x', searchColumns: ['name'] }
  assert.equal(query([SEARCH, HAS], one), 'q=x')
  assert.deepEqual(split([SEARCH], one), remaining({ search: { text: 'x', columns: ['Name'] } }))
  const several = { search: 'x', searchColumns: ['Name', 'Colour 1'] }
  const left = remaining({ search: { text: 'x', columns: ['Name', 'Colour 1'] } })
  assert.deepEqual(split([SEARCH, HAS], several), left)
  assert.equal(query([SEARCH, HAS], several), '')
})

test('objects that the flow provides are always left', () => {
  const given = { providedIds: ['1', '2', '1'] }
  assert.deepEqual(split([NAME], given), remaining({ providedIds: new Set(['1', '2']) }))
  const none = { providedIds: [] }
  assert.deepEqual(split([NAME], none), remaining({ providedIds: new Set() }))
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
