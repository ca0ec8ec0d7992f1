import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { condition, flowObject, found, startConnector } from '../support/start-connector.ts'

const documentAt = (host: string): string => `swagger: '2.0'
info: { title: Orders, version: '1' }
host: ${host}
basePath: /v2
parameters:
  Body: { name: order, in: body, schema: { $ref: '#/definitions/Order' } }
paths:
  /orders:
    get:
      parameters:
        - { name: status, in: query, type: array, items: { type: string } }
        - { name: sizes, in: query, type: array, items: { type: integer }, collectionFormat: multi }
      responses:
        200: { description: ok, schema: { type: object, properties: { data: { type: array, items: { $ref: '#/definitions/Order' } } } } }
    post:
      parameters: [{ $ref: '#/parameters/Body' }]
      responses: { 201: { description: ok, schema: { $ref: '#/definitions/Order' } } }
  /orders/{id}:
    parameters: [{ name: id, in: path, type: integer, required: true }]
    post:
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - { name: status, in: formData, type: string }
        - { name: tags, in: formData, type: array, items: { type: string } }
      responses: { 204: { description: ok } }
definitions:
  Order:
    type: object
    x-flow-type: { name: Order }
    x-flow-query: { path: /orders, parameters: { where: { status: { EQUAL: { parameter: status, any: true } } }, sizes: { default: [1, 2] } } }
    x-flow-save: { path: /orders }
    x-flow-update: { path: '/orders/{id}', operation: post, parameters: { id: externalId } }
    properties:
      id: { type: integer, readOnly: true }
      status: { type: string }
      tags: { type: array, items: { type: string } }
`

/** The line of a text that has another one, from 1. */
function lineOf(text: string, part: string): number {
  return text.split('\n').findIndex(line => line.includes(part)) + 1
}

test('A14 a Swagger 2.0 document is installed, loaded and saved with, and its diagnostics name its own lines', async t => {
  const api = await startApi(t, '')
  api.publish(documentAt(new URL(api.url).host))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { types, diagnostics } = await connector.preview()
  assert.deepEqual(
    types.map(({ developerName }) => developerName),
    ['Order', 'Order:tags']
  )
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity !== 'info'),
    []
  )
  assert.ok(diagnostics.some(({ code }) => code === 'SWAGGER_CONVERTED'))

  api.answer({ json: { data: [{ id: 1, status: 'open', tags: ['a'] }] } })
  const where = [condition('status', 'open'), condition('status', 'new')]
  const objects = found(await connector.load('Order', { where, comparisonType: 'OR' }))
  assert.deepEqual(api.takeCalls(), ['GET /v2/orders?status=open,new&sizes=1&sizes=2'])
  assert.equal(objects[0]?.externalId, '1')

  api.answer({ status: 201, json: { id: 2 } })
  await connector.save('Order', flowObject(null, { status: 'new' }))
  assert.deepEqual(api.takeCalls(), ['POST /v2/orders {"status":"new"}'])

  api.answer({ status: 204 })
  const tag = (value: string) => flowObject(value, { ID: value, Value: value })
  await connector.save('Order', flowObject('1', { status: 'old', tags: [tag('a'), tag('b c')] }))
  assert.deepEqual(api.takeCalls(), ['POST /v2/orders/1 status=old&tags=a%2Cb+c'])

  const broken = documentAt(new URL(api.url).host).replace(
    'x-flow-save: { path: /orders }',
    'x-flow-save: { path: /order }'
  )
  api.publish(broken)
  const told = (await connector.preview()).diagnostics.filter(
    ({ severity }) => severity === 'error'
  )
  assert.deepEqual(
    told.map(({ code, line, column, pointer }) => [code, line, column, pointer].join(' ')),
    [`MAPPING_PATH_UNKNOWN ${lineOf(broken, '/order }')} 20 /definitions/Order/x-flow-save/path`]
  )
})
