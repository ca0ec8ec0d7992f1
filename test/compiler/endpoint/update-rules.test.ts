import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compile } from '../../support/compile.ts'

const CONTENT = '{content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}'

/** The rules of the update of a type with further keys. */
function rulesOf(keys: string, more = ''): [blank: string | null, merge: string] {
  const model = compile(
    `openapi: 3.0.3
servers: [{url: 'https://api.example.com'}]
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}}
    put: {requestBody: ${CONTENT}, responses: {}}
    patch: {requestBody: ${CONTENT}, responses: {}}
components:
  schemas:
    Pet:
      x-flow-type: {name: Pet}
      ${keys}
      ${more}
      type: object
      properties: {id: {type: string}, name: {type: string}}`,
    { perType: 10, total: 10 }
  )
  const mapping = model.mappings['update:Pet']
  assert.ok(mapping)
  return [mapping.blank, mapping.merge]
}

const LOAD = 'x-flow-load: {path: "/pets/{id}", parameters: {id: id}}'
const EXAMPLE = 'x-flow-load: {path: "/pets/{id}", parameters: {id: id}, example: true}'
const update = (more: string): string =>
  `x-flow-update: {path: "/pets/{id}", parameters: {id: externalId}${more}}`

test('S5 an update is merged where it is a PUT and a load reads the object, or as its mapping says', () => {
  assert.deepEqual(rulesOf(update(''), LOAD), [null, 'where unseen'])
  assert.deepEqual(rulesOf(update(', operation: patch'), LOAD), [null, 'never'])
  assert.deepEqual(rulesOf(update(', operation: patch, merge: true'), LOAD), [null, 'always'])
  assert.deepEqual(rulesOf(update(', merge: false, blank: keep'), LOAD), ['keep', 'never'])
  assert.deepEqual(rulesOf(update(', blank: clear')), ['clear', 'never'])
  assert.deepEqual(rulesOf(update(', merge: true'), EXAMPLE), [null, 'never'])
})
