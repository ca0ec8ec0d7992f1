import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { condition, flowObject, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Files, version: '1' }
servers: [{ url: /v1 }]
paths:
  /drives/{drive}/files:
    get:
      parameters:
        - { name: drive, in: path, required: true, schema: { type: string } }
        - { name: folder, in: query, allowReserved: true, schema: { type: string } }
        - { name: tags, in: query, explode: false, schema: { type: array, items: { type: string } } }
        - { name: X-Owner, in: header, schema: { type: string } }
      responses:
        '200': { description: All, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/File' } } } } }
  /files/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    delete: { responses: { '204': { description: Gone } } }
components:
  schemas:
    File:
      type: object
      properties:
        id: { type: string }
        drive: { type: string }
        folder: { type: string }
        owner: { type: string }
      x-flow-type: { name: File }
      x-flow-query:
        path: /drives/{drive}/files
        parameters:
          drive: { from: drive, default: my/drive, encode: double }
          folder: { from: folder, encode: double }
          tags: { default: [a b, c], encode: double }
          X-Owner: { from: owner, encode: double }
      x-flow-delete: { path: '/files/{id}', parameters: { id: { from: externalId, encode: doubel } } }
`

test('D18 `encode: double` encodes a value of a path or a query twice, and no other', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [] }, { json: [] }, { status: 204 })
  const where = [
    condition('drive', 'a/b?é'),
    condition('folder', '/x y&z'),
    condition('owner', 'Ana/Bo')
  ]
  await connector.load('File', { where, limit: 5 })
  await connector.load('File', { limit: 5 })
  await connector.remove('File', flowObject('a/b'))
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/drives/a%252Fb%253F%25C3%25A9/files?folder=%252Fx%2520y%2526z&tags=a%2520b,c',
    'GET /v1/drives/my%252Fdrive/files?tags=a%2520b,c',
    'DELETE /v1/files/a%2Fb'
  ])
  assert.equal(api.calls[0]?.headers['x-owner'], 'Ana/Bo')
})

test('D18 a value that steps to another path stays refused, however it is encoded', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const drive of ['..', '.', '%2e%2e', '%252e']) {
    const answer = await connector.load('File', { where: [condition('drive', drive)] })
    assert.equal(answer.status, 400, drive)
  }
  assert.deepEqual(api.calls, [])
})

test('D18 another word than `double` or `single`, and a place that is not encoded so, is a warning', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { diagnostics } = await connector.preview()
  assert.deepEqual(
    diagnostics
      .filter(({ code }) => code === 'ENCODE_UNUSABLE')
      .map(({ severity, pointer, message }) => [severity, pointer, message]),
    [
      [
        'warning',
        '/components/schemas/File/x-flow-query/parameters/X-Owner/encode',
        '`encode: double` is ignored: a header is not percent-encoded like an address'
      ],
      [
        'warning',
        '/components/schemas/File/x-flow-delete/parameters/id/encode',
        '`encode: doubel` is ignored: it is neither of single and double (did you mean "double"?)'
      ]
    ]
  )
})
