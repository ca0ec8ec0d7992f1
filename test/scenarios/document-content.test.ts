import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

import { startApi } from '../support/start-api.ts'
import { documentWith, propertiesOf, referring } from '../support/referring-document.ts'
import {
  condition,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'
import { startSocketServer } from '../support/start-upstream.ts'

const MiB = 1024 * 1024
const BOUND = { DOCUMENT_MAX_BYTES: String(MiB) }

/** Text of 64 MiB that becomes next to nothing when it is packed. */
const LONG = Buffer.alloc(64 * MiB, 'x')

function packed(coding: string, body: Uint8Array): RequestListener {
  return (_, response) => response.writeHead(200, { 'content-encoding': coding }).end(body)
}

const sizeBombs: readonly { name: string; file: RequestListener; code: string; status: number }[] =
  [
    { name: 'gzip', file: packed('gzip', gzipSync(LONG)), code: 'DOCUMENT_TOO_LARGE', status: 413 },
    {
      name: 'deflate',
      file: packed('deflate', deflateSync(LONG)),
      code: 'DOCUMENT_TOO_LARGE',
      status: 413
    },
    {
      name: 'brotli',
      file: packed('br', brotliCompressSync(LONG)),
      code: 'DOCUMENT_TOO_LARGE',
      status: 413
    },
    {
      name: 'gzip in gzip, as it says',
      file: packed('gzip, gzip', gzipSync(gzipSync(LONG))),
      code: 'DOCUMENT_UNREACHABLE',
      status: 502
    },
    {
      name: 'gzip in gzip, which says so once',
      file: packed('gzip', gzipSync(gzipSync(LONG))),
      code: 'DOCUMENT_NOT_PARSED',
      status: 422
    },
    {
      name: 'gzip that is none',
      file: packed('gzip', Buffer.from('openapi: 3.0.3')),
      code: 'DOCUMENT_UNREACHABLE',
      status: 502
    },
    {
      name: 'gzip that breaks off',
      file: packed('gzip', gzipSync(LONG).subarray(0, 1_000)),
      code: 'DOCUMENT_UNREACHABLE',
      status: 502
    },
    {
      name: 'a coding that nobody asked for',
      file: packed('zstd', Buffer.from('openapi: 3.0.3')),
      code: 'DOCUMENT_UNREACHABLE',
      status: 502
    }
  ]

for (const { name, file, code, status } of sizeBombs) {
  test(`B12 a document in ${name} is ${code}, also as a part, and the service goes on`, async t => {
    const files = await startFiles(t, {
      '/bomb': file,
      '/openapi.yaml': documentWith(referring('A', 'bomb'))
    })
    const connector = await startConnector(t, { 'Schema URL': `${files.url}/bomb` }, BOUND)
    const refused = problem(await connector.send('POST', '/metadata'))
    assert.deepEqual([refused.code, refused.statusCode], [code, status])
    const whole = connector.as({ configuration: { 'Schema URL': `${files.url}/openapi.yaml` } })
    const preview = await whole.preview()
    assert.deepEqual(propertiesOf(preview, 'Lamp'), ['id ContentString'])
    assert.match(preview.diagnostics[0]?.message ?? '', new RegExp(`\\[${code}\\]$`))
    assert.equal((await fetch(`${connector.url}/health`)).status, 200)
  })
}

test('B12 a document that never ends is given up at DOCUMENT_MAX_BYTES, and its connection with it', async t => {
  let sent = 0
  const { promise: closed, resolve: close } = Promise.withResolvers<void>()
  const chunk = Buffer.alloc(64 * 1024, 'x')
  const files = await startFiles(t, {
    '/endless': (_, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length
      }
      response.on('drain', write).on('close', close)
      write()
    }
  })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/endless` }, BOUND)
  const answer = await connector.send('POST', '/metadata')
  assert.deepEqual(refusal(answer), ['DOCUMENT_TOO_LARGE', 413])
  await closed
  // The rest is what the system keeps for a connection on both sides.
  assert.ok(sent < 32 * MiB, String(sent))
})

test('B12 what a length says is not believed: a huge one, a short one, one that never comes', async t => {
  const start = 'HTTP/1.1 200 OK\r\ncontent-length: '
  const text = 'openapi: 3.0.3'
  for (const [answer, code] of [
    [`${start}99999999999\r\n\r\n${text}`, 'DOCUMENT_UNREACHABLE'],
    [`${start}${text.length - 1}\r\n\r\n${text}`, 'DOCUMENT_UNREACHABLE'],
    [`${start}-1\r\n\r\n${text}`, 'DOCUMENT_UNREACHABLE'],
    [`${start}5\r\ncontent-length: 6\r\n\r\n${text}`, 'DOCUMENT_UNREACHABLE'],
    [`${start}14\r\ntransfer-encoding: chunked\r\n\r\n${text}`, 'DOCUMENT_UNREACHABLE']
  ] as const) {
    const host = await startSocketServer(t, socket => {
      socket.once('data', () => socket.end(answer))
    })
    const connector = await startConnector(t, { 'Schema URL': `http://${host}/` }, BOUND)
    assert.equal(refusal(await connector.send('POST', '/metadata'))[0], code, answer)
    assert.equal((await fetch(`${connector.url}/health`)).status, 200)
  }
})

const GOOD = documentWith()
const utf16 = Buffer.from(`\ufeff${GOOD}`, 'utf16le')
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const NOISE = Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 167 + 13) % 256))

for (const [name, body, type, outcome] of [
  [
    'HTML',
    '<!doctype html><html><body>openapi: 3.0.3</body></html>',
    'application/yaml',
    'DOCUMENT_NOT_OPENAPI'
  ],
  [
    'XML',
    '<?xml version="1.0"?><openapi>3.0.3</openapi>',
    'application/json',
    'DOCUMENT_NOT_OPENAPI'
  ],
  ['an image', PNG, 'application/yaml', 'DOCUMENT_NOT_PARSED'],
  ['noise', NOISE, 'application/octet-stream', 'DOCUMENT_NOT_PARSED'],
  ['zeros', Buffer.alloc(1_000), 'application/json', 'DOCUMENT_NOT_PARSED'],
  ['UTF-16 without a mark', utf16.subarray(2), 'application/yaml', 'DOCUMENT_NOT_PARSED'],
  [
    'UTF-16 that breaks off in a character',
    utf16.subarray(0, 41),
    'application/yaml',
    'DOCUMENT_NOT_PARSED'
  ],
  ['YAML with a key twice', `${GOOD}\nopenapi: 3.0.3`, 'application/yaml', 'DOCUMENT_NOT_PARSED'],
  [
    'YAML with a tag of a language',
    `${GOOD}\nx: !!js/function f`,
    'application/yaml',
    'DOCUMENT_NOT_PARSED'
  ],
  ['two documents in one', `${GOOD}\n---\n${GOOD}`, 'application/yaml', 'DOCUMENT_NOT_PARSED'],
  ['a text as octets', GOOD, 'application/octet-stream', null],
  ['a text as an image', GOOD, 'image/png', null],
  ['UTF-16 of this byte order', utf16, 'text/plain', null],
  ['UTF-16 of that byte order', Buffer.from(utf16).swap16(), 'application/yaml', null],
  ['UTF-8 with a mark', `\ufeff${GOOD}`, 'application/json', null]
] as const) {
  test(`B13 ${name} is ${outcome ?? 'a document'}, whatever its type says`, async t => {
    const files = await startFiles(t, {
      '/doc': (_, response) => response.writeHead(200, { 'content-type': type }).end(body)
    })
    const connector = await startConnector(t, { 'Schema URL': `${files.url}/doc` })
    if (outcome === null) {
      assert.deepEqual(propertiesOf(await connector.preview(), 'Lamp'), ['id ContentString'])
    } else {
      assert.deepEqual(refusal(await connector.send('POST', '/metadata')), [outcome, 422])
    }
  })
}

test('B13 of a key that JSON has twice the last one counts, as everywhere', async t => {
  const files = await startFiles(t, {
    '/doc': `{"openapi":"2.0","info":{"title":"x"},"components":{"schemas":{
      "A":{"x-flow-type":{"name":"First"},"properties":{"a":{}}},
      "A":{"x-flow-type":{"name":"Last"},"x-flow-type":{"name":"Last"},"properties":{"a":{}}}}},"openapi":"3.0.3"}`
  })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/doc` })
  const { types } = await connector.preview()
  assert.deepEqual(
    types.map(({ developerName }) => developerName),
    ['Last']
  )
})

const CANARY = 'planted-canary'

for (const [name, body] of [
  [
    'a file of passwords',
    `root:x:0:0:${CANARY}:/root:/bin/bash\nbin:x:1:1:${CANARY}:/:/sbin/nologin\n`
  ],
  ['a private key', `-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----\n`],
  ['a shell script', `#!/bin/sh\nexport TOKEN="${CANARY}"\n`],
  ['an answer of a metadata service', `{"Code":"Success","SecretAccessKey":"${CANARY}"}`],
  ['JSON that breaks at the secret', `{"a": ${CANARY}}`],
  ['JSON that breaks behind the secret', `{"a": "${CANARY}" "b"}`],
  ['JSON that breaks within the secret', `{"a": "${CANARY}\u0001"}`],
  ['JSON whose key is the secret', `{"${CANARY}" 1}`],
  ['YAML that breaks at the secret', `a: [${CANARY}\nb: {`],
  ['YAML with a tag', `a: !${CANARY} {}`],
  ['YAML with an alias', `a: *${CANARY}`],
  ['YAML with a directive', `%${CANARY} 1\n--- a\n--- b`],
  ['YAML with the secret twice', `${CANARY}: 1\n${CANARY}: 2`],
  ['a version', `openapi: ${CANARY}`],
  ['another version', `{"swagger": {"${CANARY}": 1}}`]
] as const) {
  test(`B14 of ${name} no word comes back or is logged, be it the document or a part`, async t => {
    const files = await startFiles(t, {
      '/read': body,
      '/openapi.yaml': documentWith(referring('A', 'read#/A'))
    })
    const connector = await startConnector(
      t,
      { 'Schema URL': `${files.url}/read` },
      { LOG_LEVEL: 'trace' }
    )
    for (const path of ['/metadata', '/metadata/install', '/preview']) {
      assert.equal((await connector.send('POST', path)).status, 422)
    }
    assert.equal((await connector.load('A')).status, 422)
    const whole = connector.as({ configuration: { 'Schema URL': `${files.url}/openapi.yaml` } })
    await whole.preview()
    assert.ok(connector.log.length > 0)
    assert.ok(![...connector.answers, ...connector.log].join('\n').includes(CANARY))
  })
}

test('B14 a server that echoes what it was sent tells nobody, whatever it answers', async t => {
  const echo: RequestListener = (request, response) => {
    const body = `${request.url} ${JSON.stringify(request.headers)}`
    const status = Number(/\d{3}/.exec(request.url ?? '')?.[0])
    const headers = status === 302 ? { location: `/302?${CANARY}` } : { 'x-echo': CANARY }
    response.writeHead(status, body.replaceAll(/[^ -~]/g, ''), headers).end(body)
  }
  const statuses = [200, 302, 400, 401, 403, 404, 500, 503]
  const files = await startFiles(
    t,
    Object.fromEntries(statuses.map(status => [`/${status}?key=${CANARY}`, echo]))
  )
  files.put(`/302?${CANARY}`, echo)
  for (const status of statuses) {
    const connector = await startConnector(
      t,
      { 'Schema URL': `${files.url}/${status}?key=${CANARY}`, 'Schema Token': CANARY },
      { LOG_LEVEL: 'trace' }
    )
    const given = problem(await connector.send('POST', '/metadata'))
    assert.match(given.code, /^DOCUMENT_(STATUS|REDIRECT|NOT_OPENAPI|NOT_PARSED)$/)
    assert.ok(![...connector.answers, ...connector.log].join('\n').includes(CANARY), given.message)
  }
})

test('B9 a pattern that explodes is compiled by nobody: not at describe, load, save, or in filters and parameters', async t => {
  const pattern = '^(([a-z])+.)+[A-Z]([a-z])+$'
  const text = `{ type: string, pattern: '${pattern}', maxLength: 1000000000, example: ${'a'.repeat(60)} }`
  const api = await startApi(
    t,
    `
openapi: 3.1.0
info: { title: Patterns, version: '1' }
servers: [{ url: / }]
paths:
  /things:
    get:
      parameters:
        - { name: q, in: query, schema: ${text} }
        - { name: h, in: header, schema: ${text} }
      responses: { '200': { description: Some, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Thing' } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses: { '201': { description: Made } }
components:
  schemas:
    Thing:
      type: object
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things, parameters: { h: $Var.H, where: { word: q } } }
      x-flow-save: { path: /things }
      properties:
        id: { type: string }
        word: ${text}
        other: ${text}
      patternProperties: { '${pattern}': { type: string } }
      propertyNames: { pattern: '${pattern}' }
`
  )
  const long = `${'a'.repeat(100)}!`
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    Variables: `H=${long}`
  })
  assert.deepEqual(
    (await connector.preview()).diagnostics.filter(({ severity }) => severity !== 'info'),
    []
  )
  const thing = { id: '1', word: long, other: long }
  api.answer({ json: [thing, { id: '2', word: long, other: 'b' }] }, { json: thing })
  const where = [condition('word', long), condition('other', long, 'STARTS_WITH')]
  assert.deepEqual(found(await connector.load('Thing', { where })), [{ externalId: '1', ...thing }])
  assert.equal(
    found(await connector.save('Thing', flowObject(null, { word: long })))[0]?.word,
    long
  )
  assert.deepEqual(api.takeCalls(), [
    `GET /things?q=${encodeURIComponent(long)}`,
    `POST /things {"word":"${long}"}`
  ])
})
