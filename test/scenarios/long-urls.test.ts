import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { refusal, startConnector } from '../support/start-connector.ts'

/** Authorities and paths that expressions, or the parser of URLs, take long for. */
const LONG = [
  `${'.'.repeat(100_000)}a`,
  'a.'.repeat(50_000),
  `${'.'.repeat(4_000)}a`,
  '@'.repeat(100_000),
  `${'a'.repeat(254)}`,
  `${'label.'.repeat(50)}example`,
  `${'é.'.repeat(30_000)}example`,
  `a/${'../a/'.repeat(20_000)}`,
  `a${'\\'.repeat(100_000)}`,
  `[${':'.repeat(60_000)}]`,
  `a/${'x'.repeat(9_000)}`,
  `a:${'0'.repeat(60_000)}80/`,
  `a/?${'%'.repeat(100_000)}`
]

/** Fails if a call uses the thread for longer than any of its work takes. */
async function assertQuick<T>(what: string, call: () => Promise<T>): Promise<T> {
  const start = process.threadCpuUsage()
  const answer = await call()
  const { user } = process.threadCpuUsage(start)
  assert.ok(user < 1_500_000, `${what.slice(0, 60)}: ${user} µs`)
  return answer
}

function documentOf(server: string, reference = '#/components/schemas/Thing'): string {
  return JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Long', version: '1' },
    servers: [{ url: server }],
    paths: { '/things': { get: { responses: { 200: { description: 'ok' } } } } },
    components: {
      schemas: {
        Thing: {
          type: 'object',
          properties: { id: { type: 'string' }, of: { $ref: reference } },
          'x-flow-type': { name: 'Thing' },
          'x-flow-query': { path: '/things' }
        }
      }
    }
  })
}

test('H4 a Schema URL over 8 KB, or with a host over 253 characters, is refused at once', async t => {
  const connector = await startConnector(t, {})
  for (const long of LONG) {
    for (const start of ['http://', 'https://', ' http:', 'sample:']) {
      const configuration = { 'Schema URL': `${start}${long}` }
      const answer = await assertQuick(configuration['Schema URL'], () =>
        connector.as({ configuration }).send('POST', '/metadata')
      )
      const [code, status] = refusal(answer)
      // A short text after the scheme may be a host that may not be called, or no sample.
      const isShort = long.length < 8_000
      const codes = isShort
        ? ['URL_INVALID', 'EGRESS_DENIED', 'SAMPLE_UNKNOWN']
        : ['URL_INVALID', 'CONFIG_TOO_LARGE']
      assert.ok(codes.includes(code) && status < 500, `${code} ${start}${long.slice(0, 40)}`)
      assert.ok(answer.text.length < 3_000)
    }
  }
})

test('H4 a long Server URL, and long Allowed Hosts, are refused at once', async t => {
  const api = await startApi(t, documentOf('/v1'))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const long of LONG) {
    for (const [name, code] of [
      ['Server URL', 'URL_INVALID'],
      ['Allowed Hosts', 'CONFIG_INVALID']
    ] as const) {
      const value = name === 'Server URL' ? `http://${long}` : `*.${long}`
      const configuration = { 'Schema URL': api.documentUrl, [name]: value }
      const answer = await assertQuick(value, () => connector.as({ configuration }).load('Thing'))
      assert.ok(
        [code, 'CONFIG_INVALID', 'CONFIG_TOO_LARGE', 'EGRESS_DENIED'].includes(refusal(answer)[0]),
        answer.text
      )
    }
  }
  assert.deepEqual(api.calls, [])
})

test('H4 a document with a long server or reference is read at once, and nothing is called', async t => {
  const api = await startApi(t, '')
  for (const [index, long] of LONG.entries()) {
    for (const text of [
      documentOf(`http://${long}`),
      documentOf(long),
      documentOf('/', `http://${long}`)
    ]) {
      api.publish(text)
      const path = `${api.url}/${index}-${text.length}-${text.indexOf(long)}.yaml`
      const connector = await startConnector(t, { 'Schema URL': path })
      api.answer({ status: 404, json: {} })
      const answer = await assertQuick(text, () => connector.load('Thing'))
      assert.notEqual(refusal(answer)[0], 'INTERNAL')
      assert.notEqual(answer.status, 200)
      api.takeCalls()
    }
  }
})

test('H4 a redirect to a long address is not followed', async t => {
  const api = await startApi(t, (_, response) => {
    response.writeHead(302, { location: `/${'x'.repeat(9_000)}.yaml` }).end()
  })
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  assert.deepEqual(refusal(await connector.load('Thing')), ['DOCUMENT_REDIRECT', 502])
  api.publish(documentOf('/v1'))
  const other = connector.as({ configuration: { 'Schema URL': `${api.url}/other.yaml` } })
  api.answer((_, response) => {
    response.writeHead(307, { location: `/v1/${'x'.repeat(9_000)}` }).end()
  })
  assert.deepEqual(refusal(await other.load('Thing')), ['UPSTREAM_REDIRECT', 502])
  assert.equal(api.calls.length, 1)
})
