import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import type { ChoiceRecord } from '../../service/model/type-record.ts'
import { decodeObjects } from '../../service/objects/decode-objects.ts'
import { encodeObject } from '../../service/objects/encode-object.ts'
import type { FlowValues } from '../support/type-record.ts'
import {
  bodyForm,
  flowObject,
  nested,
  objectType,
  scalar,
  shown,
  typeRecords
} from '../support/type-record.ts'

const cat = objectType('Cat', [scalar('name'), scalar('lives', 'integer'), scalar('kind')])
const dog = objectType('Dog', [scalar('name'), scalar('barks', 'boolean'), scalar('kind')])

function choice(key: string | null, discriminator: string | null, prefix: string): ChoiceRecord {
  return {
    key,
    discriminator,
    options: [
      { property: `${prefix}Cat`, keys: ['name', 'lives', 'kind'], values: ['cat', 'Cat'] },
      { property: `${prefix}Dog`, keys: ['name', 'barks', 'kind'], values: ['dog'] }
    ]
  }
}

const owner = (discriminator: string | null, nullable = false) =>
  typeRecords(
    objectType(
      'Owner',
      [
        scalar('id'),
        nested('pet-Cat', 'object', 'Cat', { key: 'pet', nullable }),
        nested('pet-Dog', 'object', 'Dog', { key: 'pet', nullable })
      ],
      { choices: [choice('pet', discriminator, 'pet-')] }
    ),
    cat,
    dog
  )

const zoo = typeRecords(
  objectType('Zoo', [scalar('id'), nested('pets', 'list', 'Zoo:pets')], { candidates: [['id']] }),
  objectType(
    'Zoo:pets',
    [nested('Cat', 'object', 'Cat', { key: null }), nested('Dog', 'object', 'Dog', { key: null })],
    { choices: [choice(null, null, '')] }
  ),
  cat,
  dog
)

const filled = (types: ReturnType<typeof owner>, pet: JsonValue) => {
  const { objects, warnings } = decodeObjects(types, 'Owner', [{ id: 'o', pet }])
  const values = Object.entries(shown(objects[0])).filter(([, value]) => value?.length)
  return { names: values.map(([name]) => name).filter(name => name !== 'id'), warnings }
}

test('B10 B11 the choice that shares most property names is filled, the other ones are empty', () => {
  const { objects } = decodeObjects(owner(null), 'Owner', [
    { id: 'o', pet: { name: 'Rex', barks: true } }
  ])
  assert.deepEqual(shown(objects[0]), {
    id: 'o',
    'pet-Cat': [],
    'pet-Dog': [{ name: 'Rex', barks: 'true', kind: null }]
  })
})

test('B11 of choices that share equally many names the first is filled', () => {
  assert.deepEqual(filled(owner(null), { name: 'Rex' }).names, ['pet-Cat'])
})

test('B11 where no choice shares a name none is filled, with a warning', () => {
  const { names, warnings } = filled(owner(null), { wings: 2 })
  assert.deepEqual(names, [])
  assert.deepEqual(warnings, [
    { pointer: '/0/pet', message: 'a value of type "Owner" is none of "pet-Cat", "pet-Dog"' }
  ])
  assert.equal(filled(owner(null), 7).warnings.length, 1)
  assert.deepEqual(filled(owner(null), null), { names: [], warnings: [] })
})

test('B12 the discriminator decides where its value is known, else the names do', () => {
  const types = owner('kind')
  assert.deepEqual(filled(types, { name: 'Rex', lives: 9, kind: 'dog' }).names, ['pet-Dog'])
  assert.deepEqual(filled(types, { name: 'Rex', lives: 9, kind: 'cow' }).names, ['pet-Cat'])
  assert.deepEqual(filled(types, { name: 'Rex', barks: true }).names, ['pet-Dog'])
})

test('B10 items that are a choice are objects with one property per choice, named by their parent', () => {
  const pets = [
    { name: 'Tom', lives: 9 },
    { name: 'Rex', barks: true }
  ]
  const { objects } = decodeObjects(zoo, 'Zoo', [{ id: 'z', pets }])
  const list = objects[0]?.properties.find(
    ({ developerName }) => developerName === 'pets'
  )?.objectData
  assert.deepEqual(
    list?.map(({ externalId }) => externalId),
    ['z-0', 'z-1']
  )
  assert.deepEqual(list?.map(shown), [
    { Cat: [{ name: 'Tom', lives: '9', kind: null }], Dog: [] },
    { Cat: [], Dog: [{ name: 'Rex', barks: 'true', kind: null }] }
  ])
  const body = encodeObject(zoo, 'Zoo', objects[0] ?? flowObject('Zoo', {}), {
    mode: 'create',
    body: null
  })
  assert.deepEqual(body, { id: 'z', pets })
})

const write = (values: FlowValues, nullable = false) =>
  encodeObject(owner(null, nullable), 'Owner', flowObject('Owner', values), {
    mode: 'update',
    body: null
  })

test('B10 the choice that is filled is written under the key of the property', () => {
  const rex = flowObject('Dog', { name: 'Rex' })
  assert.deepEqual(write({ 'pet-Cat': [], 'pet-Dog': [rex] }), { pet: { name: 'Rex' } })
  assert.deepEqual(write({ 'pet-Cat': [], 'pet-Dog': [rex] }, true), { pet: { name: 'Rex' } })
  const tom = flowObject('Cat', { name: 'Tom' })
  assert.deepEqual(write({ 'pet-Cat': [tom], 'pet-Dog': [] }, true), { pet: { name: 'Tom' } })
})

test('B10 a choice of which nothing is filled is null where null is allowed, else left out', () => {
  assert.deepEqual(write({ 'pet-Cat': [], 'pet-Dog': [] }, true), { pet: null })
  assert.deepEqual(write({ 'pet-Cat': [], 'pet-Dog': [] }), {})
})

test('B10 two filled alternatives of one choice are refused', () => {
  const values = {
    'pet-Cat': [flowObject('Cat', { name: 'Tom' })],
    'pet-Dog': [flowObject('Dog', { name: 'Rex' })]
  }
  assert.throws(() => write(values), {
    code: 'CHOICE_AMBIGUOUS',
    message: 'only one of "pet-Cat", "pet-Dog" of type "Owner" may be filled, and several are'
  })
})

test('C10 what the mapping excludes is left out of a choice that is the object itself', () => {
  const object = flowObject('Zoo:pets', { Cat: [flowObject('Cat', { name: 'Tom', lives: '9' })] })
  const body = bodyForm({ exclude: ['lives'] })
  assert.deepEqual(encodeObject(zoo, 'Zoo:pets', object, { mode: 'update', body }), { name: 'Tom' })
})
