import assert from 'node:assert/strict'
import test from 'node:test'
import { gzipSync } from 'node:zlib'

import type { ApiAnswer } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import type { FlowAnswer, StartedConnector } from '../support/start-connector.ts'
import { flowObject, found, problem, refusal, startConnector } from '../support/start-connector.ts'
import { closedPort, startSocketServer } from '../support/start-upstream.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: /v1 }]
security: [{ key: [], login: [] }, { key: [] }]
x-flow-retry: { max: 0 }
paths:
  /things:
    parameters: [{ name: token, in: query, schema: { type: string } }]
    get:
      responses:
        '200': { description: Some, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Thing' } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses: { '201': { description: Made } }
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: One } } }
    delete: { responses: { '204': { description: Gone } } }
components:
  securitySchemes:
    key: { type: apiKey, in: query, name: key }
    login: { type: http, scheme: basic }
  schemas:
    Thing:
      type: object
      properties: { id: { type: string }, name: { type: string } }
      x-flow-type: { name: Thing }
      x-flow-load: { path: '/things/{id}', parameters: { id: id } }
      x-flow-query: { path: /things }
      x-flow-save: { path: /things, operation: post }
      x-flow-delete: { path: '/things/{id}', operation: delete, parameters: { id: externalId } }
`

/** Every call of a type, as the platform makes it. */
const CALLS: readonly ((connector: StartedConnector) => Promise<FlowAnswer>)[] = [
  connector => connector.load('Thing'),
  connector => connector.load('Thing', { id: '1' }),
  connector => connector.save('Thing', flowObject(null, { name: 'x' })),
  connector => connector.remove('Thing', flowObject('1'))
]

test('H16 vector 14: an API that refuses is a problem of kind api with its status, message and body', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [status, answer, message] of [
    [500, { json: { message: 'out of order' } }, 'out of order'],
    [400, { json: { error: { message: 'bad name' } } }, 'bad name'],
    [422, { json: { title: 'Invalid', detail: 'name is blank' } }, 'name is blank'],
    [429, { json: { errors: [{ message: 'slow down' }] } }, 'slow down'],
    [503, { text: '<h1>Maintenance</h1>' }, 'the API answered 503'],
    [451, {}, 'the API answered 451']
  ] as const) {
    for (const call of CALLS) {
      api.answer({ ...answer, status, headers: { 'x-trace': 't-1', 'set-cookie': 'a=b' } })
      const failed = problem(await call(connector))
      assert.deepEqual([failed.kind, failed.statusCode], ['api', status])
      assert.equal(failed.message, `${message} [API_ERROR]`)
      assert.ok(failed.uri.startsWith(`${api.url}/v1/things`), failed.uri)
      assert.deepEqual(failed.responseHeaders['x-trace'], ['t-1'])
      assert.equal(failed.responseHeaders['set-cookie'], undefined)
      assert.equal(
        failed.responseBody,
        'text' in answer ? answer.text : 'json' in answer ? JSON.stringify(answer.json) : ''
      )
    }
  }
  assert.equal(api.calls.length, 6 * CALLS.length)
})

test('H16 the body of a refusal is cut to 4 KB, and what it repeats of the credentials is removed', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    'API Key': 'k-secret/&1',
    'Basic: Username': 'ana',
    'Basic: Password': 'pass"word'
  })
  const echo: ApiAnswer = ({ url, headers }, response) => {
    const { authorization = '' } = headers
    const login = Buffer.from(authorization.slice('Basic '.length), 'base64').toString()
    const message = `refused ${url} ${authorization} ${login}`
    const body = JSON.stringify({ message, url, headers, login, filler: 'ä'.repeat(9_000) })
    response.writeHead(403, { 'x-echo': encodeURIComponent(login), location: url }).end(body)
  }
  for (const call of CALLS) {
    api.answer(echo)
    const answer = await call(connector)
    const failed = problem(answer)
    assert.deepEqual([failed.code, failed.statusCode], ['API_ERROR', 403])
    assert.ok(failed.message.includes('***'), failed.message)
    assert.ok(Buffer.byteLength(failed.responseBody ?? '') <= 4096)
    const basic = Buffer.from('ana:pass"word').toString('base64')
    for (const secret of ['k-secret', 'pass"word', 'pass%22word', 'pass\\"word', basic]) {
      assert.ok(!answer.text.includes(secret), secret)
      assert.ok(!connector.log.join('').includes(secret), secret)
    }
  }
})

test('W13 vector 14: a redirect elsewhere, a reset, a body that is not JSON or too large is a problem, never an empty list', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(
    t,
    { 'Schema URL': api.documentUrl },
    { RESPONSE_MAX_BYTES: '1000' }
  )
  const long = JSON.stringify([{ id: 'x'.repeat(1_000) }])
  const cases: readonly (readonly [answer: ApiAnswer, code: string])[] = [
    [{ status: 302, headers: { location: 'https://login.test/' } }, 'UPSTREAM_REDIRECT'],
    [{ status: 304 }, 'UPSTREAM_REDIRECT'],
    [{ text: '<html>', headers: { 'content-type': 'text/html' } }, 'UPSTREAM_NOT_JSON'],
    [{ text: '[{"id":' }, 'UPSTREAM_NOT_JSON'],
    [(_, response) => response.destroy(), 'UPSTREAM_RESET'],
    [
      (_, response) => {
        response.writeHead(200, { 'content-length': '50' }).write('[')
        setImmediate(() => response.destroy())
      },
      'UPSTREAM_RESET'
    ],
    [{ text: long }, 'UPSTREAM_TOO_LARGE'],
    [
      (_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(long))
      },
      'UPSTREAM_TOO_LARGE'
    ],
    [(_, response) => response.socket?.end('no HTTP\r\n\r\n'), 'UPSTREAM_PROTOCOL']
  ]
  for (const [answer, code] of cases) {
    // Only a read is promised JSON by every API.
    const calls = code === 'UPSTREAM_NOT_JSON' ? CALLS.slice(0, 2) : CALLS
    for (const call of calls) {
      api.answer(answer)
      const refused = await call(connector)
      assert.deepEqual(refusal(refused), [code, 502])
      assert.equal(problem(refused).kind, 'service')
    }
    assert.equal(api.takeCalls().length, calls.length)
  }
})

test('H14 an answer as large as allowed is read, one byte more is not', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(
    t,
    { 'Schema URL': api.documentUrl },
    { RESPONSE_MAX_BYTES: '200' }
  )
  const text = `[{"id":"1"}${' '.repeat(188)}]`
  api.answer({ text }, { text: `${text} ` })
  assert.equal(found(await connector.load('Thing')).length, 1)
  const { code, message, remedy } = problem(await connector.load('Thing'))
  assert.equal(code, 'UPSTREAM_TOO_LARGE')
  assert.ok(message.includes('200 bytes') && remedy.includes('RESPONSE_MAX_BYTES'), message)
})

test('R2 H09 an API that does not answer in time is a 504, asked once', async t => {
  const api = await startApi(t, DOCUMENT)
  const limits = { UPSTREAM_TIMEOUT_MS: '2000' }
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl }, limits)
  const slow: readonly ApiAnswer[] = [
    () => {},
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('[')
    }
  ]
  api.answer(...slow)
  const loads = slow.map(() => connector.load('Thing'))
  for (const late of (await Promise.all(loads)).map(problem)) {
    assert.deepEqual([late.code, late.statusCode, late.kind], ['UPSTREAM_TIMEOUT', 504, 'service'])
    assert.ok(late.message.includes('2000 ms'), late.message)
  }
  assert.equal(api.calls.length, 2)
})

test('H09 an API that takes no connection in time, and one that refuses it, have codes of their own', async t => {
  const api = await startApi(t, DOCUMENT)
  const limits = { UPSTREAM_TIMEOUT_MS: '60000', CONNECT_TIMEOUT_MS: '1000' }
  const connector = await startConnector(t, {}, limits)
  const at = (server: string) => {
    const configuration = { 'Schema URL': api.documentUrl, 'Server URL': server }
    return connector.as({ configuration }).load('Thing')
  }
  // It takes the socket, and never says a word of TLS.
  const silent = problem(await at(`https://${await startSocketServer(t, () => {})}`))
  assert.deepEqual([silent.code, silent.statusCode], ['UPSTREAM_CONNECT_TIMEOUT', 504])
  assert.ok(silent.message.includes('1000 ms'), silent.message)
  const refused = await at(`http://${await closedPort()}`)
  assert.deepEqual(refusal(refused), ['UPSTREAM_UNREACHABLE', 502])
})

test('H17 a user header of 32 KB is taken, and a long credential passed on', async t => {
  const api = await startApi(t, DOCUMENT.replace('in: query, name: key', 'in: header, name: X-Key'))
  const key = 'k'.repeat(8_000)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl, 'API Key': key })
  const authorization = encodeURIComponent(`UserId=u&Token=${'t'.repeat(32_000)}`)
  api.answer({ json: [{ id: '1' }] })
  const answer = await connector.as({ headers: { authorization } }).load('Thing')
  assert.equal(found(answer).length, 1)
  assert.equal(api.calls[0]?.headers['x-key'], key)
})
