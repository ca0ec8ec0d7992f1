import { setWallClock } from '../support/wall-clock.ts'

import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { denialOf, logInByPassword, loginOf } from '../support/login.ts'
import type { StartedApi } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import type { Configuration, StartedConnector } from '../support/start-connector.ts'
import { found, refusal, startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

function document(tokenUrl: string): string {
  return `openapi: 3.0.3
info: {title: Notes, version: '1'}
paths:
  /notes: {get: {responses: {'200': {description: ok}}}}
  /few:
    x-flow-rate-limit: {quotas: [{calls: 1, seconds: 3600}]}
    get: {responses: {'200': {description: ok}}}
  /own: {get: {security: [{oauth: []}], responses: {'200': {description: ok}}}}
components:
  securitySchemes:
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: ${tokenUrl}, scopes: {}}}}
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}
    Few: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Few}, x-flow-query: {path: /few}}
    Own: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Own}, x-flow-query: {path: /own}}
`
}

const ONE = { json: [{ id: '1' }] }

async function setUp(
  t: TestContext,
  more: Configuration = {},
  tokenUrl = 'https://login.example/token'
): Promise<{ api: StartedApi; connector: StartedConnector }> {
  const api = await startApi(t, document(tokenUrl))
  return { api, connector: await startConnector(t, { 'Schema URL': api.documentUrl, ...more }) }
}

for (const [name, jump] of [
  ['forward', DAY_MS],
  ['back', -DAY_MS]
] as const) {
  test(`R27 a wall clock that jumps a day ${name} ends no call that is running`, async t => {
    const { api, connector } = await setUp(t)
    const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>()
    api.answer((_, response) => resolve(response))
    const load = connector.load('Note')
    const response = await asked
    setWallClock(jump)
    response.writeHead(200, { 'content-type': 'application/json' }).end('[{"id":"1"}]')
    assert.equal(found(await load).length, 1)
    assert.equal(api.calls.length, 1)
  })

  test(`R27 a jump ${name} gives no quota back, opens no circuit, and closes none`, async t => {
    const { api, connector } = await setUp(t)
    api.answer(ONE)
    assert.equal(found(await connector.load('Few')).length, 1)
    setWallClock(jump)
    assert.deepEqual(refusal(await connector.load('Few')), ['RATE_LIMITED', 429])
    assert.equal(api.takeCalls().length, 1)

    const dead = connector.as({ headers: { manywhotenant: 'dead' } })
    // A call without an answer is a 500.
    for (let failure = 0; failure < 10; failure++) await dead.load('Note')
    assert.deepEqual(refusal(await dead.load('Note')), ['CIRCUIT_OPEN', 503])
    setWallClock(jump)
    assert.deepEqual(refusal(await dead.load('Note')), ['CIRCUIT_OPEN', 503])
    api.answer(ONE)
    assert.equal(found(await connector.load('Note')).length, 1)
  })

  test(`R27 after a jump ${name} a document is asked for again, and serves`, async t => {
    const { api, connector } = await setUp(t)
    api.answer(ONE, ONE, ONE)
    await connector.load('Note')
    setWallClock(jump)
    assert.equal(found(await connector.load('Note')).length, 1)
    assert.equal(found(await connector.load('Note')).length, 1)
    assert.equal(api.fetches.length, 2)
  })
}

test('R27 a token that a jump made old is renewed, one that it made young is used until it is refused', async t => {
  let tokens = 0
  const tokenUrl = await startUpstream(t, (_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(`{"access_token": "t${++tokens}", "token_type": "bearer", "expires_in": 3600}`)
  })
  const client = { 'OAuth2/OIDC: Client Id': 'c', 'OAuth2/OIDC: Client Secret': 's' }
  const { api, connector } = await setUp(t, client, tokenUrl)
  api.answer(ONE, ONE, ONE, { status: 401 }, ONE)
  for (const jump of [0, DAY_MS, -2 * DAY_MS, 0]) {
    setWallClock(jump)
    assert.equal(found(await connector.load('Own')).length, 1)
  }
  const sent = api.calls.map(({ headers }) => headers.authorization)
  assert.deepEqual(
    sent,
    ['t1', 't2', 't2', 't2', 't3'].map(token => `Bearer ${token}`)
  )
})

for (const [name, jumps] of [
  ['forward and back', [HOUR_MS, -HOUR_MS]],
  ['back and forward', [-HOUR_MS, HOUR_MS]],
  ['forward again and again', [HOUR_MS, HOUR_MS]]
] as const) {
  test(`R27 a wall clock that jumps an hour ${name} under load fails no call, and exceeds no quota`, async t => {
    let tokens = 0
    const tokenUrl = await startUpstream(t, (_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(`{"access_token": "t${++tokens}", "token_type": "bearer", "expires_in": 3600}`)
    })
    const client = { 'OAuth2/OIDC: Client Id': 'c', 'OAuth2/OIDC: Client Secret': 's' }
    const { api, connector } = await setUp(t, client, tokenUrl)
    const rounds = 8
    const each = 15
    api.answer(...Array.from({ length: 2 * rounds * each + 1 }, () => ONE))
    assert.equal(found(await connector.load('Few')).length, 1)
    for (let round = 0; round < rounds; round++) {
      const loads = Array.from({ length: each }, (_, at) =>
        connector.as({ headers: { manywhotenant: `tenant-${at % 3}` } }).load('Note')
      )
      const own = Array.from({ length: each }, () => connector.load('Own'))
      const few = connector.load('Few')
      setWallClock(jumps[round % 2] ?? 0)
      for (const answer of await Promise.all([...loads, ...own])) {
        assert.equal(found(answer).length, 1)
      }
      assert.deepEqual(refusal(await few), ['RATE_LIMITED', 429])
    }
    assert.equal(api.calls.filter(({ url }) => url === '/few').length, 1)
    // A jump makes a token or a document old once.
    assert.ok(tokens <= rounds + 1, `${tokens} tokens`)
    assert.ok(api.fetches.length <= 1 + 2 * rounds, `${api.fetches.length} fetches`)
  })
}

const BASIC = `openapi: 3.0.3
info: {title: Notes, version: '1'}
paths: {}
components:
  securitySchemes:
    basic: {type: http, scheme: basic, x-flow-identity: {me: {defaultUrl: /me}}}
`

for (const [name, jump] of [
  ['an hour forward', HOUR_MS],
  ['a day back', -DAY_MS]
] as const) {
  test(`R27 a wall clock that jumps ${name} gives no guess of a password back, and locks nobody out`, async t => {
    const api = await startApi(t, BASIC)
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    for (let guess = 0; guess < 5; guess++) {
      api.answer({ status: 401 })
      denialOf(await logInByPassword(connector, 'bob', `guess ${guess}`))
    }
    assert.equal(api.takeCalls().length, 5)
    setWallClock(jump)
    assert.match(denialOf(await logInByPassword(connector, 'bob', 'guess')), /too many/)
    assert.deepEqual(api.takeCalls(), [])
    // Somebody who failed before the jump and logs in after it.
    api.answer({ status: 401 }, { json: { id: '7' } })
    denialOf(await logInByPassword(connector, 'ana', 'typo'))
    setWallClock(-jump)
    assert.equal(loginOf(await logInByPassword(connector, 'ana', 's3cret')).status, 'AUTHENTICATED')
  })
}
