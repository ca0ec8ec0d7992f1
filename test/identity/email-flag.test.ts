import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import { isFlaggedUnverified } from '../../service/identity/email-flag.ts'
import { readProfile } from '../../service/identity/user-profile.ts'

const NO = [
  false,
  'false',
  'False',
  'FALSE',
  0,
  '0',
  'no',
  'No',
  'n',
  'off',
  null,
  '',
  'unverified'
]
const YES = [true, 'true', 1, '1', 'yes', 'verified', '2026-01-02T03:04:05Z', 1_750_000_000]
const NAMES = [
  ...['email_verified', 'verified_email', 'verified', 'emailVerified', 'EmailVerified'],
  ...['is_email_verified', 'isEmailVerified', 'email-verified', 'email_confirmed', 'confirmed']
]

test('I3 an address is unverified by a flag in any of its names and forms', () => {
  for (const name of NAMES) {
    for (const value of NO) {
      const source = { sub: 's', email: 'a@b.c', [name]: value }
      assert.equal(isFlaggedUnverified(source, 'email'), true, JSON.stringify(source))
      assert.equal(readProfile([source], {}).isEmailUnverified, true)
    }
    for (const value of YES) {
      const source = { sub: 's', email: 'a@b.c', [name]: value }
      assert.equal(isFlaggedUnverified(source, 'email'), false, JSON.stringify(source))
    }
  }
  assert.equal(isFlaggedUnverified({ email: 'a@b.c' }, 'email'), false)
})

const nested: readonly (readonly [JsonValue, path: string, isUnverified: boolean])[] = [
  [{ contact: { mail: 'a@b.c', verified: false } }, 'contact.mail', true],
  [{ contact: { mail: 'a@b.c', mail_verified: 'no' } }, 'contact.mail', true],
  [{ contact: { mail: 'a@b.c', verifiedMail: 0 } }, 'contact.mail', true],
  [{ contact: { mail: 'a@b.c', email_verified: 'false' } }, 'contact.mail', true],
  [{ contact: { mail: 'a@b.c' }, email_verified: false }, 'contact.mail', true],
  [{ a: { verified_email: 'no', b: { mail: 'a@b.c' } } }, 'a.b.mail', true],
  [{ 'contact.mail': 'a@b.c', verified: false }, 'contact.mail', true],
  // A flag of the account, of another address, or of nothing that is on the way.
  [{ contact: { mail: 'a@b.c' }, verified: false }, 'contact.mail', false],
  [{ contact: { mail: 'a@b.c', phone_verified: false } }, 'contact.mail', false],
  [{ contact: { mail: 'a@b.c' }, other: { email_verified: false } }, 'contact.mail', false],
  [{ contact: { mail: 'a@b.c', verified: true } }, 'contact.mail', false],
  [['a@b.c'], 'contact.mail', false],
  ['a@b.c', 'contact.mail', false]
]
test('I3 the flag of a nested address stands beside it, or names the address further out', () => {
  for (const [source, path, isUnverified] of nested) {
    assert.equal(isFlaggedUnverified(source, path), isUnverified, JSON.stringify(source))
  }
})

test('I3 a flag counts for the address of its own source, and every source of an address counts', () => {
  const unverified = { sub: 's', email: 'victim@b.c', email_verified: false }
  for (const [info, claims, isUnverified] of [
    [{ sub: 's', email_verified: true }, unverified, true],
    [{ sub: 's', verified: true, email: '' }, unverified, true],
    [{ sub: 's', email: 'victim@b.c' }, unverified, true],
    [{ sub: 's', email: 'Victim@B.c', email_verified: true }, unverified, true],
    [unverified, { sub: 's', email: 'victim@b.c', email_verified: true }, true],
    [unverified, { sub: 's', email_verified: true }, true],
    [{ sub: 's', email: 'own@b.c', email_verified: true }, unverified, false],
    [{ sub: 's', email: 'own@b.c' }, { sub: 's', email_verified: false }, false]
  ] as const) {
    const profile = readProfile([info, claims], {})
    assert.equal(profile.isEmailUnverified, isUnverified, JSON.stringify([info, claims]))
  }
})
