import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseJson } from '../../service/base/exact-number.ts'
import { profileFromUsername, readProfile } from '../../service/identity/user-profile.ts'

test('F09 each field is read where the map says, dotted paths and literal keys, numbers with all digits', () => {
  const profile = readProfile(
    parseJson('{"data": {"id": 12345678901234567890}, "e.mail": "a@b.c", "name": "Ana"}'),
    { userId: 'data.id', email: 'e.mail', firstName: 'name', lastName: 'none' }
  )
  assert.deepEqual(profile, {
    userId: '12345678901234567890',
    username: null,
    email: 'a@b.c',
    isEmailUnverified: false,
    firstName: 'Ana',
    lastName: null,
    groups: []
  })
})

test('F09 a field in the map is read from its path only', () => {
  const claims = { sub: 's', email: 'e', preferred_username: 'p' }
  assert.equal(readProfile(claims, { userId: 'id' }), undefined)
  assert.equal(readProfile(claims, { email: 'mail' })?.email, null)
})

test('F09 without a map the usual members serve, and the user id is the last that may be made of others', () => {
  assert.equal(readProfile({ sub: 's', id: 'i' }, {})?.userId, 's')
  assert.equal(readProfile({ id: 7 }, {})?.userId, '7')
  assert.equal(readProfile({ login: 'ana' }, {})?.userId, 'ana')
  assert.equal(readProfile({ email: 'a@b.c' }, {})?.userId, 'a@b.c')
  assert.equal(readProfile({ email: 'a@b.c' }, { username: 'name' })?.userId, 'a@b.c')
  for (const nobody of [
    {},
    { sub: '' },
    { sub: null },
    { sub: {} },
    { sub: true },
    [],
    'sub',
    null
  ]) {
    assert.equal(readProfile(nobody, {}), undefined)
  }
  assert.equal(readProfile(parseJson('{"__proto__": {"sub": "s"}}'), {}), undefined)
})

test('an address is unverified when the provider says so, as a boolean or in words', () => {
  for (const [email_verified, isUnverified] of [
    [true, false],
    ['true', false],
    [undefined, false],
    [false, true],
    ['false', true],
    ['False', true]
  ] as const) {
    const claims = { sub: 's', email: 'e', ...(email_verified !== undefined && { email_verified }) }
    assert.equal(readProfile(claims, {})?.isEmailUnverified, isUnverified)
  }
})

test('I15 groups are read where the map says, else from `groups`', () => {
  const claims = { sub: 's', groups: ['a'], roles: ['b'] }
  assert.deepEqual(readProfile(claims, {})?.groups, ['a'])
  assert.deepEqual(readProfile(claims, { groups: 'roles' })?.groups, ['b'])
  assert.deepEqual(readProfile(claims, { groups: 'none' })?.groups, [])
})

test('F06 a user of whom only the name is known has that name everywhere, and an unverified address', () => {
  assert.deepEqual(profileFromUsername('ana'), {
    userId: 'ana',
    username: 'ana',
    email: 'ana',
    isEmailUnverified: true,
    firstName: 'ana',
    lastName: 'ana',
    groups: []
  })
})
