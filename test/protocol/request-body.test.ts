import assert from 'node:assert/strict'
import test from 'node:test'

import { bodyValidator } from '../../service/protocol/body-validator.ts'
import { readLoadRequest, readWriteRequest } from '../../service/protocol/object-data.ts'
import { DescribeServiceRequest, ObjectDataRequest } from '../../service/protocol/schemas.ts'

const validate = bodyValidator(ObjectDataRequest)

test('vector 15: unknown members fit anywhere, and any member may be null', () => {
  const bodies = [
    {},
    { listFilter: null, objectData: null, objectDataType: null, configurationValues: null },
    {
      culture: { brand: null },
      command: 5,
      objectDataType: { developerName: 'Asset', typeElementId: 7, properties: 'x' },
      listFilter: { offsetTokens: 5, where: [{ extra: {} }], limit: null },
      objectData: [{ isSelected: 'no', extra: 1, properties: [{ contentFormat: 3 }] }]
    }
  ]
  for (const body of bodies) assert.equal(validate(body), null)
})

const violations = [
  { body: null, at: 'its root', expected: 'an object' },
  { body: [], at: 'its root', expected: 'an object' },
  {
    body: { listFilter: { limit: -1 } },
    at: '/listFilter/limit',
    expected: 'a whole number of at least 0 or null'
  },
  {
    body: { listFilter: { offset: 1.5 } },
    at: '/listFilter/offset',
    expected: 'a whole number or null'
  },
  {
    body: { listFilter: { limit: 1e300 } },
    at: '/listFilter/limit',
    expected: 'a whole number of at most 2147483647 or null'
  },
  {
    body: { objectData: [{}, { properties: [{ objectData: [{ externalId: 5 }] }] }] },
    at: '/objectData/1/properties/0/objectData/0/externalId',
    expected: 'text or null'
  },
  {
    body: { configurationValues: [{ developerName: 'API Key', contentValue: { secret: 's3' } }] },
    at: '/configurationValues/0/contentValue',
    expected: 'text or null'
  }
]
for (const { body, at, expected } of violations) {
  test(`a body that does not fit at ${at} is told to have ${expected}`, () => {
    assert.equal(
      validate(body)?.message,
      `the request body is invalid at ${at}: expected ${expected}`
    )
  })
}

test('vector 1: a describe call fits with no body, an empty list, or null members', () => {
  const validate = bodyValidator(DescribeServiceRequest)
  for (const body of [null, [], {}, { configurationValues: null }, { configurationValues: [] }]) {
    assert.equal(validate(body), null)
  }
  assert.equal(validate({ configurationValues: 5 })?.code, 'BODY_INVALID')
})

test('a data request without the name of a type is BODY_INVALID', () => {
  for (const objectDataType of [undefined, null, {}, { developerName: ' ' }]) {
    const body = objectDataType === undefined ? {} : { objectDataType }
    for (const read of [readLoadRequest, readWriteRequest]) {
      assert.throws(() => read(body), {
        code: 'BODY_INVALID',
        message: /at \/objectDataType\/developerName/
      })
    }
  }
})
