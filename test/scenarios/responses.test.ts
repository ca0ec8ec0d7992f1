import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { flowObject, found, problem, refusal, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Orders, version: '1' }
servers: [{ url: / }]
paths:
  /orders:
    get: { responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Order' } } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '201': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    get: { responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } } }
    delete: { responses: { '204': { description: gone } } }
components:
  schemas:
    Order:
      type: object
      properties: { id: { type: integer, readOnly: true }, title: { type: string } }
      x-flow-type: { name: Order }
      x-flow-query: { path: /orders }
      x-flow-load: { path: '/orders/{id}', parameters: { id: id } }
      x-flow-save: { path: /orders }
      x-flow-delete: { path: '/orders/{id}', parameters: { id: externalId } }
`

test('G22 Responses: example answers every mapping from the document, and calls nothing', async t => {
  const api = await startApi(t, DOCUMENT)
  const values = { 'Schema URL': api.documentUrl }
  const live = await startConnector(t, values)
  const shown = live.as({ configuration: { ...values, Responses: 'Example' } })
  const rows = found(await shown.load('Order'))
  assert.equal(rows.length, 5)
  assert.equal(new Set(rows.map(({ externalId }) => externalId)).size, 5)
  const [, second] = rows
  const filter = { id: String(second?.externalId) }
  assert.deepEqual(found(await shown.load('Order', filter)), [second])
  const [created] = found(await shown.save('Order', flowObject(null, { title: 'Tea' })))
  assert.equal(created?.title, 'Tea')
  assert.equal((await shown.remove('Order', flowObject(String(created?.externalId)))).status, 200)
  assert.deepEqual(api.takeCalls(), [])

  api.answer({ json: [{ id: 77, title: 'Real' }] })
  assert.deepEqual(found(await live.load('Order')), [{ externalId: '77', id: '77', title: 'Real' }])
  assert.deepEqual(found(await shown.load('Order')), rows)
  assert.deepEqual(api.takeCalls(), ['GET /orders'])
})

test('G22 a change of the document reaches both who sees examples and who calls the API', async t => {
  const api = await startApi(t, DOCUMENT)
  const values = { 'Schema URL': api.documentUrl }
  const live = await startConnector(t, values)
  const shown = live.as({ configuration: { ...values, Responses: 'example' } })
  await live.install()
  await shown.install()
  api.publish(
    DOCUMENT.replace('title: { type: string }', 'title: { type: string }, more: { type: string }')
  )
  for (const connector of [shown, live]) {
    const { typeElements } = await connector.install()
    const names = typeElements[0]?.properties.map(({ developerName }) => developerName)
    assert.deepEqual(names, ['id', 'title', 'more'])
  }
})

test('G22 Responses that are neither live nor example are refused', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl, Responses: 'mock' })
  const answer = await connector.load('Order')
  assert.deepEqual(refusal(answer), ['CONFIG_INVALID', 400])
  assert.match(problem(answer).message, /"Responses"/)
})

test('G22 Responses: example answers the types of a manifest that have a schema', async t => {
  const api = await startApi(t, '')
  api.publish(`CONFIG:
  inputs:
    customers:
      format: rest_api
      url: "${api.url}/c"
      auth: { type: bearer, token: "{{ env.TOKEN }}" }
      schema: [{ name: customer_id, type: long }, { name: email, type: string }, { name: created_at, type: timestamp }]
  outputs:
    customers: { format: rest_api, url: "${api.url}/c", schema: [{ name: email, type: string }] }
`)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl, Responses: 'example' })
  const rows = found(await connector.load('customers'))
  assert.deepEqual(
    rows.map(({ customer_id }) => customer_id),
    ['1', '2', '3', '4', '5']
  )
  for (const { email } of rows) assert.match(String(email), /^[^@ ]+@example\.(com|org|net)$/)
  const [saved] = found(
    await connector.save('customers', flowObject(null, { email: 'a@example.com' }))
  )
  assert.equal(saved?.email, 'a@example.com')
  assert.deepEqual(api.takeCalls(), [])
})
