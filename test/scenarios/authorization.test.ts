import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { headerOf, logInByBrowser, TENANT, verdictOf } from '../support/login.ts'
import { startApi } from '../support/start-api.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { data, found, problem, startConnector, userHeader } from '../support/start-connector.ts'
import { CLIENT, startProvider } from '../support/start-provider.ts'

function document(provider: string): string {
  return `openapi: 3.0.3
info: {title: Staff, version: '1'}
paths: {}
components:
  securitySchemes:
    oidc:
      type: openIdConnect
      openIdConnectUrl: ${provider}/.well-known/openid-configuration
      x-flow-identity: {scope: openid email profile}
`
}

async function setUp(t: TestContext) {
  const provider = await startProvider(t)
  const api = await startApi(t, document(provider.url))
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    'OAuth2/OIDC: Client Id': CLIENT.id,
    'OAuth2/OIDC: Client Secret': CLIENT.secret
  })
  const login = await logInByBrowser(connector, 'ana')
  return { api, connector, login, ana: connector.as({ headers: headerOf(login) }) }
}

async function statusOf(who: StartedConnector, authorization: object | null): Promise<string> {
  const verdict = verdictOf(await who.send('POST', '/authorization', { authorization }))
  return `${verdict.Status} ${verdict.LoginUrl === '' ? '' : 'log in'}`.trim()
}

const user = (authenticationId: string, attribute: string | null = null) => ({
  authenticationId,
  attribute,
  runningUser: false
})
const group = (authenticationId: string) => ({ authenticationId, attribute: 'users' })
const specified = (users: readonly object[] | null, groups: readonly object[] | null = null) => ({
  globalAuthenticationType: 'SPECIFIED',
  users,
  groups,
  runningAuthenticationId: null
})

/** A rule, and what it says of nobody and of Ana, who is in the groups `friends-of-ana` and `staff`. */
const rules: readonly (readonly [rule: object | null, nobody: string, ana: string])[] = [
  [{ globalAuthenticationType: 'PUBLIC' }, '200', '200'],
  [{ globalAuthenticationType: 'ALL_USERS' }, '401 log in', '200'],
  [{ globalAuthenticationType: 'all_users' }, '401 log in', '200'],
  [null, '401 log in', '200'],
  [specified([]), '401 log in', '401'],
  [specified(null), '401 log in', '401'],
  [{ globalAuthenticationType: 'NOBODY_KNOWS' }, '401 log in', '401'],
  [{}, '401 log in', '401'],
  [specified([user('ana')]), '401 log in', '200'],
  [specified([user('ana', 'USER')]), '401 log in', '200'],
  [specified([user('bob'), user('ana', 'accountId')]), '401 log in', '200'],
  [specified([user('Ana')]), '401 log in', '401'],
  [specified([user('ANA@example.com', 'email')]), '401 log in', '200'],
  [specified([user('ana@example.com')]), '401 log in', '401'],
  [specified([user('bob')], [group('staff')]), '401 log in', '200'],
  [specified([], [group('friends-of-ana')]), '401 log in', '200'],
  [specified(null, [group('friends-of-bob'), group('')]), '401 log in', '401']
]

test('vector 12: each kind of rule, for nobody, for a user and for a member of a group', async t => {
  const { connector, ana } = await setUp(t)
  for (const [rule, nobody, known] of rules) {
    const said = [await statusOf(connector, rule), await statusOf(ana, rule)]
    assert.deepEqual(said, [nobody, known], JSON.stringify(rule))
  }
})

test('the running user is the one whom the platform names for it', async t => {
  const { ana } = await setUp(t)
  const running = (id: string | null) => ({
    globalAuthenticationType: 'SPECIFIED',
    users: [{ authenticationId: 'somebody else', attribute: 'email', runningUser: true }],
    groups: null,
    runningAuthenticationId: id
  })
  assert.equal(await statusOf(ana, running('ana')), '200')
  assert.equal(await statusOf(ana, running('bob')), '401')
  assert.equal(await statusOf(ana, running(null)), '401')
})

test('vector 12: a user who may not is told who they are, and is not sent to log in again', async t => {
  const { ana } = await setUp(t)
  const verdict = verdictOf(
    await ana.send('POST', '/authorization', { authorization: specified([user('bob')]) })
  )
  assert.deepEqual(verdict, {
    'User ID': 'ana',
    'Directory Id': 'oidc',
    'Directory Name': 'Staff',
    Username: 'ana.ruiz',
    Email: 'ana@example.com',
    'First Name': 'Ana',
    'Last Name': 'Ruiz',
    'Role Id': '',
    'Role Name': '',
    'Primary Group Id': 'friends-of-ana',
    'Primary Group Name': 'friends-of-ana',
    AuthenticationType: 'OAUTH2',
    LoginUrl: '',
    Status: '401'
  })
})

test('vector 11: every form of the user header, where a user is needed and where none is', async t => {
  const { connector, login } = await setUp(t)
  const real = headerOf(login)
  const allUsers = { globalAuthenticationType: 'ALL_USERS' }
  const forms: readonly (readonly [headers: Record<string, string>, status: string])[] = [
    [real, '200'],
    [{ authorization: decodeURIComponent(real.authorization) }, '200'],
    [{}, '401 log in'],
    [
      userHeader({ ManyWhoTenantId: TENANT, UserId: 'PUBLIC_USER', Token: login.token ?? '' }),
      '401 log in'
    ],
    [
      userHeader({ ManyWhoTenantId: TENANT, UserId: 'ana', Token: `${login.token}=x` }),
      '401 log in'
    ],
    [{ authorization: 'ManyWhoTenantId%3D%zz' }, '401 log in'],
    [{ authorization: 'Basic dXNlcjpwYXNz' }, '401 log in'],
    [{ authorization: 'Bearer abc' }, '401 log in']
  ]
  for (const [headers, status] of forms) {
    const who = connector.as({ headers })
    assert.equal(await statusOf(who, allUsers), status, JSON.stringify(headers))
    assert.equal((await who.send('POST', '/metadata')).status, 200)
    assert.equal(await statusOf(who, { globalAuthenticationType: 'PUBLIC' }), '200')
  }
})

test('an e-mail address that the provider does not vouch for opens nothing', async t => {
  const provider = await startProvider(t, {
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: 'boss@example.com', email_verified: false })
    })
  })
  const api = await startApi(t, document(provider.url))
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    'OAuth2/OIDC: Client Id': CLIENT.id,
    'OAuth2/OIDC: Client Secret': CLIENT.secret
  })
  const login = await logInByBrowser(connector, 'mallory')
  assert.equal(login.email, 'boss@example.com')
  const mallory = connector.as({ headers: headerOf(login) })
  assert.equal(await statusOf(mallory, specified([user('boss@example.com', 'email')])), '401')
  assert.equal(await statusOf(mallory, specified([user('mallory')])), '200')
})

test('a document without a login guards nothing but what is public', async t => {
  const connector = await startConnector(t, { 'Schema URL': 'sample:petstore' })
  const isPublic = { authorization: { globalAuthenticationType: 'PUBLIC' } }
  const verdict = verdictOf(await connector.send('POST', '/authorization', isPublic))
  assert.deepEqual([verdict.Status, verdict['Directory Id']], ['200', 'UNAUTHENTICATED'])
  assert.equal(problem(await connector.send('POST', '/authorization')).code, 'LOGIN_UNAVAILABLE')
})

test('look-ups offer what is typed, and say again what is known', async t => {
  const connector = await startConnector(t, {})
  const find = async (path: string, search: string, more: object = {}) =>
    found(
      await connector.send('POST', path, { listFilter: { search, limit: 10, offset: 0 }, ...more })
    )
  const entry = (id: string) => ({
    externalId: id,
    AuthenticationId: id,
    FriendlyName: id,
    DeveloperSummary: id
  })
  for (const path of ['/authorization/user', '/authorization/group']) {
    assert.deepEqual(await find(path, ''), [])
    assert.deepEqual(await find(path, ' u-417 '), [entry('u-417')])
    const objectData = [
      { externalId: 'x', properties: [{ developerName: 'AuthenticationId', contentValue: 'a' }] },
      { externalId: 'b', properties: [] }
    ]
    assert.deepEqual(await find(path, 'other', { objectData }), [entry('a'), entry('b')])
  }
  const attribute = (id: string, label: string) => ({ externalId: id, Value: id, Label: label })
  const users = [attribute('accountId', 'Account ID'), attribute('email', 'Email')]
  assert.deepEqual(await find('/authorization/user/attribute', ''), users)
  assert.deepEqual(await find('/authorization/user/attribute', 'mail'), users.slice(1))
  assert.deepEqual(await find('/authorization/group/attribute', ''), [attribute('users', 'Users')])
  const page = await connector.send('POST', '/authorization/user/attribute', {
    listFilter: { limit: 1, offset: 0 }
  })
  assert.deepEqual([data(page).objectData.length, data(page).hasMoreResults], [1, true])
  const names = data(page).objectData.map(({ developerName }) => developerName)
  assert.deepEqual(names, ['AuthenticationAttribute'])
})
