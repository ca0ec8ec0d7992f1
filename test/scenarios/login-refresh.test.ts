import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { setWallClock } from '../support/wall-clock.ts'
import { headerOf, logInByBrowser, verdictOf } from '../support/login.ts'
import type { ApiCall } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { data, flowObject, found, problem, startConnector } from '../support/start-connector.ts'
import { CLIENT, startProvider } from '../support/start-provider.ts'

function document(provider: string, api = ''): string {
  return `openapi: 3.0.3
info: {title: Notes, version: '1'}
${api}
security: [{oidc: []}]
paths:
  /notes: {get: {responses: {'200': {description: ok}}}, post: {parameters: [{name: Idempotency-Key, in: header, schema: {type: string}}], requestBody: {content: {application/json: {}}}, responses: {'201': {description: made}}}}
components:
  securitySchemes:
    oidc:
      type: openIdConnect
      openIdConnectUrl: ${provider}/.well-known/openid-configuration
      x-flow-identity: {scope: openid offline_access}
  schemas:
    Note:
      type: object
      properties: {id: {type: string}, text: {type: string}}
      x-flow-type: {name: Note}
      x-flow-query: {path: /notes}
      x-flow-save: {path: /notes, operation: post}
`
}

/** A provider whose first access token lives for so many seconds, and an API that takes only valid ones. */
async function setUp(t: TestContext, seconds: number) {
  const life = { seconds }
  const provider = await startProvider(t, {
    ttl: {
      AccessToken: () => life.seconds,
      RefreshToken: 600,
      Interaction: 60,
      Session: 60,
      Grant: 60,
      IdToken: 60
    },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true
  })
  const api = await startApi(t, document(provider.url))
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    'OAuth2/OIDC: Client Id': CLIENT.id,
    'OAuth2/OIDC: Client Secret': CLIENT.secret
  })
  const login = await logInByBrowser(connector, 'ana', { challenge: { prompt: 'consent' } })
  assert.equal(login.status, 'AUTHENTICATED')
  life.seconds = 600
  const user = connector.as({ headers: headerOf(login) })
  /** Answers like an API that checks its tokens. */
  const guarded = (call: ApiCall, response: ServerResponse): void => {
    void provider.accountOf(call.headers.authorization).then(account => {
      response.writeHead(account === undefined ? 401 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(account === undefined ? { message: 'no' } : [{ id: account }]))
    })
  }
  const tokens = () => provider.tokenRequests.length
  /** Until the first access token is worth nothing. */
  const untilOver = () => delay(1_000 * seconds + 50)
  return { provider, api, connector, login, user, guarded, tokens, untilOver }
}

test('F18 a token whose time is over is renewed before the call, and the call is made once', async t => {
  const { provider, api, user, guarded, tokens, untilOver } = await setUp(t, 1)
  assert.equal(tokens(), 1)
  await untilOver()
  api.answer(guarded)
  assert.deepEqual(found(await user.load('Note')), [{ externalId: 'ana', id: 'ana', text: null }])
  assert.equal(tokens(), 2)
  assert.equal(api.calls.length, 1)
  assert.equal(await provider.accountOf(api.calls[0]?.headers.authorization), 'ana')
})

test('R28 F18 a 401 is answered by one refresh and one repeat, however many calls get it at once', async t => {
  const { provider, api, user, guarded, tokens } = await setUp(t, 600)
  api.answer(guarded)
  await user.load('Note')
  assert.equal(tokens(), 1)
  await provider.revoke(api.calls[0]?.headers.authorization)
  const many = 10
  api.answer(...Array.from({ length: 2 * many }, () => guarded))
  const answers = await Promise.all(Array.from({ length: many }, () => user.load('Note')))
  for (const answer of answers) assert.equal(data(answer).objectData[0]?.externalId, 'ana')
  assert.equal(tokens(), 2)
  assert.ok(api.calls.length <= 1 + 2 * many)
})

test('S14 S15 R28 F18 a 401 of a POST is answered by one refresh and one repeat, under the same key', async t => {
  const { provider, api, user, guarded, tokens } = await setUp(t, 600)
  api.answer(guarded)
  await user.load('Note')
  await provider.revoke(api.calls[0]?.headers.authorization)
  api.answer(guarded, guarded)
  const saved = found(await user.save('Note', flowObject(null, { text: 'x' })))
  assert.deepEqual(saved, [{ externalId: 'ana', id: 'ana', text: 'x' }])
  assert.equal(tokens(), 2)
  api.takeCalls()
  const posts = api.calls.slice(1)
  assert.deepEqual(
    posts.map(({ method, body }) => `${method} ${body}`),
    Array(2).fill('POST {"text":"x"}')
  )
  const [first, again] = posts.map(({ headers }) => headers['idempotency-key'])
  assert.match(String(first), /^[0-9a-f-]{36}$/)
  assert.equal(again, first)
})

test('S14 a write whose renewed token is refused too is made twice, and is the API problem that it is', async t => {
  const { api, user, tokens } = await setUp(t, 600)
  api.answer({ status: 401, json: { message: 'no' } }, { status: 401, json: { message: 'no' } })
  const refused = problem(await user.save('Note', flowObject(null, { text: 'x' })))
  assert.deepEqual([refused.code, refused.statusCode], ['API_ERROR', 401])
  assert.deepEqual([api.calls.length, tokens()], [2, 2])
})

test('F18 a refresh token that the provider takes no more ends the login', async t => {
  const { provider, api, user, login, tokens, connector, untilOver } = await setUp(t, 1)
  await untilOver()
  provider.replaceBy((_, response) => {
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: 'invalid_grant' }))
  })
  api.answer({ status: 401, json: {} })
  const answer = problem(await user.load('Note'))
  assert.deepEqual([answer.code, answer.statusCode], ['API_ERROR', 401])
  assert.equal(api.calls[0]?.headers.authorization, undefined)
  const before = tokens()
  const verdict = verdictOf(
    await connector.as({ headers: headerOf(login) }).send('POST', '/authorization', {
      authorization: { globalAuthenticationType: 'PUBLIC' }
    })
  )
  assert.deepEqual([verdict.Status, verdict['User ID']], ['200', 'anonymous'])
  assert.equal(tokens(), before)
})

test('F18 I7 while the provider is away the old token serves until it expires, and the login goes on after it', async t => {
  const { provider, api, user, guarded, tokens } = await setUp(t, 40)
  provider.replaceBy((_, response) => response.writeHead(503).end())
  setWallClock(31_000)
  api.answer({ json: [{ id: 'taken' }] })
  assert.equal(found(await user.load('Note'))[0]?.externalId, 'taken')
  api.answer({ status: 401, json: {} })
  assert.equal(problem(await user.load('Note')).code, 'IDENTITY_FAILED')
  setWallClock(9_000)
  const calls = api.calls.length
  assert.equal(problem(await user.load('Note')).code, 'IDENTITY_FAILED')
  assert.equal(api.calls.length, calls)
  provider.replaceBy(null)
  const before = tokens()
  api.answer(guarded)
  assert.equal(found(await user.load('Note'))[0]?.externalId, 'ana')
  assert.equal(tokens(), before + 1)
})

test('F18 C3 a refresh token leaves the provider for the store and nowhere else', async t => {
  const { provider, api, connector, user, guarded, untilOver } = await setUp(t, 1)
  await untilOver()
  api.answer(guarded)
  await user.load('Note')
  const refresh = provider.refreshTokens()
  assert.ok(refresh.length >= 2)
  const bytes = JSON.stringify([connector.log, connector.answers, api.calls])
  for (const token of refresh) assert.ok(!bytes.includes(token))
})

for (const error of ['invalid_grant', 'bad_refresh_token', 'token_revoked']) {
  test(`F18 a login that the provider has ended (${error}) is over at once, and stays over`, async t => {
    const { provider, api, connector, user, login, guarded, tokens } = await setUp(t, 600)
    api.answer(guarded)
    await user.load('Note')
    await provider.revoke(api.calls[0]?.headers.authorization)
    provider.replaceBy((_, response) => {
      response.writeHead(error === 'invalid_grant' ? 400 : 200, {
        'content-type': 'application/json'
      })
      response.end(JSON.stringify({ error }))
    })
    api.answer({ status: 401, json: {} }, { status: 401, json: {} }, { status: 401, json: {} })
    assert.equal(problem(await user.load('Note')).statusCode, 401)
    const asked = tokens()
    assert.equal(problem(await user.load('Note')).statusCode, 401)
    assert.equal(api.calls.at(-1)?.headers.authorization, undefined)
    provider.replaceBy(null)
    const verdict = verdictOf(
      await connector.as({ headers: headerOf(login) }).send('POST', '/authorization')
    )
    assert.equal(verdict.Status, '401')
    assert.ok(verdict.LoginUrl?.startsWith(provider.url))
    assert.equal(tokens(), asked)
  })
}
