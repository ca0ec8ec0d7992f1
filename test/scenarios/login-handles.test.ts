import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { headerOf, logInByPassword, loginOf, TENANT, verdictOf } from '../support/login.ts'
import type { ApiCall } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import type { Configuration } from '../support/start-connector.ts'
import { found, startConnector, userHeader } from '../support/start-connector.ts'

/** Users log in by password; `/own` takes what they have, or a configured key or token. */
const DOCUMENT = `openapi: 3.0.3
info: {title: Notes, version: '1'}
security: [{key: []}, {basic: []}]
paths:
  /own: {get: {responses: {'200': {description: ok}}}}
  /open: {get: {security: [], responses: {'200': {description: ok}}}}
  /both: {get: {security: [{basic: [], key: []}], responses: {'200': {description: ok}}}}
  /other: {get: {security: [{other: []}], responses: {'200': {description: ok}}}}
components:
  securitySchemes:
    basic: {type: http, scheme: basic, x-flow-identity: {me: {defaultUrl: /me}}}
    other: {type: http, scheme: basic}
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Own: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Own}, x-flow-query: {path: /own}}
    Open: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Open}, x-flow-query: {path: /open}}
    Both: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Both}, x-flow-query: {path: /both}}
    Other: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Other}, x-flow-query: {path: /other}}
`

const ANA = `Basic ${Buffer.from('ana:s3cret').toString('base64')}`
const SHARED = `Basic ${Buffer.from('robot:r0bot').toString('base64')}`

async function setUp(t: TestContext, more: { readonly [name: string]: string } = {}) {
  const api = await startApi(t, DOCUMENT)
  const configuration: Configuration = { 'Schema URL': api.documentUrl, ...more }
  const connector = await startConnector(t, configuration)
  api.answer({ status: 204 })
  const login = loginOf(await logInByPassword(connector, 'ana', 's3cret'))
  api.takeCalls()
  /** What the next call of a type carries, as a user. */
  const carried = async (headers: Record<string, string>, type = 'Own', values = configuration) => {
    api.answer({ json: [{ id: '1' }] })
    found(await connector.as({ headers, configuration: values }).load(type))
    return credentialOf(api.calls.at(-1))
  }
  return { api, connector, configuration, login, carried }
}

function credentialOf(call: ApiCall | undefined): { authorization?: string; key?: string } {
  const { authorization, 'x-key': key } = call?.headers ?? {}
  return {
    ...(authorization !== undefined && { authorization }),
    ...(typeof key === 'string' && { key })
  }
}

test('F23 each user calls as self: what the user has wins over what is configured', async t => {
  const { login, carried } = await setUp(t, {
    'API Key': 'k',
    'Basic: Username': 'robot',
    'Basic: Password': 'r0bot'
  })
  assert.deepEqual(await carried(headerOf(login)), { authorization: ANA })
  assert.deepEqual(await carried(headerOf(login), 'Both'), { authorization: ANA, key: 'k' })
  assert.deepEqual(await carried(headerOf(login), 'Other'), { authorization: SHARED })
  assert.deepEqual(await carried({}), { key: 'k' })
  assert.deepEqual(await carried({}, 'Both'), { authorization: SHARED, key: 'k' })
})

test('F23 with one shared login what is configured wins, and the user serves where nothing is', async t => {
  const { api, login, carried } = await setUp(t, { Login: 'shared', 'API Key': 'k' })
  assert.deepEqual(await carried(headerOf(login)), { key: 'k' })
  const bare = { 'Schema URL': api.documentUrl, Login: 'Shared' }
  assert.deepEqual(await carried(headerOf(login), 'Own', bare), { authorization: ANA })
  const robot = { ...bare, 'Basic: Username': 'robot', 'Basic: Password': 'r0bot' }
  assert.deepEqual(await carried(headerOf(login), 'Own', robot), { authorization: SHARED })
})

test('F21 F22 security [] sends nothing of a user, and a scheme without a login is not met by one', async t => {
  const { login, carried } = await setUp(t)
  assert.deepEqual(await carried(headerOf(login), 'Open'), {})
  assert.deepEqual(await carried(headerOf(login), 'Other'), {})
  assert.deepEqual(await carried(headerOf(login), 'Both'), {})
})

test('C1 a token of another tenant, document, user or service is nobody, and is never sent on', async t => {
  const { api, connector, login, carried } = await setUp(t, { 'API Key': 'k' })
  const token = login.token ?? ''
  const ofTenant = (tenant: string) => ({ ManyWhoTenantId: tenant, UserId: 'ana', Token: token })
  const foreign: readonly Record<string, string>[] = [
    userHeader(ofTenant('another')),
    { ...headerOf(login), manywhotenant: 'another' },
    userHeader({ ...ofTenant(TENANT), UserId: 'bob' }),
    userHeader({ ...ofTenant(TENANT), UserId: '' }),
    userHeader({ ...ofTenant(TENANT), Token: `${token.slice(0, -2)}AA` }),
    userHeader({ ...ofTenant(TENANT), Token: `x${token.slice(1)}` }),
    userHeader({ ...ofTenant(TENANT), Token: 'ya29.of-a-provider' }),
    userHeader({ ...ofTenant(TENANT), Token: 'k'.repeat(44) }),
    userHeader({ ...ofTenant(TENANT), Token: 'h' })
  ]
  for (const headers of foreign) {
    assert.deepEqual(await carried(headers), { key: 'k' }, JSON.stringify(headers))
    const verdict = verdictOf(await connector.as({ headers }).send('POST', '/authorization'))
    assert.deepEqual([verdict.Status, verdict['User ID']], ['401', 'anonymous'])
  }
  const elsewhere = `${api.url}/another.yaml`
  assert.deepEqual(
    await carried(headerOf(login), 'Own', { 'Schema URL': elsewhere, 'API Key': 'k' }),
    {
      key: 'k'
    }
  )
  const other = await startConnector(t, { 'Schema URL': api.documentUrl, 'API Key': 'k' })
  api.answer({ json: [{ id: '1' }] })
  found(await other.as({ headers: headerOf(login) }).load('Own'))
  assert.deepEqual(credentialOf(api.calls.at(-1)), { key: 'k' })
  const bytes = JSON.stringify([api.calls, connector.log, connector.answers.slice(1)])
  for (const secret of ['ya29.of-a-provider', token]) assert.ok(!bytes.includes(secret))
})

test('I8 a user id is encoded where the platform would cut it, and compared in that form', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 204 })
  const login = loginOf(await logInByPassword(connector, 'ana=1&admin', 's3cret'))
  assert.equal(login.userId, 'ana%3D1%26admin')
  const carried = async (userId = '') => {
    api.answer({ json: [] })
    await connector.as({ headers: headerOf({ ...login, userId }) }).load('Own')
    return api.calls.at(-1)?.headers.authorization
  }
  assert.ok((await carried(login.userId))?.startsWith('Basic '))
  for (const other of ['ana', 'ana=1', 'ana%3D1', 'ana=1&admin']) {
    assert.equal(await carried(other), undefined)
  }
})

test('F24 handles of services with one STORE_KEY open on all of them, also after the key was renewed', async t => {
  const [old, fresh] = ['A', 'B'].map(letter => `${letter.repeat(43)}=`)
  const api = await startApi(t, DOCUMENT)
  const configuration = { 'Schema URL': api.documentUrl }
  const first = await startConnector(t, configuration, { STORE_KEY: old ?? '' })
  const second = await startConnector(t, configuration, { STORE_KEY: `${fresh},${old}` })
  const third = await startConnector(t, configuration, { STORE_KEY: fresh ?? '' })
  api.answer({ status: 204 })
  const login = loginOf(await logInByPassword(first, 'ana', 's3cret'))
  const carriedBy = async (connector: typeof first) => {
    api.answer({ json: [] })
    await connector.as({ headers: headerOf(login) }).load('Own')
    return api.calls.at(-1)?.headers.authorization
  }
  assert.equal(await carriedBy(second), ANA)
  assert.equal(await carriedBy(third), undefined)
})
