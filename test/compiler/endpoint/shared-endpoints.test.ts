import assert from 'node:assert/strict'
import { test } from 'node:test'

import { VERBS } from '../../../service/model/mapping-record.ts'
import { extensions } from '../../../service/parse/extensions.ts'
import { compile, exampleOf, operationOf } from '../../support/compile.ts'

const MODEL = compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /pets/{kind}:
    get:
      parameters:
        - {name: state, in: query, schema: {type: string, default: open}}
        - {name: limit, in: query, schema: {type: integer, maximum: 50, default: 20}}
        - {name: page, in: query, schema: {type: integer}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: object}}}}}}
    post:
      x-flow-retry: {ignore: [404]}
      requestBody: {content: {application/json: {schema: {properties: {pet: {properties: {name: {type: string}}}, name: {type: string}}}}}}
      responses: {'201': {description: ok}}
components:
  schemas:
    Cat:
      x-flow-type: {name: Cat}
      x-flow-query: {path: '/pets/{kind}', parameters: {kind: {default: cat}, state: {default: lost, encode: double}, limit: limit}, example: true}
      x-flow-save: {path: '/pets/{kind}', parameters: {kind: {default: cat}}, body: pet}
      example: {name: Tom}
      properties: {name: {type: string}}
    Dog:
      x-flow-type: {name: Dog}
      x-flow-query: {path: '/pets/{kind}', parameters: {kind: {default: dog}}, records: dogs}
      x-flow-save: {path: '/pets/{kind}', parameters: {kind: {default: dog}}, exclude: {name: true}}
      properties: {name: {type: string}}
`)

test('mappings of one endpoint share its record, which knows no type and no mapping', () => {
  assert.deepEqual(Object.keys(MODEL.endpoints), ['GET /pets/{kind}', 'POST /pets/{kind}'])
  const endpoints = Object.values(MODEL.mappings).map(({ key, endpoint }) => `${key} ${endpoint}`)
  assert.deepEqual(endpoints, [
    'query:Cat GET /pets/{kind}',
    'save:Cat POST /pets/{kind}',
    'query:Dog GET /pets/{kind}',
    'save:Dog POST /pets/{kind}'
  ])
  const text = JSON.stringify(MODEL.endpoints)
  for (const word of ['Cat', 'Dog', 'lost', 'x-flow-query', 'sources']) {
    assert.ok(!text.includes(word), word)
  }
  const pointers = Object.values(MODEL.endpoints).map(({ pointer }) => pointer)
  assert.deepEqual(pointers, ['/paths/~1pets~1{kind}/get', '/paths/~1pets~1{kind}/post'])
})

test('each mapping fills, pages and wraps in its own way', () => {
  const [cat, dog] = [operationOf(MODEL, 'query:Cat'), operationOf(MODEL, 'query:Dog')]
  const filled = ({ parameters }: typeof cat): unknown[] =>
    parameters.map(({ name, fallback, encodeTwice }) => [name, fallback, encodeTwice])
  assert.deepEqual(filled(cat), [
    ['state', 'lost', true],
    ['limit', 20, false],
    ['page', undefined, false],
    ['kind', 'cat', false]
  ])
  assert.deepEqual(filled(dog), [
    ['state', 'open', false],
    ['limit', 20, false],
    ['page', undefined, false],
    ['kind', 'dog', false]
  ])
  assert.deepEqual([cat.paging.type, cat.paging.origin], ['page', 'inferred'])
  assert.deepEqual([dog.paging.type, dog.paging.origin], ['page', 'inferred'])
  const own = Object.values(MODEL.mappings).map(({ paging }) => paging?.type ?? null)
  assert.deepEqual(own, ['page', null, 'page', null])
  const bodies = ['save:Cat', 'save:Dog'].map(key => operationOf(MODEL, key).body)
  assert.deepEqual(
    bodies.map(body => [Object.keys(body?.shape?.members ?? {}), body?.wrap, body?.exclude]),
    [
      [['name'], 'pet', []],
      [['name'], '', ['name']]
    ]
  )
})

test('what a type adds to the examples of an endpoint is of its mapping alone', () => {
  assert.deepEqual(Object.keys(MODEL.examples), [
    'GET /pets/{kind}',
    'POST /pets/{kind}',
    'query:Cat'
  ])
  const { status, answers } = MODEL.examples['GET /pets/{kind}'] ?? {}
  assert.equal(status, '200')
  assert.equal(JSON.stringify(answers?.['200']), '{"named":{}}')
  assert.equal(exampleOf(MODEL, 'query:Cat').answers['200']?.form, 'list')
  assert.deepEqual(Object.keys(MODEL.tables), ['Cat'])
  assert.deepEqual(MODEL.tables.Cat?.rows, [{ name: 'Tom' }])
})

test('every mapping that a document names is annotated', () => {
  for (const { origin } of Object.values(MODEL.mappings)) {
    assert.deepEqual(origin, { from: 'annotated', score: null, reasons: [] })
  }
})

test('every verb of a mapping has its key in the vocabulary', () => {
  for (const verb of VERBS) assert.ok(extensions[`x-flow-${verb}`], verb)
})
