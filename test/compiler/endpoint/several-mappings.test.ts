import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compile, diagnosticsOf, typeNamed } from '../../support/compile.ts'
import { mappingKeys } from '../../../service/model/type-record.ts'

/** A document with one type `A` that has the given keys, each on a line from the 9th on. */
function compiled(keys: string) {
  return compile(`openapi: 3.0.3
info: { title: Test, version: '1' }
paths:
  /a: { get: { responses: { '200': { description: ok } } } }
  /b/{id}: { get: { parameters: [{ name: id, in: path, required: true, schema: { type: string } }], responses: { '200': { description: ok } } } }
components:
  schemas:
    A:
      x-flow-type: { name: A }
${keys.trim().replaceAll(/^/gm, '      ')}
      properties: { id: { type: string }, name: { type: string } }
`)
}

const told = (keys: string): string[] =>
  diagnosticsOf(compiled(keys)).filter(line => !line.includes(' info '))

const messages = (keys: string): string[] =>
  compiled(keys)
    .index.diagnostics.filter(({ severity }) => severity !== 'info')
    .map(({ message }) => message)

test('B14 queries and loads are lists of mappings, each with its own key, place and endpoint', () => {
  const model = compiled(`
x-flow-query:
  - { path: /a }
  - { path: '/b/{id}', parameters: { id: name } }
x-flow-load: [{ path: '/b/{id}', parameters: { id: id } }]`)
  const type = typeNamed(model, 'A')
  assert.deepEqual(type.mappings, { load: 'load:A', query: 'query:A' })
  assert.deepEqual(type.furtherMappings, { query: ['query 2:A'] })
  assert.deepEqual(mappingKeys(type, 'query'), ['query:A', 'query 2:A'])
  assert.deepEqual(mappingKeys(type, 'save'), [])
  const places = Object.values(model.mappings).map(({ key, endpoint, pointer }) =>
    [key, endpoint, pointer.replace('/components/schemas/A/', '')].join(' ')
  )
  assert.deepEqual(places, [
    'load:A GET /b/{id} x-flow-load/0',
    'query:A GET /a x-flow-query/0',
    'query 2:A GET /b/{id} x-flow-query/1'
  ])
})

test('B14 H19 a fault in one mapping of a list is told at its place, and the others work', () => {
  const keys = `
x-flow-query:
  - { path: /a }
  - { operation: get }
  - { path: /c }
  - { path: '/b/{id}', parametrs: { id: name } }`
  assert.deepEqual(told(keys), [
    '12:11 error EXTENSION_MALFORMED /components/schemas/A/x-flow-query/1',
    '13:13 error MAPPING_PATH_UNKNOWN /components/schemas/A/x-flow-query/2/path',
    '14:11 warning PARAMETER_UNFILLED /components/schemas/A/x-flow-query/3/parameters',
    '14:30 warning MEMBER_UNKNOWN /components/schemas/A/x-flow-query/3/parametrs'
  ])
  assert.match(messages(keys)[0] ?? '', /^`x-flow-query\[1\]` is invalid: must have required/)
  assert.deepEqual(mappingKeys(typeNamed(compiled(keys), 'A'), 'query'), [
    'query:A',
    'query 3:A',
    'query 4:A'
  ])
})

test('B14 what is no list of mappings is told: of a write, empty, too long, of other things, the same twice', () => {
  assert.deepEqual(messages('x-flow-save: [{ path: /a }]'), [
    '`x-flow-save` is invalid: must be one mapping, as only `x-flow-load` and `x-flow-query` may be lists'
  ])
  assert.deepEqual(messages('x-flow-query: []'), ['`x-flow-query` is invalid: must have a mapping'])
  assert.deepEqual(messages('x-flow-query: [/a, null]'), [
    '`x-flow-query[0]` is invalid: must be object',
    '`x-flow-query[1]` is invalid: must be object'
  ])
  const many = Array.from({ length: 30 }, () => '{ path: /a }').join(', ')
  const [tooMany, repeated, ...others] = messages(`x-flow-query: [${many}]`)
  assert.equal(tooMany, '`x-flow-query` is invalid: must have at most 20 mappings')
  assert.equal(
    repeated,
    '`x-flow-query[1]` is never used, because `x-flow-query[0]` makes the same calls'
  )
  assert.equal(others.length, 18)
  const codes = compiled(`x-flow-query: [{ path: /a }, { path: /a }]`).index.diagnostics.map(
    ({ code, pointer }) => `${code} ${pointer}`
  )
  assert.ok(codes.includes('MAPPING_REPEATED /components/schemas/A/x-flow-query/1'))
})
