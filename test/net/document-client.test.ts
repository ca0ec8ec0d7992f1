import type { TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { inspect } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'

import type {
  DocumentClient,
  DocumentLimits,
  DocumentFetch
} from '../../service/net/document-client.ts'
import { decodeText } from '../../service/base/bytes.ts'
import { ConnectorError } from '../../service/errors.ts'
import { createControlClient } from '../../service/net/control-client.ts'
import { createDocumentClient } from '../../service/net/document-client.ts'
import { testEgress } from '../support/test-egress.ts'
import {
  SELF_SIGNED,
  closedPort,
  startSelfSignedUpstream,
  startSocketServer,
  startUpstream
} from '../support/start-upstream.ts'

const TOKEN = 's3cret-token'
const LIMITS: DocumentLimits = {
  CONNECT_TIMEOUT_MS: 5_000,
  UPSTREAM_TIMEOUT_MS: 20_000,
  DOCUMENT_MAX_BYTES: 1_000
}

function client(t: TestContext, limits: Partial<DocumentLimits> = {}): DocumentClient {
  const all = { ...LIMITS, ...limits }
  const control = createControlClient(all, testEgress())
  t.after(() => control.close())
  return createDocumentClient(control, all)
}

function fetch(from: DocumentClient, url: string) {
  return read(from, { url, token: TOKEN, validators: null })
}

/** What was fetched, with the text in the place of its bytes. */
async function read(from: DocumentClient, request: DocumentFetch) {
  const { bytes, ...facts } = await from.fetch(request)
  return { ...facts, text: decodeText(bytes) }
}

/** The ConnectorError of a fetch with a token and a query; neither may show anywhere. */
async function failure(from: DocumentClient, base: string): Promise<ConnectorError> {
  const error = await fetch(from, `${base}/spec.yaml?key=${TOKEN}`).then(
    () => assert.fail('the fetch succeeded'),
    (reason: unknown) => reason
  )
  assert.ok(error instanceof ConnectorError, inspect(error))
  const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)
  assert.ok(!shown.includes(TOKEN), shown)
  return error
}

test('A01 A10 a document is fetched with its token, type and validators', async t => {
  const base = await startUpstream(t, (request, response) => {
    assert.equal(request.headers.authorization, `Bearer ${TOKEN}`)
    assert.match(request.headers.accept ?? '', /openapi.*yaml.*json/)
    response.writeHead(200, {
      'content-type': 'application/yaml',
      etag: '"v1"',
      'last-modified': 'Tue, 01 Jul 2025 10:00:00 GMT'
    })
    response.end('openapi: 3.0.3 # é')
  })
  assert.deepEqual(await fetch(client(t), `${base}/spec.yaml`), {
    status: 200,
    url: `${base}/spec.yaml`,
    contentType: 'application/yaml',
    etag: '"v1"',
    lastModified: 'Tue, 01 Jul 2025 10:00:00 GMT',
    text: 'openapi: 3.0.3 # é'
  })
})

test('A01 without a token no authorization is sent, and nothing else need be declared', async t => {
  const base = await startUpstream(t, (request, response) => {
    assert.equal(request.headers.authorization, undefined)
    response.end('text')
  })
  const url = `${base}/`
  const document = await read(client(t), { url, token: null, validators: null })
  assert.deepEqual(document, {
    status: 200,
    url,
    contentType: null,
    etag: null,
    lastModified: null,
    text: 'text'
  })
})

test('A27 validators are sent to the URL that they came from, and 304 says they still hold', async t => {
  const base = await startUpstream(t, (request, response) => {
    const { 'if-none-match': match, 'if-modified-since': since } = request.headers
    if (request.url === '/start') {
      assert.deepEqual([match, since], [undefined, undefined])
      return response.writeHead(302, { location: '/end' }).end()
    }
    assert.deepEqual([match, since], ['"v1"', 'Tue, 01 Jul 2025 10:00:00 GMT'])
    return response.writeHead(304, { etag: '"v1"' }).end()
  })
  const validators = {
    url: `${base}/end`,
    etag: '"v1"',
    lastModified: 'Tue, 01 Jul 2025 10:00:00 GMT'
  }
  const document = await read(client(t), { url: `${base}/start`, token: null, validators })
  assert.deepEqual([document.status, document.url, document.text], [304, `${base}/end`, ''])
})

test('a 304 that nobody asked for is DOCUMENT_STATUS', async t => {
  const base = await startUpstream(t, (_, response) => response.writeHead(304).end())
  const error = await failure(client(t), base)
  assert.equal(error.message, `the server of the document at ${base}/spec.yaml answered 304`)
})

const utf16 = Buffer.from('\ufeffopenapi: é', 'utf16le')
for (const [name, bytes] of [
  ['UTF-8', Buffer.from('openapi: é')],
  ['UTF-8 with a byte order mark', Buffer.from('\ufeffopenapi: é')],
  ['UTF-16 of either byte order', utf16],
  ['UTF-16 in network order', Buffer.from(utf16).swap16()]
] as const) {
  test(`a document in ${name} is read as text without a mark`, async t => {
    const base = await startUpstream(t, (_, response) => response.end(bytes))
    assert.equal((await fetch(client(t), base)).text, 'openapi: é')
  })
}

test('a compressed document is unpacked', async t => {
  const base = await startUpstream(t, (request, response) => {
    const zipped = request.url === '/gzip'
    response.setHeader('content-encoding', zipped ? 'gzip' : 'br')
    response.end(zipped ? gzipSync('openapi') : brotliCompressSync('openapi'))
  })
  for (const path of ['/gzip', '/br']) {
    assert.equal((await fetch(client(t), base + path)).text, 'openapi')
  }
})

test('three redirects are followed, and the URL is that of the end', async t => {
  const base = await startUpstream(t, (request, response) => {
    const hop = Number(request.url?.slice(1))
    if (hop === 3) return response.end('text')
    return response.writeHead([301, 303, 308][hop] ?? 302, { location: `${hop + 1}` }).end('x')
  })
  const document = await fetch(client(t), `${base}/0`)
  assert.deepEqual([document.url, document.text], [`${base}/3`, 'text'])
})

test('A10 the token follows a redirect within its origin, and never leaves it', async t => {
  const seen: (string | undefined)[] = []
  const other = await startUpstream(t, (request, response) => {
    seen.push(request.headers.authorization)
    if (request.url === '/away') response.writeHead(302, { location: `${base}/back` }).end()
    else response.end('text')
  })
  const base = await startUpstream(t, (request, response) => {
    seen.push(request.headers.authorization)
    const next: Record<string, string> = { '/': '/here', '/here': `${other}/away` }
    const location = next[request.url ?? '']
    if (location === undefined) response.end('text')
    else response.writeHead(302, { location }).end()
  })
  assert.equal((await fetch(client(t), base)).url, `${base}/back`)
  assert.deepEqual(seen, [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`, undefined, undefined])
})

for (const [name, location] of [
  ['without an address', undefined],
  ['to another scheme', 'ftp://example.com/spec'],
  ['to an address with a password', 'http://a:b@127.0.0.1/spec'],
  ['to no address at all', 'http://'],
  ['for the fourth time', '/again']
] as const) {
  test(`A4 DOCUMENT_REDIRECT for a redirect ${name}`, async t => {
    let calls = 0
    const base = await startUpstream(t, (_, response) => {
      calls++
      response.writeHead(302, location === undefined ? {} : { location }).end()
    })
    const error = await failure(client(t), base)
    assert.deepEqual([error.code, calls], ['DOCUMENT_REDIRECT', location === '/again' ? 4 : 1])
  })
}

test('A4 DOCUMENT_REDIRECT for a redirect from https to http, and not for the way back', async t => {
  const authorities = getCACertificates('default')
  setDefaultCACertificates([...authorities, SELF_SIGNED])
  t.after(() => setDefaultCACertificates(authorities))
  const plain = await startUpstream(t, (_, response) => {
    response.writeHead(302, { location: secure }).end()
  })
  const secure = await startSelfSignedUpstream(t, (request, response) => {
    if (request.url === '/') response.end('text')
    else response.writeHead(302, { location: plain }).end()
  })
  assert.equal((await fetch(client(t), plain)).text, 'text')
  const error = await failure(client(t), secure)
  assert.equal(
    error.message,
    `the document at ${secure}/spec.yaml redirects to an address that is not followed`
  )
})

for (const status of [401, 404, 503]) {
  test(`DOCUMENT_STATUS when the server answers ${status}, however long its page`, async t => {
    const base = await startUpstream(t, (_, response) => {
      response.writeHead(status).end(`s3cret-token ${'x'.repeat(5_000)}`)
    })
    const error = await failure(client(t), base)
    assert.equal(error.code, 'DOCUMENT_STATUS')
    assert.equal(
      error.message,
      `the server of the document at ${base}/spec.yaml answered ${status}`
    )
  })
}

test('A30 DOCUMENT_TOO_LARGE past DOCUMENT_MAX_BYTES, packed or not, and not at it', async t => {
  const base = await startUpstream(t, (request, response) => {
    const packed = request.url?.startsWith('/packed')
    if (packed) response.setHeader('content-encoding', 'gzip')
    const body = Buffer.alloc(request.url === '/fits' ? 1_000 : 5_000_000, 'x')
    response.end(packed ? gzipSync(body) : body)
  })
  assert.equal((await fetch(client(t), `${base}/fits`)).text.length, 1_000)
  for (const path of ['/plain', '/packed']) {
    const error = await failure(client(t), base + path)
    assert.equal(error.code, 'DOCUMENT_TOO_LARGE')
    assert.match(error.message, /is larger than 1000 bytes$/)
  }
})

test('R2 DOCUMENT_TIMEOUT bounds a server that never answers', async t => {
  const base = await startUpstream(t, () => {})
  const error = await failure(client(t, { UPSTREAM_TIMEOUT_MS: 100 }), base)
  assert.equal(error.code, 'DOCUMENT_TIMEOUT')
})

test('R1 DOCUMENT_TIMEOUT bounds a dripping document behind redirects', async t => {
  const base = await startUpstream(t, (request, response) => {
    if (request.url !== '/slow') return response.writeHead(302, { location: '/slow' }).end()
    const drip = setInterval(() => response.write('x'), 10)
    return response.on('close', () => clearInterval(drip))
  })
  const error = await failure(client(t, { UPSTREAM_TIMEOUT_MS: 150 }), base)
  assert.equal(error.code, 'DOCUMENT_TIMEOUT')
})

test('DOCUMENT_CONNECT_TIMEOUT bounds a TLS handshake that is never answered', async t => {
  const host = await startSocketServer(t, () => {})
  const error = await failure(client(t, { CONNECT_TIMEOUT_MS: 100 }), `https://${host}`)
  assert.equal(error.code, 'DOCUMENT_CONNECT_TIMEOUT')
})

test('R25 R26 DOCUMENT_UNREACHABLE says why: refused, certificate, no HTTP, incomplete, coding', async t => {
  const answering = (answer: string) =>
    startSocketServer(t, socket => {
      socket.once('data', () => socket.end(answer))
    })
  const bases: readonly (readonly [base: string, reason: RegExp])[] = [
    [`http://${await closedPort()}`, /the connection was refused \(ECONNREFUSED\)$/],
    [
      await startSelfSignedUpstream(t, (_, response) => response.end()),
      /: its certificate is self-signed \(/
    ],
    [`http://${await answering('220 mail ESMTP\r\n')}`, /the answer is malformed \(HPE_/],
    [
      `http://${await answering('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nopen')}`,
      /(the connection was closed|the answer is incomplete) \(/
    ],
    [
      `http://${await answering('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\nopenapi')}`,
      /the answer cannot be decompressed \(Z_/
    ],
    [
      `http://${await answering('HTTP/1.1 200 OK\r\ncontent-encoding: gzip, br\r\n\r\nopenapi')}`,
      /its content encoding is not gzip, deflate or br alone \(/
    ]
  ]
  for (const [base, reason] of bases) {
    const error = await failure(client(t), base)
    assert.equal(error.code, 'DOCUMENT_UNREACHABLE')
    assert.match(error.message, reason)
    assert.ok(error.message.startsWith(`the document at ${base}/spec.yaml cannot be fetched: `))
  }
})

test('close ends the fetches that are running', async t => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  const base = await startUpstream(t, () => arrive())
  const control = createControlClient(LIMITS, testEgress())
  const fetching = failure(createDocumentClient(control, LIMITS), base)
  await arrived
  control.close()
  assert.equal((await fetching).code, 'DOCUMENT_UNREACHABLE')
})
