import assert from 'node:assert/strict'
import test from 'node:test'

import type { ListKeys, PageAnswer, StartedList } from '../support/paged-list.ts'
import { integer, numberIn, startList, text } from '../support/paged-list.ts'
import type { ApiCall } from '../support/start-api.ts'
import { condition, flowObject, problem, refusal } from '../support/start-connector.ts'

const PROPERTIES = [
  'City: { type: string }',
  'Rooms: { type: integer }',
  'Price: { type: number }',
  'Sold: { type: boolean }',
  'Built: { type: string, format: date }',
  'Seen: { type: string, format: date-time }',
  'Name: { type: string }',
  'Tags: { type: array, items: { type: string } }',
  'Secret: { type: string, format: password }'
].join(', ')

/** A list of homes of which the API takes the city, ten in a page. */
const HOMES: ListKeys = {
  get: 'x-flow-pagination: { type: offset, pageSize: 10 }',
  parameters: [text('city')],
  properties: PROPERTIES,
  mapping: 'parameters: { where: { City: city } }'
}

type Row = { readonly id: string; readonly [member: string]: unknown }

function pagesOf(rows: readonly Row[]) {
  return (call: ApiCall): PageAnswer => {
    const offset = numberIn(call, 'offset', 0)
    return { json: rows.slice(offset, offset + numberIn(call, 'limit', 10)) }
  }
}

function homes(t: Parameters<typeof startList>[0], rows: readonly Row[], bounds = {}) {
  return startList(t, HOMES, pagesOf(rows), bounds)
}

const FEW: readonly Row[] = [
  {
    id: 'a',
    City: 'Springfield, IL',
    Rooms: 4,
    Price: 99.5,
    Sold: true,
    Built: '1999-12-31',
    Name: 'Villa'
  },
  {
    id: 'b',
    City: 'Oslo',
    Rooms: 10,
    Price: 100,
    Sold: false,
    Built: '2000-01-01',
    Name: 'villa Sol'
  },
  { id: 'c', City: 'Oslo', Rooms: 9, Price: null, Sold: null, Name: '', Tags: ['x'] },
  {
    id: 'd',
    City: 'Bergen',
    Rooms: 4,
    Price: 12_345_678_901_234_567n.toString(),
    Name: 'Ærlig',
    Tags: []
  },
  { id: 'e', Rooms: 2, Built: '2010-06-15', Seen: '2024-05-01T10:00:00+02:00', Name: '  ' }
]

async function idsOf(list: StartedList, listFilter: object): Promise<string> {
  return (await list.load(listFilter)).ids.join('')
}

test('D10 what no parameter takes is evaluated here, each criterion under the kind of its property', async t => {
  const list = await homes(t, FEW)
  for (const [column, criterion, value, expected] of [
    ['Rooms', 'EQUAL', '4.0', 'ad'],
    ['Rooms', 'NOT_EQUAL', '4', 'bce'],
    ['Rooms', 'GREATER_THAN', '9', 'b'],
    ['Rooms', 'GREATER_THAN_OR_EQUAL', '9', 'bc'],
    ['Rooms', 'LESS_THAN', '9', 'ade'],
    ['Rooms', 'LESS_THAN_OR_EQUAL', '9', 'acde'],
    ['Price', 'GREATER_THAN', '99.50', 'bd'],
    ['Price', 'EQUAL', '12345678901234567', 'd'],
    ['Price', 'LESS_THAN', '12345678901234567', 'ab'],
    ['Sold', 'EQUAL', 'TRUE', 'a'],
    ['Sold', 'NOT_EQUAL', 'true', 'bcde'],
    ['Built', 'LESS_THAN', '2000-01-01T00:00:00Z', 'a'],
    ['Built', 'EQUAL', '2000-01-01T00:00:00.0000000+00:00', 'b'],
    ['Seen', 'EQUAL', '2024-05-01T08:00:00Z', 'e'],
    ['Name', 'EQUAL', 'VILLA', 'a'],
    ['Name', 'CONTAINS', 'ILL', 'ab'],
    ['Name', 'STARTS_WITH', 'æ', 'd'],
    ['Name', 'ENDS_WITH', 'SOL', 'b'],
    ['Name', 'NOT_EQUAL', 'villa', 'bcde'],
    ['Name', 'CONTAINS', '', 'abcde'],
    ['name', 'GREATER_THAN', 'villa', 'b']
  ] as const) {
    const where = [condition(column, value, criterion)]
    assert.equal(await idsOf(list, { where }), expected, `${column} ${criterion} "${value}"`)
  }
})

test('D10 vector 5: IS_EMPTY with True, with anything else, and comparing with nothing', async t => {
  const list = await homes(t, FEW)
  for (const [column, criterion, value, expected] of [
    ['Name', 'IS_EMPTY', 'True', 'ce'],
    ['Name', 'IS_EMPTY', 'false', 'abd'],
    ['Name', 'IS_EMPTY', '', 'abd'],
    ['Name', 'EQUAL', '', 'ce'],
    ['Name', 'NOT_EQUAL', ' ', 'abd'],
    ['Tags', 'IS_EMPTY', 'true', 'abde'],
    ['Tags', 'IS_EMPTY', 'no', 'c'],
    ['Built', 'IS_EMPTY', 'TRUE', 'cd'],
    ['Built', 'EQUAL', '0001-01-01T00:00:00+00:00', 'cd'],
    ['City', 'IS_EMPTY', 'true', 'e'],
    ['City', 'EQUAL', '', 'e']
  ] as const) {
    const where = [condition(column, value, criterion)]
    assert.equal(await idsOf(list, { where }), expected, `${column} ${criterion} "${value}"`)
  }
  const stale = { columnName: 'Name', criteriaType: 'EQUAL', contentValue: 'villa', value: 'Ærlig' }
  assert.equal(await idsOf(list, { where: [stale] }), 'a')
  assert.equal(await idsOf(list, { where: [{ ...stale, contentValue: undefined }] }), 'd')
})

test('D11 vector 6: OR in AND, AND in OR, empty groups, and a blank join is AND', async t => {
  const list = await homes(t, FEW)
  const rooms = (value: string) => condition('Rooms', value)
  const name = (value: string) => condition('Name', value, 'CONTAINS')
  const or = (...where: object[]) => ({ comparisonType: 'OR', where })
  const and = (...where: object[]) => ({ comparisonType: 'and', where })
  for (const [listFilter, expected] of [
    [{ comparisonType: 'AND', listFilters: [or(rooms('4'), rooms('9')), or(name('villa'))] }, 'a'],
    [{ where: [name('villa')], listFilters: [or(rooms('4'), rooms('9'))] }, 'a'],
    [
      { comparisonType: 'OR', where: [rooms('9')], listFilters: [and(rooms('4'), name('v'))] },
      'ac'
    ],
    [
      {
        comparisonType: 'OR',
        listFilters: [
          {
            comparisonType: 'AND',
            where: [name('villa')],
            listFilters: [or(rooms('4'), rooms('2'))]
          },
          and(rooms('2'), condition('City', 'true', 'IS_EMPTY'))
        ]
      },
      'ae'
    ],
    [{ comparisonType: '', where: [rooms('4'), name('villa')] }, 'a'],
    [{ comparisonType: null, where: [rooms('4'), name('villa')] }, 'a'],
    [{ comparisonType: 'OR', where: [rooms('4')], listFilters: [and(), { where: null }] }, 'ad'],
    [{ where: [rooms('4')], listFilters: [or(), { listFilters: [or(), and()] }] }, 'ad'],
    [{ comparisonType: 'OR', where: [], listFilters: [] }, 'abcde'],
    [or(rooms('9'), condition('Name', '', 'CONTAINS')), 'abcde']
  ] as const) {
    assert.equal(await idsOf(list, listFilter), expected, JSON.stringify(listFilter))
  }
})

test('D12 vector 7: the older order comes first, each column once, a blank direction is upwards', async t => {
  const list = await homes(t, FEW)
  const by = (columnName: string, direction = 'ASC') => ({ columnName, direction })
  for (const [listFilter, expected] of [
    [{ orderBy: [by('Rooms')] }, 'eadcb'],
    [{ orderBy: [by('Rooms', ''), by('Name', 'DESC')] }, 'eadcb'],
    [{ orderBy: [by('Rooms', 'DESC')] }, 'bcade'],
    [{ orderBy: [by('Built', 'ASC')] }, 'abecd'],
    [{ orderBy: [by('Built', 'DESC')] }, 'cdeba'],
    [
      {
        orderByPropertyDeveloperName: 'Rooms',
        orderByDirectionType: 'DESC',
        orderBy: [by('rooms', 'ASC'), by('id', 'DESC'), by('id', 'ASC')]
      },
      'bcdae'
    ],
    [{ orderByPropertyDeveloperName: 'Rooms', orderByDirectionType: null }, 'eadcb']
  ] as const) {
    assert.equal(await idsOf(list, listFilter), expected, JSON.stringify(listFilter))
  }
})

test('D13 a search looks in its columns, else in all of plain text, beside the conditions', async t => {
  const list = await homes(t, FEW)
  for (const [listFilter, expected] of [
    [{ search: 'SPRING' }, 'a'],
    [{ search: 'o' }, 'bc'],
    [{ search: 'o', searchCriteria: [{ columnName: 'Name' }] }, 'b'],
    [{ search: '4', searchCriteria: [{ columnName: 'Rooms' }] }, 'ad'],
    [{ search: 'il', searchCriteria: [{ columnName: 'Name' }, { columnName: 'city' }] }, 'ab'],
    [{ search: 'o', where: [condition('Rooms', '9')] }, 'c'],
    [{ search: 'x', searchCriteria: [{ columnName: 'Name', query: 'sol' }] }, 'b'],
    [{ search: '  ' }, 'abcde']
  ] as const) {
    assert.equal(await idsOf(list, listFilter), expected, JSON.stringify(listFilter))
  }
})

test('D14 vector 7.5: a filter by provided objects gives those of them that meet the rest', async t => {
  const list = await homes(t, FEW)
  const provided = (listFilter: object, objectData: readonly object[] | null) =>
    list.connector.send('POST', '/data', {
      objectDataType: { developerName: 'Thing' },
      listFilter: { filterByProvidedObjects: true, ...listFilter },
      objectData
    })
  const ids = async (...given: Parameters<typeof provided>): Promise<string> => {
    const { text: answer } = await provided(...given)
    return [...answer.matchAll(/"externalId":"(\w)"/g)].map(([, id]) => id).join('')
  }
  const objects = [flowObject('d'), flowObject('a'), flowObject('z'), flowObject(null)]
  assert.equal(await ids({}, objects), 'ad')
  assert.equal(await ids({ where: [condition('Name', 'v', 'CONTAINS')] }, objects), 'a')
  assert.equal(await ids({ limit: 1, offset: 1 }, objects), 'd')
  assert.equal(list.api.takeCalls().length, 3)
  // None of no objects needs no call.
  assert.equal(await ids({}, []), '')
  assert.equal(await ids({}, null), '')
  assert.deepEqual(list.api.takeCalls(), [])
  // Without the word the objects are a template and mean nothing.
  assert.equal(await ids({ filterByProvidedObjects: false }, [flowObject('d')]), 'abcde')
})

test('D14 what is mapped is pushed and not evaluated again, the rest is evaluated here', async t => {
  const list = await homes(t, FEW)
  const city = condition('City', 'Springfield')
  const pushed = await list.load({ where: [city], limit: 3 })
  // The API decides what the city means: it may answer with others.
  assert.deepEqual(pushed.ids, ['a', 'b', 'c'])
  assert.deepEqual(pushed.calls, ['GET /v1/things?city=Springfield&limit=4&offset=0'])

  const both = await list.load({ where: [city, condition('Rooms', '4')] })
  assert.deepEqual(both.ids, ['a', 'd'])
  assert.ok(
    both.calls.every(call => call.includes('city=Springfield')),
    both.calls.join()
  )

  const second = await list.load({ where: [city, condition('City', 'Oslo')] })
  assert.deepEqual(second.ids, ['b', 'c'])
  const either = await list.load({ comparisonType: 'OR', where: [city, condition('City', 'Oslo')] })
  assert.deepEqual(either.ids, ['b', 'c'])
  assert.ok(
    either.calls.every(call => !call.includes('city=')),
    either.calls.join()
  )
})

const MANY: readonly Row[] = Array.from({ length: 95 }, (_, index) => ({
  id: `r${index}`,
  Rooms: index % 5,
  Name: `n${String(95 - index).padStart(2, '0')}`
}))
const NO_ROOMS = { where: [condition('Rooms', '0')] }

test('D14 a scan without an order of its own stops as soon as the window is full', async t => {
  const list = await homes(t, MANY)
  for (const [window, ids, more, calls] of [
    [{ limit: 2 }, ['r0', 'r5'], true, 2],
    [{ limit: 3, offset: 2 }, ['r10', 'r15', 'r20'], true, 3],
    [
      { limit: 10, offset: 9 },
      MANY.filter(row => row.Rooms === 0)
        .slice(9)
        .map(row => row.id),
      false,
      10
    ],
    [{ limit: 5, offset: 40 }, [], false, 10]
  ] as const) {
    const loaded = await list.load({ ...NO_ROOMS, ...window })
    assert.deepEqual([loaded.ids, loaded.more, loaded.calls.length], [ids, more, calls])
    assert.equal(loaded.token, undefined)
  }
})

test('D12 D14 a scan with an order reads the list to its end', async t => {
  const list = await homes(t, MANY)
  const orderBy = [{ columnName: 'Name', direction: 'ASC' }]
  const { ids, more, calls } = await list.load({ ...NO_ROOMS, orderBy, limit: 2 })
  assert.deepEqual([ids, more, calls.length], [['r90', 'r85'], true, 10])
  const last = await list.load({ orderBy, limit: 5, offset: 90 })
  assert.deepEqual([last.ids, last.more], [['r4', 'r3', 'r2', 'r1', 'r0'], false])
})

test('D14 an order that the API takes is kept, and the scan stops when the window is full', async t => {
  const keys = {
    ...HOMES,
    parameters: [text('sort')],
    mapping: "parameters: { sort: { from: orderBy, ascending: '{name}', descending: '-{name}' } }"
  }
  const list = await startList(t, keys, pagesOf(MANY))
  const orderBy = [{ columnName: 'Name', direction: 'DESC' }]
  const { ids, calls } = await list.load({ ...NO_ROOMS, orderBy, limit: 1 })
  assert.deepEqual(ids, ['r0'])
  assert.deepEqual(calls, ['GET /v1/things?sort=-Name&limit=10&offset=0'])
})

test('D14 past the scan limit a problem says which condition, the limit, and what to add', async t => {
  const byRecords = await homes(t, MANY, { SCAN_MAX_RECORDS: '40' })
  const byPages = await homes(t, MANY, { SCAN_MAX_PAGES: '3' })
  for (const [list, read, setting, calls] of [
    [byRecords, '40 objects', 'SCAN_MAX_RECORDS', 5],
    [byPages, '3 pages', 'SCAN_MAX_PAGES', 3]
  ] as const) {
    for (const [listFilter, condition, remedy] of [
      [NO_ROOMS, '"Rooms" by EQUAL', '`where: {Rooms: '],
      [
        { orderBy: [{ columnName: 'Name', direction: 'ASC' }], limit: 1 },
        'order by "Name"',
        'orderBy'
      ],
      [{ search: 'zz' }, 'the search', 'search']
    ] as const) {
      const refused = problem(await list.connector.load('Thing', listFilter))
      assert.deepEqual([refused.code, refused.statusCode], ['FILTER_SCAN_LIMIT', 400])
      for (const part of [read, condition]) {
        assert.ok(refused.message.includes(part), `${part}: ${refused.message}`)
      }
      for (const part of [remedy, setting]) {
        assert.ok(refused.remedy.includes(part), `${part}: ${refused.remedy}`)
      }
      assert.ok(list.api.takeCalls().length <= calls)
    }
    // What is certain before the limit is answered.
    const { ids, more } = await list.load({ ...NO_ROOMS, limit: 5 })
    assert.deepEqual([ids, more], [['r0', 'r5', 'r10', 'r15', 'r20'], true])
  }
})

test('D14 a list that ends exactly at the scan limit is answered', async t => {
  for (const bounds of [{ SCAN_MAX_RECORDS: '95' }, { SCAN_MAX_PAGES: '10' }]) {
    const list = await homes(t, MANY, bounds)
    const { ids, more } = await list.load(NO_ROOMS)
    assert.deepEqual([ids.length, more], [19, false])
  }
})

test('D14 a list of which only the front can be read is not taken for the whole', async t => {
  const keys = {
    properties: PROPERTIES,
    parameters: [integer('limit', ', maximum: 40')],
    mapping: 'parameters: { limit: limit }'
  }
  const list = await startList(t, keys, pagesOf(MANY))
  const refused = problem(await list.connector.load('Thing', NO_ROOMS))
  assert.deepEqual([refused.code, refused.statusCode], ['WINDOW_UNSUPPORTED', 400])
  assert.match(refused.remedy, /from `offset`/)
  const short = await startList(t, keys, pagesOf(MANY.slice(0, 39)))
  assert.equal((await short.load(NO_ROOMS)).ids.length, 8)
})

test('D14 equal objects without an id of their own differ in it, on whichever page they stand', async t => {
  const nameless = { ...HOMES, properties: PROPERTIES }
  const rows = Array.from({ length: 25 }, () => ({ Rooms: 1 }))
  const list = await startList(t, nameless, call => ({
    json: rows
      .slice(numberIn(call, 'offset', 0))
      .slice(0, 10)
      .map((row, index) => ({
        ...row,
        // Pages that are equal would be one page that came twice.
        Price: numberIn(call, 'offset', 0) === 10 && index === 0 ? 2 : 1
      }))
  }))
  const { ids } = await list.load({ where: [condition('Rooms', '1')] })
  assert.equal(new Set(ids).size, 25)
})

test('D10 what an answer never shows cannot be evaluated, and no call is made', async t => {
  const list = await homes(t, FEW)
  for (const [listFilter, code] of [
    [{ where: [condition('Secret', 'x')] }, 'FILTER_UNSUPPORTED'],
    [{ where: [condition('Tags', 'x', 'CONTAINS')] }, 'FILTER_UNSUPPORTED'],
    [{ orderBy: [{ columnName: 'Tags', direction: 'ASC' }] }, 'ORDER_UNSUPPORTED'],
    [{ where: [condition('Rooms', 'few')] }, 'VALUE_INVALID'],
    [{ where: [condition('Room', '1')] }, 'COLUMN_UNKNOWN'],
    [{ search: 'x', searchCriteria: [{ columnName: 'Secret' }] }, 'FILTER_UNSUPPORTED']
  ] as const) {
    assert.deepEqual(refusal(await list.connector.load('Thing', listFilter)), [code, 400])
  }
  assert.deepEqual(list.api.calls, [])
})

test('D19 a condition fills the parent in the path of its children, the rest is evaluated', async t => {
  const keys = {
    ...HOMES,
    properties: `${PROPERTIES}, parent: { type: string }`,
    parameters: [text('owner')],
    mapping: 'parameters: { where: { parent: owner } }'
  }
  const list = await startList(t, keys, pagesOf(FEW))
  const where = [condition('parent', 'p/1'), condition('Rooms', '9')]
  const { ids, calls } = await list.load({ where })
  assert.deepEqual([ids, calls], [['c'], ['GET /v1/things?owner=p%2F1&limit=10&offset=0']])
})
