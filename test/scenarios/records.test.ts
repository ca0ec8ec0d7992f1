import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { found, refusal, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Records, version: '1' }
servers: [{ url: /v1 }]
paths:
  /list:
    get:
      responses:
        '200': { description: A list, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Listed' } } } } }
  /raw: { get: { responses: { '200': { description: Anything, content: { application/json: {} } } } } }
  /envelope:
    get:
      responses:
        '200':
          description: A list in the only array of objects
          content:
            application/json:
              schema:
                type: object
                properties:
                  total: { type: integer }
                  words: { type: array, items: { type: string } }
                  found: { type: array, items: { type: object, properties: { id: { type: string } } } }
components:
  schemas:
    Listed:
      type: object
      properties: { id: { type: string }, name: { type: string } }
      x-flow-type: { name: Listed }
      x-flow-query: { path: /list }
    Raw:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Raw }
      x-flow-query: { path: /raw }
    Envelope:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Envelope }
      x-flow-query: { path: /envelope }
    Declared:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Declared }
      x-flow-query: { path: /raw, records: data.items }
`

const ids = (objects: readonly { readonly externalId?: unknown }[]) =>
  objects.map(({ externalId }) => externalId)

test('B17 records are taken from where the mapping says, a single one as a list of one', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { data: { items: [{ id: '1' }, { id: '2' }] }, items: [{ id: 'no' }] } })
  assert.deepEqual(ids(found(await connector.load('Declared'))), ['1', '2'])
  api.answer({ json: { 'data.items': { id: '3' } } }, { json: { data: { items: null } } })
  assert.deepEqual(ids(found(await connector.load('Declared'))), ['3'])
  assert.deepEqual(ids(found(await connector.load('Declared'))), [])
  api.answer({ json: { data: [{ id: 'elsewhere' }] } })
  assert.deepEqual(refusal(await connector.load('Declared')), ['ANSWER_UNEXPECTED', 502])
})

test('B18 B19 W3 records are found at the root, in the only array of objects, or in the only one of the type', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { total: 1, words: ['a'], found: [{ id: 'e1' }] } })
  assert.deepEqual(ids(found(await connector.load('Envelope'))), ['e1'])
  for (const [json, expected] of [
    [[{ id: 'r1' }], ['r1']],
    [{ meta: [{ id: 'no' }], data: ['no'], results: [{ id: 'r2' }, { id: 'r3' }] }, ['r2', 'r3']],
    [{ rows: [{ id: 'r4' }], counts: [{ open: 1 }] }, ['r4']],
    [{ id: 'r6', extra: [] }, ['r6']],
    [{ data: [] }, []]
  ] as const) {
    api.answer({ json })
    assert.deepEqual(ids(found(await connector.load('Raw'))), expected)
  }
  const inferred = (await connector.preview()).diagnostics.filter(
    ({ code }) => code === 'RECORDS_INFERRED'
  )
  assert.deepEqual(
    inferred.map(({ severity, message }) => [severity, message]),
    [
      [
        'info',
        'the objects of `x-flow-query` of type "Envelope" are read from "found" of the answer'
      ]
    ]
  )
})

test('B18 W4 an answer without an object where one is promised is a 502, unless it leaves out its list', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [type, answer, expected] of [
    ['Envelope', { json: { count: 0 } }, ['ANSWER_UNEXPECTED', 502]],
    ['Envelope', { json: { found: 'none' } }, ['ANSWER_UNEXPECTED', 502]],
    ['Listed', { json: 'text' }, ['ANSWER_UNEXPECTED', 502]],
    ['Listed', { text: '' }, ['ANSWER_UNEXPECTED', 502]],
    ['Listed', { text: ' ', headers: { 'content-type': 'text/html' } }, ['ANSWER_UNEXPECTED', 502]]
  ] as const) {
    api.answer(answer)
    assert.deepEqual(refusal(await connector.load(type)), expected)
  }
  api.answer({ status: 204 }, { json: { total: 0 } }, { json: {} })
  for (const type of ['Listed', 'Envelope', 'Envelope']) {
    assert.deepEqual(found(await connector.load(type)), [])
  }
})
