import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { request } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'

import { ownerKey } from '../../service/base/owner.ts'
import type { Caller } from '../../service/operations/types.ts'
import { json, startApp } from '../support/start-app.ts'
import { userHeader } from '../support/start-connector.ts'

const TOKEN = 'planted-token_0~A'
const OTHER = 'planted.other-token-1'
const TOKENS = { CONNECTOR_TOKENS: `${TOKEN}, ${OTHER}` }
const LOGIN = { CONNECTOR_USERNAME: 'platform', CONNECTOR_PASSWORD: 'pässword:1' }

const basic = (credentials: string, scheme = 'Basic') => ({
  authorization: `${scheme} ${Buffer.from(credentials).toString('base64')}`
})
const RIGHT = basic('platform:pässword:1')

const load = { objectDataType: { developerName: 'Asset' } }

type Answer = { status: number; challenge: string | null; body: string }

/** The service with callers that it let in, and a way of calling it with a path exactly as written. */
async function startDoor(t: TestContext, environment: { readonly [name: string]: string }) {
  const callers: Caller[] = []
  const started = await startApp(t, {
    environment: { LOG_LEVEL: 'trace', ...environment },
    operations: {
      describe: async caller => {
        callers.push(caller)
        return {
          configurationValues: [],
          types: Buffer.from('[]'),
          diagnostics: [],
          providesIdentity: true
        }
      },
      load: async caller => {
        callers.push(caller)
        return { objects: [], hasMoreResults: false }
      }
    }
  })
  const answers: string[] = []
  const call = async (
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: string } = {}
  ): Promise<Answer> => {
    const { method = 'GET', headers = {}, body } = init
    const sent = request(started.url, { path, method, headers, agent: false }).end(body)
    return new Promise((resolve, reject) => {
      sent.on('error', reject).on('response', async response => {
        const answer = await text(response)
        answers.push(answer, JSON.stringify(response.rawHeaders))
        const challenge = response.headers['www-authenticate'] ?? null
        resolve({ status: response.statusCode ?? 0, challenge, body: answer })
      })
    })
  }
  return { ...started, callers, call, answers }
}

function codeOf({ body }: Answer): unknown {
  const { code }: { code: unknown } = JSON.parse(body)
  return code
}

test('without credentials in the settings everybody is let in', async t => {
  const { call } = await startDoor(t, {})
  assert.equal((await call('/metadata')).status, 200)
  assert.equal((await call('/nothing')).status, 404)
})

for (const [name, environment, challenge] of [
  ['a path token', TOKENS, null],
  ['a login', LOGIN, 'Basic realm="openapi-flow-connector", charset="UTF-8"'],
  ['both', { ...TOKENS, ...LOGIN }, 'Basic realm="openapi-flow-connector", charset="UTF-8"']
] as const) {
  test(`with ${name} every route but health is DOOR_CLOSED to whoever has none`, async t => {
    const { routes, call, callers } = await startDoor(t, environment)
    const asked = new Set(routes.map(({ url }) => url.replace('*', 'weather.yaml')))
    assert.ok(asked.has('/data') && asked.has('/samples/weather.yaml') && asked.size >= 9)
    for (const { method, url } of routes) {
      const path = url.replace('*', 'weather.yaml')
      for (const verb of [method].flat()) {
        const answer = await call(path, { method: verb })
        const isHealth = path.startsWith('/health')
        assert.equal(answer.status, isHealth ? 200 : 401, `${verb} ${path}`)
        assert.equal(answer.challenge, isHealth ? null : challenge)
        if (!isHealth && verb !== 'HEAD') assert.equal(codeOf(answer), 'DOOR_CLOSED')
      }
    }
    assert.deepEqual(callers, [])
  })

  test(`with ${name} a closed door tells nothing of what is behind it`, async t => {
    const { call } = await startDoor(t, environment)
    const places = [
      ['GET', '/data'],
      ['GET', '/nothing'],
      ['GET', '/health/nothing'],
      ['GET', '/samples/%zz'],
      ['GET', '//k//'],
      ['GET', `/k/${'x'.repeat(5000)}/metadata`],
      ['GET', '/k/wrong-token-wrong-token/health'],
      ['GET', '*'],
      ['PUT', '/data'],
      ['POST', '/data'],
      ['POST', '/nothing'],
      ['PROPFIND', '/data']
    ] as const
    const told = new Set<string>()
    for (const [method, path] of places) {
      const answer = await call(path, method === 'GET' ? {} : { method, body: '{"broken' })
      assert.equal(answer.status, 401, path)
      const { uri: _, requestId: __, ...rest } = JSON.parse(answer.body)
      told.add(JSON.stringify([answer.challenge, rest]))
    }
    assert.equal(told.size, 1, [...told].join('\n'))
  })
}

for (const base of ['', '/flow/a']) {
  test(`a path token opens every route${base && ' below BASE_PATH'}, however many slashes there are`, async t => {
    const { url, call, callers } = await startDoor(t, { ...TOKENS, BASE_PATH: base })
    const slashed = base.replaceAll('/', '//')
    for (const path of [
      `${base}/k/${TOKEN}/metadata`,
      `${base}/k/${OTHER}/metadata`,
      `${base}/k/${TOKEN}/metadata/`,
      `${base}/k/${TOKEN}//metadata?x=1`,
      `/${slashed}//k//${TOKEN}///metadata//`,
      `${base}/k/${TOKEN.replace('~', '%7E')}/metadata`,
      `${url}${base}/k/${TOKEN}/metadata`
    ]) {
      assert.equal((await call(path)).status, 200, path)
    }
    assert.equal(callers.length, 7)
    for (const [path, status] of [
      ['', 200],
      ['/', 200],
      ['/nothing', 404]
    ] as const) {
      assert.equal((await call(`${base}/k/${TOKEN}${path}`)).status, status, path)
    }
    for (const path of [
      `${base}/K/${TOKEN}/metadata`,
      `${base}/k/${TOKEN}x/metadata`,
      `${base}/k/${TOKEN.toUpperCase()}/metadata`,
      `${base}/k/${TOKEN.slice(0, -1)}/metadata`,
      `${base}/k/${TOKEN},${OTHER}/metadata`,
      `${base}/k//metadata`,
      `${base}/k/%00/metadata`,
      `${base}/metadata?k=${TOKEN}`,
      `${base}/metadata/k/${TOKEN}`,
      ...(base === ''
        ? []
        : [`/k/${TOKEN}/metadata`, `/k/${TOKEN}${base}/metadata`, `/k${base}/${TOKEN}/metadata`])
    ]) {
      assert.equal((await call(path)).status, 401, path)
    }
  })
}

test('a login opens every route, whatever the case of its scheme, and nothing near it does', async t => {
  const { call, callers } = await startDoor(t, LOGIN)
  for (const headers of [RIGHT, basic('platform:pässword:1', 'bAsIc')]) {
    assert.equal((await call('/metadata', { headers })).status, 200)
  }
  assert.equal(callers.length, 2)
  for (const headers of [
    basic('platform:pässword:2'),
    basic('platform:'),
    basic('platform'),
    basic('Platform:pässword:1'),
    basic(':pässword:1'),
    basic(':'),
    basic('platform:pässword:1', 'Bearer'),
    { authorization: 'Basic' },
    { authorization: 'Basic !' },
    { authorization: 'platform:pässword:1'.replace('ä', 'a') },
    { 'proxy-authorization': RIGHT.authorization },
    userHeader({ UserId: 'platform', Token: 'pässword:1' })
  ]) {
    const answer = await call('/metadata', { headers })
    assert.equal(answer.status, 401, JSON.stringify(headers))
  }
})

test('either of the two opens the door, whatever comes with it', async t => {
  const { call } = await startDoor(t, { ...LOGIN, ...TOKENS })
  assert.equal((await call('/metadata', { headers: RIGHT })).status, 200)
  const wrong = basic('platform:wrong')
  assert.equal((await call(`/k/${TOKEN}/metadata`, { headers: wrong })).status, 200)
  // A login opens the door, and no route has such a path.
  const lost = await call('/k/wrong-token-wrong-token/metadata', { headers: RIGHT })
  assert.deepEqual([lost.status, codeOf(lost)], [404, 'ROUTE_UNKNOWN'])
})

test('a login is nobody of a flow, and beside a path token the user header is read', async t => {
  const { call, callers } = await startDoor(t, { ...LOGIN, ...TOKENS })
  const body = JSON.stringify(load)
  const type = { 'content-type': 'application/json' }
  await call('/data', { method: 'POST', headers: { ...type, ...RIGHT }, body })
  const headers = { ...type, ...userHeader({ UserId: 'u-1' }) }
  await call(`/k/${TOKEN}/data`, { method: 'POST', headers, body })
  assert.deepEqual(
    callers.map(({ user }) => user),
    [{}, { UserID: 'u-1' }]
  )
})

test('K02 the tenant has the hash of the path token, and no name can stand for one', async t => {
  const { call, callers } = await startDoor(t, { ...LOGIN, ...TOKENS })
  const as = (path: string, tenant: string | undefined, more: Record<string, string> = {}) =>
    call(path, { headers: { ...(tenant !== undefined && { manywhotenant: tenant }), ...more } })
  await as(`/k/${TOKEN}/metadata`, 'T-1')
  await as(`/k/${OTHER}/metadata`, 'T-1')
  await as(`/k/${TOKEN}/metadata`, undefined)
  await as('/metadata', 'T-1', RIGHT)
  const [one = '', other = '', nameless = '', loggedIn] = callers.map(({ owner }) =>
    ownerKey(owner)
  )
  assert.match(one, /^t-1#[\w-]{16}$/)
  assert.match(other, /^t-1#[\w-]{16}$/)
  assert.notEqual(one, other)
  assert.equal(nameless, one.replace('t-1', '-'))
  assert.equal(loggedIn, 't-1')
  await as('/metadata', one, RIGHT)
  await as(`/k/${OTHER}/metadata`, one)
  const forged = callers.slice(4).map(({ owner }) => ownerKey(owner))
  assert.ok(!forged.includes(one), forged.join(' '))
})

test('A15 a right, a wrong and a missing secret all take the same comparisons, of digests', async t => {
  const compared = t.mock.method(crypto, 'timingSafeEqual')
  const digested = t.mock.method(crypto, 'createHmac')
  syncBuiltinESMExports()
  t.after(() => {
    t.mock.restoreAll()
    syncBuiltinESMExports()
  })
  const { call } = await startDoor(t, { ...LOGIN, ...TOKENS })
  const work = async (path: string, headers: Record<string, string> = {}) => {
    const before = [compared.mock.callCount(), digested.mock.callCount()]
    const { status } = await call(path, { headers })
    const after = [compared.mock.callCount(), digested.mock.callCount()]
    return { status, work: after.map((count, index) => count - (before[index] ?? 0)) }
  }
  const right = await work('/metadata', RIGHT)
  assert.deepEqual(right, { status: 200, work: [4, 3] })
  for (const headers of [
    basic('platform:wrong'),
    basic('nobody:pässword:1'),
    basic('nobody:wrong'),
    basic('p'.repeat(10_000)),
    {}
  ]) {
    assert.deepEqual(await work('/metadata', headers), { status: 401, work: right.work })
  }
  for (const token of ['wrong-token-wrong-token', TOKEN.replace('0', '1'), 'x'.repeat(10_000)]) {
    const wrong = await work(`/k/${token}/metadata`)
    assert.deepEqual(wrong, { status: 401, work: right.work })
  }
  // Both tokens are compared, whichever it is.
  for (const token of [TOKEN, OTHER]) {
    const opened = await work(`/k/${token}/metadata`)
    assert.deepEqual(opened, { status: 200, work: [2, 1] })
  }
  for (const [digest] of compared.mock.calls.flatMap(({ arguments: given }) => [given])) {
    assert.ok(Buffer.isBuffer(digest) && digest.length === 32)
  }
})

test('no token is ever told or logged, be it right, nearly right, or in a wrong place', async t => {
  for (const environment of [{ ...TOKENS }, { ...TOKENS, BASE_PATH: '/flow' }, { ...LOGIN }, {}]) {
    const { url, call, answers, log } = await startDoor(t, environment)
    const base = 'BASE_PATH' in environment ? environment.BASE_PATH : ''
    const known = 'CONNECTOR_TOKENS' in environment ? [TOKEN, OTHER, `${TOKEN}x`] : []
    const places = (token: string): string[] => [
      `${base}/k/${token}/nothing`,
      `/k/${token}/metadata?token=${token}`,
      `/${base}//k//${token}//data`,
      `/k/${token}/samples/%zz`,
      `${base}/K/${token}/metadata`,
      `${url}${base}/k/${token}/nothing`,
      `${base}/k/${token}`
    ]
    for (const path of [
      ...[...known, TOKEN.slice(1), 'planted-unknown'].flatMap(places),
      ...known.flatMap(token => [`/metadata/${token}`, `/${token}/metadata`, `/x/k/${token}/data`])
    ]) {
      for (const method of ['GET', 'POST', 'PUT', 'PROPFIND']) {
        const body = method === 'GET' ? {} : { body: '{' }
        await call(path, { method, headers: { referer: url + path }, ...body })
      }
    }
    assert.ok(answers.length > 100 && log.length > 40)
    const leak = [...answers, ...log].find(line => line.includes('planted'))
    assert.equal(leak, undefined)
    assert.ok(answers.some(answer => answer.includes('/***')))
  }
})

test('a body is not even read before the door is open', async t => {
  const { url, call } = await startDoor(t, { ...TOKENS, REQUEST_MAX_BYTES: '100' })
  const large = `"${'x'.repeat(200)}"`
  const closed = await call('/data', { method: 'POST', body: large })
  assert.equal(closed.status, 401)
  assert.equal((await fetch(`${url}/k/${TOKEN}/data`, json('POST', large))).status, 413)
})
