import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject } from '../../service/base/json.ts'
import { AS_HOSTED } from '../../service/parse/document-origin.ts'
import { NO_LINKS } from '../../service/parse/links.ts'
import { createResolver } from '../../service/parse/resolve-reference.ts'

const root: JsonObject = {
  components: {
    schemas: {
      Pet: { type: 'object' },
      Alias: { $ref: '#/components/schemas/Pet' },
      Self: { $ref: '#/components/schemas/Self' },
      Left: { $ref: '#/components/schemas/Right' },
      Right: { $ref: '#/components/schemas/Left' },
      'a/b~c d%': { type: 'string' },
      Property: { properties: { $ref: { type: 'string' } } }
    },
    parameters: { Limit: { name: 'limit', in: 'query' } }
  },
  paths: { '/pets/{id}': { get: { responses: { 200: { description: 'A pet' } } } } }
}

const resolver = createResolver({ url: '', text: '', root, links: NO_LINKS, origin: AS_HOSTED })

function resolve($ref: string) {
  return resolver.resolve({ $ref }, '/here')
}

test('A17 a reference leads to any part of the document, through any chain of references', () => {
  const pet = { value: { type: 'object' }, at: '/components/schemas/Pet' }
  assert.deepEqual(resolve('#/components/schemas/Pet'), pet)
  assert.deepEqual(resolve('#/components/schemas/Alias'), pet)
  assert.deepEqual(resolve('#/components/parameters/Limit'), {
    value: { name: 'limit', in: 'query' },
    at: '/components/parameters/Limit'
  })
  assert.deepEqual(resolve('#/paths/~1pets~1%7Bid%7D/get/responses/200'), {
    value: { description: 'A pet' },
    at: '/paths/~1pets~1{id}/get/responses/200'
  })
  assert.deepEqual(resolve('#/components/schemas/a~1b~0c%20d%25'), {
    value: { type: 'string' },
    at: '/components/schemas/a~1b~0c d%'
  })
  assert.deepEqual(resolve('#'), { value: root, at: '' })
})

test('A17 what is no reference is itself', () => {
  for (const value of [{ type: 'string' }, 'text', null, [1], { $ref: { type: 'string' } }]) {
    assert.deepEqual(resolver.resolve(value, '/here'), { value, at: '/here' })
  }
})

test('A19 a cycle of references ends in REF_CYCLE', () => {
  for (const name of ['Self', 'Left', 'Right']) {
    const found = resolve(`#/components/schemas/${name}`)
    assert.equal('code' in found && found.code, 'REF_CYCLE', name)
  }
})

test('A17 a reference that leads nowhere says so, also through inherited names', () => {
  for (const ref of [
    '#/components/schemas/Pot',
    '#/components/schemas/Pet/type/length',
    '#Pet',
    '#/%zz',
    '#/__proto__',
    '#/constructor',
    '#/components/toString'
  ]) {
    assert.deepEqual(resolve(ref), { code: 'REF_UNRESOLVED', ref, at: '/here' })
  }
})

test('A18 a reference to a document that was not read is not followed, and says so', () => {
  for (const ref of ['other.yaml', 'https://example.com/a.yaml', '/components', '..']) {
    assert.deepEqual(resolve(ref), { code: 'REF_NOT_ALLOWED', ref, at: '/here' })
  }
  assert.deepEqual(resolve(''), { value: root, at: '' })
})
