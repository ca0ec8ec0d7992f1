import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import type { Configuration } from '../support/start-connector.ts'
import { flowObject, found, problem, refusal, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Orders, version: '1' }
servers: [{ url: /v1 }]
x-flow-retry: { on: [503] }
paths:
  /orders:
    get:
      x-flow-retry: { max: 1, ignore: [404] }
      responses: { '200': { description: Some, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Order' } } } } } }
    post:
      parameters: [{ name: Idempotency-Key, in: header, required: true, schema: { type: string, default: always-the-same } }]
      responses: { '201': { description: Made } }
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      x-flow-retry: { ignore: [403] }
      responses: { '200': { description: One } }
    put:
      responses: { '200': { description: Changed } }
    delete:
      x-flow-retry: { ignore: [409] }
      responses: { '204': { description: Gone } }
  /notes:
    x-flow-rate-limit: { quotas: [{ calls: 2, seconds: 3600 }] }
    get:
      responses: { '200': { description: Some } }
    post:
      responses: { '201': { description: Made } }
components:
  schemas:
    Order:
      type: object
      properties: { id: { type: string }, name: { type: string } }
      x-flow-type: { name: Order }
      x-flow-load: { path: '/orders/{id}', parameters: { id: id } }
      x-flow-query: { path: /orders }
      x-flow-save: { path: /orders }
      x-flow-update: { path: '/orders/{id}', parameters: { id: externalId } }
      x-flow-delete: { path: '/orders/{id}', parameters: { id: externalId } }
    Note:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Note }
      x-flow-query: { path: /notes }
      x-flow-save: { path: /notes }
`

async function start(t: test.TestContext) {
  const api = await startApi(t, DOCUMENT)
  const configuration = { 'Schema URL': api.documentUrl }
  return { api, configuration, connector: await startConnector(t, configuration) }
}

/** The header that says when to come again, on the problem of a load. */
async function retryAfter(
  url: string,
  values: Configuration,
  type: string
): Promise<string | null> {
  const configurationValues = Object.entries(values).map(([developerName, contentValue]) => ({
    developerName,
    contentValue,
    contentType: null,
    objectData: null
  }))
  const response = await fetch(`${url}/data`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ configurationValues, objectDataType: { developerName: type } })
  })
  assert.notEqual(response.status, 200)
  return response.headers.get('retry-after')
}

test('H02 H03 a load is repeated as the closest x-flow-retry says', async t => {
  const { api, connector } = await start(t)
  api.answer({ status: 503 }, { json: [{ id: '1' }] })
  assert.equal(found(await connector.load('Order')).length, 1)
  api.answer({ status: 503 }, { status: 503 })
  assert.deepEqual(refusal(await connector.load('Order')), ['API_ERROR', 503])
  assert.equal(api.calls.length, 4)
})

test('H13 a status that is ignored is an empty list, no object, or the success of a delete', async t => {
  const { api, connector } = await start(t)
  api.answer({ status: 404, json: { message: 'nothing matches' } })
  assert.deepEqual(found(await connector.load('Order')), [])
  api.answer({ status: 403 })
  assert.deepEqual(found(await connector.load('Order', { id: '7' })), [])
  api.answer({ status: 409 })
  assert.equal((await connector.remove('Order', flowObject('7'))).status, 200)
  api.answer({ status: 404 })
  const update = await connector.save('Order', flowObject('7', { name: 'x' }))
  assert.deepEqual(refusal(update), ['API_ERROR', 404])
})

test('H04 H08 a write is repeated under a key of its own; a PUT needs none', async t => {
  const { api, connector } = await start(t)
  api.answer({ status: 503 }, { status: 201, json: { id: '1' } })
  api.answer({ status: 201, json: { id: '2' } })
  await connector.save('Order', flowObject(null, { name: 'x' }), flowObject(null, { name: 'y' }))
  const [first, again, second] = api.calls.map(({ headers }) => headers['idempotency-key'])
  assert.match(String(first), /^[0-9a-f-]{36}$/)
  assert.equal(again, first)
  assert.match(String(second), /^[0-9a-f-]{36}$/)
  assert.notEqual(second, first)
  api.takeCalls()
  api.answer({ status: 503 }, { json: { id: '1' } })
  await connector.save('Order', flowObject('1', { name: 'x' }))
  assert.deepEqual(api.takeCalls(), Array(2).fill('PUT /v1/orders/1 {"name":"x"}'))
})

test('R7 H08 a POST that was reset is sent once', async t => {
  const { api, connector } = await start(t)
  api.answer((_, response) => response.destroy())
  const save = await connector.save('Order', flowObject(null, { name: 'x' }))
  assert.deepEqual(refusal(save), ['UPSTREAM_RESET', 502])
  assert.equal(api.calls.length, 1)
})

test('R6 H05 what an API says on when to come again goes on with the problem', async t => {
  const { api, configuration, connector } = await start(t)
  api.answer({ status: 503, headers: { 'retry-after': '3600' } })
  assert.equal(await retryAfter(connector.url, configuration, 'Order'), '3600')
  api.answer({ status: 503, headers: { 'retry-after': 'x' } }, { status: 500 })
  assert.equal(await retryAfter(connector.url, configuration, 'Order'), null)
})

test('P13 a save of many keeps every appointment of the API, and one past its time says when to come again', async t => {
  const { api, configuration, connector } = await start(t)
  api.publish(DOCUMENT.replace('on: [503]', 'on: [429, 503]').replace('max: 1, ', ''))
  const later = { status: 429, headers: { 'retry-after': '0' } }
  const names = ['a', 'b', 'c', 'd']
  for (const id of names) api.answer(later, later, later, { status: 201, json: { id } })
  const objects = names.map(name => flowObject(null, { name }))
  const saved = found(await connector.save('Order', ...objects))
  assert.deepEqual(
    saved.map(({ externalId }) => externalId),
    names
  )
  assert.equal(api.takeCalls().length, 16)

  const tomorrow = { status: 429, headers: { 'retry-after': '86400' } }
  api.answer({ status: 201, json: { id: 'a' } }, tomorrow)
  const stopped = problem(await connector.save('Order', ...objects))
  assert.deepEqual([stopped.code, stopped.statusCode], ['SAVE_INCOMPLETE', 429])
  assert.match(stopped.message, /allows the next call in 86400 s; .* saved: 0 \(a\)/)
  api.answer(tomorrow)
  assert.equal(await retryAfter(connector.url, configuration, 'Order'), '86400')
})

test('H01 H04 H11 reads and writes under one quota share it; past it the problem says when to come again', async t => {
  const { api, configuration, connector } = await start(t)
  api.answer({ json: [] }, { status: 201, json: { id: '1' } })
  assert.deepEqual(found(await connector.load('Note')), [])
  assert.equal((await connector.save('Note', flowObject(null, { id: '1' }))).status, 200)
  assert.deepEqual(refusal(await connector.load('Note')), ['RATE_LIMITED', 429])
  const wait = Number(await retryAfter(connector.url, configuration, 'Note'))
  assert.ok(wait > 3_500 && wait <= 3_600, `${wait}`)
  assert.equal(api.calls.length, 2)
})

test('H15 an API that is dead for one tenant is left alone, and says so', async t => {
  const { api, connector } = await start(t)
  const tenant = (name: string) => connector.as({ headers: { ManyWhoTenant: name } })
  for (let load = 0; load < 10; load++) {
    await tenant('a').load('Order', { id: '1' })
  }
  assert.ok(api.calls.length <= 10, `${api.calls.length}`)
  const refused = await tenant('a').load('Order', { id: '1' })
  assert.deepEqual(refusal(refused), ['CIRCUIT_OPEN', 503])
  assert.ok(problem(refused).remedy.length > 0)
  api.answer({ json: { id: '1' } })
  assert.equal(found(await tenant('b').load('Order', { id: '1' })).length, 1)
})
