import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import { isGeneratedId } from '../../service/objects/external-id.ts'
import { mergeSaved } from '../../service/objects/merge-saved.ts'
import type { FlowObject } from '../../service/objects/types.ts'
import {
  custom,
  flowObject,
  itemType,
  nested,
  objectType,
  scalar,
  shown,
  typeRecords
} from '../support/type-record.ts'

const types = typeRecords(
  objectType(
    'Pet',
    [
      scalar('id', 'integer', { readOnly: true }),
      scalar('name'),
      scalar('seen', 'date-time'),
      scalar('pin', 'text', { writeOnly: true }),
      scalar('password', 'text', { content: 'ContentPassword' }),
      nested('home', 'object', 'Pet:home'),
      nested('tags', 'list', 'Pet:tags'),
      custom('list_id')
    ],
    { candidates: [['id']] }
  ),
  objectType('Pet:home', [scalar('city'), scalar('zip')]),
  itemType('Pet:tags', 'text')
)

const tag = (Value: string) => flowObject('Pet:tags', { Value })

const sent = flowObject(
  'Pet',
  {
    name: 'Rex',
    seen: '03/09/2024 02:05:00 PM +00:00',
    pin: '1234',
    password: 's3cret',
    home: [flowObject('Pet:home', { city: 'Ulm', zip: '89073' })],
    tags: [tag('a'), tag('b')],
    list_id: 'l-1'
  },
  { internalId: '5f1d7c55-6666-4f61-a0f3-2c0f5f7a9b11', order: 3 }
)

const merge = (
  value: JsonValue | undefined,
  newId: string | null = null,
  object: FlowObject = sent
) => mergeSaved(types, 'Pet', object, { value, newId })

const inner = (object: FlowObject, name: string) =>
  object.properties.find(({ developerName }) => developerName === name)?.objectData ?? []

test('C28 without an answer the sent object comes back with its id', () => {
  const { object, warnings } = merge(undefined, null, { ...sent, externalId: '7' })
  assert.deepEqual(warnings, [])
  assert.equal(object.externalId, '7')
  assert.equal(object.internalId, '5f1d7c55-6666-4f61-a0f3-2c0f5f7a9b11')
  assert.equal(object.order, 3)
  assert.deepEqual(shown(object), {
    id: '7',
    name: 'Rex',
    seen: '2024-03-09T14:05:00+00:00',
    password: null,
    home: [{ city: 'Ulm', zip: '89073' }],
    tags: [
      { ID: '7-0', Value: 'a' },
      { ID: '7-1', Value: 'b' }
    ],
    list_id: 'l-1'
  })
  assert.deepEqual(
    inner(object, 'tags').map(({ externalId }) => externalId),
    ['7-0', '7-1']
  )
  assert.ok(isGeneratedId(inner(object, 'home')[0]?.externalId ?? ''))
})

test('C28 the id of a create is the one that Location gave, and fills the key property', () => {
  const { object } = merge(undefined, '31')
  assert.equal(object.externalId, '31')
  assert.equal(shown(object).id, '31')
})

test('a Location never changes the id of an object that has one', () => {
  assert.equal(merge(undefined, '31', { ...sent, externalId: '7' }).object.externalId, '7')
})

test("an answer's values win, and what it lacks is what was sent", () => {
  const { object } = merge({ id: 31, name: null, home: { city: 'Bonn' }, list_id: 'other' }, '32')
  assert.equal(object.externalId, '31')
  assert.deepEqual(shown(object), {
    id: '31',
    name: null,
    seen: '2024-03-09T14:05:00+00:00',
    password: null,
    home: [{ city: 'Bonn', zip: '89073' }],
    tags: [
      { ID: '31-0', Value: 'a' },
      { ID: '31-1', Value: 'b' }
    ],
    list_id: 'l-1'
  })
})

test('a list of the answer is taken as a whole, and an empty object of it is none', () => {
  const { object } = merge({ tags: ['c'], home: null }, '31')
  assert.deepEqual(shown(object).tags, [{ ID: '31-0', Value: 'c' }])
  assert.deepEqual(shown(object).home, [])
})

test('an answer that is no object says nothing', () => {
  assert.deepEqual(shown(merge('saved', '31').object).name, 'Rex')
})

test('an unreadable value of the answer is no value, with a warning', () => {
  const { object, warnings } = merge({ id: 31, seen: 'soon' })
  assert.equal(shown(object).seen, null)
  assert.deepEqual(warnings, [
    { pointer: '/seen', message: '"seen" of type "Pet" is not a date and time' }
  ])
})

test('C28 the key property that was sent identifies a created object, blank ids do not', () => {
  const keyed = flowObject('Pet', { id: '12.0', name: 'Rex' }, { externalId: '  ' })
  assert.equal(merge(undefined, null, keyed).object.externalId, '12')
})

test('B15 an object that nothing identifies gets a generated id, the same each time', () => {
  const id = merge(undefined).object.externalId
  assert.ok(isGeneratedId(id ?? ''))
  assert.equal(merge(undefined).object.externalId, id)
  const answered = merge({ name: 'Rex' }).object
  assert.ok(isGeneratedId(answered.externalId ?? ''))
  assert.equal(shown(answered).id, null)
})

test('every object that comes back has an id, nested ones too', () => {
  const ids = (object: FlowObject): (string | null)[] => [
    object.externalId,
    ...object.properties.flatMap(({ objectData }) => (objectData ?? []).flatMap(ids))
  ]
  assert.ok(ids(merge({ id: 1, home: {} }).object).every(id => id !== null && id !== ''))
})
