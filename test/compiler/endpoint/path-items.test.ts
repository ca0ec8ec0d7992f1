import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compile, diagnosticsOf, operationOf } from '../../support/compile.ts'

function modelOf(item: string, pathItems: string, mapping = 'x-flow-query: {path: /a}') {
  return compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: 'https://api.example.com'}]
paths: {/a: ${item}}
components:
  pathItems: ${pathItems}
  schemas: {A: {x-flow-type: {name: A}, ${mapping}, properties: {x: {}}}}
`)
}

const REF = "$ref: '#/components/pathItems/P'"
const GET = 'get: {responses: {}}'

test('M10 parameters and servers beside the $ref of a path item count with those it names', () => {
  const model = modelOf(
    `{${REF}, parameters: [{name: own, in: query}], servers: [{url: 'https://own.example'}]}`,
    `{P: {${GET}, parameters: [{name: other, in: query}], servers: [{url: 'https://other.example'}]}}`
  )
  const { parameters, server } = operationOf(model, 'query:A')
  assert.deepEqual(
    parameters.map(({ name }) => name),
    ['other', 'own']
  )
  assert.equal(server.url, 'https://own.example')
})

test("M10 of one parameter the path item's own declaration wins", () => {
  const model = modelOf(
    `{${REF}, parameters: [{name: size, in: query, schema: {type: integer, default: 5}}]}`,
    `{P: {${GET}, parameters: [{name: size, in: query, schema: {type: integer, default: 9}}]}}`
  )
  assert.deepEqual(
    operationOf(model, 'query:A').parameters.map(parameter => parameter.default),
    [5]
  )
})

test('M10 operations beside the $ref count, and win over those it names', () => {
  const target = `{P: {${GET.replace('{resp', '{servers: [{url: /other}], resp')}, post: {responses: {}}}}`
  const both = modelOf(
    `{${REF}, get: {servers: [{url: /own}], responses: {}}}`,
    target,
    'x-flow-query: {path: /a}, x-flow-save: {path: /a}'
  )
  assert.equal(operationOf(both, 'query:A').server.url, '/own')
  assert.equal(both.endpoints['GET /a']?.pointer, '/paths/~1a/get')
  assert.equal(both.endpoints['POST /a']?.pointer, '/components/pathItems/P/post')
  assert.deepEqual(
    diagnosticsOf(both).filter(line => line.includes('OPERATION')),
    []
  )
})

test('M10 a chain of path items counts as a whole, an additional operation too', () => {
  const model = modelOf(
    `{${REF}, parameters: [{name: first, in: query}]}`,
    `{P: {$ref: '#/components/pathItems/Q', parameters: [{name: second, in: query}]}, Q: {additionalOperations: {LIST: {responses: {}}}, parameters: [{name: third, in: query}]}}`,
    'x-flow-query: {path: /a, operation: list}'
  )
  const { method, parameters } = operationOf(model, 'query:A')
  assert.equal(method, 'LIST')
  assert.deepEqual(
    parameters.map(({ name }) => name),
    ['third', 'second', 'first']
  )
})

test('M10 a $ref that leads nowhere is told, and the words beside it count', () => {
  for (const ref of ["$ref: '#/components/pathItems/Z'", "$ref: '#/paths/~1a'"]) {
    const model = modelOf(`{${ref}, ${GET}}`, '{}')
    assert.equal(model.endpoints['GET /a']?.pointer, '/paths/~1a/get')
    assert.equal(diagnosticsOf(model).filter(line => line.includes('error REF_')).length, 1)
  }
})
