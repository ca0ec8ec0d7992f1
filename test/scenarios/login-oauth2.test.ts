import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { logInAt } from '../support/browser.ts'
import { denialOf, headerOf, logInByBrowser, loginUrlOf, TENANT } from '../support/login.ts'
import type { ApiAnswer } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { found, problem, startConnector } from '../support/start-connector.ts'
import { CLIENT, REDIRECT_URI, startProvider } from '../support/start-provider.ts'

/** A document whose users log in by OAuth 2.0 at `provider` and are described by the API itself. */
function document(provider: string, me = ''): string {
  return `openapi: 3.0.3
info: {title: Playlists, version: '1'}
security: [{oauth: [openid, notes]}]
paths:
  /notes: {get: {responses: {'200': {description: ok}}}}
components:
  securitySchemes:
    oauth:
      type: oauth2
      flows:
        authorizationCode:
          authorizationUrl: ${provider}/auth?audience=a%20b
          tokenUrl: ${provider}/token
          scopes: {}
      x-flow-identity: {me: {userInfoUrl: /v1/me${me}}}
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}
`
}

const MAP =
  ', userId: account.id, username: login, email: mail, firstName: name.first, lastName: name.last'

/** The problem of a login whose code the provider takes. */
async function logInProblem(connector: StartedConnector) {
  const { code } = await logInAt(await loginUrlOf(connector), 'ana')
  const body = { code, redirectUri: REDIRECT_URI }
  return problem(await connector.send('POST', '/authentication', body))
}

async function setUp(t: TestContext, me = MAP) {
  const provider = await startProvider(t)
  const api = await startApi(t, document(provider.url, me))
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    'OAuth2/OIDC: Client Id': CLIENT.id,
    'OAuth2/OIDC: Client Secret': CLIENT.secret
  })
  return { provider, api, connector }
}

const ME = {
  account: { id: 0 },
  login: 'ana',
  mail: 'ana@acme.example',
  name: { first: 'Ana', last: 'Ruiz' },
  groups: [{ id: 7, name: 'Seven' }, { name: 'Staff' }, 'plain', 'plain', {}, null]
}

test('F08 F09 a user logs in by OAuth 2.0, and who it is comes from userInfoUrl by the map', async t => {
  const { provider, api, connector } = await setUp(t)
  const url = await loginUrlOf(connector)
  assert.equal(
    url,
    `${provider.url}/auth?audience=a%20b&client_id=flow-client&response_type=code&scope=openid%20notes`
  )
  api.answer({ text: JSON.stringify(ME).replace('"id":0', '"id":9007199254740993') })
  const login = await logInByBrowser(connector, 'ana')
  const { token: _, ...facts } = login
  assert.deepEqual(facts, {
    status: 'AUTHENTICATED',
    userId: '9007199254740993',
    username: 'ana',
    email: 'ana@acme.example',
    firstName: 'Ana',
    lastName: 'Ruiz',
    directoryId: 'oauth',
    directoryName: 'Playlists',
    roleId: '',
    roleName: '',
    primaryGroupId: '7',
    primaryGroupName: '7',
    tenantName: TENANT,
    identityProvider: new URL(provider.url).host
  })
  const [call] = api.calls
  assert.equal(call?.url, '/v1/me')
  assert.equal(await provider.accountOf(call?.headers.authorization), 'ana')

  api.answer({ json: [{ id: 'n1' }] })
  const user = connector.as({ headers: headerOf(login) })
  assert.deepEqual(found(await user.load('Note')), [{ externalId: 'n1', id: 'n1' }])
  assert.equal(api.calls[1]?.headers.authorization, call?.headers.authorization)
})

test('F09 fields without a map are read where such descriptions have them, and blanks are never sent', async t => {
  const { api, connector } = await setUp(t, '')
  api.answer({ json: { id: 417, login: 'ana', email: '' } })
  const { userId, username, email, firstName, lastName } = await logInByBrowser(connector, 'ana')
  assert.deepEqual(
    [userId, username, email, firstName, lastName],
    ['417', 'ana', '(unknown)', '(unknown)', '(unknown)']
  )
})

test('F09 a map that leads nowhere is a problem of the document, not another user', async t => {
  const { api, connector } = await setUp(t, ', userId: nowhere')
  api.answer({ json: ME })
  const { code } = await logInProblem(connector)
  assert.equal(code, 'LOGIN_USER_UNKNOWN')
})

test('I16 a user in a list is read from an item of it, and from nowhere else', async t => {
  for (const [map, answer] of [
    [', userId: data.0.account.id', { data: [ME, { account: { id: 'other' } }] }],
    [', userId: "data[0].account.id"', { data: [ME] }],
    [', userId: "[0].account.id"', [ME]],
    [', userId: 0.account.id', [ME]]
  ] as const) {
    const { api, connector } = await setUp(t, map)
    api.answer({ json: answer })
    assert.equal((await logInByBrowser(connector, 'ana')).userId, '0', map)
  }
  for (const [map, answer] of [
    ['', [{ ...ME, id: 7 }]],
    [', userId: data.id', { data: [{ id: 7 }] }],
    [', userId: "data[1].id"', { data: [{ id: 7 }] }],
    [', userId: "data[-1].id"', { data: { '-1': { id: 7 } } }],
    [', userId: data.length', { data: [{ id: 7 }] }]
  ] as const) {
    const { api, connector } = await setUp(t, map)
    api.answer({ json: answer })
    assert.equal((await logInProblem(connector)).code, 'LOGIN_USER_UNKNOWN', map)
  }
})

const answers: readonly (readonly [what: string, answer: ApiAnswer, said: RegExp])[] = [
  ['refuses the token', { status: 401, json: {} }, /does not accept this login/],
  ['is HTML', { text: '<html>Log in</html>' }, /it is an HTML page/],
  ['is text', { text: 'Log in' }, /it is not a JSON object/],
  ['says that it failed', { json: { ok: false, error: 'invalid_auth' } }, /the login failed/],
  ['is a JSON text', { json: 'ana' }, /it is not a JSON object/],
  ['has 10 MB', { json: { ...ME, more: 'x'.repeat(10 * 1024 * 1024) } }, /the answer is too large/],
  [
    'sends to a login page',
    { status: 302, headers: { location: '/login' }, text: 'moved' },
    /it is a redirect/
  ]
]
for (const [what, answer, said] of answers) {
  test(`F08 a login is denied where the description of the user ${what}`, async t => {
    const { api, connector } = await setUp(t)
    api.answer(answer)
    const login = await logInByBrowser(connector, 'ana')
    assert.equal(login.status, 'ACCESS_DENIED')
    assert.match(login.statusMessage ?? '', said)
    assert.equal(login.token, undefined)
    assert.equal(api.calls.length, 1)
  })
}

const broken: readonly (readonly [status: number, code: string])[] = [
  [500, 'IDENTITY_FAILED'],
  [503, 'IDENTITY_FAILED'],
  [404, 'IDENTITY_FAILED']
]
for (const [status, code] of broken) {
  test(`F08 a ${status} of userInfoUrl is a problem that names its host, not a denial`, async t => {
    const { api, connector } = await setUp(t)
    api.answer({ status, json: { secret: 'of the API' } })
    const found = await logInProblem(connector)
    assert.deepEqual([found.code, found.statusCode], [code, 502])
    assert.ok(found.message.includes(`${new URL(api.url).host} answered ${status}`), found.message)
    assert.ok(!JSON.stringify(found).includes('of the API'))
  })
}

test('F08 a wrong secret is a problem of the connector, after both ways to send it', async t => {
  const { provider, connector } = await setUp(t)
  const api = await startApi(t, document(provider.url))
  const wrong = connector.as({
    configuration: {
      'Schema URL': api.documentUrl,
      'OAuth2/OIDC: Client Id': CLIENT.id,
      'OAuth2/OIDC: Client Secret': 'wr0ng-s3cret'
    }
  })
  const answer = problem(await wrong.send('POST', '/authentication', { code: 'c' }))
  assert.equal(answer.code, 'IDENTITY_CLIENT_REFUSED')
  assert.match(answer.remedy, /"OAuth2\/OIDC: Client Secret"/)
  assert.equal(provider.tokenRequests.length, 2)
  assert.ok(!JSON.stringify([answer, connector.log]).includes('wr0ng-s3cret'))
})

test("F08 what is not of the login's kind is denied without a call", async t => {
  const { provider, connector } = await setUp(t)
  const given = [
    { authenticationType: 'USERNAME_PASSWORD', username: 'ana', password: 'x' },
    { sessionToken: 's', sessionUrl: 'https://flow.example.com' },
    { token: 't', verifier: 'v' },
    { code: ' ' },
    {}
  ]
  for (const body of given) denialOf(await connector.send('POST', '/authentication', body))
  assert.deepEqual(
    provider.requests.filter(line => line.includes('/token')),
    []
  )
})

test('F08 without a Client Id there is no login, which is a problem that says what to fill', async t => {
  const { api, connector } = await setUp(t)
  const bare = connector.as({ configuration: { 'Schema URL': api.documentUrl } })
  for (const path of ['/authentication', '/authorization']) {
    const { code, statusCode, remedy } = problem(await bare.send('POST', path, { code: 'c' }))
    assert.deepEqual([code, statusCode], ['LOGIN_UNAVAILABLE', 400])
    assert.match(remedy, /"OAuth2\/OIDC: Client Id"/)
  }
})
