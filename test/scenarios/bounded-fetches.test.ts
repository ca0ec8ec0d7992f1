import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'

import { startApi } from '../support/start-api.ts'
import { startConnector } from '../support/start-connector.ts'

/** Door tokens of two callers, and bounds that several answers or documents fill. */
const [ONE, OTHER] = ['a'.repeat(16), 'b'.repeat(16)] as const
const BOUNDS = {
  CONNECTOR_TOKENS: `${ONE},${OTHER}`,
  ANSWERS_MAX_BYTES: '1000000',
  FETCHES_MAX_BYTES: '1000000',
  // Nothing here ends by its time.
  UPSTREAM_TIMEOUT_MS: '120000',
  FLOW_TIMEOUT_MS: '180000'
}

const DOCUMENT = `
openapi: 3.0.3
info: { title: Rows, version: '1' }
servers: [{ url: /v1 }]
paths:
  /rows: { get: { responses: { '200': { description: All } } } }
components:
  schemas:
    Row: { type: object, x-flow-type: { name: Row }, x-flow-query: { path: /rows }, properties: { id: { type: string } } }
`

/** Text of so many bytes that is no JSON, no YAML of a document, and small when compressed. */
const text = (bytes: number): Buffer => Buffer.alloc(bytes, ' ')

type Asked = { readonly code: string; readonly status: number; readonly retryAfter: string | null }
type Ask = (token: string, tenant: string, name?: string, signal?: AbortSignal) => Promise<Asked>

/** What is read from others: how it is asked for, and the problem when there is no room for it. */
type Kind = { readonly code: 'ANSWERS_FULL' | 'FETCHES_FULL'; readonly setting: RegExp }

const KINDS: { readonly [kind in 'answers' | 'documents']: Kind } = {
  answers: { code: 'ANSWERS_FULL', setting: /ANSWERS_MAX_BYTES/ },
  documents: { code: 'FETCHES_FULL', setting: /FETCHES_MAX_BYTES/ }
}

/** A service and an API that lets the test write what is read from it. */
async function setUp(t: TestContext, kind: keyof typeof KINDS) {
  const responses: ServerResponse[] = []
  let asking = 0
  const waiting: ((response: ServerResponse) => void)[] = []
  const give = (response: ServerResponse): void => {
    const next = waiting.shift()
    if (next === undefined) responses.push(response)
    else next(response)
  }
  const isOfAnswers = kind === 'answers'
  const api = await startApi(t, isOfAnswers ? DOCUMENT : (_, response) => give(response))
  if (isOfAnswers)
    api.answer(...Array.from({ length: 50 }, () => (_: unknown, to: ServerResponse) => give(to)))
  const connector = await startConnector(t, {}, BOUNDS)
  const ask: Ask = async (token, tenant, name = 'openapi', signal) => {
    const contentValue = `${api.url}/${name}.yaml`
    const response = await fetch(
      `${connector.url}/k/${token}/${isOfAnswers ? 'data' : 'metadata/install'}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ManyWhoTenant: tenant },
        body: JSON.stringify({
          configurationValues: [{ developerName: 'Schema URL', contentValue }],
          ...(isOfAnswers && { objectDataType: { developerName: 'Row' } })
        }),
        ...(signal !== undefined && { signal })
      }
    )
    const body = await response.text()
    const [, code = 'none'] = /"code":"(\w+)"/.exec(body) ?? []
    if (code === KINDS[kind].code) assert.match(body, KINDS[kind].setting)
    return { code, status: response.status, retryAfter: response.headers.get('retry-after') }
  }
  /** The next response that the API is asked for. */
  const next = async (): Promise<ServerResponse> => {
    const there = responses.shift()
    return there ?? new Promise(resolve => waiting.push(resolve))
  }
  /** Begins to read so many bytes, which do not end, and waits until they count. */
  const hold = async (token: string, tenant: string, bytes: number, name: string) => {
    const caller = new AbortController()
    const asked = ask(token, tenant, name, caller.signal).catch(() => null)
    const response = await next()
    response.write(text(bytes))
    return { asked, response, caller }
  }
  /** Asks for bytes, as often as it takes until it ends with a code. */
  const until = async (
    wanted: (code: string) => boolean,
    token: string,
    tenant: string,
    bytes: number,
    headers: Record<string, string> = {},
    body: Buffer = text(bytes)
  ): Promise<Asked> => {
    for (;;) {
      const asked = ask(token, tenant, `document-${++asking}`)
      const response = await next()
      response.writeHead(200, headers).end(body)
      const told = await asked
      if (wanted(told.code)) return told
    }
  }
  return { ask, next, hold, until, code: KINDS[kind].code, api }
}

for (const kind of ['answers', 'documents'] as const) {
  const full = KINDS[kind].code
  const isFull = (code: string): boolean => code === full
  const isRead = (code: string): boolean => code !== full

  test(`H3 ${kind} under way take so many bytes in all, by door token and by tenant, and give them back`, async t => {
    const { hold, until } = await setUp(t, kind)
    const first = await hold(ONE, 'acme', 500_000, 'first')
    const refused = await until(isFull, ONE, 'acme', 200_000)
    assert.deepEqual(refused, { code: full, status: 503, retryAfter: '2' })
    // The tenant has 562,500 of the 750,000 of its token.
    assert.ok(isRead((await until(isRead, ONE, 'other', 100_000)).code))
    await until(isFull, ONE, 'other', 300_000)
    await until(isRead, OTHER, 'acme', 400_000)
    first.response.end()
    assert.ok(isRead((await first.asked)?.code ?? full))
    await until(isRead, ONE, 'acme', 500_000)
  })

  test(`H3 compressed ${kind} count as they are unpacked`, async t => {
    const { hold, until } = await setUp(t, kind)
    const first = await hold(ONE, 'acme', 500_000, 'first')
    for (const [coding, pack] of [
      ['gzip', gzipSync],
      ['br', brotliCompressSync]
    ] as const) {
      const headers = { 'content-encoding': coding }
      const packed = pack(text(900_000))
      assert.ok(packed.length < 2_000)
      await until(isFull, ONE, 'acme', 0, headers, packed)
      await until(isRead, OTHER, 'acme', 0, headers, pack(text(300_000)))
    }
    first.response.end()
    await first.asked
  })

  test(`H3 the bytes of ${kind} are given back when the connection breaks, and when the caller hangs up`, async t => {
    const { hold, until, next } = await setUp(t, kind)
    const broken = await hold(ONE, 'acme', 500_000, 'broken')
    await until(isFull, ONE, 'acme', 200_000)
    broken.response.destroy()
    // A call is repeated after a broken answer.
    if (kind === 'answers') (await next()).end('[]')
    assert.notEqual((await broken.asked)?.code, full)
    await until(isRead, ONE, 'acme', 500_000)
    if (kind === 'documents') return
    // A document is read on for others.
    const left = await hold(ONE, 'acme', 500_000, 'left')
    await until(isFull, ONE, 'acme', 200_000)
    left.caller.abort()
    await once(left.response, 'close')
    await until(isRead, ONE, 'acme', 500_000)
  })

  test(`H3 the connection of ${kind} that do not fit is closed`, async t => {
    const { hold, until, ask, next } = await setUp(t, kind)
    const first = await hold(ONE, 'acme', 500_000, 'first')
    await until(isFull, ONE, 'acme', 200_000)
    const asked = ask(ONE, 'acme', 'endless')
    const endless = await next()
    const closed = once(endless, 'close')
    endless.write(text(300_000))
    await closed
    assert.equal((await asked).code, full)
    first.response.end()
    await first.asked
  })
}

test('H3 the values of long answers count before they are made', async t => {
  const { hold, until } = await setUp(t, 'answers')
  const first = await hold(ONE, 'acme', 400_000, 'first')
  const values = Buffer.from(`[${'0,'.repeat(49_999)}0]`)
  const headers = { 'content-type': 'application/json' }
  await until(code => code === 'ANSWERS_FULL', ONE, 'acme', 0, headers, values)
  first.response.end()
  await first.asked
})

test('H3 who joins a document for which its first caller has no room reads it itself', async t => {
  const { hold, until, ask, next } = await setUp(t, 'documents')
  const first = await hold(ONE, 'acme', 500_000, 'first')
  await until(code => code === 'FETCHES_FULL', ONE, 'acme', 200_000)
  const refused = ask(ONE, 'acme', 'shared')
  const shared = await next()
  const joined = ask(OTHER, 'acme', 'shared')
  shared.write(text(300_000))
  assert.equal((await refused).code, 'FETCHES_FULL')
  const again = await next()
  again.end(DOCUMENT)
  assert.equal((await joined).status, 200)
  first.response.end()
  await first.asked
})
