import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'

import { Value } from 'typebox/value'

import { ObjectDataResponse } from '../../service/protocol/schemas.ts'
import type { CommandRun } from '../support/run-in-terminal.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { readAll, startMain, startServe, untilRefused } from '../support/start-serve.ts'
import { closedPort, startUpstream } from '../support/start-upstream.ts'

test('K04 K05 serve prints the address at which it is healthy, and SIGTERM ends it with 0', async t => {
  const { child, url, ended } = await startServe(t)
  const health = await fetch(`${url}/health`)
  assert.deepEqual([health.status, await health.text()], [200, ''])
  child.kill('SIGTERM')
  assert.deepEqual(await ended, { code: 0, signal: null })
  await assert.rejects(fetch(`${url}/health`))
})

test('SIGINT ends it the same way, and BASE_PATH is a part of the printed address', async t => {
  const { child, url, ended } = await startServe(t, { BASE_PATH: '/flow' })
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/flow$/)
  assert.equal((await fetch(`${url}/health`)).status, 200)
  child.kill('SIGINT')
  assert.deepEqual(await ended, { code: 0, signal: null })
})

/** A document whose only mapping calls the API that hosts it. */
const SLOW = `openapi: 3.0.3
info: { title: Slow, version: '1' }
servers: [{ url: / }]
paths:
  /notes: { get: { responses: { '200': { description: All notes } } } }
components:
  schemas:
    Note:
      type: object
      x-flow-type: { name: Note }
      x-flow-query: { path: /notes }
      properties: { id: { type: integer } }
`

/** Serves the document at once, and holds its answer about notes until the test gives it. */
async function startSlowApi(
  t: TestContext
): Promise<{ readonly url: string; readonly called: Promise<ServerResponse> }> {
  const { promise: called, resolve } = Promise.withResolvers<ServerResponse>()
  const url = await startUpstream(t, (request, response) => {
    if (request.url === '/notes') resolve(response)
    else response.end(SLOW)
  })
  return { url, called }
}

function loadNotes(url: string, api: string): Promise<Response> {
  return fetch(`${url}/data`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      objectDataType: { developerName: 'Note' },
      configurationValues: [{ developerName: 'Schema URL', contentValue: `${api}/openapi.yaml` }]
    })
  })
}

test('K12 a running request is answered after the stop, while no new one is taken', {
  timeout: 240_000
}, async t => {
  const api = await startSlowApi(t)
  // A grace so long that the test's own limit ends first, should the stop wait for it.
  const { child, url, ended } = await startServe(t, { SHUTDOWN_GRACE_MS: '600000' })
  const loading = loadNotes(url, api.url)
  const upstream = await api.called
  child.kill('SIGINT')
  await untilRefused(url)
  upstream.setHeader('content-type', 'application/json').end('[{"id": 7}]')
  const answer = await loading
  assert.deepEqual([answer.status, answer.headers.get('connection')], [200, 'close'])
  const body = await answer.json()
  assert.ok(Value.Check(ObjectDataResponse, body))
  assert.equal(body.objectData[0]?.externalId, '7')
  assert.deepEqual(await ended, { code: 0, signal: null })
})

test('K12 a request that outlives SHUTDOWN_GRACE_MS does not keep the service from ending', async t => {
  const api = await startSlowApi(t)
  const { child, url, ended } = await startServe(t, { SHUTDOWN_GRACE_MS: '50' })
  const loading = assert.rejects(loadNotes(url, api.url))
  await api.called
  child.kill('SIGINT')
  await loading
  assert.deepEqual(await ended, { code: 0, signal: null })
})

/** Runs the command in this process, which stops it once it listens. */
function serveHere(environment: { readonly [name: string]: string }): Promise<CommandRun> {
  const settings = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', EGRESS_ALLOW: '127.0.0.1' }
  return runInTerminal(['serve'], {
    environment: { ...settings, ...environment },
    stopped: Promise.resolve('SIGINT')
  })
}

const KEY = Buffer.alloc(32, 1).toString('base64')

test('it listens without Redis, and ends with 0', async t => {
  const REDIS_URL = `redis://:s3cret@${await closedPort()}`
  const { child, url, ended } = await startServe(t, {
    REDIS_URL,
    STORE_KEY: KEY,
    CONNECTOR_TOKENS: 'planted-token-0123'
  })
  const ready = await fetch(`${url}/health/ready`)
  assert.equal(ready.status, 200)
  assert.match(await ready.text(), /^\{"redis":\{"state":"away",/)
  child.kill('SIGTERM')
  assert.deepEqual(await ended, { code: 0, signal: null })
  assert.equal(await readAll(child), '')
})

test('REDIS_URL without STORE_KEY ends it with 2, without the password', async () => {
  const { code, err } = await serveHere({ REDIS_URL: 'redis://:s3cret@localhost' })
  assert.match(err, /^STORE_KEY is blank, but REDIS_URL requires it; allowed is [^\n]*\n$/)
  assert.ok(!err.includes('s3cret'))
  assert.equal(code, 2)
})

for (const [name, environment, says] of [
  [
    'no credentials',
    {},
    /^warning: anyone who can reach this service can use it; set CONNECTOR_TOKENS.*\n$/
  ],
  ['a path token', { CONNECTOR_TOKENS: 'planted-token-0123' }, /^$/],
  [
    'a path token and a rate of tenants alone',
    { CONNECTOR_TOKENS: 'planted-token-0123', TENANT_REQUESTS_PER_SECOND: '5' },
    /^warning: TENANT_REQUESTS_PER_SECOND alone does not limit .* set DOOR_REQUESTS_PER_SECOND too\n$/
  ],
  [
    'a path token and the rates of tenants and of all of them',
    {
      CONNECTOR_TOKENS: 'planted-token-0123',
      TENANT_REQUESTS_PER_SECOND: '5',
      DOOR_REQUESTS_PER_SECOND: '50'
    },
    /^$/
  ],
  [
    'a login',
    { CONNECTOR_USERNAME: 'planted-user', CONNECTOR_PASSWORD: 'planted-password' },
    /^note: with a basic login .* address with \/k\/<token> of CONNECTOR_TOKENS\n$/
  ]
] as const) {
  test(`with ${name} the start prints what its credentials and rates imply, once and without a secret`, async () => {
    const { code, out, err } = await serveHere(environment)
    assert.equal(code, 0)
    assert.match(out, /^openapi-flow listens at \S+\n$/)
    assert.match(err, says)
    assert.doesNotMatch(err, /planted/)
  })
}

test('a malformed PORT ends it with 2, the name, what it got and what is allowed', async t => {
  const { child, ended } = startMain(t, { PORT: 'eighty' })
  const err = await readAll(child)
  assert.equal(err, 'PORT is "eighty"; allowed is a whole number from 0 to 65535\n')
  assert.equal((await ended).code, 2)
})

test('a port that is taken ends it with 2 and names the settings to change', async t => {
  const taken = new URL(await startUpstream(t, (_, response) => response.end()))
  const { code, err } = await serveHere({ PORT: taken.port })
  assert.equal(
    err,
    `cannot listen on HOST 127.0.0.1, PORT ${taken.port}: the port is already in use\n` +
      '    Set HOST or PORT to another value.\n'
  )
  assert.equal(code, 2)
})

test('what EGRESS_ALLOW names is said in the log', { timeout: 240_000 }, async t => {
  const { child } = startMain(t, { LOG_LEVEL: 'info' })
  assert.ok(child.stdout)
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('"EGRESS_ALLOW":"127.0.0.1","msg":"private addresses may be called"')) return
  }
  assert.fail('it ended without a word')
})

test('A16 variables that name proxies change no way out', async t => {
  let asked = 0
  const proxy = await startUpstream(t, (_, response) => {
    asked++
    response.end()
  })
  const api = await startUpstream(t, (request, response) => {
    response.end(request.url === '/notes' ? '[{"id": 7}]' : SLOW)
  })
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap(name => [
    name,
    name.toLowerCase()
  ])
  const { url } = await startServe(t, {
    ...Object.fromEntries(names.map(name => [name, proxy])),
    NODE_USE_ENV_PROXY: '1'
  })
  const answer = await loadNotes(url, api)
  assert.equal(answer.status, 200)
  assert.equal(asked, 0)
})

for (const [name, value, says] of [
  ['EGRESS_ALLOW', '10.0.0.0/99', 'EGRESS_ALLOW has "10.0.0.0/99"; allowed is host, '],
  ['EGRESS_DENY', 'http://a', 'EGRESS_DENY has "http://a"; allowed is host, '],
  ['EGRESS_PROXY', 'socks5://a', 'EGRESS_PROXY is malformed; allowed is the http URL of a proxy'],
  ['CA_FILE', '/no/such.pem', 'CA_FILE is "/no/such.pem"; allowed is a file that can be read']
] as const) {
  test(`a malformed ${name} ends it with 2 and the setting's name`, async () => {
    const { code, err } = await serveHere({ [name]: value })
    assert.ok(err.startsWith(says), err)
    assert.equal(code, 2)
  })
}
