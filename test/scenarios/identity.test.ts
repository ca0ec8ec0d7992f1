import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { flowObject, found, refusal, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: /v1 }]
paths:
  /notes:
    get:
      responses:
        '200': { description: All, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Note' } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
      responses: { '201': { description: Made } }
  /notes/{which}: { delete: { parameters: [{ name: which, in: path, required: true, schema: { type: string } }], responses: { '204': { description: Gone } } } }
components:
  schemas:
    Note:
      type: object
      properties: { text: { type: string } }
      x-flow-type: { name: Note }
      x-flow-query: { path: /notes }
      x-flow-save: { path: /notes, operation: post }
      x-flow-delete: { path: '/notes/{which}', operation: delete, parameters: { which: externalId } }
`

test('B15 an object without an id gets one that stays; saved it is created, deleted it is refused', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const notes = [{ text: 'milk' }, { text: 'bread' }, { text: 'milk' }]
  api.answer({ json: notes }, { json: notes }, { json: notes }, { status: 201 })
  const first = found(await connector.load('Note'))
  assert.deepEqual(found(await connector.load('Note')), first)
  const ids = first.map(({ externalId }) => externalId)
  assert.equal(new Set(ids).size, 3)
  const [milk] = ids
  assert.ok(typeof milk === 'string')
  assert.match(milk, /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  assert.deepEqual(found(await connector.load('Note', { id: milk })), [first[0]])

  api.takeCalls()
  const saved = found(await connector.save('Note', flowObject(milk, { text: 'milk' })))
  assert.deepEqual(api.takeCalls(), ['POST /v1/notes {"text":"milk"}'])
  assert.equal(saved.length, 1)
  assert.deepEqual(refusal(await connector.remove('Note', flowObject(milk, { text: 'milk' }))), [
    'ID_GENERATED',
    400
  ])
  assert.deepEqual(api.takeCalls(), [])
})

test('B16 a composite key goes round: load, update and delete by the parts of the id', async t => {
  const api = await startApi(t, '')
  const connector = await startConnector(t, {
    'Schema URL': 'sample:composite-key',
    'Server URL': api.url
  })
  const row = { warehouse: 'OSL', sku: 'B/2', quantity: 3 }
  api.answer({ json: [row] }, { json: row }, { json: { ...row, quantity: 4 } }, { status: 204 })
  const [listed] = found(await connector.load('Stock'))
  const id = listed?.externalId
  assert.ok(typeof id === 'string' && !/[/&=+%]/.test(id))
  assert.deepEqual(found(await connector.load('Stock', { id })), [listed])
  const change = flowObject(id, { warehouse: 'OSL', sku: 'B/2', quantity: '4' })
  assert.deepEqual(found(await connector.save('Stock', change)), [{ ...listed, quantity: '4' }])
  await connector.remove('Stock', flowObject(id))
  assert.deepEqual(api.takeCalls(), [
    'GET /stock',
    'GET /warehouses/OSL/stock/B%2F2',
    'PUT /warehouses/OSL/stock/B%2F2 {"warehouse":"OSL","sku":"B/2","quantity":4}',
    'DELETE /warehouses/OSL/stock/B%2F2'
  ])
  api.answer({ status: 201 })
  const created = flowObject(null, { warehouse: 'OSL', sku: 'B/2', quantity: '3' })
  assert.deepEqual(found(await connector.save('Stock', created)), [listed])
  assert.deepEqual(api.takeCalls(), [
    'PUT /warehouses/OSL/stock/B%2F2 {"warehouse":"OSL","sku":"B/2","quantity":3}'
  ])
  assert.deepEqual(refusal(await connector.load('Stock', { id: 'OSL' })), ['ID_INVALID', 400])
  assert.deepEqual(api.takeCalls(), [])
})
