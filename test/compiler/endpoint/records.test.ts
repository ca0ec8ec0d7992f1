import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { RecordsLocation } from '../../../service/model/mapping-record.ts'
import { compile, operationOf } from '../../support/compile.ts'

/** Where the objects of type `A` stand in an answer of a schema, and what was said about it. */
function recordsOf(
  schema: string,
  verb = 'query',
  words = ''
): { records: RecordsLocation; said: string[] } {
  const method = { query: 'get', load: 'get', save: 'post', update: 'put' }[verb] ?? 'get'
  const model = compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a:
    ${method}:
      responses:
        '200': {description: ok, content: {application/json: ${schema}}}
components:
  schemas:
    A:
      x-flow-type: {name: A}
      x-flow-${verb}: {path: /a${words}}
      properties:
        id: {type: string}
        rows: {type: array, items: {properties: {x: {type: string}}}}
    Other: {properties: {y: {type: string}}}
`)
  return {
    records: operationOf(model, `${verb}:A`).records,
    said: model.index.diagnostics
      .filter(({ code }) => code === 'RECORDS_INFERRED')
      .map(({ message }) => message)
  }
}

function placeOf(schema: string, verb?: string, words?: string): string {
  const { records } = recordsOf(`{schema: ${schema}}`, verb, words)
  if (records.at === 'search') return 'searched'
  if (records.at === 'undecided') return `none of ${records.between.join(' ')}`
  const { path, item, areEntries } = records
  if (areEntries === true) return `values of ${path || 'whole'}`
  return item === undefined ? path || 'whole' : `${path}[].${item}`
}

const A = "{$ref: '#/components/schemas/A'}"
const OTHER = "{$ref: '#/components/schemas/Other'}"
const LIST_OF_A = `{type: array, items: ${A}}`
const LIST_OF_OTHER = `{type: array, items: ${OTHER}}`

test('B18 the type itself and a root array are the whole body', () => {
  for (const schema of [A, LIST_OF_A, LIST_OF_OTHER, `{allOf: [${A}]}`, `{oneOf: [${A}]}`]) {
    for (const verb of ['query', 'load']) assert.equal(placeOf(schema, verb), 'whole', schema)
  }
})

test('B19 else it is the one array of the type, else the only array of objects', () => {
  const rows: readonly (readonly [properties: string, place: string])[] = [
    [`{list: ${LIST_OF_A}, others: ${LIST_OF_OTHER}, n: {type: integer}}`, 'list'],
    [`{others: ${LIST_OF_OTHER}, names: {type: array, items: {type: string}}}`, 'others'],
    [`{item: ${A}, others: ${LIST_OF_OTHER}}`, 'item'],
    [`{'@odata.value': ${LIST_OF_A}}`, '@odata\\.value']
  ]
  for (const [properties, place] of rows) {
    assert.equal(placeOf(`{properties: ${properties}}`), place, properties)
  }
})

test('B19 what the document does not decide is looked for in each answer', () => {
  for (const schema of [
    `{properties: {one: ${LIST_OF_A}, two: ${LIST_OF_A}}}`,
    `{properties: {one: ${LIST_OF_OTHER}, two: ${LIST_OF_OTHER}}}`,
    '{type: object, properties: {data: {}}}',
    '{type: object, properties: {items: {type: array, items: {}}}}',
    '{type: object}',
    '{}'
  ]) {
    assert.equal(placeOf(schema), 'searched', schema)
  }
  assert.deepEqual(recordsOf('{}').records, { at: 'search' })
})

test('B18 an object that can hold no list is the whole body, also when it is not the type', () => {
  assert.equal(placeOf(OTHER), 'whole')
  assert.equal(placeOf(OTHER, 'load'), 'whole')
})

test('B18 what a write answers is the object, or stands where the type does', () => {
  for (const verb of ['save', 'update']) {
    assert.equal(placeOf(`{properties: {a: ${A}, others: ${LIST_OF_OTHER}}}`, verb), 'a')
    assert.equal(placeOf(`{properties: {others: ${LIST_OF_OTHER}}}`, verb), 'whole')
    assert.equal(placeOf('{}', verb), 'whole')
  }
})

test('B17 a declared place wins, a blank one is the root', () => {
  const schema = `{properties: {list: ${LIST_OF_A}}}`
  assert.equal(placeOf(schema, 'query', ', records: data.items'), 'data.items')
  assert.equal(placeOf(schema, 'query', ", records: ''"), 'whole')
})

test('B19 what was chosen is said, what is declared or evident is not', () => {
  const { said } = recordsOf(`{schema: {properties: {'a.b': ${LIST_OF_A}}}}`)
  assert.deepEqual(said, [
    'the objects of `x-flow-query` of type "A" are read from "a.b" of the answer'
  ])
  assert.deepEqual(recordsOf(`{schema: ${LIST_OF_A}}`).said, [])
  assert.deepEqual(
    recordsOf(`{schema: {properties: {l: ${LIST_OF_A}}}}`, 'query', ', records: l').said,
    []
  )
})

test('I09 W5 the answer that is read is the lowest 2xx, else default, and never that of an error', () => {
  const rows: readonly (readonly [responses: string, place: string | null])[] = [
    ["'201': x, '200': y, '404': z", 'y'],
    ["'404': z, '2XX': x, default: y", 'x'],
    ["'404': z, default: x", 'x'],
    ["'404': x, '500': y", null],
    ["'302': x, '4XX': y", null]
  ]
  for (const [responses, place] of rows) {
    const declared = responses.replaceAll(
      /: (\w)/g,
      `: {description: ok, content: {application/json: {schema: {properties: {$1: ${LIST_OF_A}}}}}}`
    )
    const model = compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a: {get: {responses: {${declared}}}}
components:
  schemas:
    A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {id: {type: string}}}
`)
    const expected = place === null ? { at: 'search' } : { at: 'path', path: place }
    assert.deepEqual(operationOf(model, 'query:A').records, expected, responses)
  }
})
