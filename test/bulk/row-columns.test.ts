import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseJson } from '../../service/base/exact-number.ts'
import type { JsonObject } from '../../service/base/json.ts'
import { isJsonObject } from '../../service/base/json.ts'
import {
  allColumns,
  columnName,
  columnPicker,
  namedColumns
} from '../../service/bulk/row-columns.ts'
import { ConnectorError } from '../../service/errors.ts'
import { rowShape } from '../../service/objects/row-shape.ts'
import { typeNamed } from '../../service/objects/type-lookup.ts'
import { compileSchemas } from '../support/compile.ts'
import { openModel } from '../support/open-model.ts'

const { types } = openModel(
  compileSchemas(`
Person:
  type: object
  x-flow-type: { name: Person, customProperties: { extra: string } }
  properties:
    id: { type: integer }
    address:
      type: object
      properties:
        city: { type: string }
        geo: { type: object, properties: { lat: { type: number }, pin: { type: string, format: password } } }
    tags: { type: array, items: { type: string } }
    cards: { type: array, items: { type: object, properties: { last4: { type: string }, pan: { type: string, writeOnly: true } } } }
    labels: { type: object, additionalProperties: { type: object, properties: { key: { type: string, format: password }, shown: { type: string } } } }
    password: { type: string, format: password }
    boss: { $ref: '#/components/schemas/Person' }
    'a.b': { type: string }
    free: { type: object }
`)
)
const type = typeNamed(types, 'Person')

function object(text: string): JsonObject {
  const value = parseJson(text)
  assert.ok(isJsonObject(value))
  return value
}

test('the columns of a type are its members in order, dotted for nested objects', () => {
  assert.deepEqual(allColumns(types, type).map(columnName), [
    'id',
    'address.city',
    'address.geo.lat',
    'tags',
    'cards',
    'labels',
    'boss',
    'a\\.b',
    'free'
  ])
})

test('columns are named by JSON names, names of properties, and dotted paths', () => {
  const names = [
    'ID',
    'address.geo.lat',
    'address',
    'a.b',
    'boss.boss.id',
    'free.any.thing',
    'labels.x.shown'
  ]
  assert.deepEqual(namedColumns(types, type, names), [
    ['id'],
    ['address', 'geo', 'lat'],
    ['address'],
    ['a.b'],
    ['boss', 'boss', 'id'],
    ['free', 'any', 'thing'],
    ['labels', 'x', 'shown']
  ])
})

for (const name of [
  'passwort',
  'password',
  'extra',
  'tags.x',
  'cards.last4',
  'address.geo.pin',
  'id.x',
  ''
]) {
  test(`there is no column "${name}"`, () => {
    assert.throws(
      () => namedColumns(types, type, [name]),
      (error: unknown) => error instanceof ConnectorError && error.code === 'COLUMN_UNKNOWN'
    )
  })
}

test('picked columns stay in their objects, and absent ones stay absent', () => {
  const pick = columnPicker(
    namedColumns(types, type, ['address.city', 'id', 'address.geo.lat', 'a.b'])
  )
  const row = object('{"id":1,"address":{"geo":{"lat":2,"x":3},"city":null},"tags":[]}')
  assert.equal(JSON.stringify(pick(row)), '{"address":{"city":null,"geo":{"lat":2}},"id":1}')
})

test('a row has all members of its record but secrets, at any depth', () => {
  const shape = rowShape(types, type)
  assert.ok(shape)
  const secret = object(
    '{"password":"s","id":1,"unknown":{"password":"kept"},"cards":[{"last4":"1","pan":"s"},null],"labels":{"x":{"key":"s","shown":"y"}},"address":{"geo":{"pin":"s","lat":1}},"boss":{"password":"s","boss":{"id":2,"password":"s"}}}'
  )
  assert.equal(
    JSON.stringify(shape(secret)),
    '{"id":1,"unknown":{"password":"kept"},"cards":[{"last4":"1"},null],"labels":{"x":{"shown":"y"}},"address":{"geo":{"lat":1}},"boss":{"boss":{"id":2}}}'
  )
})
