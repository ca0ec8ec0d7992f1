import assert from 'node:assert/strict'
import { test } from 'node:test'

import { found, refusal, startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'

const MiB = 1024 * 1024

/** A guard against never ending, ten times what it takes on a busy machine. */
const GUARD_MS = 240_000

/** An operation as large documents have them: mostly words, with references to what they share. */
function operation(index: number, method: string) {
  const shared = { $ref: `#/components/schemas/Entity${index % 500}` }
  return {
    operationId: `${method}Things${index}`,
    tags: [`Tag ${index % 50}`],
    summary: `Does something with the things of collection ${index}`,
    description:
      'The words that describe an operation of a large document go on for a while. '.repeat(10),
    parameters: [
      { $ref: '#/components/parameters/Top' },
      { name: 'filter', in: 'query', description: 'Filters them', schema: { type: 'string' } }
    ],
    responses: {
      200: {
        description: 'What was asked for',
        content: { 'application/json': { schema: { type: 'array', items: shared } } }
      },
      default: { description: 'An error' }
    }
  }
}

/** A document of 9,000 paths and 27,000 operations, with a type whose objects are at `/small.json`. */
function hugeDocument() {
  const paths = Array.from({ length: 9_000 }, (_, index) => [
    `/collections/${index}/things`,
    Object.fromEntries(['get', 'post', 'delete'].map(method => [method, operation(index, method)]))
  ])
  const entities = Array.from({ length: 500 }, (_, index) => [
    `Entity${index}`,
    {
      type: 'object',
      properties: {
        id: { type: 'string' },
        next: { $ref: `#/components/schemas/Entity${(index + 1) % 500}` }
      }
    }
  ])
  const small = {
    type: 'object',
    properties: { id: { type: 'string' } },
    'x-flow-type': { name: 'Small' },
    'x-flow-query': { path: '/small.json' }
  }
  return {
    openapi: '3.0.3',
    info: { title: 'Huge', version: '1' },
    servers: [{ url: '/' }],
    paths: {
      '/small.json': { get: { responses: { 200: { description: 'Some' } } } },
      ...Object.fromEntries(paths)
    },
    components: {
      parameters: { Top: { name: 'top', in: 'query', schema: { type: 'integer' } } },
      schemas: { Small: small, ...Object.fromEntries(entities) }
    }
  }
}

test('B7 a document of over 30 MB works, with a warning about its size', {
  timeout: GUARD_MS
}, async t => {
  const text = JSON.stringify(hugeDocument())
  assert.ok(text.length > 30 * MiB, String(text.length / MiB))
  const files = await startFiles(t, { '/huge.json': text, '/small.json': '[{"id":"1"}]' })
  const connector = await startConnector(
    t,
    { 'Schema URL': `${files.url}/huge.json` },
    { UPSTREAM_TIMEOUT_MS: '120000', FLOW_TIMEOUT_MS: '200000' }
  )
  const { types, diagnostics } = await connector.preview()
  assert.deepEqual(
    types.map(({ developerName }) => developerName),
    ['Small']
  )
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['DOCUMENT_LARGE']
  )
  assert.deepEqual(found(await connector.load('Small')), [{ externalId: '1', id: '1' }])
  assert.equal(files.fetches.filter(({ path }) => path === '/huge.json').length, 1)
})

test('B7 A30 a document past DOCUMENT_MAX_BYTES is refused by that name', {
  timeout: GUARD_MS
}, async t => {
  const files = await startFiles(t, { '/large.yaml': `openapi: 3.0.3\n# ${'x'.repeat(2 * MiB)}` })
  const connector = await startConnector(
    t,
    { 'Schema URL': `${files.url}/large.yaml` },
    { DOCUMENT_MAX_BYTES: String(MiB) }
  )
  const refused = await connector.send('POST', '/metadata')
  assert.deepEqual(refusal(refused), ['DOCUMENT_TOO_LARGE', 413])
  assert.match(refused.text, /raise DOCUMENT_MAX_BYTES/)
})
