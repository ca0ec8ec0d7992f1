import assert from 'node:assert/strict'
import { test } from 'node:test'

import { shownRequest } from '../../service/exchange/shown-request.ts'
import { plan } from './plan.ts'

test('J14 F24 a request is shown as it is sent, without its secrets', () => {
  const shown = shownRequest(
    plan({
      method: 'POST',
      url: 'https://api.example.com/things?q=a%20b&note=variable-secret',
      headers: { 'X-Client': 'flow', Authorization: 'Token own-secret-value' },
      body: { encoding: 'text', mediaType: 'application/json', text: '{"a":"variable-secret"}' },
      credential: {
        headers: { 'X-Api-Key': 'header-secret' },
        query: [['key', 'query-secret']],
        cookies: [['sid', 'cookie-secret']]
      },
      secrets: ['variable-secret']
    })
  )
  assert.deepEqual(shown, {
    method: 'POST',
    url: 'https://api.example.com/things?q=a%20b&note=***&key=***',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'x-client': 'flow',
      authorization: 'Token ***',
      'x-api-key': '***',
      cookie: 'sid=***'
    },
    body: '{"a":"***"}'
  })
})

test('J14 the scheme of a credential is shown, and nothing behind it', () => {
  for (const [value, masked] of [
    ['Bearer abc.def', 'Bearer ***'],
    ['Basic dXNlcjpwYXNz', 'Basic ***'],
    ['abcdef', '***'],
    ['ab cd=ef, gh="ij"', 'ab ***'],
    ['', '***']
  ] as const) {
    const credential = { headers: { Authorization: value }, query: [], cookies: [] }
    assert.equal(shownRequest(plan({ credential })).headers.authorization, masked)
  }
})

test('J14 the parts of a multipart body are shown by name, files by their size', () => {
  const parts = [
    { name: 'title', value: 'Report', mediaType: null },
    { name: 'file', value: new Uint8Array(12), mediaType: 'application/pdf' }
  ]
  const { body, headers } = shownRequest(plan({ body: { encoding: 'multipart', parts } }))
  assert.equal(body, 'title: Report\nfile: (12 bytes)')
  assert.equal(headers['content-type'], undefined)
})
