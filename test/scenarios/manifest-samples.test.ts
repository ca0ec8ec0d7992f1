import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'

import type { ApiAnswer } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { flowObject, found, startConnector } from '../support/start-connector.ts'

/** An API that answers, and the connector over a sample whose hosts are that API. */
async function start(t: test.TestContext, sample: string, variables: string) {
  const api = await startApi(t, '')
  const text = readFileSync(`openapi-samples/manifests/${sample}.yaml`, 'utf8')
  api.publish(text.replaceAll(/https:\/\/\w+\.example\.com/g, api.url))
  const configuration = { 'Schema URL': api.documentUrl, Variables: variables }
  return { api, connector: await startConnector(t, configuration) }
}

const rows = <T>(count: number, row: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => row(index))

test('B22 E01 the sample "minimal" reads its endpoint with one request', async t => {
  const { api, connector } = await start(t, 'minimal', '')
  const answer: ApiAnswer = { json: [{ id: 1, name: 'Ada' }] }
  api.answer(answer, answer)
  assert.deepEqual(found(await connector.load('customers')), [
    { externalId: '1', id: '1', name: 'Ada' }
  ])
  assert.deepEqual(api.takeCalls(), ['GET /v1/customers', 'GET /v1/customers'])
})

test('E02 E06 F12 C20 the sample "offset" reads page after page with a bearer token', async t => {
  const { api, connector } = await start(t, 'offset', 'API_TOKEN=t0ken')
  const customer = (index: number) => ({
    ...{ customer_id: `c${index}`, created_at: '2026-01-31T08:00:00Z' },
    email: `c${index}@example.com`
  })
  api.answer(
    { json: { data: rows(100, customer) } },
    { json: { data: rows(7, index => customer(100 + index)) } }
  )
  const objects = found(await connector.load('customer_data'))
  assert.equal(objects.length, 107)
  assert.equal(objects[106]?.email, 'c106@example.com')
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/customers?since=2025-01-01&status=active&limit=100&offset=0',
    'GET /v1/customers?since=2025-01-01&status=active&limit=100&offset=100'
  ])
  assert.deepEqual(
    new Set(api.calls.map(({ headers }) => headers.authorization)),
    new Set(['Bearer t0ken'])
  )
})

test('E03 F14 the sample "pages" reads page after page by number with a key in a header', async t => {
  const { api, connector } = await start(t, 'pages', 'API_KEY=k')
  const invoice = (index: number) => ({
    id: index,
    total: 9.5,
    paid: index % 2 === 0,
    due_on: '2026-02-01'
  })
  api.answer(
    { json: { result: { invoices: rows(50, invoice) } } },
    { json: { result: { invoices: rows(3, index => invoice(50 + index)) } } }
  )
  assert.equal(found(await connector.load('invoices')).length, 53)
  assert.deepEqual(api.takeCalls(), [
    'GET /v2/invoices?per_page=50&page=1',
    'GET /v2/invoices?per_page=50&page=2'
  ])
  assert.equal(api.calls[0]?.headers['x-api-key'], 'k')
})

test('E04 F14 the sample "cursor" follows cursors with a key in the query', async t => {
  const { api, connector } = await start(t, 'cursor', 'API_KEY=k')
  const event = (id: string) => ({ id, kind: 'login', happened_at: '2026-01-31T08:00:00+01:00' })
  api.answer(
    { json: { events: [event('a'), event('b')], next_cursor: 'c1' } },
    { json: { events: [event('c')] } }
  )
  assert.deepEqual(
    found(await connector.load('events')).map(({ externalId }) => externalId),
    ['a', 'b', 'c']
  )
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/events?limit=500&api_key=k',
    'GET /v1/events?limit=500&cursor=c1&api_key=k'
  ])
})

test('E05 F13 the sample "next-link" follows links with a basic login', async t => {
  const { api, connector } = await start(t, 'next-link', 'CRM_USER=ann\nCRM_PASSWORD=pw')
  api.answer(
    { json: { results: [{ id: 1, name: 'Ada' }], next: `${api.url}/api/v2/customers?page=2` } },
    { json: { results: [{ id: 2, name: 'Bo' }], next: null } }
  )
  assert.deepEqual(
    found(await connector.load('crm_customers')).map(({ name }) => name),
    ['Ada', 'Bo']
  )
  assert.deepEqual(api.takeCalls(), ['GET /api/v2/customers', 'GET /api/v2/customers?page=2'])
  assert.equal(api.calls[1]?.headers.authorization, `Basic ${btoa('ann:pw')}`)
})

test('H04 the sample "output" writes arrays and tries again after a 503', async t => {
  const { api, connector } = await start(t, 'output', 'API_TOKEN=t0ken')
  api.answer({ status: 503 }, { status: 202 })
  const saved = await connector.save(
    'predictions_api',
    flowObject(null, { customer_id: 'c1', score: '0.93' })
  )
  assert.equal(saved.status, 200, saved.text)
  const call = 'POST /v1/predictions [{"customer_id":"c1","score":0.93}]'
  assert.deepEqual(api.takeCalls(), [call, call])
})
