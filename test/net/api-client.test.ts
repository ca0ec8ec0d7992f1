import type { TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

import type { ApiClient, ApiLimits, ApiRequest, ApiResponse } from '../../service/net/api-client.ts'
import { ConnectorError } from '../../service/errors.ts'
import { createApiClient } from '../../service/net/api-client.ts'
import { testEgress } from '../support/test-egress.ts'
import {
  closedPort,
  startSelfSignedUpstream,
  startSocketServer,
  startUpstream
} from '../support/start-upstream.ts'

const SECRET = 's3cret-value'
const never = new AbortController().signal
const LIMITS: ApiLimits = {
  CONNECT_TIMEOUT_MS: 5_000,
  RESPONSE_MAX_BYTES: 1_000,
  UPSTREAM_TIMEOUT_MS: 20_000
}

function client(t: TestContext, limits: Partial<ApiLimits> = {}): ApiClient {
  const made = createApiClient({ ...LIMITS, ...limits }, testEgress())
  t.after(() => made.close().catch(() => {}))
  return made
}

function get(base: string): ApiRequest {
  return {
    method: 'GET',
    url: `${base}/things?key=${SECRET}`,
    headers: { 'x-api-key': SECRET },
    body: null
  }
}

function text(response: ApiResponse): string {
  return new TextDecoder().decode(response.body)
}

/** The ConnectorError that a call ends with; it may not show the request's secret anywhere. */
async function failure(call: Promise<unknown>): Promise<ConnectorError> {
  const error = await call.then(
    () => assert.fail('the call succeeded'),
    (reason: unknown) => reason
  )
  assert.ok(error instanceof ConnectorError, inspect(error))
  const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)
  assert.ok(!shown.includes(SECRET), shown)
  return error
}

test('a call sends method, path, query, headers and body, and returns status, headers, body', async t => {
  let seen = {}
  const base = await startUpstream(t, async (request, response) => {
    const { method, url, headers } = request
    const body = Buffer.concat(await request.toArray()).toString()
    seen = { method, url, body, custom: headers['x-custom'], agent: headers['user-agent'] }
    response.writeHead(201, { 'X-Many': ['one', 'two'], Location: '/things/7' })
    response.end('{"id":7}')
  })
  const response = await client(t).send(
    { method: 'POST', url: `${base}/a%20b?c=d`, headers: { 'x-custom': 'yes' }, body: '{"é":1}' },
    never
  )
  assert.deepEqual(seen, {
    method: 'POST',
    url: '/a%20b?c=d',
    body: '{"é":1}',
    custom: 'yes',
    agent: 'openapi-flow-connector'
  })
  assert.equal(response.status, 201)
  assert.equal(response.headers['x-many'], 'one, two')
  assert.equal(response.headers.location, '/things/7')
  assert.equal(text(response), '{"id":7}')
})

test('parts are sent as multipart/form-data, those with a media type as files', async t => {
  const base = await startUpstream(t, async (request, response) => {
    assert.match(request.headers['content-type'] ?? '', /^multipart\/form-data; boundary=/)
    response.end(Buffer.concat(await request.toArray()))
  })
  const body = [
    { name: 'title', value: 'Blå', mediaType: null },
    { name: 'meta', value: '{"a":1}', mediaType: 'application/json' }
  ]
  const sent = text(await client(t).send({ method: 'POST', url: base, headers: {}, body }, never))
  assert.match(sent, /form-data; name="title"\r\n\r\nBlå\r\n/)
  assert.match(
    sent,
    /name="meta"; filename="meta"\r\nContent-Type: application\/json\r\n\r\n{"a":1}/
  )
})

for (const [coding, encoded] of [
  ['gzip', gzipSync('hello')],
  ['x-gzip', gzipSync('hello')],
  ['deflate', deflateSync('hello')],
  ['deflate', deflateRawSync('hello')],
  ['utf-8, gzip', gzipSync('hello')],
  ['br', brotliCompressSync('hello')],
  ['identity', Buffer.from('hello')]
] as const) {
  test(`W12 an answer in content encoding ${coding} is decoded`, async t => {
    const base = await startUpstream(t, (_, response) => {
      response.writeHead(200, { 'content-encoding': coding }).end(encoded)
    })
    assert.equal(text(await client(t).send(get(base), never)), 'hello')
  })
}

for (const [claimed, body] of [
  ['gzip', '[{"id":"1"}]'],
  ['x-gzip', '<html>'],
  ['deflate', '80'],
  ['deflate', '{"a":"é"}'],
  ['br', '[]'],
  ['utf-8', '{}'],
  ['none', '{}'],
  ['ISO-8859-1', '{}'],
  ['application/json', '{}']
] as const) {
  test(`W12 R26 ${body} that is not in the coding that it claims, ${claimed}, is read as it is, with a log line`, async t => {
    const base = await startUpstream(t, (_, response) => {
      response.writeHead(200, { 'content-encoding': claimed }).end(body)
    })
    const lines: unknown[] = []
    const api = createApiClient(LIMITS, testEgress(), (message, facts) => {
      lines.push([message, facts])
    })
    t.after(() => api.close())
    assert.equal(text(await api.send(get(base), never)), body)
    const facts = { host: new URL(base).host, contentEncoding: claimed.toLowerCase() }
    assert.deepEqual(lines, [['the content encoding of an answer was ignored', facts]])
  })
}

test('W12 identity is a content encoding, and not worth a log line', async t => {
  const base = await startUpstream(t, (_, response) => {
    response.writeHead(200, { 'content-encoding': 'Identity' }).end('{}')
  })
  const api = createApiClient(LIMITS, testEgress(), () => assert.fail('a line was logged'))
  t.after(() => api.close())
  assert.equal(text(await api.send(get(base), never)), '{}')
})

test('a compressed answer without a body is an empty one', async t => {
  const base = await startUpstream(t, (_, response) => {
    response.writeHead(201, { 'content-encoding': 'gzip' }).end()
  })
  assert.equal((await client(t).send(get(base), never)).body.length, 0)
})

test('A4 a redirect is handed back and not followed', async t => {
  let calls = 0
  const base = await startUpstream(t, (_, response) => {
    calls++
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  const response = await client(t).send(get(base), never)
  assert.deepEqual([response.status, response.headers.location, calls], [307, '/elsewhere', 1])
})

test('connections are kept alive between calls', async t => {
  const ports = new Set<number | undefined>()
  const base = await startUpstream(t, (request, response) => {
    ports.add(request.socket.remotePort)
    response.end('x')
  })
  const api = client(t)
  for (let call = 0; call < 9; call++) await api.send(get(base), never)
  // A call that follows at once may find the connection still busy with the end of the one before.
  assert.ok(ports.size <= 2, `${ports.size} connections`)
})

test('H10 a connection that is idle for too long is closed, whatever its server allows', async t => {
  const { promise: closed, resolve: close } = Promise.withResolvers<void>()
  const base = await startUpstream(t, (request, response) => {
    request.socket.once('close', close)
    response.writeHead(200, { 'keep-alive': 'timeout=600' }).end('x')
  })
  const api = createApiClient(LIMITS, testEgress(), () => {}, 50)
  t.after(() => api.close())
  await api.send(get(base), never)
  await closed
})

test('an answer of exactly RESPONSE_MAX_BYTES is taken, compressed or not', async t => {
  const body = Buffer.alloc(1_000, 'a')
  const base = await startUpstream(t, (request, response) => {
    const zipped = request.url === '/zipped'
    if (zipped) response.setHeader('content-encoding', 'gzip')
    response.end(zipped ? gzipSync(body) : body)
  })
  for (const path of ['/plain', '/zipped']) {
    const response = await client(t).send({ ...get(base), url: base + path }, never)
    assert.equal(response.body.length, 1_000)
  }
})

test('the signal of the caller ends a call with its own reason', async t => {
  const controller = new AbortController()
  const base = await startUpstream(t, () => controller.abort(new Error('the platform hung up')))
  const api = client(t)
  await assert.rejects(api.send(get(base), controller.signal), /^Error: the platform hung up$/)
  await assert.rejects(api.send(get(base), controller.signal), /^Error: the platform hung up$/)
})

test('the signal ends a call at once that still waits for its connection', async t => {
  const controller = new AbortController()
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
  const host = await startSocketServer(t, () => ask())
  const call = client(t).send(get(`https://${host}`), controller.signal)
  await asked
  controller.abort(new Error('the platform hung up'))
  await assert.rejects(call, /^Error: the platform hung up$/)
})

test('interim responses of an API are skipped', async t => {
  const base = await startUpstream(t, (_, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' })
    response.writeHead(201, { 'x-last': 'yes' }).end('made')
  })
  const response = await client(t).send(get(base), never)
  assert.deepEqual(
    [response.status, response.headers['x-last'], text(response)],
    [201, 'yes', 'made']
  )
  assert.equal(response.headers.link, undefined)
})

test('R7 a POST whose kept-alive connection is closed is sent once and not again', async t => {
  let posts = 0
  const base = await startUpstream(t, (request, response) => {
    if (request.method === 'GET') return response.end('x')
    posts++
    return request.socket.destroy()
  })
  const api = client(t)
  await api.send(get(base), never)
  const error = await failure(api.send({ ...get(base), method: 'POST', body: '{}' }, never))
  assert.deepEqual([error.code, posts], ['UPSTREAM_RESET', 1])
})

test('R2 the signal bounds an API that never answers', async t => {
  const base = await startUpstream(t, () => {})
  const call = client(t).send(get(base), AbortSignal.timeout(100))
  await assert.rejects(call, { name: 'TimeoutError' })
})

test('R1 the signal bounds an API that drips its answer, and ends the connection', async t => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const base = await startUpstream(t, (_, response) => {
    const drip = setInterval(() => response.write('x'), 10)
    response.on('close', () => {
      clearInterval(drip)
      end()
    })
  })
  const call = client(t).send(get(base), AbortSignal.timeout(150))
  await assert.rejects(call, { name: 'TimeoutError' })
  await ended
})

test('UPSTREAM_CONNECT_TIMEOUT bounds a TLS handshake that is never answered', async t => {
  const host = await startSocketServer(t, () => {})
  const api = client(t, { CONNECT_TIMEOUT_MS: 100 })
  const error = await failure(api.send(get(`https://${host}`), never))
  assert.equal(error.code, 'UPSTREAM_CONNECT_TIMEOUT')
  assert.equal(error.message, `${host} accepted no connection within 100 ms`)
})

test('UPSTREAM_UNREACHABLE says that a connection was refused', async t => {
  const host = await closedPort()
  const error = await failure(client(t).send(get(`http://${host}`), never))
  assert.equal(error.code, 'UPSTREAM_UNREACHABLE')
  const reason = 'the connection was refused (ECONNREFUSED)'
  assert.equal(error.message, `${host} cannot be reached: ${reason}`)
  assert.deepEqual(error.cause, { code: 'ECONNREFUSED' })
})

test('R25 UPSTREAM_TLS refuses an untrusted certificate', async t => {
  const base = await startSelfSignedUpstream(t, (_, response) => response.end('x'))
  const error = await failure(client(t).send(get(base), never))
  assert.equal(error.code, 'UPSTREAM_TLS')
})

const oddAnswers: readonly { name: string; answer: string | Buffer; code: string }[] = [
  { name: 'a connection that is closed unanswered', answer: '', code: 'UPSTREAM_RESET' },
  {
    name: 'a body that breaks off before its length',
    answer: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"a"',
    code: 'UPSTREAM_RESET'
  },
  {
    name: 'a chunked body without its last chunk',
    answer: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n',
    code: 'UPSTREAM_RESET'
  },
  {
    name: 'another protocol',
    answer: '220 mail.example.com ESMTP\r\n',
    code: 'UPSTREAM_PROTOCOL'
  },
  {
    name: 'nothing but a flood of informational answers',
    answer: 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(10_000),
    code: 'UPSTREAM_PROTOCOL'
  },
  {
    name: 'two lengths of one body',
    answer: 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n[] ',
    code: 'UPSTREAM_RESET'
  },
  {
    name: 'headers without end',
    answer: `HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(40_000)}\r\n\r\n`,
    code: 'UPSTREAM_PROTOCOL'
  },
  {
    name: 'gzip that is damaged',
    answer: Buffer.concat([
      Buffer.from('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n'),
      gzipSync('hello').fill(0xff, 10, 14)
    ]),
    code: 'UPSTREAM_PROTOCOL'
  },
  {
    name: 'bytes that are neither deflate nor text',
    answer: Buffer.concat([
      Buffer.from('HTTP/1.1 200 OK\r\ncontent-encoding: deflate\r\n\r\n'),
      Buffer.from([0xff, 0xfe, 0x00, 0x01, 0x02])
    ]),
    code: 'UPSTREAM_PROTOCOL'
  },
  {
    name: 'a body in two codings',
    answer: 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip, gzip\r\ncontent-length: 5\r\n\r\nhello',
    code: 'UPSTREAM_PROTOCOL'
  },
  {
    name: 'a body in a coding that was not asked for',
    answer: 'HTTP/1.1 200 OK\r\ncontent-encoding: zstd\r\ncontent-length: 5\r\n\r\nhello',
    code: 'UPSTREAM_PROTOCOL'
  },
  {
    name: 'a compressed body that breaks off',
    answer: Buffer.concat([
      Buffer.from('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 999\r\n\r\n'),
      gzipSync('x'.repeat(500)).subarray(0, 15)
    ]),
    code: 'UPSTREAM_RESET'
  },
  {
    name: 'a body larger than RESPONSE_MAX_BYTES',
    answer: `HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n${'x'.repeat(1001)}`,
    code: 'UPSTREAM_TOO_LARGE'
  },
  {
    name: 'a small body that unpacks to more than RESPONSE_MAX_BYTES',
    answer: Buffer.concat([
      Buffer.from('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n'),
      gzipSync(Buffer.alloc(10_000_000))
    ]),
    code: 'UPSTREAM_TOO_LARGE'
  }
]

for (const { name, answer, code } of oddAnswers) {
  test(`R26 ${code} for ${name}`, async t => {
    const host = await startSocketServer(t, socket => {
      socket.once('data', () => socket.end(answer))
    })
    assert.equal((await failure(client(t).send(get(`http://${host}`), never))).code, code)
  })
}

test('R26 UPSTREAM_PROTOCOL when https is spoken to a server without TLS', async t => {
  const base = await startUpstream(t, (_, response) => response.end('x'))
  const error = await failure(client(t).send(get(base.replace('http:', 'https:')), never))
  assert.equal(error.code, 'UPSTREAM_PROTOCOL')
})

test('INTERNAL, without the value, for a header that cannot be sent', async t => {
  const base = await startUpstream(t, (_, response) => response.end('x'))
  const headers = { 'x-api-key': `${SECRET}\n` }
  const error = await failure(client(t).send({ ...get(base), headers }, never))
  assert.equal(error.code, 'INTERNAL')
})

test('INTERNAL, without the query, for a URL that is none', async t => {
  assert.equal((await failure(client(t).send(get('/relative'), never))).code, 'INTERNAL')
})

test('close lets the running calls end, and no other begin', async t => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<() => void>()
  const base = await startUpstream(t, (_, response) => arrive(() => response.end('done')))
  const api = client(t)
  const call = api.send(get(base), never)
  const answer = await arrived
  const closed = api.close()
  assert.equal((await failure(api.send(get(base), never))).code, 'UPSTREAM_RESET')
  answer()
  assert.equal(text(await call), 'done')
  await closed
})
