import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import {
  AUTHS,
  CUSTOMER_SYNC,
  FULL_READ,
  MINIMAL_READ,
  PAGINATIONS,
  readWith,
  ROOT_KEY,
  SCHEMA,
  WRITE
} from '../support/rest-api-examples.ts'
import { data, flowObject, found, startConnector } from '../support/start-connector.ts'

/** An API that answers, and the connector over a manifest whose hosts are that API. */
async function start(t: test.TestContext, manifest: string, variables = '') {
  const api = await startApi(t, '')
  api.publish(manifest.replaceAll(/https:\/\/\w+\.example\.com/g, api.url))
  const configuration = { 'Schema URL': api.documentUrl, Variables: variables }
  return { api, connector: await startConnector(t, configuration) }
}

const customer = (index: number) => ({
  customer_id: `c${index}`,
  created_at: '2026-01-31T08:00:00Z',
  email: `c${index}@example.com`
})

const rows = <T>(count: number, row: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => row(index))

test('B17 B20 C17 C18 C19 C20 E02 E06 F12 H02 the full example reads every page', async t => {
  const { api, connector } = await start(t, FULL_READ, 'API_TOKEN=t0ken')
  api.answer(
    { json: { data: rows(100, customer), meta: { total: 107 } } },
    { status: 503 },
    { json: { data: rows(7, index => customer(100 + index)), meta: { total: 107 } } }
  )
  const objects = found(await connector.load('customer_data'))
  assert.deepEqual(
    objects.map(({ externalId }) => externalId),
    rows(107, index => `c${index}`)
  )
  const second = 'GET /v1/customers?since=2025-01-01&status=active&limit=100&offset=100'
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/customers?since=2025-01-01&status=active&limit=100&offset=0',
    second,
    second
  ])
  for (const { headers } of api.calls) {
    assert.equal(headers.authorization, 'Bearer t0ken')
    assert.equal(headers.accept, 'application/json')
  }
})

test('E07 the full example makes at most 50 calls for one load, and says that there is more', async t => {
  const { api, connector } = await start(
    t,
    FULL_READ.replace('page_size: 100', 'page_size: 1').replace('requests_per_second: 10', ''),
    'API_TOKEN=t0ken'
  )
  api.answer(...rows(60, index => ({ json: { data: [customer(index)] } })))
  const answer = await connector.load('customer_data')
  assert.equal(found(answer).length, 50)
  assert.equal(data(answer).hasMoreResults, true)
  assert.equal(api.takeCalls().length, 50)
})

test('B22 E01 the minimal example takes its fields from the answer of one call', async t => {
  const { api, connector } = await start(t, MINIMAL_READ)
  api.answer({ json: rows(3, customer) })
  const { typeElements } = await connector.install()
  assert.deepEqual(
    typeElements.map(({ developerName, properties }) => [
      developerName,
      properties.map(property => property.developerName)
    ]),
    [['customers', ['customer_id', 'created_at', 'email']]]
  )
  assert.deepEqual(api.takeCalls(), ['GET /v1/customers'])
})

const record = (index: number) => ({
  ...{ id: index, name: `n${index}`, score: index / 4 },
  created_at: '2026-01-31T08:00:00Z'
})

for (const { row, auth, header, query } of [
  {
    row: 'F12',
    auth: AUTHS.bearer,
    header: ['authorization', 'Bearer t0ken'],
    query: ''
  },
  {
    row: 'F14',
    auth: AUTHS.keyInHeader,
    header: ['x-api-key', 'k3y'],
    query: ''
  },
  {
    row: 'F14',
    auth: AUTHS.keyInQuery,
    header: null,
    query: '?api_key=k3y'
  },
  {
    row: 'F13',
    auth: AUTHS.basic,
    header: ['authorization', `Basic ${btoa('ann:pw')}`],
    query: ''
  }
] as const) {
  test(`${row} the example ${JSON.stringify(auth)} authenticates`, async t => {
    const variables = 'API_TOKEN=t0ken\nAPI_KEY=k3y\nAPI_USER=ann\nAPI_PASS=pw'
    const { api, connector } = await start(t, readWith(auth, SCHEMA), variables)
    api.answer({ json: [record(1)] })
    assert.equal(found(await connector.load('customers')).length, 1)
    assert.deepEqual(api.takeCalls(), [`GET /v1/customers${query}`])
    if (header !== null) assert.equal(api.calls[0]?.headers[header[0]], header[1])
  })
}

test('E02 E06 the example of offset paging reads until fewer than page_size records come', async t => {
  const { api, connector } = await start(t, readWith(PAGINATIONS.offset, SCHEMA))
  api.answer(
    { json: rows(200, record) },
    { json: rows(200, index => record(200 + index)) },
    { json: rows(199, index => record(400 + index)) }
  )
  assert.equal(found(await connector.load('customers')).length, 599)
  assert.deepEqual(
    api.takeCalls(),
    [0, 200, 400].map(offset => `GET /v1/customers?limit=200&offset=${offset}`)
  )
})

test('E04 E06 the example of cursor paging hands each cursor on', async t => {
  const { api, connector } = await start(t, readWith(PAGINATIONS.cursor, ROOT_KEY, SCHEMA))
  api.answer(
    { json: { data: rows(500, record), next_cursor: 'abc' } },
    { json: { data: rows(2, index => record(500 + index)), next_cursor: null } }
  )
  assert.equal(found(await connector.load('customers')).length, 502)
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/customers?limit=500',
    'GET /v1/customers?limit=500&cursor=abc'
  ])
})

test('E05 the example of next links follows them until the field is absent', async t => {
  const { api, connector } = await start(t, readWith(PAGINATIONS.nextLink, ROOT_KEY, SCHEMA))
  api.answer(
    { json: { data: [record(1)], next: `${api.url}/v1/customers?after=1` } },
    { json: { data: [record(2)], next: '/v1/customers?after=2' } },
    { json: { data: [record(3)] } }
  )
  assert.equal(found(await connector.load('customers')).length, 3)
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/customers',
    'GET /v1/customers?after=1',
    'GET /v1/customers?after=2'
  ])
})

test('B17 without root_key the whole answer is the record', async t => {
  const { api, connector } = await start(t, readWith(SCHEMA))
  api.answer({ json: record(5) })
  assert.deepEqual(
    found(await connector.load('customers')).map(({ externalId }) => externalId),
    ['5']
  )
})

test('H04 the example of writing posts batches of 100, and repeats one that is refused for now', async t => {
  const schema = `      schema:
        - name: customer_id
          type: string
        - name: score
          type: double
`
  const { api, connector } = await start(t, WRITE + schema, 'API_TOKEN=t0ken')
  api.answer({ status: 202 }, { status: 429, headers: { 'retry-after': '0' } }, { status: 202 })
  const objects = rows(150, index =>
    flowObject(null, { customer_id: `c${index}`, score: String(index / 100) })
  )
  const saved = await connector.save('predictions_api', ...objects)
  assert.equal(saved.status, 200, saved.text)
  assert.deepEqual(
    api.calls.map(({ method, url, body }) => [method, url, JSON.parse(body).length]),
    [100, 50, 50].map(length => ['POST', '/v1/predictions', length])
  )
  assert.deepEqual(JSON.parse(api.calls[0]?.body ?? '')[99], { customer_id: 'c99', score: 0.99 })
  for (const { headers } of api.calls) {
    assert.equal(headers.authorization, 'Bearer t0ken')
    assert.equal(headers['content-type'], 'application/json')
  }
})

test('H04 without schema the example of writing has no flow type, and says what to add', async t => {
  const { connector } = await start(t, WRITE, 'API_TOKEN=t0ken')
  const { types, diagnostics } = await connector.preview()
  assert.deepEqual(types, [])
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['MANIFEST_OUTPUT_UNTYPED']
  )
})

test('C31 E05 the customer sync reads its input, and notes what is no endpoint', async t => {
  const { api, connector } = await start(t, CUSTOMER_SYNC, 'CRM_TOKEN=t0ken')
  api.answer({ json: { results: [{ customer_id: 1, name: 'Ada' }], next: null } })
  const { types, diagnostics } = await connector.preview()
  assert.equal(types.length, 1)
  assert.deepEqual(
    diagnostics.map(({ severity, code }) => `${severity} ${code}`),
    ['info MANIFEST_FIELDS_INFERRED', 'info MANIFEST_PART_SKIPPED', 'info MANIFEST_PART_SKIPPED']
  )
  api.answer(
    {
      json: { results: [{ customer_id: 1, name: 'Ada' }], next: `${api.url}/api/v2/customers?p=2` }
    },
    { json: { results: [{ customer_id: 2, name: 'Bo' }], next: null } }
  )
  assert.deepEqual(
    found(await connector.load('crm_customers')).map(({ externalId, name }) => [externalId, name]),
    [
      ['1', 'Ada'],
      ['2', 'Bo']
    ]
  )
})
