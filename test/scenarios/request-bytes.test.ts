import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import fc from 'fast-check'

import { startApi } from '../support/start-api.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { condition, flowObject, refusal, startConnector } from '../support/start-connector.ts'
import { startSocketServer } from '../support/start-upstream.ts'

/** A document whose mappings put what a flow says into every place of a request. */
function document(server: string): string {
  return `openapi: 3.0.3
info: {title: Rooms, version: '1'}
servers: [{url: 'http://${server}/v1'}]
security: [{key: []}]
paths:
  /sites/{site}/rooms:
    get:
      parameters:
        - {name: site, in: path, required: true, schema: {type: string}}
        - {name: name, in: query, schema: {type: string}}
        - {name: plain, in: query, allowReserved: true, schema: {type: string}}
        - {name: deep, in: query, style: deepObject, explode: true, schema: {type: object}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: session, in: cookie, schema: {type: string}}
      responses: {'200': {description: ok}}
  /rooms/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    put:
      parameters:
        - {name: Content-Length, in: header, schema: {type: string}}
      requestBody: {content: {application/json: {}}}
      responses: {'200': {description: ok}}
    delete: {responses: {'204': {description: gone}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Room:
      type: object
      properties: {site: {type: string}, name: {type: string}, plain: {type: string}, deep: {type: string}, trace: {type: string}, session: {type: string}}
      x-flow-type: {name: Room}
      x-flow-query:
        path: /sites/{site}/rooms
        parameters: {site: {from: site, default: s}, name: name, plain: plain, deep: deep, X-Trace: trace, session: session}
      x-flow-update: {path: '/rooms/{id}', operation: put, parameters: {id: externalId}}
      x-flow-delete: {path: '/rooms/{id}', parameters: {id: externalId}}
    Long:
      type: object
      properties: {id: {type: string}, length: {type: string}}
      x-flow-type: {name: Long}
      x-flow-update: {path: '/rooms/{id}', operation: put, parameters: {id: externalId, Content-Length: length}}
`
}

type Recorded = {
  readonly line: string
  readonly headers: readonly string[]
  readonly body: string
}

/** An API of bare bytes, which reads them as a parser that trusts nobody, and the connector before it. */
async function setUp(t: TestContext): Promise<{
  readonly connector: StartedConnector
  /** The requests since they were last taken; whatever is none fails. */
  take(): Recorded[]
}> {
  const streams: string[] = []
  const host = await startSocketServer(t, socket => {
    const at = streams.push('') - 1
    let answered = 0
    socket.on('data', chunk => {
      streams[at] += chunk.toString('latin1')
      const whole = requestsIn(streams[at] ?? '').length
      for (; answered < whole; answered++) {
        socket.write(
          'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]'
        )
      }
    })
  })
  const api = await startApi(t, document(host))
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    'API Key': 'k',
    'Allowed Hosts': host
  })
  let taken = 0
  return {
    connector,
    take() {
      const all = streams.flatMap(requestsIn)
      const fresh = all.slice(taken)
      taken = all.length
      return fresh
    }
  }
}

/** The requests in what came over one connection (RFC 9112 2.1), by `Content-Length` alone. */
function requestsIn(bytes: string): Recorded[] {
  const [, head, rest = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(bytes) ?? []
  if (head === undefined) return []
  const [line = '', ...headers] = head.split('\r\n')
  assert.match(line, /^[A-Z]+ \/[\x21-\x7e]* HTTP\/1\.1$/)
  for (const header of headers) assert.match(header, /^[\w-]+: ?[^\r\n\0]*$/)
  const names = headers.map(header => header.slice(0, header.indexOf(':')).toLowerCase())
  assert.equal(names.length, new Set(names).size, head)
  const given = headers.find(header => /^content-length:/i.test(header))
  const length = Number(given?.split(':')[1] ?? 0)
  if (rest.length < length) return []
  return [{ line, headers, body: rest.slice(0, length) }, ...requestsIn(rest.slice(length))]
}

function header({ headers }: Recorded, name: string): string | undefined {
  const found = headers.find(text => text.toLowerCase().startsWith(`${name}:`))
  return found?.slice(name.length + 1).trim()
}

const STEPS = ['..', '.', '%2e%2e', '%2E.', '../admin', 'a\\..\\b', '?x=1', '#f', '', '\ud800', '/']

test('A8 no id makes a step in a path, ends it, or adds to it, as the API gets it', async t => {
  const { connector, take } = await setUp(t)
  for (const id of [...STEPS, 'a/b', '..;', '%2f..', 'x HTTP/1.1\r\nHost: evil', 'a b', 'é']) {
    const answer = await connector.remove('Room', flowObject(id))
    const requests = take()
    if (answer.status !== 200) {
      assert.match(refusal(answer)[0], /^(PARAMETER|BODY|OBJECT|ID)_/, JSON.stringify(id))
      assert.deepEqual(requests, [], id)
      continue
    }
    const [, path] = /^DELETE (\S+) HTTP\/1\.1$/.exec(requests[0]?.line ?? '') ?? []
    assert.equal(requests.length, 1)
    const url = new URL(path ?? '', 'http://api.example')
    assert.equal(url.pathname, path, 'no parser folds it')
    assert.deepEqual(path?.split('/').slice(0, 3), ['', 'v1', 'rooms'])
    assert.equal(decodeURIComponent(path?.split('/')[3] ?? ''), id)
    assert.equal(path?.split('/').length, 4)
  }
})

test('A8 A9 A10 A11 whatever a flow says in whatever place, one request goes out, framed as it was meant', async t => {
  const { connector, take } = await setUp(t)
  const hostile = fc.oneof(
    fc.constantFrom(...STEPS, '1; admin=true', 'a\r\nX-Admin: 1', 'a\r\n\r\nGET /admin HTTP/1.1'),
    fc.constantFrom('a&b=c', 'a=b&key=x', 'a#b', 'a,b', 'a\0b', 'snow ☃', '[b]=c', '%0d%0a', '+'),
    fc.string({ unit: 'binary', maxLength: 12 })
  )
  const places = ['site', 'name', 'plain', 'trace', 'session'] as const
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), hostile, async (place, value) => {
      const answer = await connector.load('Room', { where: [condition(place, value)] })
      const [request, ...others] = take()
      assert.deepEqual(others, [])
      if (request === undefined) {
        assert.match(refusal(answer)[0], /^(PARAMETER|BODY|FILTER)_/)
        return
      }
      const [, target = ''] = /^GET (\S+) HTTP/.exec(request.line) ?? []
      const { pathname, searchParams, hash } = new URL(target, 'http://api.example')
      assert.equal(hash, '')
      assert.match(pathname, /^\/v1\/sites\/[^/]+\/rooms$/)
      const allowed = ['name', 'plain'].filter(name => name === place)
      assert.deepEqual(
        [...new Set(searchParams.keys())].filter(name => !allowed.includes(name)),
        []
      )
      assert.ok([...searchParams].length <= 1)
      const cookie = header(request, 'cookie')
      if (cookie !== undefined) assert.match(cookie, /^session=[^;, ]*$/)
      assert.equal(header(request, 'x-key'), 'k')
      assert.equal(header(request, 'x-admin'), undefined)
      assert.equal(request.body, '')
    }),
    {
      numRuns: 150,
      examples: [
        ['session', '1; admin=true'],
        ['trace', 'a\r\nX-Admin: 1']
      ]
    }
  )
})

test('A9 a header of the document never frames a body', async t => {
  const { connector, take } = await setUp(t)
  for (const length of ['3', '0', '999999']) {
    const save = await connector.save('Long', flowObject('1', { length }))
    assert.equal(save.status, 200, save.text)
    const [request, ...others] = take()
    assert.ok(request)
    assert.deepEqual(others, [])
    assert.deepEqual(JSON.parse(request.body), { length })
  }
})

test('A9 a body that looks like a request is a body, of the length that is said', async t => {
  const { connector, take } = await setUp(t)
  const name = '"}\r\n\r\nDELETE /v1/rooms/1 HTTP/1.1\r\nHost: evil\r\n\r\n ☃'
  await connector.save('Room', flowObject('1', { name }))
  const [request, ...others] = take()
  assert.ok(request)
  assert.deepEqual(others, [])
  const sent = Buffer.from(request.body, 'latin1')
  assert.equal(header(request, 'content-length'), String(sent.length))
  assert.deepEqual(JSON.parse(sent.toString()), { name })
})
