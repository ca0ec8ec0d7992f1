import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { condition, found, problem, refusal, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Homes, version: '1' }
servers: [{ url: /v1 }]
paths:
  /homes:
    get:
      parameters:
        - { name: city, in: query, schema: { type: string } }
        - { name: rooms, in: query, schema: { type: integer } }
        - { name: built_after, in: query, schema: { type: string, format: date } }
        - { name: built_before, in: query, schema: { type: string, format: date } }
        - { name: name, in: query, schema: { type: string } }
        - { name: name_like, in: query, schema: { type: string } }
        - { name: country, in: query, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer } }
        - { name: offset, in: query, schema: { type: integer } }
        - { name: sort, in: query, schema: { type: string } }
        - { name: q, in: query, schema: { type: string } }
      responses:
        '200': { description: Some, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Home' } } } } }
  /plain:
    get:
      responses:
        '200': { description: Some, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Plain' } } } } }
components:
  schemas:
    Home:
      type: object
      properties:
        id: { type: string }
        City: { type: string }
        Rooms: { type: integer }
        Built: { type: string, format: date }
        Name: { type: string }
        country: { type: string }
        Note: { type: string }
      x-flow-type: { name: Home }
      x-flow-query:
        path: /homes
        parameters:
          limit: limit
          offset: offset
          country: country
          q: search
          sort: { from: orderBy, ascending: '{name}', descending: '-{name}' }
          where:
            City: city
            Rooms: rooms
            Built: { GREATER_THAN: built_after, LESS_THAN: built_before }
            Name: { EQUAL: name, CONTAINS: name_like }
    Plain:
      type: object
      properties: { id: { type: string }, name: { type: string } }
      x-flow-type: { name: Plain }
      x-flow-query: { path: /plain }
`

test('D01 D02 where puts a property into the parameter of the API, a plain entry the options of the filter', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [{ id: 'h1', City: 'Springfield, IL' }] })
  const answer = await connector.load('Home', {
    where: [condition('City', 'Springfield'), condition('COUNTRY', 'US & A')],
    limit: 5,
    offset: 10
  })
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/homes?city=Springfield&country=US%20%26%20A&limit=6&offset=10'
  ])
  // What the API was asked is the API's: its answer is not judged again.
  assert.deepEqual(
    found(answer).map(({ City }) => City),
    ['Springfield, IL']
  )
})

test('D03 vector 5: the comparand is contentValue; a stale value beside it does not count', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const base = { columnName: 'City', criteriaType: 'equal' }
  for (const [given, query] of [
    [{ ...base, contentValue: 'Oslo', value: 'stale' }, '?city=Oslo&'],
    [{ ...base, value: 'Bergen' }, '?city=Bergen&']
  ] as const) {
    api.answer({ json: [] })
    await connector.load('Home', { where: [given], limit: 1 })
    assert.deepEqual(api.takeCalls(), [`GET /v1/homes${query}limit=2`])
  }
  for (const [given, code] of [
    [condition('Colour', 'red'), 'COLUMN_UNKNOWN'],
    [condition('City', 'x', 'SOUNDS_LIKE'), 'CRITERION_UNKNOWN'],
    [condition('City', 'x', 'ALL_EQUAL'), 'CRITERION_UNKNOWN']
  ] as const) {
    assert.deepEqual(refusal(await connector.load('Home', { where: [given] })), [code, 400])
  }
  assert.deepEqual(api.takeCalls(), [])
})

test('D01 a criterion object maps each criterion to its parameter, dates as the API has them', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [] }, { json: [] })
  const where = [
    condition('Built', '2000-01-01T00:00:00Z', 'GREATER_THAN'),
    condition('Built', '2010-12-31T00:00:00.0000000+00:00', 'LESS_THAN'),
    condition('Name', 'villa', 'CONTAINS'),
    condition('Rooms', '4.0')
  ]
  await connector.load('Home', { where, limit: 1 })
  const groups = [{ comparisonType: 'AND', where: where.slice(2) }, { where: [] }]
  await connector.load('Home', { where: where.slice(0, 2), listFilters: groups, limit: 1 })
  const query = 'rooms=4&built_after=2000-01-01&built_before=2010-12-31&name_like=villa&limit=2'
  assert.deepEqual(api.takeCalls(), [`GET /v1/homes?${query}`, `GET /v1/homes?${query}`])
})

test('D04 what is not filled sends no parameter, a limit and an offset of 0 neither', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const listFilter of [
    null,
    {},
    { id: '', where: null, listFilters: null, orderBy: null, search: '', searchCriteria: null },
    { limit: 0, offset: 0, search: ' ', orderBy: [{ columnName: '', direction: '' }] },
    { where: [condition('Name', '', 'CONTAINS')], listFilters: [{ comparisonType: 'OR' }] }
  ]) {
    api.answer({ json: [] })
    await connector.load('Home', listFilter)
    assert.deepEqual(api.takeCalls(), ['GET /v1/homes'])
  }
})

test('D12 D13 a sort template writes the order, search goes to its parameter', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [listFilter, query] of [
    [{ orderBy: [{ columnName: 'built', direction: 'DESC' }] }, 'sort=-Built'],
    [{ orderBy: [{ columnName: 'Built', direction: '' }] }, 'sort=Built'],
    [{ orderByPropertyDeveloperName: 'City', orderByDirectionType: 'DESC' }, 'sort=-City'],
    [{ search: 'sea view' }, 'q=sea%20view'],
    [{ search: 'sea', searchCriteria: [{ columnName: 'Name' }] }, 'name_like=sea']
  ] as const) {
    api.answer({ json: [] })
    await connector.load('Home', listFilter)
    assert.deepEqual(api.takeCalls(), [`GET /v1/homes?${query}`])
  }
})

test('D10 D11 D14 what the API does not take is evaluated here, over what it answers', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const homes = [
    { id: 'h1', City: 'Oslo', Name: 'Villa', Note: 'x' },
    { id: 'h2', City: 'Bergen', Name: 'Attic' }
  ]
  const city = condition('City', 'Oslo')
  const orderBy = ['City', 'Name'].map(columnName => ({ columnName, direction: 'ASC' }))
  for (const [type, listFilter, expected, query] of [
    ['Home', { where: [condition('Note', 'X')] }, ['h1'], ''],
    ['Home', { where: [condition('City', 'Oslo', 'NOT_EQUAL')] }, ['h2'], ''],
    ['Home', { where: [condition('Note', 'true', 'IS_EMPTY')] }, ['h2'], ''],
    ['Home', { where: [condition('Note', '')] }, ['h2'], ''],
    ['Home', { where: [city, condition('City', 'Bergen')] }, ['h2'], 'city=Oslo'],
    [
      'Home',
      { comparisonType: 'OR', where: [city, condition('Name', 'a', 'CONTAINS')] },
      ['h1', 'h2'],
      ''
    ],
    [
      'Home',
      {
        where: [condition('Name', 'Villa')],
        listFilters: [{ comparisonType: 'OR', where: [city, city] }]
      },
      ['h1'],
      'name=Villa'
    ],
    ['Home', { orderBy }, ['h2', 'h1'], ''],
    ['Home', { filterByProvidedObjects: true }, [], null],
    ['Plain', { orderBy: [{ columnName: 'id', direction: 'DESC' }] }, ['h2', 'h1'], ''],
    ['Plain', { search: '1' }, ['h1'], '']
  ] as const) {
    // A list with an offset goes on until a page has nothing.
    const pages = query === null ? [] : type === 'Plain' ? [homes] : [homes, []]
    api.answer(...pages.map(json => ({ json })))
    const answer = await connector.load(type, listFilter)
    assert.deepEqual(
      found(answer).map(({ externalId }) => externalId),
      expected
    )
    const calls = api.takeCalls()
    assert.equal(calls.length, pages.length)
    assert.equal(calls[0]?.split('?')[1], query || undefined)
  }
})

test('D10 what is no property, or no value of one, is refused by its own code, and no call is made', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [type, listFilter, code, named] of [
    ['Home', { where: [condition('Rooms', 'few')] }, 'VALUE_INVALID', 'Rooms'],
    ['Home', { orderBy: [{ columnName: 'Colour' }] }, 'COLUMN_UNKNOWN', 'Colour'],
    ['Plain', { where: [condition('nam', 'x')] }, 'COLUMN_UNKNOWN', '"name"'],
    ['Plain', { search: 'x', searchCriteria: [{ columnName: 'Nam' }] }, 'COLUMN_UNKNOWN', '"name"']
  ] as const) {
    const refused = problem(await connector.load(type, listFilter))
    assert.deepEqual([refused.code, refused.statusCode], [code, 400], refused.message)
    assert.ok(refused.message.includes(named), refused.message)
  }
  assert.deepEqual(api.calls, [])
})
