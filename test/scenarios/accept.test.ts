import assert from 'node:assert/strict'
import test from 'node:test'

import type { ApiAnswer } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { flowObject, found, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Apps, version: '1' }
servers: [{ url: / }]
paths:
  /apps:
    get:
      responses: { '200': { description: Some, content: { application/vnd.acme.v2+json: { schema: { type: array, items: { $ref: '#/components/schemas/App' } } } } } }
    post:
      parameters: [{ name: Accept, in: header, required: true, schema: { type: string } }]
      responses: { '201': { description: Made, content: { application/vnd.acme.v2+json: { schema: { $ref: '#/components/schemas/App' } } } } }
  /old:
    get:
      parameters: [{ name: accept, in: header, schema: { type: string, default: application/vnd.acme.v1+json } }]
      responses: { '200': { description: Some } }
  /named:
    get:
      responses: { '200': { description: Some } }
components:
  schemas:
    App: { type: object, x-flow-type: { name: App }, x-flow-query: { path: /apps }, x-flow-save: { path: /apps }, properties: { id: { type: string, readOnly: true }, name: { type: string } } }
    Old: { type: object, x-flow-type: { name: Old }, x-flow-query: { path: /old }, properties: { id: { type: string } } }
    Named: { type: object, x-flow-type: { name: Named }, x-flow-query: { path: /named, headers: { Accept: { default: application/x } } }, properties: { id: { type: string } } }
`

test('S13 an API that serves the media types that it declares, and no other, is served', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const strict =
    (type: string, json: unknown): ApiAnswer =>
    ({ headers }, response) => {
      const isTaken = headers.accept?.split(', ')[0] === type
      response.writeHead(isTaken ? 200 : 406, { 'content-type': type })
      response.end(JSON.stringify(isTaken ? json : { message: headers.accept }))
    }
  api.answer(strict('application/vnd.acme.v2+json', [{ id: '1' }]))
  assert.equal(found(await connector.load('App')).length, 1)
  api.answer(strict('application/vnd.acme.v2+json', { id: '2' }))
  const saved = found(await connector.save('App', flowObject(null, { name: 'n' })))
  assert.equal(saved[0]?.externalId, '2')
  api.answer(strict('application/vnd.acme.v1+json', [{ id: '3' }]))
  assert.equal(found(await connector.load('Old')).length, 1)
  api.answer(strict('application/x', [{ id: '4' }]))
  assert.equal(found(await connector.load('Named')).length, 1)
  assert.deepEqual(
    api.calls.map(({ headers }) => headers.accept),
    [
      'application/vnd.acme.v2+json, application/json;q=0.9, */*;q=0.1',
      'application/vnd.acme.v2+json, application/json;q=0.9, */*;q=0.1',
      'application/vnd.acme.v1+json',
      'application/x'
    ]
  )
})
