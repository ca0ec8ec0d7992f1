import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { suite, type TestContext, test } from 'node:test'

import { Value } from 'typebox/value'

import type { LoadRequest, WriteRequest } from '../../service/operations/types.ts'
import { Problem } from '../../service/protocol/schemas.ts'
import type { RawAnswer } from '../support/raw-request.ts'
import { openSocket, readAll, readAnswers, sendRaw } from '../support/raw-request.ts'
import { json, startApp } from '../support/start-app.ts'

const load = { objectDataType: { developerName: 'Asset' } }

/** The service with the requests that reached its use cases. */
async function startHost(t: TestContext, environment: { readonly [name: string]: string } = {}) {
  const loads: LoadRequest[] = []
  const saves: WriteRequest[] = []
  const started = await startApp(t, {
    environment,
    operations: {
      describe: async () => ({
        configurationValues: [],
        types: Buffer.from('[]'),
        diagnostics: [],
        providesIdentity: true
      }),
      load: async (_, request) => {
        loads.push(request)
        return { objects: [], hasMoreResults: false }
      },
      save: async (_, request) => {
        saves.push(request)
        return []
      },
      remove: async (_, request) => void saves.push(request)
    }
  })
  return { ...started, loads, saves }
}

function checkProblem({ status, headers, body }: RawAnswer): Problem {
  const problem: unknown = JSON.parse(body)
  assert.ok(Value.Check(Problem, problem), body)
  assert.equal(problem.statusCode, status)
  assert.equal(headers['x-manywho-service-problem-kind'], problem.kind)
  assert.equal(headers['content-type'], 'application/json; charset=utf-8')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['cache-control'], 'no-store')
  return problem
}

const post = (body: string, length: number = body.length): string =>
  `POST /data HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`

const LOAD = post(JSON.stringify(load))

/**
 * What is no request, or more than one, and the statuses and codes that it gets in turn. A line on which
 * garbage comes is given up, also by a request that is under way on it.
 */
const wire: { name: string; bytes: string; answers: (number | string)[] }[] = [
  { name: 'two requests at once', bytes: LOAD + LOAD, answers: [200, 200] },
  { name: 'garbage after a request', bytes: `${LOAD}garbage`, answers: ['REQUEST_MALFORMED'] },
  {
    name: 'a body longer than its length',
    bytes: post(`${JSON.stringify(load)}, "and": "more"}`, JSON.stringify(load).length),
    answers: ['REQUEST_MALFORMED']
  },
  {
    name: 'a body shorter than its length',
    bytes: post('{"objectDataType"', 1000),
    answers: ['REQUEST_MALFORMED']
  },
  {
    name: 'two lengths',
    bytes: LOAD.replace('Content-Length', 'Content-Length: 5\r\nContent-Length'),
    answers: ['REQUEST_MALFORMED']
  },
  {
    name: 'a length and chunks',
    bytes: LOAD.replace('Content-Length', 'Transfer-Encoding: chunked\r\nContent-Length'),
    answers: ['REQUEST_MALFORMED']
  },
  {
    name: 'a negative length',
    bytes: LOAD.replace(/Length: \d+/, 'Length: -5'),
    answers: ['REQUEST_MALFORMED']
  },
  {
    name: 'a length past all bounds',
    bytes: LOAD.replace(/Length: \d+/, `Length: ${'9'.repeat(40)}`),
    answers: ['REQUEST_MALFORMED']
  },
  {
    name: 'a length past the limit',
    bytes: LOAD.replace(/Length: \d+/, 'Length: 99999999999'),
    answers: ['BODY_TOO_LARGE']
  },
  {
    name: 'a transfer coding that is none',
    bytes: LOAD.replace(/Content-Length: \d+/, 'Transfer-Encoding: nonsense'),
    answers: ['REQUEST_MALFORMED']
  },
  {
    name: 'a chunk whose size is none',
    bytes: `POST /data HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
    answers: ['REQUEST_MALFORMED']
  },
  {
    name: 'a chunk whose size is past all bounds',
    bytes: `POST /data HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${'f'.repeat(40)}\r\n{}`,
    answers: ['REQUEST_MALFORMED']
  },
  {
    name: 'a header with a NUL',
    bytes: LOAD.replace('Host: x', 'Host: x\r\nX-A: a\0b'),
    answers: ['REQUEST_MALFORMED']
  },
  {
    name: 'a header with a blank before its colon',
    bytes: LOAD.replace('Content-Length:', 'Content-Length :'),
    answers: ['REQUEST_MALFORMED']
  },
  { name: 'no Host', bytes: LOAD.replace('Host: x\r\n', ''), answers: ['REQUEST_MALFORMED'] },
  {
    name: 'a CONNECT',
    bytes: 'CONNECT internal:443 HTTP/1.1\r\nHost: x\r\n\r\n',
    answers: ['REQUEST_MALFORMED']
  },
  {
    name: 'HTTP/2',
    bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    answers: ['REQUEST_MALFORMED']
  },
  { name: 'TLS', bytes: '\x16\x03\x01\x02\x00\x01\x00', answers: ['REQUEST_MALFORMED'] },
  {
    name: 'an asterisk for a path',
    bytes: 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
    answers: ['ROUTE_UNKNOWN']
  },
  {
    name: 'a whole URL for a path',
    bytes: 'GET http://elsewhere.example/metadata HTTP/1.1\r\nHost: x\r\n\r\n',
    answers: [200]
  },
  {
    name: 'an expectation that is none',
    bytes: LOAD.replace('Host: x', 'Host: x\r\nExpect: the unexpected'),
    answers: [200]
  },
  {
    name: 'a wish to go on',
    bytes: LOAD.replace('Host: x', 'Host: x\r\nExpect: 100-continue'),
    answers: [200]
  },
  {
    name: 'a wish to change the protocol',
    bytes: LOAD.replace('Host: x', 'Host: x\r\nUpgrade: websocket\r\nConnection: upgrade'),
    answers: [200]
  },
  {
    name: 'hundreds of headers',
    bytes: LOAD.replace('Host: x', `Host: x\r\n${'a: b\r\n'.repeat(900)}c: d`),
    answers: [200]
  },
  {
    name: 'thousands of headers',
    bytes: LOAD.replace('Host: x', `Host: x\r\n${'a: b\r\n'.repeat(5000)}c: d`),
    answers: ['HEADERS_TOO_LARGE']
  },
  {
    name: 'more headers than fit',
    bytes: LOAD.replace('Host: x', `Host: x\r\nA: ${'b'.repeat(200_000)}`),
    answers: ['HEADERS_TOO_LARGE']
  },
  {
    name: 'a path of 100,000 slashes',
    bytes: `GET ${'/'.repeat(100_000)}metadata HTTP/1.1\r\nHost: x\r\n\r\n`,
    answers: [200]
  }
]
for (const { name, bytes, answers } of wire) {
  test(`C8 R26 ${name} gets ${answers.join(' and ')}, and the service goes on`, async t => {
    const { url, log } = await startHost(t)
    const given = await sendRaw(t, url, bytes)
    assert.deepEqual(
      given.map(answer => (answer.status === 200 ? 200 : checkProblem(answer).code)),
      answers
    )
    assert.equal((await fetch(`${url}/health`)).status, 200)
    const failed = log.filter(line => JSON.parse(line).level > 40)
    assert.deepEqual(failed, [])
  })
}

suite('slow callers', { concurrency: true }, () => {
  for (const [name, start] of [
    ['headers', 'POST /data HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['body', post('{', 1000)]
  ] as const) {
    test(`C8 a request whose ${name} drip in is REQUEST_TIMEOUT, and its line is cut`, async t => {
      const { url, loads } = await startHost(t, { FLOW_TIMEOUT_MS: '400' })
      const socket = await openSocket(t, url)
      const drip = setInterval(() => socket.write('1'), 20)
      t.after(() => clearInterval(drip))
      const all = readAll(socket)
      socket.write(start)
      const [answer] = readAnswers(await all)
      assert.ok(answer !== undefined)
      assert.deepEqual(
        [answer.status, checkProblem(answer).code, answer.headers.connection],
        [408, 'REQUEST_TIMEOUT', 'close']
      )
      assert.equal(loads.length, 0)
    })
  }

  for (const [name, bytes] of [
    ['after such an answer', 'garbage\r\n\r\n'],
    ['without a word', ''],
    ['with half a word', 'G']
  ] as const) {
    test(`C8 whoever keeps the line ${name} loses it`, async t => {
      const { url, app } = await startHost(t, { FLOW_TIMEOUT_MS: '400' })
      const connected: Promise<Socket[]> = once(app.server, 'connection')
      const socket = await openSocket(t, url)
      const [served] = await connected
      assert.ok(served !== undefined)
      const closed = once(served, 'close')
      socket.resume()
      socket.write(bytes)
      // This side never ends it.
      await closed
    })
  }

  test('C8 whoever does not read an answer loses the line', async t => {
    const { url, app } = await startApp(t, {
      environment: { FLOW_TIMEOUT_MS: '200' },
      readSampleFile: async () => Buffer.alloc(64 * 1024 * 1024)
    })
    const socket = await openSocket(t, url)
    const [request] = await Promise.all([
      once(app.server, 'request'),
      socket.write('GET /samples/large.yaml HTTP/1.1\r\nHost: x\r\n\r\n')
    ])
    socket.pause()
    await once(request[0].socket, 'close')
  })
})

test('C8 a body without an end is BODY_TOO_LARGE at the limit', async t => {
  const { url } = await startHost(t, { REQUEST_MAX_BYTES: '100000' })
  const socket = await openSocket(t, url)
  const all = readAll(socket)
  socket.write('POST /data HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
  const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`
  const drip = setInterval(() => socket.write(chunk), 1)
  t.after(() => clearInterval(drip))
  const [answer] = readAnswers(await all)
  assert.ok(answer !== undefined)
  assert.equal(checkProblem(answer).code, 'BODY_TOO_LARGE')
})

const nestings = [
  ['lists', '[', ']'],
  ['objects', '{"a":', '}'],
  ['both', '[{"objectData":', '}]']
] as const
for (const [name, open, close] of nestings) {
  test(`C8 ${name} nested a hundred thousand times are BODY_TOO_DEEP`, async t => {
    const { url } = await startHost(t)
    const body = `${open.repeat(100_000)}1${close.repeat(100_000)}`
    for (const path of ['/data', '/metadata']) {
      const response = await fetch(url + path, { method: 'POST', body: Buffer.from(body) })
      const problem: unknown = await response.json()
      assert.ok(Value.Check(Problem, problem))
      assert.deepEqual([problem.code, response.status], ['BODY_TOO_DEEP', 400])
    }
  })
}

test('C8 ten thousand objects are taken, and as many wrong ones are told by the first', async t => {
  const { url, saves } = await startHost(t)
  const right = Array.from({ length: 10_000 }, (_, index) => ({ externalId: String(index) }))
  const taken = await fetch(`${url}/data`, json('PUT', { ...load, objectData: right }))
  assert.equal(taken.status, 200)
  assert.equal(saves[0]?.objects.length, 10_000)
  const wrong = right.map((_, index) => ({ externalId: index }))
  const refused = await fetch(`${url}/data`, json('PUT', { ...load, objectData: wrong }))
  const problem: unknown = await refused.json()
  assert.ok(Value.Check(Problem, problem))
  assert.equal(problem.code, 'BODY_INVALID')
  assert.match(problem.message, / at \/objectData\/0\/externalId: expected text or null /)
})

test('C8 one wrong object behind all right ones that a request may have is found without delay', {
  timeout: 30_000
}, async t => {
  const { url } = await startHost(t)
  const right = Array.from({ length: 9_999 }, (_, index) => ({ externalId: String(index) }))
  const objectData = [...right, { properties: [{ developerName: 5 }] }]
  const refused = await fetch(`${url}/data`, json('PUT', { ...load, objectData }))
  const problem: unknown = await refused.json()
  assert.ok(Value.Check(Problem, problem))
  assert.match(
    problem.message,
    / at \/objectData\/9999\/properties\/0\/developerName: expected text/
  )
})
