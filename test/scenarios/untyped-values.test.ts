import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { condition, flowObject, found, startConnector } from '../support/start-connector.ts'

const X = "{ $ref: '#/components/schemas/X' }"

const DOCUMENT = `
openapi: 3.0.3
info: { title: t, version: '1' }
servers: [{ url: /v1 }]
paths:
  /x:
    get: { responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: ${X} } } } } } }
    post: { requestBody: { content: { application/json: { schema: ${X} } } }, responses: { '201': { description: ok } } }
  /x/{id}:
    parameters: [{ name: id, in: path, required: true, schema: {} }]
    put: { requestBody: { content: { application/json: { schema: ${X} } } }, responses: { '204': { description: ok } } }
components:
  schemas:
    X:
      type: object
      x-flow-type: { name: X }
      x-flow-query: { path: /x }
      x-flow-save: { path: /x }
      x-flow-update: { path: '/x/{id}', parameters: { id: id } }
      properties:
        id: { type: string }
        v: { description: whatever }
        when: { format: date }
`

test('M5 what may be anything is read as plain text, and objects and lists as JSON text', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const values = ['open', 5, '5', true, { a: 1 }, [1], 'say "hi"', null]
  const json = values.map((v, index) => ({ id: `a${index}`, v, when: '2024-05-06' }))
  api.answer({ json })
  const objects = found(await connector.load('X'))
  assert.deepEqual(
    objects.map(({ v }) => v),
    ['open', '5', '5', 'true', '{"a":1}', '[1]', 'say "hi"', null]
  )
  assert.equal(objects[0]?.when, '2024-05-06T00:00:00Z')
  api.answer({ json })
  const where = [condition('v', 'open')]
  const chosen = found(await connector.load('X', { where, comparisonType: 'AND' }))
  assert.deepEqual(
    chosen.map(({ externalId }) => externalId),
    ['a0']
  )
})

test('M5 text that is no JSON is sent as text', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [text, sent] of [
    ['closed', '"closed"'],
    ['{not json}', '"{not json}"'],
    ['009911', '"009911"'],
    ['{"a":[1,2]}', '{"a":[1,2]}'],
    ['[true]', '[true]'],
    ['12', '12']
  ] as const) {
    api.answer({ status: 201 })
    const saved = await connector.save('X', flowObject(null, { v: text }))
    assert.equal(saved.status, 200, saved.text)
    assert.deepEqual(api.takeCalls(), [`POST /v1/x {"v":${sent}}`])
  }
})

test('M5 a value that came as text goes back as text', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [{ id: 'a', v: '5', when: null }] })
  await connector.load('X')
  api.takeCalls()
  for (const [text, sent] of [
    ['5', '"5"'],
    ['6', '"6"'],
    ['{"a":1}', '{"a":1}']
  ] as const) {
    api.answer({ status: 204 })
    const saved = await connector.save('X', flowObject('a', { id: 'a', v: text }))
    assert.equal(saved.status, 200, saved.text)
    assert.deepEqual(api.takeCalls(), [`PUT /v1/x/a {"id":"a","v":${sent}}`])
    api.answer({ json: [{ id: 'a', v: '5', when: null }] })
    await connector.load('X')
    api.takeCalls()
  }
})
