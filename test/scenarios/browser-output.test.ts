import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { json } from '../support/start-app.ts'
import { startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: /v1 }]
paths: { /things: { get: { responses: { '200': { description: All } } } } }
components:
  schemas:
    Thing:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things }
`

const HTML = '<!doctype html><script>alert(1)</script>'

/** What an API may say of its own connection, of its visitors and of itself. */
const FOREIGN = {
  'Set-Cookie': 'session=planted; Path=/',
  'Set-Cookie2': 'planted=1',
  Connection: 'keep-alive, X-Planted',
  'X-Planted': 'planted',
  'Keep-Alive': 'timeout=planted',
  'Proxy-Authenticate': 'Basic realm=planted',
  'Proxy-Connection': 'planted',
  Via: '1.1 planted',
  'X-Forwarded-For': 'planted'
}

/** Those that a page of the API would need, none of which is the connector's word. */
const PAGE = {
  'Content-Type': 'text/html',
  Server: 'api/1',
  'X-Powered-By': 'api',
  'Access-Control-Allow-Origin': '*',
  'Content-Security-Policy': 'default-src *',
  Location: 'https://elsewhere.example/',
  Refresh: '0; url=https://elsewhere.example/',
  'Cache-Control': 'public, max-age=3600',
  'Content-Disposition': 'attachment; filename=a.html'
}

/** All headers that an answer of the connector may have. */
const OURS = [
  'cache-control',
  'connection',
  'content-length',
  'content-security-policy',
  'content-type',
  'date',
  'keep-alive',
  'referrer-policy',
  'x-content-type-options'
]
const OF_PROBLEMS = [...OURS, 'x-manywho-service-problem-kind']

async function loadThings(url: string, documentUrl: string) {
  const { method, headers, body } = json('POST', {
    objectDataType: { developerName: 'Thing' },
    configurationValues: [{ developerName: 'Schema URL', contentValue: documentUrl }]
  })
  const sent = request(`${url}/data`, { method, headers }).end(body)
  return new Promise<{ status: number; headers: Record<string, string>; body: string }>(
    (resolve, reject) => {
      sent.on('error', reject).on('response', async response => {
        const names = Object.entries(response.headersDistinct)
        const shown = names.map(([name, values]) => [name, (values ?? []).join(', ')])
        const body = await text(response)
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(shown), body })
      })
    }
  )
}

for (const { name, status, page, answered, code } of [
  { name: 'objects', status: 200, page: '[{"id": "1"}]', answered: 200, code: undefined },
  { name: 'a page', status: 200, page: HTML, answered: 502, code: 'UPSTREAM_NOT_JSON' },
  {
    name: 'a page of a redirect',
    status: 302,
    page: HTML,
    answered: 502,
    code: 'UPSTREAM_REDIRECT'
  },
  { name: 'a page of a refusal', status: 403, page: HTML, answered: 403, code: 'API_ERROR' },
  { name: 'a page of a failure', status: 500, page: HTML, answered: 500, code: 'API_ERROR' }
]) {
  test(`C9 an API that answers ${name} says nothing to a browser, and nothing of its connection`, async t => {
    const api = await startApi(t, DOCUMENT)
    const connector = await startConnector(t, {})
    api.answer({ status, text: page, headers: { ...FOREIGN, ...PAGE } })
    const answer = await loadThings(connector.url, api.documentUrl)
    assert.equal(answer.status, answered)
    assert.deepEqual(
      Object.keys(answer.headers).toSorted(),
      (code === undefined ? OURS : OF_PROBLEMS).toSorted()
    )
    assert.partialDeepStrictEqual(answer.headers, {
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer'
    })
    assert.match(
      answer.headers['content-security-policy'] ?? '',
      /default-src 'none'; frame-ancestors 'none'/
    )
    assert.doesNotMatch(answer.body, /planted/)
    const body = JSON.parse(answer.body)
    assert.equal(body.code, code)
    if (code === 'API_ERROR') {
      // The flow's debugger is shown the page, as text of a JSON answer.
      assert.equal(body.responseBody, HTML)
      assert.equal(body.message, `the API answered ${status} [API_ERROR]`)
    } else assert.ok(!answer.body.includes('<script'))
  })
}

test('C9 every answer has the headers, whatever it is, and a sample may be kept', async t => {
  const connector = await startConnector(t, {})
  for (const path of [
    '/health',
    '/metadata',
    '/nothing',
    '/samples/%zz',
    '/samples/weather.yaml'
  ]) {
    const { headers } = await fetch(connector.url + path)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(headers.get('referrer-policy'), 'no-referrer', path)
    assert.match(
      headers.get('content-security-policy') ?? '',
      /^default-src 'none'; frame-ancestors/
    )
    const kept = path.endsWith('.yaml') ? 'no-cache' : 'no-store'
    assert.equal(headers.get('cache-control'), kept, path)
    assert.deepEqual([headers.get('server'), headers.get('x-powered-by')], [null, null])
  }
})
