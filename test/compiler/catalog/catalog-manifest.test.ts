import assert from 'node:assert/strict'
import { test } from 'node:test'

import { catalogOf, endpointNamed, fieldLines } from '../../support/catalog-of.ts'

const MANIFEST = `
NAME: Shop
VERSION: '3'
DESCRIPTION: Orders and customers
CONFIG:
  inputs:
    customers:
      format: rest_api
      url: https://api.example.com/v1/customers?status=active
      params: {key: hidden-constant}
      auth: {type: api_key, header: X-Key, key: "{{ env.API_KEY }}"}
      pagination: {type: cursor, cursor_field: next, page_size: 50}
      response: {root_key: data.items}
      schema: [{name: id, type: long}, {name: born, type: date}, {name: at, type: timestamp}, {name: raw, type: binary}, {name: odd, type: money}]
    open: {format: rest_api, url: 'https://api.example.com/open'}
    files: {format: csv, path: a.csv}
  outputs:
    orders: {format: rest_api, url: 'https://api.example.com/v1/orders', auth: {type: bearer, token: x}, schema: [{name: total, type: double}]}
    log: {format: rest_api, url: 'https://api.example.com/log', method: PUT}
`

test('I05 inputs and outputs of a manifest are the endpoints of two collections', () => {
  const catalog = catalogOf(MANIFEST)
  assert.deepEqual(
    [catalog.service.title, catalog.service.version, catalog.service.description],
    ['Shop', '3', 'Orders and customers']
  )
  assert.deepEqual(
    catalog.collections.map(({ name }) => name),
    ['inputs', 'outputs']
  )
  assert.deepEqual(
    catalog.endpoints.map(({ collection, name, method, path }) => [collection, name, method, path]),
    [
      ['inputs', 'customers/get', 'GET', '/v1/customers'],
      ['inputs', 'open/get', 'GET', '/open'],
      ['outputs', 'orders/post', 'POST', '/v1/orders'],
      ['outputs', 'log/put', 'PUT', '/log']
    ]
  )
})

test('I10 I25 fields, credentials, paging and mappings of a manifest are those that it declares', () => {
  const catalog = catalogOf(MANIFEST)
  const input = endpointNamed(catalog, 'customers/get')
  assert.deepEqual(fieldLines(input.response?.fields), [
    'id LONG',
    'born DATE',
    'at TIMESTAMP',
    'raw BYTES'
  ])
  assert.deepEqual([input.response?.isList, input.response?.within], [true, 'data.items'])
  assert.deepEqual(
    input.parameters.map(({ name, in: place }) => `${place} ${name}`),
    ['query status', 'query key']
  )
  assert.deepEqual(input.auth, [
    [{ scheme: 'customers', type: 'apiKey', in: 'header', parameter: 'X-Key', scopes: [] }]
  ])
  assert.deepEqual([input.pagination?.type, input.pagination?.nextField], ['cursor', 'next'])
  assert.deepEqual(input.flow, [{ type: 'customers', verb: 'query', origin: 'manifest' }])
  const output = endpointNamed(catalog, 'orders/post')
  assert.deepEqual(
    [output.request?.from, output.request?.isList, fieldLines(output.request?.fields)],
    ['body', true, ['total DOUBLE']]
  )
  assert.deepEqual(output.auth, [[{ scheme: 'orders', type: 'bearer', scopes: [] }]])
  assert.equal(output.response, null)
  assert.deepEqual(endpointNamed(catalog, 'open/get').response?.fields, [])
  assert.deepEqual(endpointNamed(catalog, 'log/put').flow, [])
  assert.doesNotMatch(JSON.stringify(catalog), /hidden-constant|API_KEY/)
})

test('two inputs with one URL are two endpoints', () => {
  const catalog = catalogOf(`
CONFIG:
  inputs:
    a: {format: rest_api, url: 'https://api.example.com/x'}
    b: {format: rest_api, url: 'https://api.example.com/x'}
`)
  assert.deepEqual(
    catalog.endpoints.map(({ name }) => name),
    ['a/get', 'b/get']
  )
})
