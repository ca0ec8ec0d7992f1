import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseJson } from '../../service/base/exact-number.ts'
import type { JsonValue } from '../../service/base/json.ts'
import type { UserMap } from '../../service/model/login-record.ts'
import {
  profileFromUsername,
  readProfile as readSources
} from '../../service/identity/user-profile.ts'

const readProfile = (source: JsonValue, map: UserMap) => readSources([source], map)

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
  assert.equal(readProfile(claims, { userId: 'id' }).userId, null)
  assert.equal(readProfile(claims, { email: 'mail' }).email, null)
})

test('F09 I4 without a map only `sub` and `id` identify a user, never a name or an address', () => {
  assert.equal(readProfile({ sub: 's', id: 'i' }, {}).userId, 's')
  assert.equal(readProfile({ id: 7 }, {}).userId, '7')
  for (const nobody of [
    { login: 'ana' },
    { username: 'ana', user_id: 'u-1' },
    { preferred_username: 'ana' },
    { email: 'a@b.c' },
    { email: 'a@b.c', email_verified: true },
    { name: 'Ana', mail: 'a@b.c', uid: '7' },
    { data: { id: '7' } },
    {},
    { sub: '' },
    { sub: null },
    { sub: {} },
    { sub: true },
    [],
    'sub',
    null
  ]) {
    assert.equal(readProfile(nobody, {}).userId, null, JSON.stringify(nobody))
  }
  assert.equal(readProfile(parseJson('{"__proto__": {"sub": "s"}}'), {}).userId, null)
  assert.equal(readProfile({ login: 'ana', email: 'a@b.c' }, { userId: 'login' }).userId, 'ana')
  assert.equal(readProfile({ email: 'a@b.c' }, { userId: 'email' }).userId, 'a@b.c')
  assert.equal(readProfile({ email: 'a@b.c' }, { username: 'email' }).userId, null)
})

test('I4 an address that the map makes the user id does not count while it is unverified', () => {
  const map = { userId: 'user.mail' }
  for (const [user, userId] of [
    [{ mail: 'a@b.c', verified: false }, null],
    [{ mail: 'a@b.c', mail_verified: 'no' }, null],
    [{ mail: 'a@b.c', email_verified: 0 }, null],
    [{ mail: 'a@b.c', verified: true }, 'a@b.c'],
    [{ mail: 'a@b.c' }, 'a@b.c'],
    [{ mail: '7', verified: false }, '7']
  ] as const) {
    assert.equal(readProfile({ user }, map).userId, userId, JSON.stringify(user))
  }
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
    assert.equal(readProfile(claims, {}).isEmailUnverified, isUnverified)
  }
})

test('I15 groups are read where the map says, else from `groups`', () => {
  const claims = { sub: 's', groups: ['a'], roles: ['b'] }
  assert.deepEqual(readProfile(claims, {}).groups, ['a'])
  assert.deepEqual(readProfile(claims, { groups: 'roles' }).groups, ['b'])
  assert.deepEqual(readProfile(claims, { groups: 'none' }).groups, [])
})

test('I12 I15 groups of user info that are blank or null do not hide those of the id token', () => {
  const claims = { sub: 's', groups: ['a'] }
  for (const groups of [null, '', ' ', false]) {
    assert.deepEqual(readSources([{ sub: 's', groups }, claims], {}).groups, ['a'])
  }
  assert.deepEqual(readSources([{ sub: 's', groups: [] }, claims], {}).groups, [])
  assert.deepEqual(readSources([{ sub: 's', groups: 'b' }, claims], {}).groups, ['b'])
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
