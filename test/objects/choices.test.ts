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

/** An owner whose pets are told apart by constants, with or without a discriminator. */
const told = (discriminator: string | null) => {
  const { options, ...rest } = choice('pet', discriminator, 'pet-')
  const [first, second] = options
  const marked = [
    ...(first ? [{ ...first, constants: { kind: 'cat', legs: 4 } }] : []),
    ...(second ? [{ ...second, constants: { kind: 'dog' } }] : [])
  ]
  const type = owner(discriminator).get('Owner')
  const choices = [{ ...rest, options: marked }]
  return typeRecords(...(type ? [{ ...type, choices }] : []), cat, dog)
}

test('S12 a choice whose constants match is filled before one that shares more names', () => {
  const types = told(null)
  assert.deepEqual(filled(types, { name: 'x', lives: 9, kind: 'dog' }).names, ['pet-Dog'])
  assert.deepEqual(filled(types, { name: 'x', barks: true, kind: 'cat' }).names, ['pet-Cat'])
  assert.deepEqual(filled(types, { name: 'x', barks: true, legs: 4 }).names, ['pet-Cat'])
  // Where none matches, the one that is not contradicted; where all are, the names decide.
  assert.deepEqual(filled(types, { name: 'x', lives: 1, legs: 3 }).names, ['pet-Dog'])
  assert.deepEqual(filled(types, { name: 'x', barks: true, kind: 'cow', legs: 3 }).names, [
    'pet-Dog'
  ])
  assert.deepEqual(filled(types, { name: 'x', lives: 9, kind: null }).names, ['pet-Cat'])
  // The discriminator comes first.
  assert.deepEqual(filled(told('kind'), { name: 'x', barks: true, legs: 4, kind: 'dog' }).names, [
    'pet-Dog'
  ])
})

test('S12 what tells the chosen one apart is written, and replaces what means another', () => {
  const write = (types: ReturnType<typeof owner>, mode: 'create' | 'update', pet: FlowValues) => {
    const object = flowObject('Owner', { 'pet-Dog': [flowObject('Dog', pet)] })
    return encodeObject(types, 'Owner', object, { mode, body: null }).pet
  }
  const named = owner('kind')
  assert.deepEqual(write(named, 'create', { name: 'Rex' }), { kind: 'dog', name: 'Rex' })
  assert.deepEqual(write(named, 'update', { name: 'Rex', kind: '' }), { kind: 'dog', name: 'Rex' })
  assert.deepEqual(write(named, 'create', { name: 'Rex', kind: 'Cat' }), {
    kind: 'dog',
    name: 'Rex'
  })
  // A value that means no other choice may be one of a later version of the API.
  assert.deepEqual(write(named, 'create', { name: 'Rex', kind: 'wolf' }), {
    name: 'Rex',
    kind: 'wolf'
  })
  assert.deepEqual(write(told(null), 'create', { name: 'Rex', kind: 'wolf' }), {
    kind: 'dog',
    name: 'Rex'
  })
  // Without either, nothing is added.
  assert.deepEqual(write(owner(null), 'create', { name: 'Rex' }), { name: 'Rex' })
})

test('S12 items of a list and the object itself get what tells them apart', () => {
  const pets = zoo.get('Zoo:pets')
  const kept = ['Zoo', 'Cat', 'Dog'].flatMap(name => zoo.get(name) ?? [])
  const choices = pets?.choices.map(own => ({ ...own, discriminator: 'kind' })) ?? []
  const types = typeRecords(...kept, ...(pets ? [{ ...pets, choices }] : []))
  const item = flowObject('Zoo:pets', { Dog: [flowObject('Dog', { name: 'Rex' })] })
  const body = { mode: 'create', body: null } as const
  const list = encodeObject(types, 'Zoo', flowObject('Zoo', { pets: [item] }), body)
  assert.deepEqual(list, { pets: [{ kind: 'dog', name: 'Rex' }] })
  assert.deepEqual(encodeObject(types, 'Zoo:pets', item, body), { kind: 'dog', name: 'Rex' })
  // A body that does not take the member gets none.
  const text = { kind: 'text', nullable: false, emptyAllowed: false } as const
  const taken = { mode: 'create', body: bodyForm({ members: { name: text } }) } as const
  assert.deepEqual(encodeObject(types, 'Zoo:pets', item, taken), { name: 'Rex' })
})
