import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { ApiCall } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { data, flowObject, found, problem, startConnector } from '../support/start-connector.ts'
import { CLIENT, startProvider } from '../support/start-provider.ts'

function document(provider: string): string {
  return `openapi: 3.0.3
info: {title: Notes, version: '1'}
security: [{oauth: [notes]}]
paths:
  /notes: {get: {responses: {'200': {description: ok}}}, post: {responses: {'201': {description: made}}}}
  /notes/{id}: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], patch: {responses: {'200': {description: ok}}}}
  /open: {get: {security: [], responses: {'200': {description: ok}}}}
components:
  securitySchemes:
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: ${provider}/token, scopes: {}}}}
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}, x-flow-save: {path: /notes}, x-flow-update: {path: '/notes/{id}', operation: patch, parameters: {id: externalId}}}
    Open: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Open}, x-flow-query: {path: /open}}
`
}

const VALUES = {
  'OAuth2/OIDC: Client Id': CLIENT.id,
  'OAuth2/OIDC: Client Secret': CLIENT.secret
}

async function setUp(t: TestContext) {
  const provider = await startProvider(t, { ttl: { ClientCredentials: 600 } })
  const api = await startApi(t, document(provider.url))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl, ...VALUES })
  /** Answers like an API that checks whose tokens it gets. */
  const guarded = ({ headers }: ApiCall, response: ServerResponse): void => {
    void provider.clientOf(headers.authorization).then(facts => {
      response.writeHead(facts === undefined ? 401 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(facts === undefined ? { message: 'no' } : [{ id: facts }]))
    })
  }
  return { provider, api, connector, guarded, tokens: () => provider.tokenRequests.length }
}

test('F17 without a user the connector gets a token of its own, once for many calls', async t => {
  const { api, connector, guarded, tokens } = await setUp(t)
  api.answer(...Array.from({ length: 20 }, () => guarded))
  const answers = await Promise.all(Array.from({ length: 20 }, () => connector.load('Note')))
  for (const answer of answers) {
    assert.equal(data(answer).objectData[0]?.externalId, 'flow-client notes')
  }
  assert.equal(tokens(), 1)
  api.answer({ json: [] })
  await connector.load('Open')
  assert.equal(api.calls.at(-1)?.headers.authorization, undefined)
})

test('F17 R28 a token that the API refuses is replaced once, and the call repeated once', async t => {
  const { provider, api, connector, guarded, tokens } = await setUp(t)
  api.answer(guarded)
  await connector.load('Note')
  await provider.revoke(api.calls[0]?.headers.authorization)
  api.answer(guarded, guarded)
  assert.equal(found(await connector.load('Note'))[0]?.externalId, 'flow-client notes')
  assert.equal(tokens(), 2)
  api.answer({ status: 401, json: {} }, { status: 401, json: {} })
  assert.equal(problem(await connector.load('Note')).statusCode, 401)
  assert.equal(tokens(), 3)
  assert.equal(api.calls.length, 5)
})

test('S14 a POST and a PATCH whose token has just ended are made once more with a new one', async t => {
  const { provider, api, connector, guarded, tokens } = await setUp(t)
  for (const object of [flowObject(null, { id: 'x' }), flowObject('7', { id: '7' })]) {
    api.answer(guarded)
    await connector.load('Note')
    await provider.revoke(api.calls.at(-1)?.headers.authorization)
    api.takeCalls()
    const before = tokens()
    api.answer(guarded, guarded)
    assert.equal((await connector.save('Note', object)).status, 200)
    const [refused, made, ...more] = api.takeCalls()
    assert.deepEqual([refused, more], [made, []])
    assert.equal(tokens(), before + 1)
  }
})

test('F17 tenants have tokens of their own, and other secrets too', async t => {
  const { api, connector, guarded, tokens } = await setUp(t)
  api.answer(guarded, guarded)
  await connector.as({ headers: { manywhotenant: 'one' } }).load('Note')
  await connector.as({ headers: { manywhotenant: 'two' } }).load('Note')
  assert.equal(tokens(), 2)
  const wrong = connector.as({
    headers: { manywhotenant: 'one' },
    configuration: {
      'Schema URL': api.documentUrl,
      ...VALUES,
      'OAuth2/OIDC: Client Secret': 'wr0ng-s3cret'
    }
  })
  const answer = problem(await wrong.load('Note'))
  assert.equal(answer.code, 'IDENTITY_CLIENT_REFUSED')
  assert.equal(api.calls.length, 2)
  assert.ok(!JSON.stringify([answer, connector.log]).includes('wr0ng-s3cret'))
})

test('F17 a bearer token that is configured comes before one that would have to be fetched', async t => {
  const { api, connector, tokens } = await setUp(t)
  api.answer({ json: [] })
  const configured = { 'Schema URL': api.documentUrl, ...VALUES, 'Bearer Token': 't' }
  await connector.as({ configuration: configured }).load('Note')
  assert.equal(api.calls[0]?.headers.authorization, 'Bearer t')
  api.answer({ status: 401, json: {} })
  const without = { 'Schema URL': api.documentUrl, 'OAuth2/OIDC: Client Id': CLIENT.id }
  const { remedy } = problem(await connector.as({ configuration: without }).load('Note'))
  assert.match(remedy, /"OAuth2\/OIDC: Client Id" is missing/)
  assert.equal(tokens(), 0)
})

test('S19 F17 a provider that is busy at first, takes the secret in the body only and answers in a form, serves', async t => {
  const { provider, api, connector, tokens } = await setUp(t)
  let isBusy = true
  provider.replaceBy((request, response) => {
    if (isBusy) {
      isBusy = false
      response.writeHead(503, { 'retry-after': '0' }).end()
      return
    }
    if (request.headers.authorization !== undefined) {
      response.writeHead(401, { 'content-type': 'text/html' }).end('<h1>Unauthorized</h1>')
      return
    }
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    response.writeHead(200, type).end('access_token=a-jwt&token_type=JWT&expires_in=600')
  })
  api.answer({ json: [{ id: '1' }] }, { json: [{ id: '2' }] })
  assert.equal(found(await connector.load('Note')).length, 1)
  assert.equal(api.calls[0]?.headers.authorization, 'Bearer a-jwt')
  assert.equal(tokens(), 4)
  await connector.as({ headers: { manywhotenant: 'other' } }).load('Note')
  assert.equal(tokens(), 5)
})

test('F17 a provider that refuses the connector is a problem of its configuration, in any words', async t => {
  const { provider, connector } = await setUp(t)
  for (const error of ['invalid_client', 'access_denied', 'invalid_grant', 'no_such_word']) {
    provider.replaceBy((_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
    })
    const answer = problem(await connector.load('Note'))
    assert.deepEqual([answer.code, answer.statusCode], ['IDENTITY_CLIENT_REFUSED', 502])
    assert.ok(answer.message.includes(error))
  }
})

test('F17 a provider that is away fails the call that needs it, and says so', async t => {
  const { provider, api, connector } = await setUp(t)
  provider.replaceBy((_, response) => response.writeHead(502).end())
  const answer = problem(await connector.load('Note'))
  assert.deepEqual([answer.code, answer.statusCode], ['IDENTITY_FAILED', 502])
  provider.replaceBy((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
  })
  assert.equal(problem(await connector.load('Note')).code, 'IDENTITY_ANSWER_INVALID')
  assert.equal(api.calls.length, 0)
})
