import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import {
  condition,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'

const ORDER = "{ $ref: '#/components/schemas/Order' }"
const LIST = `responses: { '200': { description: Some, content: { application/json: { schema: { type: array, items: ${ORDER} } } } } }`
const ONE = `responses: { '200': { description: One, content: { application/json: { schema: ${ORDER} } } } }`

const parameter = (name: string, place: string, type = 'integer'): string =>
  `{ name: ${name}, in: ${place}, required: ${place === 'path'}, schema: { type: ${type} } }`

/** Orders under several paths, with the given list of queries and further keys. */
function documentWith(queries: readonly string[], more = ''): string {
  return `
openapi: 3.0.3
info: { title: Orders, version: '1' }
servers: [{ url: /v1 }]
paths:
  /orders:
    get: { parameters: [${parameter('status', 'query', 'string')}], ${LIST} }
    post: { requestBody: { content: { application/json: { schema: ${ORDER} } } }, responses: { '201': { description: Made } } }
  /orders/{id}: { parameters: [${parameter('id', 'path')}], get: { ${ONE} } }
  /orders/search: { get: { parameters: [{ name: q, in: query, required: true, schema: { type: string } }], ${LIST} } }
  /customers/{customerId}/orders: { parameters: [${parameter('customerId', 'path')}], get: { ${LIST} } }
  /customers/{customerId}/orders/{id}:
    parameters: [${parameter('customerId', 'path')}, ${parameter('id', 'path')}]
    get: { ${ONE} }
  /shops/{shop}/orders: { parameters: [${parameter('shop', 'path', 'string')}], get: { ${LIST} } }
components:
  schemas:
    Order:
      type: object
      x-flow-type: { name: Order, customProperties: { shop: string } }
      x-flow-query: [${queries.join(', ')}]
      ${more}
      properties: { id: { type: integer, readOnly: true }, customer: { type: integer }, status: { type: string } }
`
}

const ALL = '{ path: /orders, parameters: { where: { status: status } } }'
const OF_CUSTOMER = `{ path: '/customers/{customerId}/orders', parameters: { customerId: customer } }`
const OF_SHOP = `{ path: '/shops/{shop}/orders', parameters: { shop: shop } }`
const SEARCH = '{ path: /orders/search, parameters: { q: search } }'

const ROWS = [
  { id: 1, customer: 5, status: 'open' },
  { id: 2, customer: 6, status: 'open' }
]

test('B14 of several queries that is used whose required parameters are filled and which takes most of the filter', async t => {
  const api = await startApi(t, documentWith([ALL, OF_CUSTOMER, OF_SHOP, SEARCH]))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const load = async (filter: object | null) => {
    api.answer({ json: ROWS })
    const objects = found(await connector.load('Order', filter))
    return [api.takeCalls().join(), objects.map(({ externalId }) => externalId).join()]
  }
  const by = (...where: readonly object[]) => ({ where, comparisonType: 'AND' })
  assert.deepEqual(await load(null), ['GET /v1/orders', '1,2'])
  assert.deepEqual(await load(by(condition('status', 'open'))), [
    'GET /v1/orders?status=open',
    '1,2'
  ])
  assert.deepEqual(await load(by(condition('customer', '5'))), [
    'GET /v1/customers/5/orders',
    '1,2'
  ])
  // Of two that take one condition each, the first; the other condition is evaluated here.
  const both = by(condition('customer', '5'), condition('status', 'open'))
  assert.deepEqual(await load(both), ['GET /v1/orders?status=open', '1'])
  assert.deepEqual(await load(by(condition('shop', 'a/b'))), ['GET /v1/shops/a%2Fb/orders', '1,2'])
  assert.deepEqual(await load({ search: 'x' }), ['GET /v1/orders/search?q=x', '1,2'])
  // A comparison is no equality, so that no path takes it.
  const above = by(condition('customer', '5', 'GREATER_THAN'))
  assert.deepEqual(await load(above), ['GET /v1/orders', '2'])
})

test('B14 the order of the list decides among equals', async t => {
  const api = await startApi(t, documentWith([OF_CUSTOMER, ALL]))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: ROWS })
  const where = [condition('customer', '5'), condition('status', 'open')]
  await connector.load('Order', { where, comparisonType: 'AND' })
  assert.deepEqual(api.takeCalls(), ['GET /v1/customers/5/orders'])
})

test('B14 where no mapping fits, the problem lists what each of them still needs, and nothing is called', async t => {
  const api = await startApi(t, documentWith([OF_CUSTOMER, OF_SHOP, SEARCH]))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const answer = await connector.load('Order', null)
  assert.deepEqual(refusal(answer), ['MAPPING_UNFILLED', 400])
  assert.equal(
    problem(answer).message,
    'none of the mappings under x-flow-query of type "Order" can be used: ' +
      'GET /customers/{customerId}/orders needs "customerId" from a filter by EQUAL on property "customer"; ' +
      'GET /shops/{shop}/orders needs "shop" from a filter by EQUAL on property "shop"; ' +
      'GET /orders/search needs "q" from the search of the load [MAPPING_UNFILLED]'
  )
  // A condition on a custom property, which only one of them takes, and a search, which another one takes.
  const where = [condition('shop', '1')]
  const both = await connector.load('Order', { where, comparisonType: 'AND', search: 'x' })
  assert.equal(both.status, 500)
  assert.deepEqual(api.takeCalls(), ['GET /v1/shops/1/orders'])
})

test('B14 a column that the type does not have is told as such, whatever the mappings', async t => {
  const api = await startApi(t, documentWith([ALL, OF_CUSTOMER]))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const where = [condition('nothing', '1')]
  const answer = await connector.load('Order', { where, comparisonType: 'AND' })
  assert.deepEqual(refusal(answer), ['COLUMN_UNKNOWN', 400])
  assert.deepEqual(api.takeCalls(), [])
})

test('B14 a load by id chooses among several loads, and a created object is known by any of their addresses', async t => {
  const loads = `x-flow-load: [
        { path: '/customers/{customerId}/orders/{id}', parameters: { customerId: id.customer, id: id.id } },
        { path: '/orders/{id}', parameters: { id: id } } ]
      x-flow-save: { path: /orders }`
  const document = documentWith([ALL], loads)
  const composite = document.replace('name: Order,', 'name: Order, id: [customer, id],')
  const api = await startApi(t, composite)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [{ id: 1, customer: 5 }, { id: 2 }] })
  const [whole, part] = found(await connector.load('Order', null))
  api.takeCalls()
  api.answer({ json: { id: 1, customer: 5 } }, { json: { id: 2 } })
  await connector.load('Order', { id: whole?.externalId })
  await connector.load('Order', { id: part?.externalId })
  assert.deepEqual(api.takeCalls(), ['GET /v1/customers/5/orders/1', 'GET /v1/orders/2'])

  const plain = await startApi(
    t,
    document.replace('id.customer', 'customer').replace('id.id', 'id')
  )
  const other = await startConnector(t, { 'Schema URL': plain.documentUrl })
  plain.answer({ status: 201, headers: { location: '/v1/orders/9' } })
  const [saved] = found(await other.save('Order', flowObject(null, { status: 'new' })))
  assert.equal(saved?.externalId, '9')
})

test('B14 in example mode that mapping is used which the API would get, and none needs a value', async t => {
  const api = await startApi(t, documentWith([OF_SHOP, OF_CUSTOMER]))
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    Responses: 'example'
  })
  assert.equal((await connector.load('Order', null)).status, 200)
  const where = [condition('customer', '5')]
  assert.equal((await connector.load('Order', { where, comparisonType: 'AND' })).status, 200)
  assert.deepEqual(api.takeCalls(), [])
})
