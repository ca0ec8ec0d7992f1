import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { makeKey } from '../../service/store/sealer.ts'
import { logInAt } from '../support/browser.ts'
import type { Canaries } from '../support/create-canaries.ts'
import { createCanaries } from '../support/create-canaries.ts'
import { headerOf, loginOf, TENANT, verdictOf } from '../support/login.ts'
import type { Configuration, StartedConnector } from '../support/start-connector.ts'
import { flowObject, startConnector, userHeader } from '../support/start-connector.ts'
import { REDIRECT_URI, startProvider } from '../support/start-provider.ts'
import { startProxy } from '../support/start-proxy.ts'
import { startRedis } from '../support/start-redis.ts'
import { untilRedis } from '../support/start-replicas.ts'
import { closedPort, startUpstream } from '../support/start-upstream.ts'

const TYPES = ['Keyed', 'Borne', 'Basic', 'Own', 'Varied']
const OWN = { objectDataType: { developerName: 'Own' } }

/** A document of an API that takes every kind of credential, whose users log in by `login`. */
function document(login: string): string {
  const operations = (name: string, security: string): string => `
  /${name}: {
    get: {security: ${security}, parameters: [{name: v, in: query, schema: {type: string}}], responses: {'200': {description: ok}}},
    post: {security: ${security}, parameters: [{name: v, in: query, schema: {type: string}}], requestBody: {content: {application/json: {}}}, responses: {'201': {description: made}}}}
  /${name}/{id}: {delete: {security: ${security}, parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: gone}}}}`
  const type = (name: string, parameters = ''): string => `
    ${name}: {type: object, properties: {id: {type: string}, text: {type: string}}, x-flow-type: {name: ${name}}, x-flow-query: {path: /${name}${parameters}}, x-flow-save: {path: /${name}${parameters}}, x-flow-delete: {path: '/${name}/{id}', parameters: {id: externalId}}}`
  return `openapi: 3.0.3
info: {title: Secrets, version: '1'}
servers: [{url: /v1}]
security: [{own: []}]
paths:${operations('Keyed', '[{head: [], ask: [], cake: []}]')}${operations('Borne', '[{borne: []}]')}${operations('Basic', '[{plain: []}]')}${operations('Own', '[{own: []}]')}${operations('Varied', '[]')}
components:
  securitySchemes:
    head: {type: apiKey, in: header, name: X-Key}
    ask: {type: apiKey, in: query, name: key}
    cake: {type: apiKey, in: cookie, name: session}
    borne: {type: http, scheme: bearer}
    plain: {type: http, scheme: basic}
    own: ${login}
  schemas:${['Keyed', 'Borne', 'Basic', 'Own'].map(name => type(name)).join('')}${type('Varied', ', parameters: {v: $Var.SECRET}')}
`
}

/** What an API or a provider was sent, all of it, as somebody careless repeats it. */
function repeated({ method, url, rawHeaders }: IncomingMessage, body: string): string {
  return `${method} ${url} ${rawHeaders.join(' ')} ${body}`
}

type Mood = (received: string, request: IncomingMessage, response: ServerResponse) => void

const MOODS: { readonly [name: string]: Mood } = {
  good: (_, { method, url = '' }, response) => {
    if (method === 'GET') response.setHeader('content-type', 'application/json')
    if (method === 'DELETE' || url.includes('/check')) response.writeHead(204).end()
    else response.end(method === 'GET' ? '[{"id": "1", "text": "a"}]' : '{"id": "2"}')
  },
  refusing: (received, request, response) => {
    response.writeHead(400, {
      'content-type': 'application/json',
      'x-echo': request.rawHeaders.join(' '),
      'x-asked': request.url ?? '',
      'set-cookie': request.headers.cookie ?? 'a=b'
    })
    response.end(JSON.stringify({ message: received, again: JSON.stringify({ received }) }))
  },
  forbidding: (received, _, response) => {
    response.writeHead(401, { 'www-authenticate': `Basic realm="${received.length}"` })
    response.end(`you sent ${encodeURIComponent(received)}`)
  },
  redirecting: (_, request, response) => {
    const location = `/elsewhere${request.url}&by=${encodeURIComponent(String(request.headers['x-key']))}`
    response.writeHead(307, { location }).end()
  },
  resetting: (_, __, response) => void response.destroy(),
  silent: () => {},
  wordy: (received, _, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${received}</html>`)
  },
  broken: (received, _, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"a": "${received}", `)
  },
  failing: (received, _, response) => void response.writeHead(500).end(received)
}

/** An API that has moods, and a server of documents that has some too. */
async function startMoodyApi(t: TestContext, provider: () => string) {
  const state: { mood: Mood; readonly received: string[] } = {
    mood: MOODS.good ?? assert.fail(),
    received: []
  }
  const documents: { readonly [path: string]: (received: string) => [number, string] } = {
    '/oidc.yaml': () => [
      200,
      document(
        `{type: openIdConnect, openIdConnectUrl: '${provider()}/.well-known/openid-configuration', x-flow-identity: {scope: openid offline_access}}`
      )
    ],
    '/machine.yaml': () => [
      200,
      document(
        `{type: oauth2, flows: {clientCredentials: {tokenUrl: '${provider()}/token', scopes: {}}}}`
      )
    ],
    '/basic.yaml': () => [
      200,
      document('{type: http, scheme: basic, x-flow-identity: {me: {defaultUrl: /check}}}')
    ],
    '/torn.yaml': received => [200, `openapi: 3.0.3\ninfo: [${received}\n  : "`],
    '/other.yaml': received => [200, received],
    '/refused.yaml': received => [403, received]
  }
  const handler: RequestListener = async (request, response) => {
    const received = repeated(request, await text(request))
    state.received.push(received)
    const written = documents[request.url?.split('?', 1)[0] ?? '']?.(received)
    if (written === undefined) state.mood(received, request, response)
    else response.writeHead(written[0], { 'x-echo': request.rawHeaders.join(' ') }).end(written[1])
  }
  return { url: await startUpstream(t, handler), state }
}

/** Whatever left the service, each with a word on where. */
type Outlet = (where: string, written: string | Uint8Array) => void

function createOutlet(canaries: Canaries): { readonly out: Outlet; readonly leaks: Set<string> } {
  const leaks = new Set<string>()
  const out: Outlet = (where, written) => {
    for (const found of canaries.findIn(written)) leaks.add(`${where}: ${found}`)
  }
  return { out, leaks }
}

function valuesOf(configuration: Configuration): object {
  return {
    configurationValues: Object.entries(configuration).map(([developerName, contentValue]) => ({
      developerName,
      contentValue
    }))
  }
}

test('C4 C3 no secret leaves the service in an answer, a header, a log line or Redis, whatever happens', async t => {
  const canaries = createCanaries()
  const { out, leaks } = createOutlet(canaries)
  const redisPassword = canaries.plant('the password of Redis')
  const door = canaries.plant('a token of the door')
  const doorPassword = canaries.plant('the password of the door')
  const storeKey = Buffer.from(makeKey()).toString('base64')
  canaries.watch('STORE_KEY', storeKey)
  const secret = {
    client: canaries.plant('the client secret'),
    header: canaries.plant('a key of a header'),
    query: canaries.plant('a key of a query'),
    cookie: canaries.plant('a key of a cookie'),
    bearer: canaries.plant('the bearer token'),
    password: canaries.plant('the basic password'),
    schema: canaries.plant('the schema token'),
    signature: canaries.plant('the query of the Schema URL'),
    variable: canaries.plant('a variable'),
    login: canaries.plant("a user's password"),
    wrong: canaries.plant('a wrong password'),
    foreign: canaries.plant('a Token of the user header')
  }
  const provider = await startProvider(t, {
    clients: [
      {
        client_id: 'flow',
        client_secret: secret.client,
        redirect_uris: [REDIRECT_URI],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        response_types: ['code']
      }
    ],
    issueRefreshToken: async () => true
  })
  const api = await startMoodyApi(t, () => provider.url)
  const redis = await startRedis(t, { requirepass: redisPassword })
  const startReplica = (upstreamMs: string): Promise<StartedConnector> =>
    startConnector(
      t,
      {},
      {
        REDIS_URL: redis.url.replace('//', `//:${redisPassword}@`),
        STORE_KEY: storeKey,
        CONNECTOR_TOKENS: door,
        CONNECTOR_USERNAME: 'platform',
        CONNECTOR_PASSWORD: doorPassword,
        LOG_LEVEL: 'trace',
        DOCUMENT_TTL_S: '0',
        UPSTREAM_TIMEOUT_MS: upstreamMs
      }
    )
  const connector = await startReplica('15000')
  // It alone calls those who never answer, for a short test.
  const hasty = await startReplica('500')
  await untilRedis('ok', [connector, hasty])
  let { url } = connector
  const callIn = (mood: string): void => {
    url = mood === 'silent' ? hasty.url : connector.url
  }

  const configured = (file: string, without: readonly string[] = []): Configuration => {
    const all = {
      'Schema URL': `${api.url}/${file}?signature=${secret.signature}`,
      'Schema Token': secret.schema,
      'API Key': `head=${secret.header}\nask=${secret.query}\ncake=${secret.cookie}`,
      'Bearer Token': secret.bearer,
      'Basic: Username': 'machine',
      'Basic: Password': secret.password,
      'OAuth2/OIDC: Client Id': 'flow',
      'OAuth2/OIDC: Client Secret': secret.client,
      Variables: `SECRET=${secret.variable}`
    }
    return Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name)))
  }
  let answered = 0
  const call = async (
    method: string,
    path: string,
    body?: string | object,
    headers: Record<string, string> = {}
  ) => {
    const response = await fetch(`${url}/k/${door}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) })
    })
    const written = await response.text()
    const where = `${method} ${path} ${response.status}`
    out(where, written)
    out(`headers of ${where}`, JSON.stringify([...response.headers]))
    answered++
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, text: written, body: isJson ? JSON.parse(written) : null }
  }
  /** Every use of one type. */
  const use = async (
    type: string,
    configuration: Configuration,
    headers: Record<string, string> = {}
  ): Promise<number[]> => {
    const values = { ...valuesOf(configuration), objectDataType: { developerName: type } }
    const write = (...objectData: object[]): object => ({ ...values, objectData })
    const answers = [
      await call('POST', '/data', values, headers),
      await call('PUT', '/data', write(flowObject(null, { text: 'a' })), headers),
      await call('POST', '/data/delete', write(flowObject('1')), headers)
    ]
    await call('POST', '/try', { ...values, verb: 'query' }, headers)
    const tried = { ...write(flowObject(null, { text: 'a' })), verb: 'save' }
    await call('POST', '/try', tried, headers)
    return answers.map(({ status }) => status)
  }
  /** Every route with a configuration, by nobody of a tenant. */
  const tour = async (mood: string, configuration: Configuration): Promise<void> => {
    const values = valuesOf(configuration)
    const as = (type: string) => ({ manywhotenant: `${mood} ${type}` })
    for (const path of [
      '/metadata',
      '/metadata/install',
      '/preview',
      '/catalog',
      '/overlay',
      '/authorization'
    ]) {
      await call('POST', path, values, as('tour'))
    }
    // With a new Redis, the hosts of a provider are approved when it is installed.
    for (const name of ['login', 'code']) {
      await call('POST', '/metadata/install', values, as(name))
    }
    for (const kind of ['user', 'group', 'user/attribute', 'group/attribute']) {
      await call('POST', `/authorization/${kind}`, values, as('tour'))
    }
    await Promise.all(TYPES.map(type => use(type, configuration, as(type))))
    const foreign = userHeader({ UserId: 'u', Token: secret.foreign })
    await call('POST', '/data', { ...values, ...OWN }, foreign)
    await call('POST', '/authorization', values, foreign)
    for (const [username, password] of [
      ['ana', secret.login],
      ['', secret.wrong]
    ]) {
      await call('POST', '/authentication', { ...values, username, password }, as('login'))
    }
    const code = canaries.plant(`a made-up code of mood ${mood}`)
    const brought = { ...values, code, redirectUri: REDIRECT_URI }
    await call('POST', '/authentication', brought, as('code'))
  }
  const inMood = (name: string): void => {
    callIn(name)
    api.state.mood = MOODS[name] ?? assert.fail(name)
  }

  // A user who logs in, and calls in every mood.
  const asUser = configured('oidc.yaml', ['Bearer Token'])
  for (const headers of [{}, { manywhotenant: TENANT }]) {
    await call('POST', '/metadata/install', valuesOf(asUser), headers)
  }
  const verdict = await call('POST', '/authorization', valuesOf(asUser))
  const { code } = await logInAt(verdictOf(verdict).LoginUrl ?? '', 'ana', { prompt: 'consent' })
  canaries.watch('a code', code)
  const login = loginOf(
    await call('POST', '/authentication', {
      ...valuesOf(asUser),
      authenticationType: 'OAUTH2',
      tenantId: TENANT,
      redirectUri: REDIRECT_URI,
      code
    })
  )
  assert.equal(login.status, 'AUTHENTICATED')
  const user = headerOf(login)
  assert.deepEqual(await use('Own', asUser, user), [200, 200, 200])
  const [, userToken] = api.state.received.join(' ').match(/Bearer ([\w-]{40,})/) ?? []
  assert.ok(userToken !== undefined)
  canaries.watch('an access token', userToken)
  const [refreshToken] = provider.refreshTokens()
  assert.ok(refreshToken !== undefined)
  canaries.watch('a refresh token', refreshToken)
  const basicUser = configured('basic.yaml', ['Bearer Token', 'Basic: Username', 'Basic: Password'])
  const loggedIn = await call('POST', '/authentication', {
    ...valuesOf(basicUser),
    tenantId: TENANT,
    username: 'ana',
    password: secret.login
  })
  const basic = headerOf(loginOf(loggedIn))
  assert.deepEqual(await use('Own', basicUser, basic), [200, 200, 200])

  for (const mood of Object.keys(MOODS)) {
    inMood(mood)
    const machine = configured('machine.yaml', ['Bearer Token'])
    await Promise.all([
      tour(mood, configured('oidc.yaml')),
      tour(`${mood} by basic`, configured('basic.yaml')),
      use('Own', machine, { manywhotenant: `${mood} machine` }),
      call('POST', '/data', { ...valuesOf(asUser), ...OWN }, user),
      call('POST', '/data', { ...valuesOf(basicUser), ...OWN }, basic)
    ])
  }

  // Documents and providers that fail, and requests that are none.
  inMood('good')
  for (const file of ['torn.yaml', 'other.yaml', 'refused.yaml', 'none.yaml']) {
    await call('POST', '/preview', valuesOf(configured(file)))
    await call('POST', '/catalog', valuesOf(configured(file)))
    await call('POST', '/overlay', valuesOf(configured(file)))
    await call('POST', '/try', { ...valuesOf(configured(file)), ...OWN, verb: 'query' })
    await call('POST', '/metadata', valuesOf(configured(file)))
  }
  for (const url of [
    `http://${await closedPort()}/a?s=${secret.signature}`,
    `http://u:${secret.signature}@127.0.0.1/`,
    `ftp://${secret.signature}@host`,
    `http://169.254.169.254/?${secret.signature}`
  ]) {
    await call('POST', '/metadata', valuesOf({ ...configured('oidc.yaml'), 'Schema URL': url }))
  }
  for (const [name, value] of [
    ['Schema Token', `${secret.schema} two`],
    ['API Key', `${secret.header}\u0100`],
    ['Variables', secret.variable],
    ['Bearer Token', `${secret.bearer}\n${secret.bearer}`],
    ['Login', secret.login],
    ['Allowed Hosts', `/${secret.variable}`],
    ['Server URL', `http://u:${secret.password}@127.0.0.1/`]
  ] as const) {
    const broken = { ...configured('oidc.yaml'), [name]: value }
    await call('POST', '/preview', valuesOf(broken))
    await call('POST', '/catalog', valuesOf(broken))
    for (const type of TYPES) await use(type, broken, { manywhotenant: `broken ${name}` })
  }
  for (const [name, mood] of Object.entries(MOODS)) {
    provider.replaceBy(async (request, response) => {
      const received = repeated(request, await text(request))
      api.state.received.push(received)
      mood(received, request, response)
    })
    callIn(name)
    const revoked = { manywhotenant: `provider ${name}` }
    const machine = configured('machine.yaml', ['Bearer Token'])
    await use('Own', machine, revoked)
    const again = {
      ...valuesOf(asUser),
      code: canaries.plant(`code ${name}`),
      redirectUri: REDIRECT_URI
    }
    await call('POST', '/authentication', again, revoked)
    await call('POST', '/authorization', valuesOf(asUser), revoked)
    inMood('forbidding')
    callIn(name)
    await use('Own', asUser, user)
    inMood('good')
  }
  provider.replaceBy(null)
  const every = JSON.stringify(valuesOf(configured('oidc.yaml')))
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
    for (const path of [
      '/nothing',
      `/metadata?secret=${secret.header}`,
      '/data/%zz',
      '/data',
      '/samples/petstore.yaml',
      '/health',
      '/health/ready'
    ]) {
      const body = method === 'GET' ? undefined : every
      await call(method, path, body, { cookie: secret.cookie, referer: secret.query })
    }
  }
  for (const body of [
    every.slice(0, -1),
    `[${every}]`,
    every.replace(
      '"configurationValues":[',
      `"configurationValues":[${JSON.stringify(secret.header)},`
    ),
    every.replaceAll('"contentValue":"', '"contentValue":["').replaceAll('"}', '"]}'),
    `{"${secret.header}": ${'['.repeat(500)}`,
    secret.header
  ]) {
    for (const path of [
      '/metadata',
      '/data',
      '/authentication',
      '/authorization',
      '/preview',
      '/catalog',
      '/overlay',
      '/try'
    ]) {
      await call('POST', path, body)
    }
    await call('POST', '/data', body, { 'content-type': secret.bearer })
  }
  const outside = {
    authorization: `Basic ${Buffer.from(`platform:${doorPassword}`).toString('base64')}`
  }
  for (const [path, headers] of [
    ['/metadata', outside],
    ['/nothing', outside],
    [`/k/${door}x/metadata`, {}],
    [`/K/${door}/metadata`, outside],
    ['/metadata', { authorization: `Bearer ${doorPassword}` }]
  ] as const) {
    const response = await fetch(connector.url + path, { headers })
    out(path, (await response.text()) + JSON.stringify([...response.headers]))
  }

  // What Redis has of it all, and what happens without it.
  const names = await redis.client.keys('*')
  assert.ok(names.length > 5, `${names.length}`)
  for (const name of names) {
    out('a name in Redis', name)
    const value = await redis.client.getBuffer(name)
    out('a value in Redis', value ?? '')
  }
  await redis.kill()
  await tour('without Redis', configured('oidc.yaml'))
  await use('Own', asUser, user)
  const stranger = await startConnector(
    t,
    {},
    {
      REDIS_URL: redis.url.replace('//', `//:${canaries.plant('a wrong password of Redis')}@`),
      STORE_KEY: storeKey,
      LOG_LEVEL: 'trace'
    }
  )
  await redis.restart()
  await untilRedis('away', [stranger])
  for (const line of [...connector.log, ...hasty.log, ...stranger.log]) out('the log', line)

  assert.ok(answered > 300 && connector.log.length > 100, `${answered} ${connector.log.length}`)
  // All of it was where it belongs, or there was nothing to find.
  const used = new Set(
    canaries.findIn(api.state.received.join('\n')).map(find => find.split(',')[0])
  )
  for (const name of [
    'a key of a header',
    'a key of a query',
    'a key of a cookie',
    'the bearer token',
    'the basic password',
    'the schema token',
    'the query of the Schema URL',
    'a variable',
    "a user's password",
    'an access token',
    'a refresh token',
    'the client secret'
  ]) {
    assert.ok(used.has(name), `${name} was never used`)
  }
  assert.deepEqual([...leaks].toSorted(), [])
})

test('C4 a service that starts, works, ends or cannot start says none of its secrets', async t => {
  const canaries = createCanaries()
  const { out, leaks } = createOutlet(canaries)
  const redis = await startRedis(t, { requirepass: canaries.plant('the password of Redis') })
  const password = (await redis.client.config('GET', 'requirepass'))[1] ?? ''
  const storeKey = Buffer.from(makeKey()).toString('base64')
  canaries.watch('STORE_KEY', storeKey)
  const proxy = await startProxy(t)
  const proxyPassword = canaries.plant('the password of the proxy')
  const door = canaries.plant('a token of the door')
  const environment = {
    REDIS_URL: redis.url.replace('//', `//:${password}@`),
    STORE_KEY: storeKey,
    EGRESS_PROXY: proxy.url.replace('//', `//agent:${proxyPassword}@`),
    CONNECTOR_TOKENS: door,
    CONNECTOR_USERNAME: 'platform',
    CONNECTOR_PASSWORD: canaries.plant('the password of the door')
  }
  const serve = (changes: { readonly [name: string]: string }) => {
    const child = spawn(process.execPath, ['service/main.ts', 'serve'], {
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        PORT: '0',
        LOG_LEVEL: 'trace',
        EGRESS_ALLOW: '127.0.0.1',
        ...environment,
        ...changes
      }
    })
    t.after(() => child.kill('SIGKILL'))
    const written: string[] = []
    child.stdout.on('data', chunk => written.push(String(chunk)))
    child.stderr.on('data', chunk => written.push(String(chunk)))
    return { child, written, ended: once(child, 'close') }
  }

  const schema = canaries.plant('the query of the Schema URL')
  const echoing = await startUpstream(t, (request, response) => {
    response.writeHead(500).end(request.rawHeaders.join(' '))
  })
  const { child, written, ended } = serve({})
  const address = /^openapi-flow listens at (http:\S+)$/m
  while (!address.test(written.join(''))) await once(child.stdout, 'data')
  const [, url] = address.exec(written.join('')) ?? []
  const response = await fetch(`${url}/k/${door}/preview`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(valuesOf({ 'Schema URL': `${echoing}/a?${schema}` }))
  })
  out('an answer', await response.text())
  assert.equal(proxy.asked.length, 1)
  // Within a login, in base64.
  assert.notDeepEqual(canaries.findIn(proxy.credential() ?? ''), [])
  child.kill('SIGINT')
  await ended
  out('the output', written.join(''))

  const malformed = [
    ['REDIS_URL', `${environment.REDIS_URL}?x`],
    ['REDIS_URL', environment.REDIS_URL.replace('redis:', 'http:')],
    ['STORE_KEY', `${storeKey}A`],
    ['EGRESS_PROXY', `${environment.EGRESS_PROXY}/path?x`],
    ['EGRESS_PROXY', environment.EGRESS_PROXY.replace('http:', 'socks:')],
    ['CONNECTOR_TOKENS', `${door} ${door}`],
    ['CONNECTOR_USERNAME', ''],
    ['CA_FILE', '/nowhere.pem']
  ] as const
  await Promise.all(
    malformed.map(async ([name, value]) => {
      const failed = serve({ [name]: value })
      const [code] = await failed.ended
      assert.notEqual(code, 0, name)
      assert.ok(failed.written.join('').includes(name), name)
      out(`the end for ${name}`, failed.written.join(''))
    })
  )
  assert.deepEqual([...leaks].toSorted(), [])
})
