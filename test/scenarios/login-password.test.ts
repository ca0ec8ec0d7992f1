import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { fastify } from 'fastify'

import {
  denialOf,
  headerOf,
  logInByPassword,
  loginOf,
  TENANT,
  verdictOf
} from '../support/login.ts'
import { found, problem, startConnector } from '../support/start-connector.ts'

const PASSWORDS: { readonly [username: string]: string } = {
  ana: 's3cret:with=signs&%',
  'José Ñuñez': 'pässwörd'
}

/** An API behind basic login, which knows who calls it. */
async function startProtectedApi(t: TestContext, identity: string) {
  const api = fastify()
  const seen: string[] = []
  t.after(() => api.close())
  api.addHook('onRequest', async (request, reply) => {
    if (request.url === '/openapi.yaml') return
    seen.push(`${request.method} ${request.url}`)
    const [, encoded = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? []
    const [username = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':')
    if (PASSWORDS[username] === rest.join(':')) request.headers.from = username
    else await reply.code(401).header('www-authenticate', 'Basic').send({ message: 'who are you?' })
  })
  api.get('/openapi.yaml', async () => document)
  api.get('/check', async (_, reply) => reply.code(204).send())
  api.get('/me', async ({ headers }) => ({ uid: `u-${headers.from}`, name: { last: 'Ruiz' } }))
  api.get('/notes', async ({ headers }) => [{ id: headers.from }])
  api.get('/moved', async (_, reply) => reply.redirect('/login'))
  api.get('/login', async () => '<html>Log in</html>')
  api.get('/broken', async (_, reply) => reply.code(500).send({ message: 'down' }))
  api.get('/gone', async (_, reply) => reply.code(404).send({ message: 'gone' }))
  const document = `openapi: 3.0.3
info: {title: Staff notes, version: '1'}
security: [{basic: []}]
paths:
  /notes: {get: {responses: {'200': {description: ok}}}}
components:
  securitySchemes: {basic: {type: http, scheme: basic, x-flow-identity: {me: {${identity}}}}}
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}
`
  const url = await api.listen({ port: 0, host: '127.0.0.1' })
  const connector = await startConnector(t, { 'Schema URL': `${url}/openapi.yaml` })
  return { url, seen, connector }
}

test('F06 the API is called with the user name and the password, and every name is the user name', async t => {
  const { url, seen, connector } = await startProtectedApi(t, 'defaultUrl: /check')
  const nobody = verdictOf(await connector.send('POST', '/authorization'))
  assert.deepEqual(nobody, {
    'User ID': 'anonymous',
    'Directory Id': 'basic',
    'Directory Name': 'Staff notes',
    AuthenticationType: 'USERNAME_PASSWORD',
    LoginUrl: '',
    Status: '401'
  })
  for (const [username, password] of Object.entries(PASSWORDS)) {
    const login = loginOf(await logInByPassword(connector, username, password))
    const { token = '', ...facts } = login
    assert.deepEqual(facts, {
      status: 'AUTHENTICATED',
      userId: username,
      username,
      email: username,
      firstName: username,
      lastName: username,
      directoryId: 'basic',
      directoryName: 'Staff notes',
      roleId: '',
      roleName: '',
      primaryGroupId: '',
      primaryGroupName: '',
      tenantName: TENANT,
      identityProvider: new URL(url).host
    })
    assert.match(token, /^[\w-]+$/)
    const user = connector.as({ headers: headerOf(login) })
    assert.deepEqual(found(await user.load('Note')), [{ externalId: username, id: username }])
  }
  assert.deepEqual(seen, ['GET /check', 'GET /notes', 'GET /check', 'GET /notes'])
})

test('F07 with userInfoUrl the map says who it is, and what it does not say is the user name', async t => {
  const { connector } = await startProtectedApi(
    t,
    'userInfoUrl: /me, userId: uid, lastName: name.last, firstName: name.first'
  )
  const login = loginOf(await logInByPassword(connector, 'ana', PASSWORDS.ana ?? ''))
  const { userId, username, email, firstName, lastName } = login
  assert.deepEqual(
    [userId, username, email, firstName, lastName],
    ['u-ana', 'ana', 'ana', 'ana', 'Ruiz']
  )
})

test('A14 F06 a wrong password, an unknown name and signs that cannot be sent are denied', async t => {
  const { seen, connector } = await startProtectedApi(t, 'defaultUrl: /check')
  for (const [username, password] of [
    ['ana', 'wrong'],
    ['nobody', 's3cret'],
    ['', 'x'],
    ['ana', ''],
    ['a:b', 'x'],
    ['ana', 'x\r\ny']
  ] as const) {
    const answer = await logInByPassword(connector, username, password)
    assert.equal(denialOf(answer).length > 0, true)
    assert.ok(!answer.text.includes('token'))
  }
  assert.deepEqual(seen, ['GET /check', 'GET /check'])
})

for (const [where, outcome] of [
  ['moved', 'a redirect is denied'],
  ['broken', 'a 500 is a problem'],
  ['gone', 'a 404 is denied']
] as const) {
  test(`A14 F06 a check that does not answer 2xx logs nobody in: ${outcome}`, async t => {
    const { seen, connector } = await startProtectedApi(t, `defaultUrl: /${where}`)
    const answer = await logInByPassword(connector, 'ana', PASSWORDS.ana ?? '')
    if (where === 'moved') assert.match(denialOf(answer), /it is a redirect/)
    else if (where === 'gone') assert.match(denialOf(answer), /it answers 404/)
    else assert.equal(problem(answer).code, 'IDENTITY_FAILED')
    assert.deepEqual(seen, [`GET /${where}`])
  })
}

test('A14 V2 after five failures of a name in a minute the API is not asked for it any more', async t => {
  const { seen, connector } = await startProtectedApi(t, 'defaultUrl: /check')
  const elsewhere = { tenantId: 'another-tenant', username: 'ana', password: PASSWORDS.ana }
  // Who has logged in is not locked out of other tenants by failures in this one.
  loginOf(await connector.send('POST', '/authentication', elsewhere))
  seen.length = 0
  for (let attempt = 0; attempt < 5; attempt++) {
    assert.match(denialOf(await logInByPassword(connector, 'ana', 'wrong')), /does not accept/)
  }
  const right = PASSWORDS.ana ?? ''
  assert.match(denialOf(await logInByPassword(connector, 'ANA', right)), /too many failed logins/)
  assert.match(denialOf(await logInByPassword(connector, 'ａｎａ', right)), /too many/)
  assert.equal(seen.length, 5)
  const other = loginOf(await logInByPassword(connector, 'José Ñuñez', 'pässwörd'))
  assert.equal(other.status, 'AUTHENTICATED')
  assert.equal(
    loginOf(await connector.send('POST', '/authentication', elsewhere)).status,
    'AUTHENTICATED'
  )
})

for (const spelled of ['#part', '/../openapi.yaml#', ' ']) {
  test(`H10 V2 a login counts at the same document under another spelling of its URL: "${spelled}"`, async t => {
    const { url, connector } = await startProtectedApi(t, 'defaultUrl: /check')
    const login = loginOf(await logInByPassword(connector, 'ana', PASSWORDS.ana ?? ''))
    const path = spelled.startsWith('/') ? `/x${spelled}` : `/openapi.yaml${spelled}`
    const elsewhere = connector.as({
      configuration: { 'Schema URL': url + path },
      headers: headerOf(login)
    })
    assert.deepEqual(found(await elsewhere.load('Note')), [{ externalId: 'ana', id: 'ana' }])
  })
}

for (const [what, change] of [
  ['fragments of the Schema URL', (index: number, url: string) => ({ url: `${url}#${index}` })],
  [
    'blanks before the Schema URL',
    (index: number, url: string) => ({ url: ' '.repeat(index) + url })
  ],
  ['tenants', (index: number, url: string) => ({ url, tenantId: `t${index}` })]
] as const) {
  test(`H10 V2 twenty guesses with other ${what} reach the API five times`, async t => {
    const { url, seen, connector } = await startProtectedApi(t, 'defaultUrl: /check')
    for (let index = 0; index < 20; index++) {
      const { url: schemaUrl, ...more } = { tenantId: 't', ...change(index, `${url}/openapi.yaml`) }
      const service = connector.as({ configuration: { 'Schema URL': schemaUrl } })
      const guess = { username: 'ana', password: `guess ${index}`, ...more }
      denialOf(await service.send('POST', '/authentication', guess))
    }
    assert.equal(seen.length, 5)
  })
}

test('A14 guesses that are made at once count too, and so do those that are answered by a redirect', async t => {
  const { seen, connector } = await startProtectedApi(t, 'defaultUrl: /check')
  const guesses = Array.from({ length: 30 }, (_, index) =>
    logInByPassword(connector, `ana${' '.repeat(index % 3)}`, `guess ${index}`)
  )
  for (const answer of await Promise.all(guesses)) denialOf(answer)
  assert.equal(seen.length, 5)

  const moved = await startProtectedApi(t, 'defaultUrl: /moved')
  for (let attempt = 0; attempt < 8; attempt++) {
    denialOf(await logInByPassword(moved.connector, 'ana', PASSWORDS.ana ?? ''))
  }
  assert.equal(moved.seen.length, 5)
})

test('A14 what says nothing about a password does not count against its name', async t => {
  const { seen, connector } = await startProtectedApi(t, 'defaultUrl: /broken')
  for (let attempt = 0; attempt < 8; attempt++) {
    problem(await logInByPassword(connector, 'ana', PASSWORDS.ana ?? ''))
  }
  assert.equal(seen.length, 8)
})

test('F07 a name that was typed is no address that a rule may trust', async t => {
  const { connector } = await startProtectedApi(t, 'userInfoUrl: /me, userId: uid')
  const login = loginOf(await logInByPassword(connector, 'ana', PASSWORDS.ana ?? ''))
  assert.equal(login.email, 'ana')
  const authorization = {
    globalAuthenticationType: 'SPECIFIED',
    users: [{ authenticationId: 'ana', attribute: 'email' }]
  }
  const ana = connector.as({ headers: headerOf(login) })
  assert.equal(verdictOf(await ana.send('POST', '/authorization', { authorization })).Status, '401')
})

test('F24 a password stands in no log, no answer and no address', async t => {
  const { connector } = await startProtectedApi(t, 'defaultUrl: /check')
  const password = PASSWORDS.ana ?? ''
  const login = loginOf(await logInByPassword(connector, 'ana', password))
  await logInByPassword(connector, 'ana', 'wr0ng-password')
  await connector.as({ headers: headerOf(login) }).load('Note')
  const bytes = JSON.stringify([connector.log, connector.answers])
  const basic = Buffer.from(`ana:${password}`).toString('base64')
  for (const secret of [password, 'wr0ng-password', basic]) assert.ok(!bytes.includes(secret))
  assert.equal(connector.log.filter(line => line.includes('a login was denied')).length, 1)
})

test('F16 every secret is a password to the builder, and stands in no answer', async t => {
  const { url, connector } = await startProtectedApi(t, 'defaultUrl: /check')
  const names = [
    'API Key',
    'OAuth2/OIDC: Client Secret',
    'Schema Token',
    'Bearer Token',
    'Basic: Password',
    'Variables'
  ]
  const { configurationValues } = await connector.install()
  assert.deepEqual(
    configurationValues
      .filter(({ contentType }) => contentType === 'ContentPassword')
      .map(v => v.developerName),
    names
  )
  assert.ok(configurationValues.every(({ contentValue }) => contentValue === null))

  const secrets = names.map((name, index) => [
    name,
    `pl4nted-${index}${name === 'Variables' ? '=pl4nted' : ''}`
  ])
  const configuration = {
    'Schema URL': `${url}/openapi.yaml`,
    'OAuth2/OIDC: Client Id': 'client',
    'Basic: Username': 'ana',
    ...Object.fromEntries(secrets)
  }
  const planted = connector.as({ configuration })
  const before = connector.answers.length
  await planted.install()
  await planted.preview()
  for (const path of ['/authentication', '/authorization', '/authorization/user']) {
    await planted.send('POST', path, { username: 'ana', password: 'pl4nted-own' })
  }
  assert.equal((await planted.load('Note')).status, 401)
  const bytes = JSON.stringify([connector.answers.slice(before), connector.log])
  assert.equal(connector.answers.length, before + 6)
  assert.ok(!bytes.includes('pl4nted'), bytes)
})
