import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { denialOf, headerOf, loginOf, TENANT } from '../support/login.ts'
import type { Configuration } from '../support/start-connector.ts'
import { found, problem, startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'

const OAUTH = `oauth:
      type: oauth2
      flows: {authorizationCode: {authorizationUrl: /authorize, tokenUrl: /token, scopes: {}}}
      x-flow-identity: {me: {userInfoUrl: USER}}`
const BASIC = 'basic: {type: http, scheme: basic, x-flow-identity: {me: {defaultUrl: USER}}}'
const MAPPED =
  'basic: {type: http, scheme: basic, x-flow-identity: {me: {userInfoUrl: USER, userId: id}}}'

type Gateway = {
  /** The login, with `USER` for the address that says who the user is. */
  readonly login: string
  readonly user?: string
  /** What the gateway wants of the call that says who the user is. */
  readonly wants: (request: IncomingMessage) => boolean
  /** `security` of the operation. */
  readonly security: string
  readonly paths?: string
  readonly apiKey?: string
}

/** An API behind a gateway, at a server with a path, and another server. */
async function setUp(t: TestContext, gateway: Gateway) {
  const { login, user = '/me', wants, security, paths, apiKey = 'K1' } = gateway
  const foreign: (string | undefined)[] = []
  const asked: string[] = []
  const elsewhere = await startUpstream(t, ({ headers, url }, response) => {
    foreign.push(`${url} ${headers['x-api-key'] ?? 'no key'}`)
    response.end('{"id":"u-1"}')
  })
  const server = await startUpstream(t, (request, response) => {
    const url = request.url ?? ''
    if (url === '/openapi.yaml') return void response.end(document)
    if (!url.endsWith('/token')) asked.push(url)
    const said = url.endsWith('/token')
      ? { access_token: 'at', token_type: 'Bearer' }
      : url.includes('/things')
        ? [{ id: request.headers.authorization }]
        : wants(request)
          ? { id: 'u-1' }
          : undefined
    response.writeHead(said === undefined ? 403 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(said ?? { error: 'missing key' }))
  })
  const userUrl = user.replace('SERVER', server).replace('ELSEWHERE', elsewhere)
  const document = `openapi: 3.0.3
info: {title: Notes, version: '1'}
servers: [{url: '${server}/v1'}]
paths:
  ${paths ?? `/me: {get: {security: [${security}], responses: {'200': {description: ok}}}}`}
  /things: {get: {security: [{oauth: []}], responses: {'200': {description: ok}}}}
components:
  securitySchemes:
    ${login.replace('USER', `'${userUrl}'`)}
    gw: {type: apiKey, in: header, name: X-Api-Key}
    inQuery: {type: apiKey, in: query, name: code}
    inCookie: {type: apiKey, in: cookie, name: session}
  schemas:
    Thing: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Thing}, x-flow-query: {path: /things}}
`
  const configuration: Configuration = {
    'Schema URL': `${server}/openapi.yaml`,
    'OAuth2/OIDC: Client Id': 'flow',
    'OAuth2/OIDC: Client Secret': 's',
    ...(apiKey !== '' && { 'API Key': apiKey })
  }
  const connector = await startConnector(t, configuration)
  const isBasic = login !== OAUTH
  const credentials = isBasic ? { username: 'ana', password: 'pw' } : { code: 'c' }
  const logIn = () =>
    connector.send('POST', '/authentication', { ...credentials, tenantId: TENANT })
  return { asked, foreign, connector, logIn }
}

const inHeader = ({ headers }: IncomingMessage): boolean => headers['x-api-key'] === 'K1'
const query = ({ url = '' }: IncomingMessage): URLSearchParams =>
  new URL(url, 'http://x').searchParams

const cases: readonly (readonly [what: string, gateway: (login: string) => Gateway])[] = [
  [
    'in a header',
    login => ({ login, wants: inHeader, security: '{oauth: [], gw: []}, {basic: [], gw: []}' })
  ],
  [
    'in the query, which has others',
    login => ({
      login,
      user: '/me?fields=id',
      wants: request =>
        query(request).get('code') === 'K 1&' && query(request).get('fields') === 'id',
      security: '{oauth: [], inQuery: []}, {basic: [], inQuery: []}',
      apiKey: 'K 1&'
    })
  ],
  [
    'in a cookie',
    login => ({
      login,
      wants: ({ headers }) => headers.cookie === 'session=K1',
      security: '{oauth: [], inCookie: []}, {basic: [], inCookie: []}'
    })
  ],
  [
    'of each of two schemes',
    login => ({
      login,
      wants: request => inHeader(request) && query(request).get('code') === 'K2',
      security: '{oauth: [], gw: [], inQuery: []}, {basic: [], gw: [], inQuery: []}',
      apiKey: 'gw=K1\ninQuery=K2'
    })
  ],
  [
    'alone, for an operation that names no login',
    login => ({ login, wants: inHeader, security: '{gw: []}' })
  ],
  [
    'at an absolute address of the server',
    login => ({
      login,
      user: 'SERVER/v1/me',
      wants: inHeader,
      security: '{oauth: [], gw: []}, {basic: [], gw: []}'
    })
  ],
  [
    'of an operation with a parameter in its path',
    login => ({
      login,
      user: '/users/me',
      wants: inHeader,
      security: '',
      paths:
        "/users/{id}: {get: {security: [{oauth: [], gw: []}, {basic: [], gw: []}], responses: {'200': {description: ok}}}}"
    })
  ]
]
for (const [kind, login] of [
  ['OAuth 2.0', OAUTH],
  ['a password', BASIC],
  ['a password and user info', MAPPED]
] as const) {
  for (const [what, gateway] of cases) {
    test(`I16 with ${kind}, the key ${what} goes with the call that says who the user is`, async t => {
      const { logIn } = await setUp(t, gateway(login))
      assert.equal(loginOf(await logIn()).status, 'AUTHENTICATED')
    })
  }
}

test('I16 no key goes where the operation names none, or to another server', async t => {
  const security = '{oauth: []}'
  const own = await setUp(t, { login: OAUTH, wants: r => !inHeader(r), security })
  assert.equal(loginOf(await own.logIn()).status, 'AUTHENTICATED')
  const far = await setUp(t, {
    login: OAUTH,
    user: 'ELSEWHERE/me',
    wants: () => false,
    security: '{oauth: [], gw: []}'
  })
  assert.equal(loginOf(await far.logIn()).status, 'AUTHENTICATED')
  assert.deepEqual(far.foreign, ['/me no key'])
})

test('I16 a login without the configured key is refused as the gateway refuses it', async t => {
  const { logIn } = await setUp(t, {
    login: OAUTH,
    wants: inHeader,
    security: '{oauth: [], gw: []}',
    apiKey: ''
  })
  denialOf(await logIn())
})

test('I16 a key that no header can hold is a problem, and is not told', async t => {
  const { connector, logIn } = await setUp(t, {
    login: OAUTH,
    wants: inHeader,
    security: '{oauth: [], gw: []}',
    apiKey: 's3cret\u0007'
  })
  const answer = await logIn()
  assert.equal(problem(answer).code, 'PARAMETER_INVALID')
  assert.ok(!JSON.stringify([answer.text, connector.log]).includes('s3cret'))
})

test('I16 calls of the API are as before', async t => {
  const { connector, logIn } = await setUp(t, {
    login: OAUTH,
    wants: inHeader,
    security: '{oauth: [], gw: []}'
  })
  const login = loginOf(await logIn())
  const loaded = await connector.as({ headers: headerOf(login) }).load('Thing')
  assert.deepEqual(
    found(loaded).map(({ id }) => id),
    ['Bearer at']
  )
})
