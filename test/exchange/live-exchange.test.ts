import type { IncomingMessage, RequestListener } from 'node:http'
import type { TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'

import { createOwner } from '../../service/base/owner.ts'
import type { RequestPlan } from '../../service/plan/types.ts'
import { ConnectorError } from '../../service/errors.ts'
import { createLiveExchange } from '../../service/exchange/live-exchange.ts'
import { createApiClient } from '../../service/net/api-client.ts'
import { ANSWERS, REPEATED } from '../support/response-budget.ts'
import { testEgress } from '../support/test-egress.ts'
import { closedPort, startUpstream } from '../support/start-upstream.ts'
import { plan } from './plan.ts'

const CALLER = {
  owner: createOwner(null, 'acme'),
  signal: new AbortController().signal,
  timeLeftMs: 60_000
}

function exchange(t: TestContext) {
  const limits = {
    CONNECT_TIMEOUT_MS: 5_000,
    RESPONSE_MAX_BYTES: 10_000,
    UPSTREAM_TIMEOUT_MS: 20_000
  }
  const client = createApiClient(limits, testEgress())
  t.after(() => client.close())
  return createLiveExchange(client, 1_000_000, ANSWERS, REPEATED)
}

/** What the API receives of a plan whose URL is `/things?a=1` on it. */
async function received(t: TestContext, changes: Partial<RequestPlan>) {
  let request: IncomingMessage | undefined
  let body = ''
  const base = await startUpstream(t, async (incoming, response) => {
    request = incoming
    body = Buffer.concat(await incoming.toArray()).toString()
    response.end('{"ok":true}')
  })
  const answer = await exchange(t)(plan({ url: `${base}/things?a=1`, ...changes }), CALLER)
  assert.deepEqual(answer.body, { ok: true })
  assert.ok(request !== undefined)
  return { method: request.method, url: request.url, headers: request.headers, body }
}

test('a plan is sent as it is, asking for JSON', async t => {
  const { method, url, headers, body } = await received(t, { headers: { 'X-Client': 'flow' } })
  assert.deepEqual(
    [method, url, headers.accept, headers['x-client'], headers['content-type'], body],
    ['GET', '/things?a=1', 'application/json', 'flow', undefined, '']
  )
})

test('the plan may ask for another type in any case', async t => {
  const { headers } = await received(t, { headers: { Accept: 'application/vnd.v2+json' } })
  assert.equal(headers.accept, 'application/vnd.v2+json')
})

test('a text body is sent with its media type', async t => {
  const sent = await received(t, {
    method: 'PATCH',
    body: { encoding: 'text', mediaType: 'application/merge-patch+json', text: '{"a":"é"}' }
  })
  assert.deepEqual(
    [sent.method, sent.headers['content-type'], sent.body],
    ['PATCH', 'application/merge-patch+json', '{"a":"é"}']
  )
})

test('a multipart body is sent with a boundary of its own', async t => {
  const sent = await received(t, {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data' },
    body: { encoding: 'multipart', parts: [{ name: 'a', value: '1', mediaType: null }] }
  })
  assert.match(sent.headers['content-type'] ?? '', /^multipart\/form-data; boundary=/)
  assert.match(sent.body, /name="a"\r\n\r\n1\r\n/)
})

test('the credential goes into headers, query and cookies, encoded for its place', async t => {
  const { url, headers } = await received(t, {
    headers: { Cookie: 'theme=dark' },
    credential: {
      headers: { Authorization: 'Bearer t0ken' },
      query: [['api key', 'a&b=c/é']],
      cookies: [
        ['sid', 'a; b=c,d'],
        ['csrf', 'plain=']
      ]
    }
  })
  assert.equal(url, '/things?a=1&api%20key=a%26b%3Dc%2F%C3%A9')
  assert.equal(headers.authorization, 'Bearer t0ken')
  assert.equal(headers.cookie, 'theme=dark; sid=a%3B%20b=c%2Cd; csrf=plain=')
})

test('the credential makes the query of a URL that has none', async t => {
  const base = await startUpstream(t, (request, response) => response.end(`"${request.url}"`))
  const credential = { headers: {}, query: [['key', 'k']] as const, cookies: [] }
  const answer = await exchange(t)(plan({ url: `${base}/things`, credential }), CALLER)
  assert.equal(answer.body, '/things?key=k')
})

const refusals: readonly { code: string; handler: RequestListener }[] = [
  { code: 'UPSTREAM_REDIRECT', handler: (_, out) => out.writeHead(302, { location: '/' }).end() },
  { code: 'UPSTREAM_NOT_JSON', handler: (request, out) => out.end(`<html>${request.url}`) },
  { code: 'UPSTREAM_RESET', handler: request => request.socket.destroy() },
  { code: 'UPSTREAM_TOO_LARGE', handler: (_, out) => out.end('x'.repeat(10_001)) },
  {
    code: 'API_ERROR',
    handler: (request, out) => {
      out.writeHead(403, { 'x-echo': JSON.stringify(request.headers), 'x-url': request.url })
      out.end(JSON.stringify({ message: `${request.url}`, headers: request.headers }))
    }
  }
]

for (const { code, handler } of refusals) {
  test(`H16 ${code} shows nothing of the credential`, async t => {
    const base = await startUpstream(t, handler)
    await fails(t, base, code)
  })
}

test('H16 UPSTREAM_UNREACHABLE shows nothing of the credential', async t => {
  await fails(t, `http://${await closedPort()}`, 'UPSTREAM_UNREACHABLE')
})

async function fails(t: TestContext, base: string, code: string): Promise<void> {
  const credential = {
    headers: { authorization: `Basic ${Buffer.from('jane:s3cret').toString('base64')}` },
    query: [['key', 's3cret & more']] as const,
    cookies: [['sid', 's3cret; too']] as const
  }
  const error = await exchange(t)(plan({ url: `${base}/things`, credential }), CALLER).then(
    () => assert.fail('the call succeeded'),
    (reason: unknown) => reason
  )
  assert.ok(error instanceof ConnectorError, inspect(error))
  assert.equal(error.code, code)
  const shown = inspect(error, { depth: 9, showHidden: true })
  assert.doesNotMatch(shown, /s3cret|amFuZTpzM2NyZXQ/)
}
