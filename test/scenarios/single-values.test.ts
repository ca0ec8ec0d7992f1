import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { found, refusal, startConnector } from '../support/start-connector.ts'

/** A list whose query parameters are given, and a mapping of some of them. */
const documentOf = (parameters: string, mapped: string) => `
openapi: 3.1.0
info: { title: Single values, version: '1' }
servers: [{ url: / }]
paths:
  /{edition}/things:
    get:
      parameters:
        - { name: edition, in: path, required: true, schema: { const: v7 } }
${parameters}
      responses: { '200': { description: All, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Thing' } } } } } }
components:
  schemas:
    Thing:
      type: object
      x-flow-type: { name: Thing }
      x-flow-query: { path: '/{edition}/things', parameters: ${mapped} }
      properties: { id: { type: string } }
`

const PARAMETERS = `
        - { name: format, in: query, required: true, schema: { type: string, enum: [json] } }
        - { name: depth, in: query, required: true, schema: { type: integer, const: 2 } }
        - { name: shape, in: query, required: true, schema: { allOf: [{ enum: [flat] }] } }
        - { name: X-Api-Version, in: header, required: true, schema: { type: string, enum: ['2024-01'] } }
        - { name: either, in: query, required: true, schema: { type: string, enum: [a, b], default: b } }
        - { name: optional, in: query, schema: { type: string, enum: [only] } }`

test('S16 required parameters that can have a single value have it, others do not', async t => {
  const api = await startApi(t, documentOf(PARAMETERS, '{}'))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [{ id: '1' }] })
  assert.equal(found(await connector.load('Thing')).length, 1)
  assert.equal(api.calls[0]?.url, '/v7/things?format=json&depth=2&shape=flat&either=b')
  assert.equal(api.calls[0]?.headers['x-api-version'], '2024-01')
})

test('S16 a mapping replaces a single value, and `{default: null}` sends none', async t => {
  const mapped = '{ format: { default: null }, either: { default: null }, depth: { default: 2 } }'
  const api = await startApi(t, documentOf(PARAMETERS, mapped))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [{ id: '1' }] })
  assert.equal(found(await connector.load('Thing')).length, 1)
  assert.equal(api.calls[0]?.url, '/v7/things?depth=2&shape=flat')
})

test('S16 a required parameter that may be null or one of several has no single value', async t => {
  for (const schema of [
    "{ type: [string, 'null'], enum: [a, null] }",
    '{ type: string, enum: [a, b] }',
    '{ type: string }'
  ]) {
    const parameter = `
        - { name: needed, in: query, required: true, schema: ${schema} }`
    const api = await startApi(t, documentOf(parameter, '{}'))
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    assert.deepEqual(refusal(await connector.load('Thing')), ['PARAMETER_REQUIRED', 400], schema)
    assert.equal(api.calls.length, 0)
  }
})
