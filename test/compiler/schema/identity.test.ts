import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compile, compileSchemas, typeNamed } from '../../support/compile.ts'

/** Where the ids of a type are looked for, dotted. */
function candidatesOf(properties: string, { name = 'A', words = '' } = {}): string[] {
  const model = compileSchemas(
    `A:\n  x-flow-type: {name: ${name}${words}}\n  properties: {${properties}}`
  )
  return typeNamed(model, name).identity.candidates.map(path => path.join('.'))
}

/** Text properties of these names. */
function texts(...names: string[]): string {
  return names.map(name => `'${name}': {type: string}`).join(', ')
}

test('B16 the declared property is the id first, then those that usually are', () => {
  const properties = texts(
    'href',
    'self',
    'slug',
    'code',
    'key',
    'guid',
    'uuid',
    'pet_id',
    'id',
    'sku'
  )
  assert.deepEqual(candidatesOf(properties, { name: 'Pet', words: ', id: sku' }), [
    'sku',
    'id',
    'pet_id',
    'uuid',
    'guid',
    'key',
    'code',
    'slug',
    'self',
    'href'
  ])
})

test('B16 id and the usual names count in any letter case, exact ones first', () => {
  assert.deepEqual(candidatesOf(texts('ID', 'UUID', 'Key', 'Id', 'id')), [
    'id',
    'ID',
    'Id',
    'UUID',
    'Key'
  ])
})

test('B16 the name of the type counts as it is or in the singular, with or without _', () => {
  const rows: readonly (readonly [type: string, property: string])[] = [
    ['Pet', 'petId'],
    ['Pet', 'PET_ID'],
    ['Pets', 'pet_id'],
    ['Categories', 'categoryId'],
    ['Boxes', 'box_id'],
    ['Address', 'addressId'],
    ['Order Line', 'order_line_id'],
    ['Statuses', 'statusesId']
  ]
  for (const [name, property] of rows) {
    assert.deepEqual(candidatesOf(texts('other', property), { name }), [property], name)
  }
  assert.deepEqual(candidatesOf(texts('owner_id', 'idea', 'paid'), { name: 'Pet' }), [])
})

test('B16 B33 the property named like the path parameter that the id feeds identifies', () => {
  const model = (property: string, source: string) =>
    compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a/{pet_id}: {parameters: [{name: pet_id, in: path, required: true}], get: {responses: {}}, put: {responses: {}}}
components:
  schemas:
    A:
      x-flow-type: {name: A}
      x-flow-update: {path: '/a/{pet_id}', parameters: {pet_id: ${source}}}
      properties: {id: {type: string}, ${property}: {type: string}, code: {type: string}}
`)
  for (const source of ['id', 'externalId']) {
    assert.deepEqual(typeNamed(model('petId', source), 'A').identity.candidates, [
      ['petId'],
      ['id'],
      ['code']
    ])
  }
  assert.deepEqual(typeNamed(model('petId', 'code'), 'A').identity.candidates, [['id'], ['code']])
  // Another name on each side: the id that the answer has feeds the parameter of the path.
  assert.deepEqual(typeNamed(model('name', 'id'), 'A').identity.candidates, [['id'], ['code']])
})

test('B16 B33 the path parameter may have the name of the type before that of the property', () => {
  const ids = (name: string, parameter: string, properties: string) =>
    compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a/{${parameter}}:
    get: {parameters: [{name: ${parameter}, in: path, required: true, schema: {type: string}}], responses: {'200': {description: ok}}}
components:
  schemas:
    A:
      x-flow-type: {name: ${name}}
      x-flow-load: {path: '/a/{${parameter}}', parameters: {${parameter}: id}}
      properties: ${properties}
`).types[name]?.identity.candidates.flat()
  const text = '{type: string}'
  assert.deepEqual(ids('Task', 'task_gid', `{id: ${text}, gid: ${text}}`), ['gid', 'id'])
  assert.deepEqual(ids('Projects', 'projectNumber', `{number: ${text}, code: ${text}}`), [
    'number',
    'code'
  ])
  assert.deepEqual(ids('Call', 'CallSid', `{Sid: ${text}}`), ['Sid'])
  assert.deepEqual(ids('Task', 'project_gid', `{number: ${text}, id: ${text}}`), ['id'])
})

test('B16 a list of properties is a composite key', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A, id: [shop, item.sku]}
  properties: {shop: {type: string}, item: {properties: {sku: {type: string}}}}`)
  assert.deepEqual(typeNamed(model, 'A').identity.composite, [
    { part: 'shop', path: ['shop'] },
    { part: 'item.sku', path: ['item', 'sku'] }
  ])
})

test('B16 the declared id may be nested, or a key with a dot in it', () => {
  const nested = 'meta: {properties: {id: {type: string}}}'
  assert.deepEqual(candidatesOf(nested, { words: ', id: meta.id' }), ['meta.id'])
  const model = compileSchemas(
    `A: {x-flow-type: {name: A, id: a.b}, properties: {${texts('a.b')}}}`
  )
  assert.deepEqual(typeNamed(model, 'A').identity.candidates, [['a.b']])
})

test('B15 B16 lists, objects, custom and write-only properties identify nothing', () => {
  const properties = `id: {type: array, items: {type: string}}, key: {type: string, writeOnly: true}, slug: {properties: {x: {}}}`
  assert.deepEqual(candidatesOf(properties, { words: ', customProperties: {uuid: string}' }), [])
})

test('B16 nested types are named by their own property, items and entries have no id', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    owners: {type: array, items: {properties: {owner_id: {type: string}, a_id: {type: string}}}}
    tags: {type: array, items: {type: string}}
    map: {additionalProperties: {type: string}}`)
  const idOf = (name: string) => typeNamed(model, name).identity
  assert.deepEqual(idOf('A:owners'), { composite: null, candidates: [['owner_id']] })
  assert.deepEqual(idOf('A:tags').candidates, [])
  assert.deepEqual(idOf('A:map').candidates, [])
})
