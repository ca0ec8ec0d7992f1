import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject } from '../../service/base/json.ts'
import { identifyUser } from '../../service/identity/identify-user.ts'
import type { UserMap } from '../../service/model/login-record.ts'

const BOSS = 'boss@acme.example'
const BY_EMAIL: UserMap = { userId: 'email' }

function idOf(claims: JsonObject, map: UserMap, hasTenants = true): string | undefined {
  return identifyUser({ info: null, claims, hasTenants }, map)?.profile.userId
}

test('I13 in a provider of many tenants nobody is identified by an address that the tenant may not own', () => {
  for (const [claims, map] of [
    [{ email: BOSS }, BY_EMAIL],
    [{ email: BOSS, email_verified: true }, BY_EMAIL],
    [{ email: BOSS, xms_edov: false }, BY_EMAIL],
    [{ email: BOSS, xms_edov: '0' }, BY_EMAIL],
    [{ preferred_username: BOSS }, { userId: 'preferred_username' }],
    [{ upn: BOSS, email: 'eve@evil.example', xms_edov: true }, { userId: 'upn' }]
  ] as const) {
    assert.equal(idOf({ sub: 's', ...claims }, map), undefined, JSON.stringify(claims))
  }
  // The address of the user info is no better.
  const sources = { info: { sub: 's', email: BOSS }, claims: { sub: 's' }, hasTenants: true }
  assert.equal(identifyUser(sources, BY_EMAIL), undefined)
})

test('I13 an owned address identifies a user, and so do ids and the addresses of a single tenant', () => {
  assert.equal(idOf({ sub: 's', email: BOSS, xms_edov: true }, BY_EMAIL), BOSS)
  assert.equal(idOf({ sub: 's', email: BOSS, xms_edov: '1' }, BY_EMAIL), BOSS)
  assert.equal(idOf({ sub: 's', email: BOSS, oid: 'o-1' }, { userId: 'oid' }), 'o-1')
  assert.equal(idOf({ sub: 's', email: BOSS }, {}), 's')
  // The issuer itself vouches for its subjects, whatever they look like.
  assert.equal(idOf({ sub: BOSS }, {}), BOSS)
  assert.equal(idOf({ sub: 's', email: BOSS }, BY_EMAIL, false), BOSS)
})
