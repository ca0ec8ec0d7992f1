import assert from 'node:assert/strict'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createNetServer } from 'node:net'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import type { TlsOptions } from 'node:tls'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'

import type { Authority } from '../support/create-authority.ts'
import { createAuthority } from '../support/create-authority.ts'
import { startApi } from '../support/start-api.ts'
import { found, problem, startConnector } from '../support/start-connector.ts'
import { SELF_SIGNED } from '../support/start-upstream.ts'

const SECRET = 'planted-api-key-4711'

function document(server: string): string {
  return `openapi: 3.0.3
info: {title: Notes, version: '1'}
servers: [{url: '${server}'}]
security: [{key: []}]
paths: {/notes: {get: {responses: {'200': {description: ok}}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}
`
}

const ANSWER =
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n[{"id":"1"}]'

/** A server on a free port of this machine until the test ends. Returns its URL. */
async function listen(t: TestContext, server: ReturnType<typeof createNetServer>): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => {}))
  })
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address: AddressInfo | string | null = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return `https://127.0.0.1:${address.port}`
}

/** A TLS server that hands each request over as text, with its socket. */
function startTls(
  t: TestContext,
  options: TlsOptions,
  onRequest: (request: string, socket: TLSSocket) => void
): Promise<string> {
  const server = createTlsServer(options, socket => {
    socket.on('error', () => {}).on('data', data => onRequest(data.toString(), socket))
  })
  server.on('tlsClientError', () => {})
  return listen(t, server)
}

/** What a server does with a connection before there is TLS. */
const HANDSHAKES: { readonly [name: string]: (socket: Socket) => void } = {
  'is silent': () => {},
  'closes its side after the first message': socket => {
    socket.once('data', () => socket.end())
  },
  'closes its side at once and reads on': socket => {
    socket.resume().end()
  },
  'sends half a message and closes its side': socket => {
    socket.once('data', () => socket.end(Buffer.from([0x16, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3])))
  },
  'sends half a message and is silent': socket => {
    socket.once('data', () => socket.write(Buffer.from([0x16, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3])))
  },
  'resets the connection': socket => {
    socket.once('data', () => socket.resetAndDestroy())
  },
  'answers in HTTP': socket => {
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n'))
  }
}

/** Connector and document for an API at an address, under an authority. */
async function connect(t: TestContext, url: string, authority: Authority, answerMs = 4_000) {
  const { documentUrl } = await startApi(t, document(url))
  const environment = {
    CA_FILE: authority.certFile,
    CONNECT_TIMEOUT_MS: '600',
    UPSTREAM_TIMEOUT_MS: String(answerMs)
  }
  return startConnector(t, { 'Schema URL': documentUrl, 'API Key': SECRET }, environment)
}

for (const [name, code, certificate] of [
  ['has expired', 'UPSTREAM_TLS', (ca: Authority) => ca.issue('IP:127.0.0.1', { expired: true })],
  ['is for another name', 'UPSTREAM_TLS', (ca: Authority) => ca.issue('DNS:api.example.com')],
  ['is for another address', 'UPSTREAM_TLS', (ca: Authority) => ca.issue('IP:127.0.0.2')],
  ['is self-signed', 'UPSTREAM_TLS', () => ({ cert: SELF_SIGNED, key: SELF_SIGNED })],
  [
    'is of an unknown authority',
    'UPSTREAM_TLS',
    (_: Authority, t: TestContext) => createAuthority(t).issue('IP:127.0.0.1')
  ]
] as const) {
  test(`R25 an API whose certificate ${name} gets no request, and its document is not read`, async t => {
    const authority = createAuthority(t)
    let requests = 0
    const url = await startTls(t, certificate(authority, t), () => {
      requests++
    })
    const connector = await connect(t, url, authority)
    const answer = await connector.load('Note')
    assert.deepEqual([problem(answer).code, answer.status], [code, 502])
    const configuration = { 'Schema URL': `${url}/a.yaml`, 'Schema Token': SECRET }
    const refused = await connector.as({ configuration }).send('POST', '/metadata/install')
    assert.deepEqual([problem(refused).code, refused.status], ['DOCUMENT_UNREACHABLE', 502])
    assert.equal(requests, 0)
  })
}

for (const [name, handle] of Object.entries(HANDSHAKES)) {
  test(`R25 a server that ${name} during the handshake is a problem within the time to connect`, async t => {
    const received: Buffer[] = []
    const url = await listen(
      t,
      createNetServer({ allowHalfOpen: true }, socket => {
        socket.on('data', data => received.push(data))
        handle(socket)
      })
    )
    const connector = await connect(t, url, createAuthority(t))
    const configuration = { 'Schema URL': `${url}/a.yaml`, 'Schema Token': SECRET }
    for (const call of [
      () => connector.load('Note'),
      () => connector.as({ configuration }).send('POST', '/metadata/install')
    ]) {
      const { code, message } = problem(await call())
      assert.match(
        code,
        /^(UPSTREAM|DOCUMENT)_(CONNECT_TIMEOUT|RESET|PROTOCOL|TLS|UNREACHABLE)$/,
        message
      )
    }
    assert.ok(!Buffer.concat(received).includes(SECRET), 'the credential was sent')
  })
}

test('R25 a server that negotiates anew before and within its answer is read, and one that never ends to is given up', async t => {
  const authority = createAuthority(t)
  const options = { ...authority.issue('IP:127.0.0.1'), maxVersion: 'TLSv1.2' } as const
  const renegotiate = (socket: TLSSocket): Promise<boolean> =>
    new Promise(resolve => {
      const isStarted = socket.renegotiate({ requestCert: false }, error => resolve(error === null))
      if (isStarted === false) resolve(false)
    })
  const once = await startTls(t, options, async (_, socket) => {
    await renegotiate(socket)
    socket.write(ANSWER.slice(0, 40))
    await renegotiate(socket)
    socket.write(ANSWER.slice(40))
  })
  const answer = await (await connect(t, once, authority)).load('Note')
  if (answer.status === 200) assert.equal(found(answer).length, 1)
  else assert.match(problem(answer).code, /^UPSTREAM_(RESET|PROTOCOL|TLS|TIMEOUT)$/)

  const endless = await startTls(t, options, async (_, socket) => {
    while (!socket.destroyed && (await renegotiate(socket)));
  })
  const start = performance.now()
  const given = problem(await (await connect(t, endless, authority, 1_000)).load('Note'))
  assert.match(given.code, /^UPSTREAM_(RESET|PROTOCOL|TLS|TIMEOUT)$/)
  assert.ok(performance.now() - start < 60_000)
})
