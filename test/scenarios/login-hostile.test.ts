import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { CryptoKey, JWTPayload } from 'jose'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'

import { denialOf, headerOf, loginOf, TENANT, verdictOf } from '../support/login.ts'
import { startApi } from '../support/start-api.ts'
import { problem, startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'

type Answer = (response: ServerResponse) => void

/** A provider that can lie: what it answers at each of its paths, over what an honest one would. */
type Lies = {
  readonly discovery?: (honest: Record<string, unknown>) => unknown
  readonly idToken?: (honest: JWTPayload) => Promise<string>
  readonly tokenAnswer?: (honest: Record<string, unknown>) => unknown
  readonly answers?: { readonly [path: string]: Answer }
}

const honestKey = await generateKeyPair('RS256')
const foreignKey = await generateKeyPair('RS256')

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function signed(
  claims: JWTPayload,
  key: CryptoKey = honestKey.privateKey,
  kid = 'k'
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
}

async function setUp(
  t: TestContext,
  { discovery, idToken, tokenAnswer, answers = {} }: Lies,
  environment: { readonly [name: string]: string } = {},
  identity = '{}'
) {
  const asked: string[] = []
  const issuer = await startUpstream(t, async (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? ''
    asked.push(path)
    const lie = answers[path]
    if (lie !== undefined) return lie(response)
    const seconds = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, aud: 'flow', sub: 'ana', iat: seconds, exp: seconds + 300 }
    switch (path) {
      case '/.well-known/openid-configuration': {
        const honest = {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/keys`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256']
        }
        return json(response, discovery?.(honest) ?? honest)
      }
      case '/keys': {
        const key = await exportJWK(honestKey.publicKey)
        return json(response, { keys: [{ ...key, kid: 'k', alg: 'RS256', use: 'sig' }] })
      }
      case '/token': {
        const token = await (idToken ?? signed)(claims)
        const honest = { access_token: 'at-s3cret', token_type: 'Bearer', id_token: token }
        return json(response, tokenAnswer?.(honest) ?? honest)
      }
      default:
        return json(response, { sub: 'ana', email: 'ana@example.com' })
    }
  })
  const api = await startApi(
    t,
    `openapi: 3.0.3
info: {title: Notes, version: '1'}
paths: {}
components:
  securitySchemes:
    oidc: {type: openIdConnect, openIdConnectUrl: '${issuer}/.well-known/openid-configuration', x-flow-identity: ${identity}}
`
  )
  const configuration = {
    'Schema URL': api.documentUrl,
    'OAuth2/OIDC: Client Id': 'flow',
    'OAuth2/OIDC: Client Secret': 'cl1ent-s3cret'
  }
  const connector = await startConnector(t, configuration, environment)
  const logIn = () =>
    connector.send('POST', '/authentication', { code: 'c0de-s3cret', tenantId: TENANT })
  return { asked, connector, logIn }
}

test('A13 an honest provider logs a user in', async t => {
  const { asked, logIn } = await setUp(t, {})
  const { status, userId, email } = loginOf(await logIn())
  assert.deepEqual([status, userId, email], ['AUTHENTICATED', 'ana', 'ana@example.com'])
  assert.deepEqual(asked, ['/.well-known/openid-configuration', '/token', '/keys', '/userinfo'])
})

const tokens: readonly (readonly [what: string, idToken: Lies['idToken'], said: RegExp])[] = [
  ['has expired', c => signed({ ...c, exp: Number(c.iat) - 600 }), /has expired/],
  ['is not valid yet', c => signed({ ...c, nbf: Number(c.iat) + 600 }), /is not valid yet/],
  [
    'is signed by another key of that name',
    c => signed(c, foreignKey.privateKey),
    /token is invalid/
  ],
  ['is signed by a key nobody has', c => signed(c, foreignKey.privateKey, 'x'), /does not have/],
  ['is for another audience', c => signed({ ...c, aud: 'other' }), /another issuer or audience/],
  [
    'is for others too, and not by us',
    c => signed({ ...c, aud: ['flow', 'o'], azp: 'o' }),
    /is invalid/
  ],
  [
    'is from another issuer',
    c => signed({ ...c, iss: 'https://evil.example' }),
    /another issuer or audience/
  ],
  ['has no subject', ({ sub: _, ...c }) => signed(c), /is invalid/],
  ['is not signed at all', async c => new UnsecuredJWT(c).encode(), /is invalid/],
  [
    'is signed with the client secret',
    c => {
      const key = new TextEncoder().encode('cl1ent-s3cret'.padEnd(32, '0'))
      return new SignJWT(c).setProtectedHeader({ alg: 'HS256' }).sign(key)
    },
    /is invalid/
  ],
  ['is no token', async () => 'a.b.c', /is invalid/]
]
for (const [what, idToken, said] of tokens) {
  test(`A13 F11 an id token that ${what} logs nobody in`, async t => {
    const { connector, logIn } = await setUp(t, idToken === undefined ? {} : { idToken })
    const answer = await logIn()
    assert.match(denialOf(answer), said)
    const bytes = JSON.stringify([connector.log, answer.text])
    for (const secret of ['at-s3cret', 'cl1ent-s3cret', 'c0de-s3cret']) {
      assert.ok(!bytes.includes(secret), secret)
    }
  })
}

test('A13 a provider that gives no id token logs nobody in', async t => {
  const token: Answer = response => json(response, { access_token: 'a', token_type: 'bearer' })
  const { logIn } = await setUp(t, { answers: { '/token': token } })
  assert.match(denialOf(await logIn()), /it has no id token/)
})

const discoveries: readonly (readonly [what: string, discovery: Lies['discovery']])[] = [
  ['speaks for another issuer', honest => ({ ...honest, issuer: 'https://login.example.com' })],
  ['names no issuer', ({ issuer: _, ...honest }) => honest],
  ['names something else as its issuer', honest => ({ ...honest, issuer: 'no url' })],
  ['is a list', () => []]
]
for (const [what, discovery] of discoveries) {
  test(`A13 a discovery document that ${what} logs nobody in, and gets no secret`, async t => {
    const { asked, logIn } = await setUp(t, discovery === undefined ? {} : { discovery })
    denialOf(await logIn())
    assert.deepEqual(asked, ['/.well-known/openid-configuration'])
  })
}

for (const [what, discovery] of [
  ['lacks the token endpoint', ({ token_endpoint: _, ...honest }) => honest],
  [
    'has a token endpoint that is no address',
    honest => ({ ...honest, token_endpoint: 'javascript:0' })
  ],
  ['lacks the authorization endpoint', ({ authorization_endpoint: _, ...honest }) => honest],
  ['has a number for it', honest => ({ ...honest, authorization_endpoint: 5 })]
] satisfies readonly (readonly [string, NonNullable<Lies['discovery']>])[]) {
  test(`F11 a discovery document that ${what} is a problem of the provider`, async t => {
    const { asked, logIn } = await setUp(t, { discovery })
    assert.equal(problem(await logIn()).code, 'IDENTITY_METADATA_INVALID')
    assert.deepEqual(asked, ['/.well-known/openid-configuration'])
  })
}

for (const [what, broken] of [
  ['an RSA key without its numbers', { kty: 'RSA', n: undefined, e: undefined }],
  ['an RSA key with a part of its secret', { kty: 'RSA', d: 'AQAB' }],
  ['an empty RSA key', { kty: 'RSA', n: '', e: '' }]
] as const) {
  test(`A13 a provider that publishes ${what} logs nobody in, and breaks nothing`, async t => {
    const keys: Answer = async response => {
      const key = await exportJWK(honestKey.publicKey)
      json(response, { keys: [{ ...key, kid: 'k', alg: 'RS256', use: 'sig', ...broken }] })
    }
    const { logIn } = await setUp(t, { answers: { '/keys': keys } })
    assert.match(denialOf(await logIn()), /is invalid/)
  })
}

test('F11 an issuer may end with a slash', async t => {
  const withSlash = (claims: JWTPayload) => signed({ ...claims, iss: `${claims.iss}/` })
  const { logIn } = await setUp(t, {
    discovery: honest => ({ ...honest, issuer: `${honest.issuer}/` }),
    idToken: withSlash
  })
  assert.equal(loginOf(await logIn()).status, 'AUTHENTICATED')
})

test('F09 ids of a provider keep all their digits', async t => {
  const exact: Answer = response => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"sub": "ana", "account": 9007199254740993}')
  }
  const { logIn } = await setUp(
    t,
    { answers: { '/userinfo': exact } },
    {},
    '{me: {userId: account}}'
  )
  assert.equal(loginOf(await logIn()).userId, '9007199254740993')
})

test('names with the signs at which the platform splits speak for no other field', async t => {
  const spoofed = { sub: 'ana', preferred_username: 'x&UserId=boss&Token=none', given_name: 'A=B' }
  const info: Answer = response => json(response, spoofed)
  const { logIn } = await setUp(t, { answers: { '/userinfo': info } })
  const { username, firstName } = loginOf(await logIn())
  assert.deepEqual([username, firstName], ['x UserId boss Token none', 'A B'])
})

for (const userId of ['null', 'PUBLIC_USER']) {
  test(`a user whom the platform would take for nobody, "${userId}", is denied`, async t => {
    const { logIn } = await setUp(
      t,
      { answers: { '/userinfo': response => json(response, { sub: 'ana', id: userId }) } },
      {},
      '{me: {userId: id}}'
    )
    assert.match(denialOf(await logIn()), /reserves this user id for anonymous users/)
  })
}

const answersOfTokens: readonly (readonly [what: string, more: object])[] = [
  ['nothing but null', { refresh_token: null, scope: null, expires_in: null, error: null }],
  ['blanks', { refresh_token: '', scope: '', expires_in: '', error: '', token_type: '' }],
  ['a list of scopes, and a kind of its own', { scope: ['a'], token_type: 'BearerToken' }],
  ['times as text', { expires_in: '3600' }],
  ['times without end', { expires_in: 1e308 }],
  ['no time at all', { expires_in: 0 }]
]
for (const [what, more] of answersOfTokens) {
  test(`F11 a token whose answer holds ${what} is a token`, async t => {
    const { connector, logIn } = await setUp(t, {
      tokenAnswer: honest => ({ ...honest, ...more })
    })
    const login = loginOf(await logIn())
    assert.equal(login.status, 'AUTHENTICATED')
    const verdict = verdictOf(
      await connector.as({ headers: headerOf(login) }).send('POST', '/authorization')
    )
    assert.equal(verdict.Status, '200')
  })
}

test('A12 no browser is sent to an address that is none for browsers', async t => {
  for (const [address, code] of [
    ['javascript:alert(1)', 'LOGIN_URL_INVALID'],
    ['data:text/html,x', 'LOGIN_URL_INVALID'],
    ['https://user:pass@example.com/', 'LOGIN_URL_INVALID'],
    ['http://login.example.com/authorize', 'LOGIN_INSECURE']
  ] as const) {
    const { connector } = await setUp(t, {
      discovery: honest => ({ ...honest, authorization_endpoint: address })
    })
    assert.equal(problem(await connector.send('POST', '/authorization')).code, code)
  }
})

test('A13 secrets of a login go over plain http only where the operator has named the host', async t => {
  const { asked, connector, logIn } = await setUp(t, {
    discovery: honest => ({ ...honest, token_endpoint: 'http://token.example.com/token' })
  })
  assert.equal(problem(await logIn()).code, 'LOGIN_INSECURE')
  assert.ok(!asked.includes('/token'))
  assert.ok(!JSON.stringify(connector.log).includes('s3cret'))
})

test('A13 a token endpoint that redirects is not followed, and its provider denies the login', async t => {
  const redirect: Answer = response => {
    response.writeHead(307, { location: '/elsewhere' }).end()
  }
  const { asked, logIn } = await setUp(t, { answers: { '/token': redirect } })
  assert.match(denialOf(await logIn()), /it is a redirect/)
  assert.ok(!asked.includes('/elsewhere'))
})

test('A13 F11 a description of another user logs nobody in', async t => {
  for (const sub of ['bob', 'ANA', 1, 'ana ']) {
    const { logIn } = await setUp(t, {
      answers: { '/userinfo': response => json(response, { sub, email: 'ana@example.com' }) }
    })
    assert.match(denialOf(await logIn()), /its user is not the expected one/)
  }
})

test('I12 blank claims of the user info do not hide those of the id token, and no flag of theirs is lost', async t => {
  for (const blank of [null, '', ' ']) {
    const claims = { preferred_username: 'ana.ruiz', email: 'ana@example.com', given_name: 'Ana' }
    const idToken = (honest: JWTPayload) => signed({ ...honest, ...claims, groups: ['staff'] })
    const info = { preferred_username: blank, email: blank, given_name: blank, groups: blank }
    const { connector, logIn } = await setUp(t, {
      idToken,
      answers: { '/userinfo': response => json(response, { sub: 'ana', ...info }) }
    })
    const login = loginOf(await logIn())
    const { username, email, firstName } = login
    assert.deepEqual([username, email, firstName], ['ana.ruiz', 'ana@example.com', 'Ana'])
    const groups = [{ authenticationId: 'staff', attribute: 'users' }]
    const rule = { globalAuthenticationType: 'SPECIFIED', users: [], groups }
    const asUser = connector.as({ headers: headerOf(login) })
    const verdict = await asUser.send('POST', '/authorization', { authorization: rule })
    assert.equal(verdictOf(verdict).Status, '200')
  }
})

const descriptions: readonly (readonly [what: string, answer: Answer, said: RegExp])[] = [
  [
    'is HTML',
    response => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    /neither a JSON object/
  ],
  [
    'never ends',
    response => json(response, { sub: 'ana', more: 'x'.repeat(10 * 1024 * 1024) }),
    /too large/
  ],
  ['is forbidden', response => json(response, {}, 403), /status 403/],
  ['is a bad request', response => json(response, { error: 'invalid_request' }, 400), /status 400/],
  ['names no user', response => json(response, { email: 'bob@example.com' }), /it names no user/],
  ['names nobody', response => json(response, { sub: null, email: 'b@example.com' }), /names no/],
  ['names nothing', response => json(response, { sub: ' ', email: 'b@example.com' }), /names no/],
  [
    'leads elsewhere',
    response => response.writeHead(302, { location: '/login' }).end(),
    /it is a redirect/
  ],
  [
    'is refused with a challenge',
    response =>
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end(),
    /status 401/
  ]
]
for (const [what, answer, said] of descriptions) {
  test(`I12 a description of the user that ${what} leaves the claims of the id token, and the log says why`, async t => {
    const idToken = (claims: JWTPayload) => signed({ ...claims, email: 'ana@example.com' })
    const { connector, logIn } = await setUp(t, { answers: { '/userinfo': answer }, idToken })
    const { status, userId, email } = loginOf(await logIn())
    assert.deepEqual([status, userId, email], ['AUTHENTICATED', 'ana', 'ana@example.com'])
    const line = connector.log.find(text => text.includes('userinfo endpoint'))
    assert.match(line ?? '', said)
  })
}

test('F11 a provider that is down is a problem that names it', async t => {
  for (const path of ['/.well-known/openid-configuration', '/token', '/userinfo']) {
    const down: Answer = response => json(response, { secret: 'inner' }, 503)
    const { logIn } = await setUp(t, { answers: { [path]: down } })
    const answer = problem(await logIn())
    assert.deepEqual([answer.code, answer.statusCode], ['IDENTITY_FAILED', 502])
    assert.match(answer.message, /the identity provider 127\.0\.0\.1:\d+ answered 503/)
    assert.ok(!JSON.stringify(answer).includes('inner'))
  }
})

test('F11 a provider that does not answer is a problem in time', async t => {
  const silent: Answer = () => {}
  const { logIn } = await setUp(
    t,
    { answers: { '/token': silent } },
    { UPSTREAM_TIMEOUT_MS: '2000' }
  )
  const { code, statusCode, message } = problem(await logIn())
  assert.deepEqual([code, statusCode], ['IDENTITY_TIMEOUT', 504])
  assert.match(message, /did not answer within 2000 ms/)
})
