import assert from 'node:assert/strict'
import test from 'node:test'

import { readFlowObjects } from '../../service/protocol/read-flow-objects.ts'

const read = (object: object) => readFlowObjects([object], 'Asset', '/objectData')[0]

test('vector 8: a blank external id, and one that repeats the internal id, is none', () => {
  const ids = [
    {},
    { externalId: null },
    { externalId: '' },
    { externalId: '  ' },
    { externalId: '5F1D7C55-6666', internalId: '5f1d7c55-6666' },
    { externalId: '5f1d7c55-6666', internalId: 'c2b8d1de-7777' },
    { externalId: ' A-7 ' }
  ].map(object => read(object)?.externalId)
  assert.deepEqual(ids, [null, null, null, null, null, '5f1d7c55-6666', ' A-7 '])
})

test('vector 8: an object keeps its internal id, its order, and blank values apart from absent ones', () => {
  const object = {
    internalId: 'i-1',
    externalId: 'A-7',
    developerName: 'Whatever',
    order: 4,
    properties: [
      { developerName: 'Label', contentType: 'ContentString', contentValue: '' },
      { developerName: 'Note' },
      {
        developerName: 'Visits',
        contentType: 'ContentList',
        objectData: [{ externalId: 'V-1', developerName: 'Asset:visits' }]
      }
    ]
  }
  assert.deepEqual(read(object), {
    internalId: 'i-1',
    externalId: 'A-7',
    developerName: 'Asset',
    order: 4,
    properties: [
      {
        developerName: 'Label',
        contentType: 'ContentString',
        contentValue: '',
        objectData: null
      },
      { developerName: 'Note', contentType: null, contentValue: null, objectData: null },
      {
        developerName: 'Visits',
        contentType: 'ContentList',
        contentValue: null,
        objectData: [
          {
            internalId: null,
            externalId: 'V-1',
            developerName: 'Asset:visits',
            order: 0,
            properties: []
          }
        ]
      }
    ]
  })
})

test('an object without order takes its index as order', () => {
  const objects = readFlowObjects([{}, { order: 9 }, { order: null }], 'Asset', '/objectData')
  assert.deepEqual(
    objects.map(({ order }) => order),
    [0, 9, 2]
  )
})

test('a property without a name is BODY_INVALID and names its location', () => {
  const nested = { properties: [{ developerName: 'Keeper', objectData: [{ properties: [{}] }] }] }
  assert.throws(() => read(nested), {
    code: 'BODY_INVALID',
    message:
      'the request body is invalid at /objectData/0/properties/0/objectData/0/properties/0/developerName: expected the name of a property'
  })
})
