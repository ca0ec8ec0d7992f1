import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { setWallClock } from '../support/wall-clock.ts'
import {
  denialOf,
  headerOf,
  logInByPassword,
  loginOf,
  TENANT,
  verdictOf
} from '../support/login.ts'
import type { Configuration, StartedConnector } from '../support/start-connector.ts'
import { data, found, problem, startConnector, userHeader } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'

const HOUR_MS = 60 * 60 * 1000

type Call = {
  readonly path: string
  readonly form: { readonly [name: string]: string }
  readonly headers: IncomingHttpHeaders
}

/** What a server answers: JSON, or a status with JSON, text and headers. */
type Answer =
  | {
      readonly status?: number
      readonly json?: unknown
      readonly text?: string
      readonly headers?: Record<string, string>
    }
  | undefined

/** A server that is an API and its identity provider. */
async function startServer(t: TestContext, answer: (call: Call) => Answer) {
  const calls: Call[] = []
  const url = await startUpstream(t, async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)))
    const call = { path: request.url ?? '', form, headers: request.headers }
    calls.push(call)
    const given = answer(call) ?? { json: [{ id: call.headers.authorization ?? 'nobody' }] }
    response.writeHead(given.status ?? 200, {
      'content-type': 'application/json',
      ...given.headers
    })
    response.end(given.text ?? JSON.stringify(given.json))
  })
  const at = (path: string): Call[] => calls.filter(call => call.path === path)
  return { url, at }
}

const SCHEMES = {
  oauth2: (me: string) =>
    `{type: oauth2, flows: {authorizationCode: {authorizationUrl: /authorize, tokenUrl: /token, scopes: {}}}, x-flow-identity: {me: {${me}}}}`,
  basic: (me: string) => `{type: http, scheme: basic, x-flow-identity: {me: {${me}}}}`
}

async function startLogin(
  t: TestContext,
  answer: (call: Call) => Answer,
  {
    kind = 'oauth2',
    me = 'userInfoUrl: /me',
    more = ''
  }: { kind?: keyof typeof SCHEMES; me?: string; more?: string } = {}
) {
  const server = await startServer(t, call => {
    if (call.path !== '/api.yaml') return answer(call)
    return {
      text: `openapi: 3.0.3
info: {title: Notes, version: '1'}
security: [{login: []}]
paths:
  /notes: {get: {responses: {'200': {description: ok}}}}
  /me: {get: {${more}responses: {'200': {description: ok}}}}
components:
  securitySchemes: {login: ${SCHEMES[kind](me)}}
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}
`
    }
  })
  const configuration: Configuration = {
    'Schema URL': `${server.url}/api.yaml`,
    ...(kind === 'oauth2' && {
      'OAuth2/OIDC: Client Id': 'flow',
      'OAuth2/OIDC: Client Secret': 's3cret'
    })
  }
  const connector = await startConnector(t, configuration)
  const logIn = () => connector.send('POST', '/authentication', { code: 'c', tenantId: TENANT })
  return { server, connector, configuration, logIn }
}

const token = (more: object = {}): Answer => ({
  json: { access_token: 'at-1', token_type: 'Bearer', ...more }
})

/** Whom the API sees when a user loads notes. */
async function seenAs(user: StartedConnector): Promise<unknown> {
  return found(await user.load('Note'))[0]?.id
}

async function statusOf(user: StartedConnector, rule: object = {}): Promise<string | null> {
  const authorization = { globalAuthenticationType: 'SPECIFIED', ...rule }
  const answer = await user.send('POST', '/authorization', { authorization })
  return verdictOf(answer).Status ?? null
}

const byId = (authenticationId: string) => ({
  users: [{ authenticationId, attribute: 'accountId' }]
})
const byEmail = (authenticationId: string) => ({
  users: [{ authenticationId, attribute: 'email' }]
})
const byGroup = (authenticationId: string) => ({ groups: [{ authenticationId }] })

for (const kind of ['oauth2', 'basic'] as const) {
  test(`I1 a ${kind} login is nobody at another server of the same document, and nothing of it goes there`, async t => {
    const answer = ({ path }: Call): Answer => {
      if (path === '/token') return token({ expires_in: 1, refresh_token: 'r-1' })
      return path === '/me' ? { json: { id: 'ana' } } : undefined
    }
    const me = kind === 'oauth2' ? 'userInfoUrl: /me' : 'defaultUrl: /me'
    const { connector, configuration, logIn } = await startLogin(t, answer, { kind, me })
    const other = await startServer(t, answer)
    const login = loginOf(
      kind === 'oauth2' ? await logIn() : await logInByPassword(connector, 'ana', 's3cret')
    )
    const headers = headerOf(login)
    const there = connector.as({
      configuration: { ...configuration, 'Server URL': other.url },
      headers
    })
    setWallClock(2_000)
    assert.equal(await seenAs(there), 'nobody')
    assert.equal(await statusOf(there, byId('ana')), '401')
    assert.deepEqual(other.at('/token'), [])
    const own = connector.as({ headers })
    assert.notEqual(await seenAs(own), 'nobody')
    assert.equal(await statusOf(own, byId('ana')), '200')
    if (kind === 'basic') return
    const client = { ...configuration, 'OAuth2/OIDC: Client Id': 'other' }
    assert.equal(await seenAs(connector.as({ configuration: client, headers })), 'nobody')
    const renewed = { ...configuration, 'OAuth2/OIDC: Client Secret': 'renewed' }
    assert.equal(await seenAs(connector.as({ configuration: renewed, headers })), 'Bearer at-1')
  })
}

test('I5 groups and addresses are read again after an hour, once for all who ask, and a login lasts a day', async t => {
  const member = { id: 'ana', groups: ['admins'], email: 'ana@acme.example' }
  const me: { answer: Answer } = { answer: { json: member } }
  const { server, connector, logIn } = await startLogin(t, ({ path }) => {
    if (path === '/token') return token({ expires_in: 31_536_000 })
    return path === '/me' ? me.answer : undefined
  })
  const user = connector.as({ headers: headerOf(loginOf(await logIn())) })
  const isMember = () => statusOf(user, byGroup('admins'))
  assert.equal(await isMember(), '200')
  me.answer = { json: { ...member, groups: [], email: 'new@acme.example' } }
  assert.equal(await isMember(), '200')
  assert.equal(server.at('/me').length, 1)
  setWallClock(HOUR_MS)
  assert.deepEqual(await Promise.all([isMember(), isMember(), isMember()]), ['401', '401', '401'])
  assert.equal(server.at('/me').length, 2)
  assert.equal(await statusOf(user, byEmail('ana@acme.example')), '401')
  assert.equal(await statusOf(user, byEmail('new@acme.example')), '200')
  me.answer = { json: member }
  setWallClock(HOUR_MS)
  assert.equal(await isMember(), '200')

  for (const answer of [
    { status: 503, json: {} },
    { status: 404, json: {} },
    { text: '<html>', headers: { 'content-type': 'text/html' } },
    { json: { error: 'maintenance' } },
    { json: { groups: ['admins'] } }
  ]) {
    setWallClock(HOUR_MS)
    me.answer = answer
    const rule = { authorization: { globalAuthenticationType: 'SPECIFIED', ...byGroup('admins') } }
    assert.ok(problem(await user.send('POST', '/authorization', rule)).statusCode >= 400)
    assert.equal(await seenAs(user), 'Bearer at-1')
  }
  me.answer = { json: { ...member, id: 'bob' } }
  assert.equal(await statusOf(user, byId('ana')), '401')
  me.answer = { status: 401, json: {} }
  const verdict = verdictOf(await user.send('POST', '/authorization'))
  assert.deepEqual([verdict.Status, verdict['User ID']], ['401', 'anonymous'])
  assert.ok(verdict.LoginUrl?.startsWith(server.url))

  me.answer = { json: member }
  setWallClock(16 * HOUR_MS)
  assert.equal(await isMember(), '200')
  setWallClock(2 * HOUR_MS)
  assert.equal(await isMember(), '401')
  assert.equal(await seenAs(user), 'nobody')
})

test('I5 at every refresh groups are read again, and another user there ends the login', async t => {
  const me = { id: 'ana', groups: ['admins'] }
  const { server, connector, logIn } = await startLogin(t, ({ path }) => {
    if (path === '/token') return token({ expires_in: 60, refresh_token: 'r' })
    return path === '/me' ? { json: me } : undefined
  })
  const user = connector.as({ headers: headerOf(loginOf(await logIn())) })
  assert.equal(await statusOf(user, byGroup('admins')), '200')
  me.groups = []
  setWallClock(61_000)
  await user.load('Note')
  assert.equal(server.at('/me').length, 2)
  assert.equal(await statusOf(user, byGroup('admins')), '401')
  me.groups = ['admins']
  setWallClock(61_000)
  assert.equal(await statusOf(user, byGroup('admins')), '200')
  me.id = 'bob'
  setWallClock(61_000)
  assert.equal(await seenAs(user), 'nobody')
  me.id = 'ana'
  assert.equal(await seenAs(user), 'nobody')
})

test('I5 a login with a refresh token lasts 30 days', async t => {
  const { connector, logIn } = await startLogin(t, ({ path }) => {
    if (path === '/token') return token({ refresh_token: 'r' })
    return path === '/me' ? { json: { id: 'ana' } } : undefined
  })
  const user = connector.as({ headers: headerOf(loginOf(await logIn())) })
  setWallClock(29 * 24 * HOUR_MS)
  assert.equal(await statusOf(user, byId('ana')), '200')
  setWallClock(24 * HOUR_MS)
  assert.equal(await statusOf(user, byId('ana')), '401')
})

const passing: readonly (readonly [what: string, answer: Answer])[] = [
  ['a 403 page', { status: 403, text: '<html>', headers: { 'content-type': 'text/html' } }],
  ['a maintenance page', { text: '<html>', headers: { 'content-type': 'text/html' } }],
  ['a 404', { status: 404, json: {} }],
  ['a 408', { status: 408, json: {} }],
  ['a 500', { status: 500, json: {} }],
  ['a 400 without an error', { status: 400, json: { message: 'no' } }],
  ['too_many_requests', { status: 403, json: { error: 'too_many_requests' } }],
  ['slow_down', { status: 400, json: { error: 'slow_down' } }],
  ['temporarily_unavailable', { status: 400, json: { error: 'temporarily_unavailable' } }],
  ['internal_failure', { status: 400, json: { error: 'internal_failure' } }],
  ['ratelimited in a 200', { json: { ok: false, error: 'ratelimited' } }],
  ['invalid_client', { status: 401, json: { error: 'invalid_client' } }],
  ['access_denied', { status: 403, json: { error: 'access_denied' } }],
  ['a token of another type', { json: { access_token: 'x', token_type: 'DPoP' } }],
  ['a redirect', { status: 302, text: '', headers: { location: '/sorry' } }]
]
for (const [what, answer] of passing) {
  test(`I7 ${what} at a refresh changes nobody, and does not end the login`, async t => {
    const refresh: { answer: Answer } = { answer }
    const { connector, configuration, logIn } = await startLogin(t, ({ path, form }) => {
      if (path === '/me') return { json: { id: 'ana' } }
      if (path !== '/token') return undefined
      const isRefresh = form.grant_type === 'refresh_token'
      return isRefresh ? refresh.answer : token({ expires_in: 60, refresh_token: 'r' })
    })
    const user = connector.as({
      configuration: { ...configuration, 'Bearer Token': 'of-the-connector' },
      headers: headerOf(loginOf(await logIn()))
    })
    setWallClock(50_000)
    assert.equal(await seenAs(user), 'Bearer at-1')
    assert.equal(await statusOf(user, byId('ana')), '200')
    setWallClock(11_000)
    assert.match(problem(await user.load('Note')).code ?? '', /^IDENTITY_/)
    const rule = { authorization: { globalAuthenticationType: 'PUBLIC' } }
    assert.match(problem(await user.send('POST', '/authorization', rule)).code ?? '', /^IDENTITY_/)
    refresh.answer = { json: { access_token: 'at-2', token_type: 'Bearer', expires_in: 60 } }
    assert.equal(await seenAs(user), 'Bearer at-2')
  })
}

for (const error of [
  ...['invalid_grant', 'bad_refresh_token', 'invalid_refresh_token', 'token_expired'],
  ...['interaction_required', 'BAD_REFRESH_TOKEN']
]) {
  test(`I7 ${error} at a refresh ends the login`, async t => {
    const { server, connector, logIn } = await startLogin(t, ({ path, form }) => {
      if (path === '/me') return { json: { id: 'ana' } }
      if (path !== '/token') return undefined
      const isRefresh = form.grant_type === 'refresh_token'
      if (isRefresh) return { status: 400, json: { error } }
      return token({ expires_in: 60, refresh_token: 'r' })
    })
    const user = connector.as({ headers: headerOf(loginOf(await logIn())) })
    setWallClock(50_000)
    assert.equal(await seenAs(user), 'nobody')
    assert.equal(await statusOf(user, byId('ana')), '401')
    assert.equal(server.at('/token').length, 2)
  })
}

const PAGE = { text: '<form action="/login">', headers: { 'content-type': 'text/html' } }
for (const [what, answer] of [
  ['a login page', PAGE],
  ['a login page that is called text', { ...PAGE, headers: { 'content-type': 'text/plain' } }],
  ['a Refresh header', { json: {}, headers: { refresh: '0; url=/login' } }],
  ['a redirect', { status: 303, text: '', headers: { location: '/login' } }],
  ['success: false', { json: { success: false } }],
  ['an error in a 200', { json: { error: 'bad credentials' } }],
  ['authenticated: false', { json: { authenticated: false } }]
] as const satisfies readonly (readonly [string, Answer])[]) {
  test(`I6 I9 ${what} is no proof of a password, and counts as a wrong one`, async t => {
    for (const me of ['defaultUrl: /me', 'userInfoUrl: /me']) {
      const { server, connector } = await startLogin(
        t,
        ({ path }) => (path === '/me' ? answer : undefined),
        { kind: 'basic', me }
      )
      for (let guess = 0; guess < 7; guess++) {
        denialOf(await logInByPassword(connector, 'admin', `guess ${guess}`))
      }
      assert.equal(server.at('/me').length, 5)
    }
  })
}

test('I9 I18 every 4xx but 429 denies a password and counts; 429 and 5xx do neither', async t => {
  for (const status of [400, 401, 403, 404, 405, 409, 410, 422, 423, 451]) {
    const { server, connector } = await startLogin(
      t,
      ({ path }) => (path === '/me' ? { status, json: { message: 'no' } } : undefined),
      { kind: 'basic', me: 'defaultUrl: /me' }
    )
    for (let guess = 0; guess < 7; guess++) {
      denialOf(await logInByPassword(connector, 'bob', `guess ${guess}`))
    }
    assert.equal(server.at('/me').length, 5, String(status))
  }
  for (const status of [429, 500, 503]) {
    const { server, connector } = await startLogin(
      t,
      ({ path }) =>
        path === '/me' ? { status, json: {}, headers: { 'retry-after': '30' } } : undefined,
      { kind: 'basic', me: 'defaultUrl: /me' }
    )
    for (let guess = 0; guess < 7; guess++) {
      assert.equal(problem(await logInByPassword(connector, 'bob', 'x')).code, 'IDENTITY_FAILED')
    }
    assert.equal(server.at('/me').length, 7, String(status))
  }
})

test('I8 a user id cannot set other fields of the user header', async t => {
  const me = { id: '' }
  const { connector, logIn } = await startLogin(t, ({ path }) => {
    if (path === '/token') return token()
    return path === '/me' ? { json: me } : undefined
  })
  for (const [id, outgoing] of [
    ['a&UserId=admin', 'a%26UserId%3Dadmin'],
    ['x&Email=boss@acme.example', 'x%26Email%3Dboss@acme.example'],
    ['CN=Ana,DC=acme', 'CN%3DAna,DC%3Dacme'],
    ['YWJj==', 'YWJj%3D%3D'],
    ['admin&', 'admin%26'],
    ['admin=', 'admin%3D']
  ] as const) {
    me.id = id
    const login = loginOf(await logIn())
    assert.equal(login.userId, outgoing)
    const user = connector.as({ headers: headerOf(login) })
    assert.equal(await seenAs(user), 'Bearer at-1')
    assert.equal(await statusOf(user, byId(outgoing)), '200')
    assert.equal(await statusOf(user, byId(id)), '200')
    for (const other of ['admin', 'a', 'x', 'CN', id.split(/[&=]/)[0] ?? '']) {
      assert.equal(await statusOf(user, byId(other)), '401', other)
    }
    const verdict = verdictOf(await user.send('POST', '/authorization'))
    assert.equal(verdict['User ID'], outgoing)
    const cut = { ...login, userId: id.split(/[&=]/)[0] ?? '' }
    assert.equal(await seenAs(connector.as({ headers: headerOf(cut) })), 'nobody')
  }
})

test('I4 what a user may choose identifies nobody', async t => {
  const me: { json: unknown } = { json: {} }
  const { logIn } = await startLogin(t, ({ path }) => {
    if (path === '/token') return token()
    return path === '/me' ? me : undefined
  })
  for (const info of [
    { email: 'ana@acme.example' },
    { email: 'ana@acme.example', email_verified: true },
    { user_id: 'evil-1', username: 'ana@acme.example' },
    { login: 'admin' },
    { preferred_username: 'admin', name: 'admin' },
    { id: null, login: 'admin' },
    { data: { id: '1' }, email: 'ana@acme.example' }
  ]) {
    me.json = info
    assert.equal(problem(await logIn()).code, 'LOGIN_USER_UNKNOWN', JSON.stringify(info))
  }
})

test('I3 an address that the provider calls unverified passes no rule', async t => {
  const me: { json: unknown } = { json: {} }
  const { connector, logIn } = await startLogin(
    t,
    ({ path }) => {
      if (path === '/token') return token()
      return path === '/me' ? me : undefined
    },
    { me: 'userInfoUrl: /me, email: contact.mail' }
  )
  for (const [flags, contact] of [
    [{}, { verified: false }],
    [{}, { verified: 'no' }],
    [{}, { verified_email: 'false' }],
    [{}, { email_verified: 0 }],
    [{}, { mail_verified: false }],
    [{ email_verified: 'False' }, {}],
    [{ verified_email: '0' }, { verified: true }]
  ]) {
    me.json = { id: 'evil', ...flags, contact: { mail: 'boss@acme.example', ...contact } }
    const user = connector.as({ headers: headerOf(loginOf(await logIn())) })
    const status = await statusOf(user, byEmail('boss@acme.example'))
    assert.equal(status, '401', JSON.stringify(me.json))
  }
  me.json = { id: 'boss', contact: { mail: 'boss@acme.example', verified: true } }
  const boss = connector.as({ headers: headerOf(loginOf(await logIn())) })
  assert.equal(await statusOf(boss, byEmail('Boss@acme.example')), '200')
})

test('I1 a handle of another form is nobody', async t => {
  const { connector } = await startLogin(t, () => undefined)
  const headers = userHeader({ ManyWhoTenantId: TENANT, UserId: 'ana', Token: 'h-old' })
  assert.equal(
    data(await connector.as({ headers }).load('Note')).objectData[0]?.externalId,
    'nobody'
  )
})

test('I6 the x-flow-failure of the operation at the check says what no proof is', async t => {
  for (const [more, json, isDenied] of [
    ['x-flow-failure: {flag: meta.state, failed: [guest]}, ', { meta: { state: 'guest' } }, true],
    ['x-flow-failure: {flag: meta.state, failed: [guest]}, ', { meta: { state: 'user' } }, false],
    ['x-flow-failure: {flag: code, failed: [1, 2]}, ', { code: 2 }, true],
    ['x-flow-failure: {flag: code, failed: [1, 2]}, ', { code: 0, error: 'none' }, false],
    ['x-flow-failure: false, ', { success: false }, false],
    ['', { success: false }, true]
  ] as const) {
    for (const me of ['defaultUrl: /me', 'userInfoUrl: /me']) {
      const { connector } = await startLogin(
        t,
        ({ path }) => (path === '/me' ? { json } : undefined),
        { kind: 'basic', me, more }
      )
      const login = loginOf(await logInByPassword(connector, 'ana', 'x'))
      assert.equal(login.status, isDenied ? 'ACCESS_DENIED' : 'AUTHENTICATED', more)
    }
  }
})

test('I6 a long answer is judged by its start', async t => {
  const long = 'x'.repeat(2 * 1024 * 1024)
  for (const [answer, isDenied] of [
    [{ json: [{ id: 1, text: long }] }, false],
    [{ text: long, headers: { 'content-type': 'text/plain' } }, false],
    [{ text: `<!doctype html>${long}`, headers: { 'content-type': 'text/plain' } }, true],
    [{ text: long, headers: { 'content-type': 'text/html' } }, true]
  ] as const) {
    const { connector } = await startLogin(t, ({ path }) => (path === '/me' ? answer : undefined), {
      kind: 'basic',
      me: 'defaultUrl: /me'
    })
    const login = loginOf(await logInByPassword(connector, 'ana', 'x'))
    assert.equal(login.status, isDenied ? 'ACCESS_DENIED' : 'AUTHENTICATED')
  }
})
