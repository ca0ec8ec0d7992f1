import assert from 'node:assert/strict'
import test from 'node:test'

import { compileModel } from '../../service/compiler/compile-model.ts'
import type { ConnectorModel } from '../../service/model/connector-model.ts'
import { linkDocument, rootTargets } from '../../service/parse/link-document.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { compile, diagnosticsOf, installed } from '../support/compile.ts'
import { startApi } from '../support/start-api.ts'
import { condition, found, startConnector } from '../support/start-connector.ts'

const HEAD = "openapi: 3.2.0\ninfo: { title: t, version: '1' }\nservers: [{ url: /v1 }]\n"

/** Compiles a document that was read from `https://docs.example.com/openapi.yaml`, without any other. */
function compileLinked(text: string): ConnectorModel {
  const url = 'https://docs.example.com/openapi.yaml'
  const document = parseDocument(text, 'application/yaml', url)
  const linked = linkDocument(document, url, [], rootTargets(url))
  return compileModel(linked, { perType: 200, total: 5_000 })
}

test('M6 references to `$self` stay in the document, whatever its URL is', () => {
  for (const [self, ref] of [
    ['https://specs.example.com/a/openapi.yaml', 'https://specs.example.com/a/openapi.yaml'],
    ['https://specs.example.com/a/openapi.yaml', 'openapi.yaml'],
    ['https://specs.example.com/a/openapi.yaml', '../a/openapi.yaml'],
    ['/other/place', '/other/place'],
    ['urn:example:shop', 'urn:example:shop']
  ] as const) {
    const model = compileLinked(`${HEAD}$self: '${self}'
components:
  schemas:
    A: { x-flow-type: { name: A }, type: object, properties: { b: { $ref: '${ref}#/components/schemas/B' } } }
    B: { type: object, properties: { c: { type: string } } }`)
    assert.deepEqual(diagnosticsOf(model), [], ref)
    assert.deepEqual(installed(model).A, ['b ContentObject A:b'], ref)
  }
})

test('M6 `$self` opens no file and no other scheme', () => {
  for (const self of [
    'file:///etc/openapi.yaml',
    'sample:openapi.yaml',
    'http://plain.example.com/x'
  ]) {
    const model = compileLinked(`${HEAD}$self: '${self}'
components:
  schemas:
    A: { x-flow-type: { name: A }, type: object, properties: { b: { $ref: 'passwd#/x' } } }`)
    assert.match(diagnosticsOf(model).join(), /REF_NOT_ALLOWED/, self)
  }
})

test('M6 `defaultMapping` is the choice of an unknown or a missing discriminator', async t => {
  for (const target of ['Other', "'#/components/schemas/Other'"]) {
    const api = await startApi(
      t,
      `${HEAD}
paths: { /x: { get: { responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/X' } } } } } } } } }
components:
  schemas:
    Cat: { type: object, properties: { kind: { type: string }, claws: { type: integer } } }
    Other: { type: object, properties: { kind: { type: string }, sound: { type: string } } }
    X:
      type: object
      x-flow-type: { name: X }
      x-flow-query: { path: /x }
      properties:
        id: { type: integer }
        pet:
          oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Other' }]
          discriminator: { propertyName: kind, mapping: { cat: Cat }, defaultMapping: ${target} }
`
    )
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    api.answer({
      json: [
        { id: 1, pet: { kind: 'wolf', claws: 4 } },
        { id: 2, pet: { claws: 4 } },
        { id: 3, pet: { kind: 'cat', sound: 'meow' } }
      ]
    })
    const chosen = found(await connector.load('X')).map(object =>
      ['pet-Cat', 'pet-Other'].filter(name => object[name]?.length === 1)
    )
    assert.deepEqual(chosen, [['pet-Other'], ['pet-Other'], ['pet-Cat']])
  }
})

test('M6 a parameter in `querystring` is the whole query', async t => {
  const api = await startApi(
    t,
    `${HEAD}
paths:
  /x:
    get:
      parameters:
        - name: all
          in: querystring
          content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { a: { type: string }, n: { type: integer } } } } }
      responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/X' } } } } } }
components:
  schemas:
    X: { type: object, x-flow-type: { name: X, customProperties: { query: object } }, x-flow-query: { path: /x, parameters: { all: query } }, properties: { id: { type: integer } } }
    Y: { type: object, x-flow-type: { name: Y }, x-flow-query: { path: /x, parameters: { all: { default: { a: 'b c', n: 2 } } } }, properties: { id: { type: integer } } }
`
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [{ id: 1 }] })
  assert.equal(found(await connector.load('Y')).length, 1)
  assert.deepEqual(api.takeCalls(), ['GET /v1/x?a=b%20c&n=2'])
  api.answer({ json: [{ id: 1 }] })
  const where = [condition('query', '{"n": 5}')]
  assert.equal(found(await connector.load('X', { where, comparisonType: 'AND' })).length, 1)
  assert.deepEqual(api.takeCalls(), ['GET /v1/x?n=5'])
})

test('M6 a querystring of another form is a finding that names the form', () => {
  const model = compile(`${HEAD}
paths: { /x: { get: { parameters: [{ name: q, in: querystring, content: { application/json: { schema: { type: object } } } }], responses: {} } } }
components: { schemas: { X: { type: object, x-flow-type: { name: X }, x-flow-query: { path: /x }, properties: { id: { type: integer } } } } }`)
  const finding = model.index.diagnostics.find(({ code }) => code === 'PARAMETER_UNSUPPORTED')
  assert.match(finding?.message ?? '', /querystring.*application\/json/)
})

test('M6 `itemSchema` is the schema of the items, and JSON sequences are lists', async t => {
  for (const [mediaType, text] of [
    ['application/jsonl', '{"id":1}\n{"id":2}\n'],
    ['application/x-ndjson', '\n{"id":1}\r\n\r\n{"id":2}'],
    ['application/json-seq', '\u001e{"id":1}\n\u001e{"id":2}\n'],
    ['application/json', '[{"id":1},{"id":2}]'],
    ['application/jsonl', '[{"id":1},{"id":2}]']
  ] as const) {
    const api = await startApi(
      t,
      `${HEAD}
paths: { /x: { get: { responses: { '200': { description: ok, content: { ${mediaType}: { itemSchema: { $ref: '#/components/schemas/X' } } } } } } } }
components: { schemas: { X: { type: object, x-flow-type: { name: X }, x-flow-query: { path: /x }, properties: { id: { type: integer } } } } }
`
    )
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    const { diagnostics } = await connector.preview()
    assert.deepEqual(diagnostics, [])
    api.answer({ text, headers: { 'content-type': mediaType } })
    const ids = found(await connector.load('X')).map(({ id }) => id)
    assert.deepEqual(ids, ['1', '2'], mediaType)
  }
})

test('M6 a path that has `query` and no `get` is read by it', async t => {
  const operation = `{ responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/X' } } } } } } }`
  for (const [methods, call] of [
    [`query: ${operation}`, 'QUERY /v1/x'],
    [`get: ${operation}, query: ${operation}`, 'GET /v1/x']
  ] as const) {
    const api = await startApi(
      t,
      `${HEAD}
paths: { /x: { ${methods} } }
components: { schemas: { X: { type: object, x-flow-type: { name: X }, x-flow-query: { path: /x }, properties: { id: { type: integer } } } } }
`
    )
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    api.answer({ json: [{ id: 1 }] })
    assert.equal(found(await connector.load('X')).length, 1)
    assert.deepEqual(api.takeCalls(), [call])
  }
})
