import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { condition, data, found, problem, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: /v1 }]
paths:
  /products:
    get:
      parameters:
        - { name: limit, in: query, schema: { type: integer, maximum: 3 } }
        - { name: offset, in: query, schema: { type: integer } }
      responses: { '200': { $ref: '#/components/responses/Products' } }
  /everything: { get: { responses: { '200': { $ref: '#/components/responses/Products' } } } }
  /products/{productId}:
    get:
      parameters: [{ name: productId, in: path, required: true, schema: { type: string } }]
      responses:
        '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Product' } } } }
  /albums/{id}/tracks:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses:
        '200':
          description: Tracks
          content:
            application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Track' } } }
  /profile:
    get:
      responses:
        '200': { description: Me, content: { application/json: { schema: { $ref: '#/components/schemas/Profile' } } } }
  /products/search:
    post:
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '200': { $ref: '#/components/responses/Products' } }
components:
  responses:
    Products:
      description: Some
      content:
        application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Product' } } }
  schemas:
    Product:
      type: object
      properties:
        id: { type: string }
        name: { type: string }
        price: { type: number }
        onSale: { type: boolean }
        since: { type: string, format: date }
        changed: { type: string, format: date-time }
        maker: { type: object, properties: { city: { type: string } } }
        tags: { type: array, items: { type: string } }
      x-flow-type: { name: Product }
      x-flow-load: { path: '/products/{productId}', operation: Get, parameters: { productId: id } }
      x-flow-query: { path: /products, operation: GET, parameters: { limit: limit, offset: offset } }
    Listed:
      type: object
      properties: { id: { type: string }, name: { type: string } }
      x-flow-type: { name: Listed }
      x-flow-query: { path: /everything }
    Single:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Single }
      x-flow-load: { path: '/products/{productId}', parameters: { productId: id } }
    Track:
      type: object
      properties: { id: { type: string }, title: { type: string } }
      x-flow-type: { name: Track }
      x-flow-load: { path: '/albums/{id}/tracks', parameters: { id: id } }
    Profile:
      type: object
      properties: { userId: { type: string }, name: { type: string } }
      x-flow-type: { name: Profile, id: userId }
      x-flow-load: { path: /profile }
    Found:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Found }
      x-flow-query: { path: /products/search, operation: pOST }
`

const products = (...ids: readonly number[]) => ids.map(id => ({ id: `p${id}`, name: `No ${id}` }))
const ids = (objects: readonly { readonly externalId?: unknown }[]) =>
  objects.map(({ externalId }) => externalId)

test('C01 C07 C12 S13 a load by id fetches the one object, its id encoded as one segment of the path', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { id: 'a/b ü?', name: 'Lamp' } })
  const answer = await connector.load('Product', { id: 'a/b ü?' })
  assert.deepEqual(api.takeCalls(), ['GET /v1/products/a%2Fb%20%C3%BC%3F'])
  assert.equal(api.calls[0]?.headers.accept, 'application/json, */*;q=0.1')
  assert.equal(data(answer).hasMoreResults, false)
  assert.deepEqual(found(answer), [
    {
      externalId: 'a/b ü?',
      name: 'Lamp',
      id: 'a/b ü?',
      price: null,
      onSale: null,
      since: null,
      changed: null,
      maker: [],
      tags: []
    }
  ])
  assert.equal((await connector.load('Product', { id: '..' })).status, 400)
  assert.deepEqual(api.takeCalls(), [])
})

test('C02 a query fetches a list, and every value travels as the protocol says', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const lamp = {
    id: 'p1',
    name: 'Lamp',
    price: 12.5,
    onSale: true,
    since: '2024-03-09',
    changed: '2024-03-09T14:05:06.5+02:00',
    maker: { city: 'Oslo' },
    tags: ['bright']
  }
  api.answer({ json: [lamp] })
  const answer = await connector.load('Product')
  assert.deepEqual(api.takeCalls(), ['GET /v1/products?limit=3'])
  const scalar = (developerName: string, contentType: string, contentValue: string) => ({
    typeElementPropertyId: null,
    developerName,
    contentType,
    contentFormat: null,
    contentValue,
    objectData: null
  })
  const nested = (developerName: string, contentType: string, objectData: object[]) => ({
    ...scalar(developerName, contentType, ''),
    contentValue: null,
    objectData
  })
  const object = (developerName: string, externalId: string, properties: object[]) => ({
    internalId: null,
    externalId,
    developerName,
    typeElementId: null,
    order: 0,
    isSelected: false,
    properties
  })
  const makerId = data(answer).objectData[0]?.properties[6]?.objectData?.[0]?.externalId ?? ''
  assert.deepEqual(answer.body, {
    culture: null,
    hasMoreResults: false,
    objectData: [
      object('Product', 'p1', [
        scalar('id', 'ContentString', 'p1'),
        scalar('name', 'ContentString', 'Lamp'),
        scalar('price', 'ContentNumber', '12.5'),
        scalar('onSale', 'ContentBoolean', 'true'),
        scalar('since', 'ContentDateTime', '2024-03-09T00:00:00Z'),
        scalar('changed', 'ContentDateTime', '2024-03-09T14:05:06.5+02:00'),
        nested('maker', 'ContentObject', [
          object('Product:maker', makerId, [scalar('city', 'ContentString', 'Oslo')])
        ]),
        nested('tags', 'ContentList', [
          object('Product:tags', 'p1-0', [
            scalar('ID', 'ContentString', 'p1-0'),
            scalar('Value', 'ContentString', 'bright')
          ])
        ])
      ])
    ]
  })
})

test('vector 3: C02 windows: no filter, no limit, a limit below, at and past the number of rows', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const window = async (listFilter: object | null, ...pages: number[][]) => {
    api.answer(...pages.map(page => ({ json: products(...page) })))
    const { objectData, hasMoreResults } = data(await connector.load('Product', listFilter))
    return { ids: ids(objectData), hasMoreResults, calls: api.takeCalls() }
  }
  const all = { ids: ['p1', 'p2', 'p3'], hasMoreResults: false }
  const allCalls = ['GET /v1/products?limit=3', 'GET /v1/products?limit=3&offset=3']
  assert.deepEqual(await window(null, [1, 2, 3], []), { ...all, calls: allCalls })
  assert.deepEqual(await window({ limit: 0 }, [1, 2, 3], []), { ...all, calls: allCalls })
  assert.deepEqual(await window({ limit: 2 }, [1, 2, 3]), {
    ids: ['p1', 'p2'],
    hasMoreResults: true,
    calls: ['GET /v1/products?limit=3']
  })
  assert.deepEqual(await window({ limit: 2, offset: 2 }, [3]), {
    ids: ['p3'],
    hasMoreResults: false,
    calls: ['GET /v1/products?limit=3&offset=2']
  })
  assert.deepEqual(await window({ limit: 3 }, [1, 2, 3], []), {
    ...all,
    calls: ['GET /v1/products?limit=3', 'GET /v1/products?limit=1&offset=3']
  })
  assert.deepEqual(await window({ limit: 9, offset: 7 }, []), {
    ids: [],
    hasMoreResults: false,
    calls: ['GET /v1/products?limit=3&offset=7']
  })
})

test('C02 a query without limit and offset is one request, and its window is cut here', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [limit, offset, expected, more] of [
    [0, 0, ['p1', 'p2', 'p3'], false],
    [2, 0, ['p1', 'p2'], true],
    [2, 1, ['p2', 'p3'], false],
    [1, 3, [], false]
  ] as const) {
    api.answer({ json: products(1, 2, 3) })
    const answer = data(await connector.load('Listed', { limit, offset }))
    assert.deepEqual([ids(answer.objectData), answer.hasMoreResults], [expected, more])
    assert.deepEqual(api.takeCalls(), ['GET /v1/everything'])
  }
})

test('C02 without a limit objects are read up to the scan limit, and what follows is said', async t => {
  const api = await startApi(t, DOCUMENT)
  const window = async (environment: { readonly [name: string]: string }, ...pages: number[][]) => {
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl }, environment)
    api.answer(...pages.map(page => ({ json: products(...page) })))
    const { objectData, hasMoreResults } = data(await connector.load('Product', { limit: 0 }))
    assert.equal(api.takeCalls().length, pages.length)
    return [objectData.length, hasMoreResults]
  }
  assert.deepEqual(await window({ SCAN_MAX_RECORDS: '4' }, [1, 2, 3], [4, 5]), [4, true])
  assert.deepEqual(await window({ SCAN_MAX_RECORDS: '4' }, [1, 2, 3], [4]), [4, false])
})

test('C06 C17 the verb stands in any letter case, and a query may be a POST', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [{ id: 'x' }] })
  assert.deepEqual(found(await connector.load('Found')), [{ externalId: 'x', id: 'x' }])
  assert.deepEqual(api.takeCalls(), ['POST /v1/products/search {}'])
})

test('C09 vector 4: an id takes the load whatever else the filter says, none takes the query', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { id: 'p1', name: 'Lamp' } })
  const hostile = {
    id: 'p1',
    where: [condition('name', 'Chair'), condition('nothing', 'x', 'SOUNDS_LIKE')],
    listFilters: [{ comparisonType: 'OR', where: [condition('price', 'cheap')] }],
    orderBy: [{ columnName: 'nothing', direction: 'UP' }],
    search: 'Chair',
    limit: 0,
    offset: 5,
    filterByProvidedObjects: true
  }
  const body = {
    objectDataType: { developerName: 'Product', properties: [] },
    listFilter: hostile,
    objectData: [{ externalId: 'p9', developerName: 'Product', properties: [] }]
  }
  assert.deepEqual(ids(found(await connector.send('POST', '/data', body))), ['p1'])
  assert.deepEqual(api.takeCalls(), ['GET /v1/products/p1'])

  api.answer({ status: 404, json: { message: 'no such product' } })
  const missing = data(await connector.load('Product', { id: 'p4' }))
  assert.deepEqual(missing, { culture: null, hasMoreResults: false, objectData: [] })
  api.answer({ status: 410, text: 'gone' })
  assert.deepEqual(found(await connector.load('Product', { id: 'p4' })), [])

  api.takeCalls()
  api.answer({ json: [] })
  assert.deepEqual(found(await connector.load('Product', { id: ' ', limit: 1 })), [])
  assert.deepEqual(api.takeCalls(), ['GET /v1/products?limit=2'])
})

test('C01 a load that answers a list gives the object with that id, else all of them', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const tracks = [
    { id: 't1', title: 'One' },
    { id: 't2', title: 'Two' }
  ]
  api.answer({ json: tracks }, { json: tracks })
  assert.deepEqual(ids(found(await connector.load('Track', { id: 't2' }))), ['t2'])
  assert.deepEqual(ids(found(await connector.load('Track', { id: 'album-7' }))), ['t1', 't2'])
  assert.deepEqual(api.takeCalls(), ['GET /v1/albums/t2/tracks', 'GET /v1/albums/album-7/tracks'])
})

test('C01 with only a query mapped a load by id picks the object from its answer', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: products(1, 2, 3) }, { json: products(1) })
  assert.deepEqual(found(await connector.load('Listed', { id: 'p2', where: [{}] })), [
    { externalId: 'p2', id: 'p2', name: 'No 2' }
  ])
  assert.deepEqual(found(await connector.load('Listed', { id: 'p2' })), [])
  assert.deepEqual(api.takeCalls(), ['GET /v1/everything', 'GET /v1/everything'])
})

test('C01 an id is looked for in everything that a list gave', async t => {
  const api = await startApi(t, DOCUMENT)
  const bounds = { SCAN_MAX_RECORDS: '2' }
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl }, bounds)
  const list = { json: products(1, 2, 3) }
  api.answer(list, list, list)
  assert.deepEqual(ids(found(await connector.load('Listed', { id: 'p2' }))), ['p2'])
  assert.deepEqual(ids(found(await connector.load('Listed', { id: 'p3' }))), ['p3'])
  assert.deepEqual(ids(found(await connector.load('Listed', { id: 'p9' }))), [])
})

test('C02 with only a load mapped that needs no id, a query gives its one object', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { userId: 'u1', name: 'Ana' } })
  const answer = await connector.load('Profile', { limit: 10 })
  assert.deepEqual(found(answer), [{ externalId: 'u1', userId: 'u1', name: 'Ana' }])
  assert.equal(data(answer).hasMoreResults, false)
  assert.deepEqual(api.takeCalls(), ['GET /v1/profile'])

  for (const [name, expected] of [
    ['ANA', ['u1']],
    ['Eva', []]
  ] as const) {
    api.answer({ json: { userId: 'u1', name: 'Ana' } })
    const filtered = await connector.load('Profile', { where: [condition('name', name)] })
    assert.deepEqual(ids(found(filtered)), expected)
  }
  assert.deepEqual(api.takeCalls(), ['GET /v1/profile', 'GET /v1/profile'])
})

test('C09 a missing mapping is a 400 that names the type and the key to add', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [call, key, type] of [
    [() => connector.load('Single'), 'x-flow-query', 'Single'],
    [
      () => connector.save('Single', { externalId: 'x', properties: [] }),
      'x-flow-update',
      'Single'
    ],
    [() => connector.save('Single', { properties: [] }), 'x-flow-save', 'Single'],
    [() => connector.remove('Product', { externalId: 'p1' }), 'x-flow-delete', 'Product']
  ] as const) {
    const { code, statusCode, message, remedy } = problem(await call())
    assert.deepEqual([code, statusCode], ['MAPPING_MISSING', 400])
    assert.ok(message.includes(`"${type}"`) && message.includes(key), message)
    assert.ok(remedy.includes(key), remedy)
  }
  assert.deepEqual(api.calls, [])
})
