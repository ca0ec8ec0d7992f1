import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compile, diagnosticsOf, operationOf } from '../../support/compile.ts'

/** The `Accept` of a query whose operation has these responses. */
function acceptOf(responses: string): string {
  const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: 'https://api.example.com'}]
paths:
  /a: {get: {responses: ${responses}}}
components:
  schemas:
    A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {id: {type: string}}}
    B: {type: object, properties: {name: {type: string}}}
`)
  return operationOf(model, 'query:A').accept
}

const A = "{schema: {type: array, items: {$ref: '#/components/schemas/A'}}}"
const B = "{schema: {$ref: '#/components/schemas/B'}}"
const ok = (content: string, status = '200') =>
  `{'${status}': {description: ok, content: {${content}}}}`

const rows: readonly (readonly [what: string, responses: string, accept: string])[] = [
  ['JSON', ok(`application/json: ${A}`), 'application/json, */*;q=0.1'],
  [
    'JSON with a parameter',
    ok(`application/json; charset=utf-8: ${A}`),
    'application/json; charset=utf-8, */*;q=0.1'
  ],
  [
    'a type of a vendor alone',
    ok(`application/vnd.acme+json; version=3: ${A}`),
    'application/vnd.acme+json; version=3, application/json;q=0.9, */*;q=0.1'
  ],
  [
    'a type of a vendor beside JSON of the same schema',
    ok(`application/hal+json: ${A}, application/json; charset=utf-8: ${A}`),
    'application/hal+json, application/json;q=0.9, */*;q=0.1'
  ],
  [
    'a type of a vendor beside JSON of another schema',
    ok(`application/hal+json: ${A}, application/json; charset=utf-8: ${B}`),
    'application/hal+json, */*;q=0.1'
  ],
  [
    'JSON behind other types',
    ok(`text/csv: {}, application/hal+json: ${B}, application/json: ${A}`),
    'application/json, */*;q=0.1'
  ],
  ['text/json', ok(`text/json: ${A}`), 'text/json, application/json;q=0.9, */*;q=0.1'],
  ['any type', ok(`'*/*': ${A}`), 'application/json, */*;q=0.1'],
  ['a range', ok(`application/*: ${A}`), 'application/json, */*;q=0.1'],
  [
    'a default answer',
    ok(`application/vnd.api+json: ${A}`, 'default'),
    'application/vnd.api+json, application/json;q=0.9, */*;q=0.1'
  ],
  ['no content', "{'200': {description: ok}}", 'application/json, */*;q=0.1'],
  ['no JSON', ok('text/plain: {}'), 'application/json, */*;q=0.1'],
  ['a refusal alone', ok(`application/problem+json: ${B}`, '404'), 'application/json, */*;q=0.1'],
  [
    'a quoted parameter',
    ok(`'application/ld+json; profile="https://a.example/b, c"': ${A}`),
    'application/ld+json; profile="https://a.example/b, c", application/json;q=0.9, */*;q=0.1'
  ],
  [
    'a name that no header can hold',
    ok(`'application/a\u0100+json': ${A}`),
    'application/json, */*;q=0.1'
  ],
  ['several names in one', ok(`'text/x, application/b+json': ${A}`), 'application/json, */*;q=0.1']
]

for (const [what, responses, accept] of rows) {
  test(`S13 an operation that answers ${what} is asked for ${accept}`, () => {
    assert.equal(acceptOf(responses), accept)
  })
}

/** The declared parameters of a query that declares an `Accept` header, and its diagnostics. */
function declaredAccept(parameter: string, mapping = '') {
  const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: 'https://api.example.com'}]
paths:
  /a: {get: {parameters: [{name: accept, in: header, ${parameter}}], responses: ${ok(`application/json: ${A}`)}}}
components:
  schemas:
    A: {x-flow-type: {name: A}, x-flow-query: {path: /a${mapping}}, properties: {id: {type: string}}}
`)
  const { parameters } = operationOf(model, 'query:A')
  const filled = parameters.map(({ name, in: place, fallback, sources }) => [
    `${place} ${name}`,
    fallback ?? sources
  ])
  return [filled, diagnosticsOf(model)]
}

test('S13 a declared Accept counts with a source or a default, and is never missed', () => {
  assert.deepEqual(declaredAccept('required: true, schema: {type: string}'), [[], []])
  assert.deepEqual(declaredAccept('schema: {default: application/vnd.v3+json}'), [
    [['header accept', 'application/vnd.v3+json']],
    []
  ])
  assert.deepEqual(declaredAccept('schema: {}', ', parameters: {Accept: {default: a/b}}'), [
    [['header accept', 'a/b']],
    []
  ])
  assert.deepEqual(declaredAccept('schema: {}', ', parameters: {accept: $Var.TYPE}'), [
    [['header accept', [{ from: 'variable', name: 'TYPE' }]]],
    []
  ])
})
