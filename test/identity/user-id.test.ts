import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { outgoingUserId, ruleUserId } from '../../service/identity/user-id.ts'

test('I8 a user id goes out without the characters that separate the fields of the user header', () => {
  for (const [id, outgoing] of [
    ['u-1', 'u-1'],
    ['a&UserId=admin', 'a%26UserId%3Dadmin'],
    ['a&Email=boss@acme.example', 'a%26Email%3Dboss@acme.example'],
    ['CN=Ana,DC=acme', 'CN%3DAna,DC%3Dacme'],
    ['YWJj==', 'YWJj%3D%3D'],
    ['&', '%26'],
    [' ana ', 'ana'],
    ['100%', '100%'],
    ['a%26b', 'a%2526b'],
    ['a%3db', 'a%253db'],
    ['a%2526b', 'a%252526b'],
    ['%20', '%20']
  ] as const) {
    assert.equal(outgoingUserId(id), outgoing)
    assert.equal(ruleUserId(outgoing), outgoing)
  }
  assert.equal(ruleUserId('YWJj=='), outgoingUserId('YWJj=='))
})

test('I8 no two user ids go out alike, and none has a separator', () => {
  const id = fc.string({ unit: fc.constantFrom('%', '2', '5', '6', '3', 'D', 'd', '&', '=', 'a') })
  fc.assert(
    fc.property(id, id, (one, other) => {
      const [first, second] = [outgoingUserId(one), outgoingUserId(other)]
      assert.ok(!/[&=]/.test(first))
      assert.equal(first === second, one === other)
    }),
    { numRuns: 5_000 }
  )
})
