import type { RequestListener } from 'node:http'
import type { TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { inspect } from 'node:util'

import type { DocumentSource, UsabilityCheck } from '../../service/documents/fetch-document.ts'
import { COMMON_ASKERS } from '../../service/base/askers.ts'
import { createDocumentSource, USUAL_FETCH_TIMES } from '../../service/documents/fetch-document.ts'
import { createDocumentChanges } from '../../service/documents/document-copies.ts'
import type { SourceDocument } from '../../service/documents/source-document.ts'
import { unpackText } from '../../service/documents/source-document.ts'
import { ConnectorError } from '../../service/errors.ts'
import { createControlClient } from '../../service/net/control-client.ts'
import { createDocumentClient } from '../../service/net/document-client.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'
import { testEgress } from '../support/test-egress.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { FETCHES } from '../support/response-budget.ts'
import { NOTHING_KEPT } from '../support/nothing-kept.ts'

const anything: UsabilityCheck = () => {}
const START = 1_750_000_000_000

/** A source with a clock that the test moves and a server that it answers for. */
async function setUp(t: TestContext, handler: RequestListener) {
  const url = await startUpstream(t, handler)
  const clock = { time: START }
  const now = () => clock.time
  const limits = {
    CONNECT_TIMEOUT_MS: 5_000,
    UPSTREAM_TIMEOUT_MS: 20_000,
    DOCUMENT_MAX_BYTES: 1_000
  }
  const control = createControlClient(limits, testEgress())
  t.after(() => control.close())
  const client = createDocumentClient(control, limits)
  const source = createDocumentSource({
    kept: NOTHING_KEPT,
    budget: FETCHES,
    times: USUAL_FETCH_TIMES,
    client,
    store: createMemoryStore({ maxBytes: 100_000, now }),
    settings: { DOCUMENT_TTL_S: 300 },
    now,
    wait,
    newId: randomUUID,
    changes: createDocumentChanges(null),
    sampleNames: ['petstore', 'music'],
    readSample: async path =>
      path === 'none.yaml' ? undefined : Buffer.from(`openapi: 3.0.3 # ${path}`)
  })
  const read = async (
    token: string | null = null,
    assertUsable = anything,
    mustRevalidate = false
  ) => {
    const minFetchedAt = mustRevalidate ? Number.POSITIVE_INFINITY : now() - 300_000
    const request = { location: `${url}/spec`, token }
    const options = { use: 'document', minFetchedAt, assertUsable, askers: COMMON_ASKERS } as const
    return opened(await source.read(request, options))
  }
  return { url: `${url}/spec`, clock, source, read }
}

async function problem(reading: Promise<unknown>): Promise<ConnectorError> {
  const error = await reading.then(
    () => assert.fail('the reading succeeded'),
    (reason: unknown) => reason
  )
  assert.ok(error instanceof ConnectorError, inspect(error))
  return error
}

async function readLocation(source: DocumentSource, location: string) {
  const asked = { minFetchedAt: 0, assertUsable: anything, askers: COMMON_ASKERS }
  const reading = { use: 'document', ...asked } as const
  return opened(await source.read({ location, token: null }, reading))
}

/** A document with its text in the place of what it is packed in. */
function opened({ packed, ...facts }: SourceDocument) {
  return { ...facts, text: unpackText(packed) }
}

test('A01 a document is read with its hash, its type and the time', async t => {
  const { read, url } = await setUp(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/yaml' }).end('openapi: 3.0.3')
  })
  const { key, ...document } = await read()
  assert.match(key, /^[\da-f]{64}$/)
  assert.deepEqual(document, {
    url,
    base: url,
    text: 'openapi: 3.0.3',
    contentType: 'application/yaml',
    hash: createHash('sha256').update('openapi: 3.0.3').digest('hex'),
    fetchedAt: START,
    stale: null
  })
})

test('the URL of a document is shown without its query', async t => {
  const { source, url } = await setUp(t, (_, response) => response.end('text'))
  assert.equal((await readLocation(source, ` ${url}?key=s3cret#part `)).url, url)
})

test('A18 a sample is read by its name, what stands beside the samples by its path, and no other file', async t => {
  const { source } = await setUp(t, () => {})
  const sample = await readLocation(source, 'sample:petstore')
  assert.deepEqual(
    [sample.url, sample.text, sample.stale],
    ['sample:petstore', 'openapi: 3.0.3 # petstore.yaml', null]
  )
  assert.equal(sample.base, 'sample:/petstore.yaml')
  const part = await readLocation(source, 'sample:/parts/pets.yaml')
  assert.deepEqual([part.base, part.text], [part.url, 'openapi: 3.0.3 # parts/pets.yaml'])
  for (const path of [
    '/none.yaml',
    '/../package.json',
    '/.secret.yaml',
    '/a%2fb.yaml',
    '//a.yaml'
  ]) {
    assert.equal(
      (await problem(readLocation(source, `sample:${path}`))).code,
      'SAMPLE_UNKNOWN',
      path
    )
  }
  const error = await problem(readLocation(source, 'sample:../secrets'))
  assert.equal(error.code, 'SAMPLE_UNKNOWN')
  assert.equal(error.remedy, 'Use one of: petstore, music.')
})

for (const [location, shown] of [
  ['petstore.yaml', 'petstore.yaml'],
  ['/etc/passwd', '/etc/passwd'],
  ['file:///etc/passwd', 'file:///etc/passwd'],
  ['ftp://example.com/spec?key=s3cret', 'ftp://example.com/spec'],
  ['https://user:s3cret@example.com/spec', '***@example.com/spec'],
  ['user:s3cret@example.com/spec', '***@example.com/spec'],
  ['http://', 'http://'],
  ['', '']
] as const) {
  test(`URL_INVALID for "${shown}"`, async t => {
    const { source } = await setUp(t, () => {})
    const error = await problem(readLocation(source, location))
    assert.equal(error.code, 'URL_INVALID')
    assert.equal(error.message, `"${shown}" is not an http or https URL`)
  })
}

test('A10 a token that no header can hold is CONFIG_INVALID, without the token', async t => {
  const { read } = await setUp(t, () => assert.fail('a request was made'))
  for (const token of ['s3cret\nnext', 's3crét', '']) {
    const error = await problem(read(token))
    assert.equal(error.code, 'CONFIG_INVALID')
    assert.ok(!inspect(error, { depth: 9 }).includes('s3cr'))
  }
})

test('A27 within DOCUMENT_TTL_S nothing is asked, after it only for a change', async t => {
  const asked: (string | undefined)[] = []
  const { read, clock } = await setUp(t, (request, response) => {
    asked.push(request.headers['if-none-match'])
    if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end()
    else response.writeHead(200, { etag: '"v1"' }).end('one')
  })
  await read()
  clock.time += 299_000
  assert.equal((await read()).fetchedAt, START)
  assert.deepEqual(asked, [undefined])
  clock.time += 2_000
  const renewed = await read()
  assert.deepEqual([renewed.text, renewed.fetchedAt, renewed.stale], ['one', clock.time, null])
  clock.time += 299_000
  await read()
  assert.deepEqual(asked, [undefined, '"v1"'])
  clock.time += 2_000
  await read()
  assert.deepEqual(asked, [undefined, '"v1"', '"v1"'])
})

test('A27 a server without ETag is asked by date, and a new text replaces the old', async t => {
  let text = 'one'
  const { read, clock } = await setUp(t, (request, response) => {
    const since = request.headers['if-modified-since']
    assert.equal(since, text === 'one' ? undefined : 'Tue, 01 Jul 2025 10:00:00 GMT')
    response.setHeader('last-modified', 'Tue, 01 Jul 2025 10:00:00 GMT')
    response.end(text)
  })
  const first = await read()
  text = 'two'
  clock.time += 301_000
  const second = await read()
  assert.deepEqual([second.text, second.stale], ['two', null])
  assert.notEqual(second.hash, first.hash)
})

const failing: readonly { name: string; code: string; handler: RequestListener }[] = [
  {
    name: 'does not answer',
    code: 'DOCUMENT_UNREACHABLE',
    handler: request => request.socket.destroy()
  },
  {
    name: 'answers an error',
    code: 'DOCUMENT_STATUS',
    handler: (_, response) => response.writeHead(500).end()
  },
  {
    name: 'redirects in circles',
    code: 'DOCUMENT_REDIRECT',
    handler: (_, response) => response.writeHead(302, { location: '/spec' }).end()
  },
  {
    name: 'sends too much',
    code: 'DOCUMENT_TOO_LARGE',
    handler: (_, response) => response.end('x'.repeat(2_000))
  },
  {
    name: 'sends something else',
    code: 'DOCUMENT_NOT_OPENAPI',
    handler: (_, response) => response.end('<html>')
  }
]

function refuseHtml(candidate: SourceDocument): void {
  const { text, url } = opened(candidate)
  if (text.startsWith('<')) throw new ConnectorError('DOCUMENT_NOT_OPENAPI', { url })
}

for (const { name, code, handler } of failing) {
  test(`the last good copy serves, marked stale by ${code}, when the server ${name}`, async t => {
    let up = true
    const { read, clock } = await setUp(t, (request, response) => {
      if (up) response.end('good')
      else handler(request, response)
    })
    await read(null, refuseHtml)
    up = false
    clock.time += 400_000
    const stale = await read(null, refuseHtml)
    assert.deepEqual(
      [stale.text, stale.fetchedAt, stale.stale],
      ['good', START, { reason: code, ageSeconds: 400 }]
    )
    up = true
    clock.time += 2_000
    const back = await read(null, refuseHtml)
    assert.deepEqual([back.fetchedAt, back.stale], [clock.time, null])
  })

  test(`${code} fails the first reading when the server ${name}`, async t => {
    const { read } = await setUp(t, handler)
    assert.equal((await problem(read(null, refuseHtml))).code, code)
  })
}

test('a good copy serves for a day without its server, and no longer', async t => {
  let up = true
  const { read, clock } = await setUp(t, (_, response) => {
    response.writeHead(up ? 200 : 503).end('good')
  })
  await read()
  up = false
  clock.time += 86_400_000
  assert.equal((await read()).text, 'good')
  clock.time += 2_000
  assert.equal((await problem(read())).code, 'DOCUMENT_STATUS')
})

test('a check that fails for another reason than the document is not hidden', async t => {
  const { read } = await setUp(t, (_, response) => response.end('good'))
  const broken = () => {
    throw new TypeError('a bug')
  }
  await assert.rejects(read(null, broken), TypeError)
})

test('R11 a failure is shared for a second, then the server is asked again', async t => {
  let calls = 0
  const { read, clock } = await setUp(t, (_, response) => {
    calls++
    response.writeHead(503).end()
  })
  await problem(read())
  clock.time += 900
  await problem(read())
  assert.equal(calls, 1)
  clock.time += 200
  await problem(read())
  assert.equal(calls, 2)
})

test('R27 a clock that is set back keeps no document from being checked, and no failure alive', async t => {
  const answers = ['one', 'two']
  let calls = 0
  const { clock, read } = await setUp(t, (_, response) => {
    calls++
    const text = answers.shift()
    if (text === undefined) response.writeHead(503).end()
    else response.end(text)
  })
  assert.equal((await read()).text, 'one')
  clock.time -= 3_600_000
  assert.equal((await read()).text, 'two')
  assert.equal((await read()).text, 'two')
  assert.equal(calls, 2)
  clock.time -= 3_600_000
  assert.deepEqual((await read()).stale, { reason: 'DOCUMENT_STATUS', ageSeconds: 0 })
  clock.time -= 3_600_000
  answers.push('three')
  assert.equal((await read()).text, 'three')
  assert.equal(calls, 4)
})

test('V4 A27 a forced revalidation asks the server, or joins a request under way', async t => {
  const asked: (string | undefined)[] = []
  const { read, clock } = await setUp(t, (request, response) => {
    asked.push(request.headers['if-none-match'])
    if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end()
    else response.writeHead(200, { etag: '"v1"' }).end('one')
  })
  await read()
  clock.time += 1_000
  const many = await Promise.all(Array.from({ length: 20 }, () => read(null, anything, true)))
  assert.deepEqual(new Set(many.map(({ fetchedAt }) => fetchedAt)), new Set([clock.time]))
  assert.deepEqual(asked, [undefined, '"v1"'])
  await read()
  clock.time += 1
  await read(null, anything, true)
  assert.deepEqual(asked, [undefined, '"v1"', '"v1"'])
})

test('R11 many readers at once share one fetch', async t => {
  let calls = 0
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<() => void>()
  const { read } = await setUp(t, (_, response) => {
    calls++
    arrive(() => response.end('text'))
  })
  const readers = Array.from({ length: 50 }, () => read())
  const answer = await arrived
  answer()
  const texts = await Promise.all(readers.map(async reader => (await reader).text))
  assert.deepEqual(new Set(texts), new Set(['text']))
  assert.equal(calls, 1)
})

test('C1 A10 a text read with a token is served to no caller without that token', async t => {
  const { read } = await setUp(t, (request, response) => {
    const { authorization } = request.headers
    if (authorization === undefined) response.writeHead(401).end()
    else response.end(`for ${authorization}`)
  })
  assert.equal((await read('one')).text, 'for Bearer one')
  assert.equal((await read('two')).text, 'for Bearer two')
  assert.equal((await problem(read())).code, 'DOCUMENT_STATUS')
  assert.equal((await read('one')).text, 'for Bearer one')
})
