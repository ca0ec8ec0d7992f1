import assert from 'node:assert/strict'
import test from 'node:test'

import { readUserHeader } from '../../service/protocol/user-header.ts'

const NOBODY = { malformed: false, anonymous: true, tenant: null, token: null, fields: {} }

const ANA =
  'ManyWhoTenantId%3D7f0c2d4e-1111-4a6b-9a57-0c6f3b2e9d10%26ManyWhoUserId%3D2b9e6c1a-2222-4c0e-8d34-5a7f10b3c4d5%26ManyWhoToken%3Dq83vASNFZw%253D%253D%26DirectoryId%3Dacme-dir%26DirectoryName%3DAcme%20Staff%26RoleId%3D%26RoleName%3D%26PrimaryGroupId%3Dgrp-12%26PrimaryGroupName%3DField%20Ops%26Email%3Dana%40acme.example%26IdentityProvider%3DAcme%20IdP%26TenantName%3Dacme%26Token%3Ds3ss10n%26Username%3Dana%26UserId%3Du-417%26FirstName%3DAna%26LastName%3DRuiz'

const ANA_READ = {
  malformed: false,
  anonymous: false,
  tenant: '7f0c2d4e-1111-4a6b-9a57-0c6f3b2e9d10',
  token: 's3ss10n',
  fields: {
    UserID: 'u-417',
    Email: 'ana@acme.example',
    FirstName: 'Ana',
    LastName: 'Ruiz',
    DirectoryId: 'acme-dir',
    DirectoryName: 'Acme Staff',
    PrimaryGroupId: 'grp-12',
    PrimaryGroupName: 'Field Ops'
  }
}

test('vector 11: an encoded user header gives tenant, token and the fields that are filled', () => {
  assert.deepEqual(readUserHeader(ANA), ANA_READ)
})

test('vector 11: a raw user header is not decoded', () => {
  const raw = 'ManyWhoTenantId=t-1&UserId=u%2D1&FirstName=A%zz'
  assert.deepEqual(readUserHeader(raw), {
    ...NOBODY,
    anonymous: false,
    tenant: 't-1',
    fields: { UserID: 'u%2D1', FirstName: 'A%zz' }
  })
})

test('vector 11: the public user is nobody of a known tenant', () => {
  const header = encodeURIComponent(
    'ManyWhoTenantId=t-1&UserId=Public_User&Email=admin@manywho.com&Token=NONE'
  )
  assert.deepEqual(readUserHeader(header), { ...NOBODY, tenant: 't-1' })
})

const nobodies = [
  { name: 'no header', header: undefined },
  { name: 'a blank header', header: '' },
  { name: 'basic login', header: 'Basic dXNlcjpwYXNz' },
  { name: 'basic login in lower case', header: 'basic dXNlcjpwYXNz' },
  { name: 'a bearer token', header: 'Bearer abc' }
]
for (const { name, header } of nobodies) {
  test(`vector 11: ${name} is nobody`, () => {
    assert.deepEqual(readUserHeader(header), NOBODY)
  })
}

test('vector 11: a token keeps its own equals signs and percent signs', () => {
  const header = encodeURIComponent('UserId=u-1&Token=a=b==&ManyWhoTenantId=T%3D1')
  const read = readUserHeader(header)
  assert.equal(read.token, 'a=b==')
  assert.equal(read.tenant, 'T%3D1')
})

test('vector 11: a broken escape is malformed, and nobody', () => {
  assert.deepEqual(readUserHeader('UserId%3Du-1%26FirstName%3D%zz'), {
    ...NOBODY,
    malformed: true
  })
})

test('vector 11: keys are read in any case and order, and the word null is blank', () => {
  const header = encodeURIComponent('LASTNAME=null&email=a@b.example&userID=u-1')
  assert.deepEqual(readUserHeader(header).fields, { UserID: 'u-1', Email: 'a@b.example' })
})

test('a plus is a plus', () => {
  assert.equal(readUserHeader('UserId%3Da+b').fields.UserID, 'a+b')
})

test('a name with an ampersand cannot replace the fields before it', () => {
  const header = encodeURIComponent('UserId=u-1&Email=a@b.example&LastName=x&UserId=admin')
  assert.equal(readUserHeader(header).fields.UserID, 'u-1')
})
