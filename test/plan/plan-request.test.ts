import assert from 'node:assert/strict'
import { test } from 'node:test'

import { USUAL_CONDUCT } from '../../service/model/endpoint-record.ts'
import { parameter, plan, problem } from './plan-records.ts'

test('C07 a path is joined to the server and its names are filled', () => {
  const parameters = [
    parameter('id', { in: 'path', fallback: 'a b' }),
    parameter('format', { in: 'path', fallback: 'json' })
  ]
  const planned = plan({
    server: { url: 'https://api.example.com/v1/', variables: {} },
    path: '/things/{id}/file.{format}',
    parameters
  })
  assert.equal(planned.url, 'https://api.example.com/v1/things/a%20b/file.json')
})

test('C07 a name of the path that no parameter has is named', () => {
  const error = problem('PARAMETER_REQUIRED', () => plan({ path: '/things/{thingId}' }))
  assert.match(error.message, /parameter "thingId" of GET \/things\/\{thingId\}/)
  assert.match(error.remedy, /add "thingId" to `parameters` of the mapping `x-flow-query`/)
})

test('C07 a path with a query of its own gets the rest behind it, a fragment is not sent', () => {
  const parameters = [parameter('b', { fallback: '2' })]
  const at = (path: string): string => plan({ path, parameters }).url
  assert.equal(at('/things?a=1'), 'https://api.example.com/things?a=1&b=2')
  assert.equal(at('/things#list'), 'https://api.example.com/things?b=2')
  assert.equal(at('@evil.test/x'), 'https://api.example.com/@evil.test/x?b=2')
})

test('C06 C17 the method is that of the operation', () => {
  assert.equal(plan({ method: 'POST' }).method, 'POST')
})

test('C18 headers of the mapping win over declared ones of the same name in any case', () => {
  const parameters = [
    parameter('x-client', { in: 'header', fromHeaders: true, fallback: 'flow' }),
    parameter('X-Client', { in: 'header', fallback: 'declared' }),
    parameter('X-Size', { in: 'header', kind: 'integer', fallback: 3 })
  ]
  assert.deepEqual(plan({ parameters }).headers, { 'X-Size': '3', 'x-client': 'flow' })
})

test('C19 constants of the query are sent in the order of the document', () => {
  const parameters = [
    parameter('since', { fallback: '2025-01-01' }),
    parameter('$top', { fallback: 5 })
  ]
  assert.equal(plan({ parameters }).url, 'https://api.example.com/things?since=2025-01-01&$top=5')
})

const REFUSED = [
  'Host',
  'Content-Length',
  'transfer-encoding',
  'Connection',
  'Upgrade',
  'TE',
  'Trailer',
  'Expect',
  'Keep-Alive',
  'Proxy-Authorization',
  'X-Forwarded-Host',
  'X Y',
  'X\r\nY',
  ''
]
for (const name of REFUSED) {
  for (const fromHeaders of [false, true]) {
    const origin = fromHeaders ? 'the mapping' : 'the document'
    test(`A9 header ${JSON.stringify(name)} of ${origin} is refused`, () => {
      const parameters = [parameter(name, { in: 'header', fromHeaders, fallback: '1' })]
      problem('PARAMETER_INVALID', () => plan({ parameters }))
    })
  }
}

test('A9 Authorization and Cookie are set by the mapping alone, and are credentials', () => {
  for (const name of ['Authorization', 'cookie']) {
    const declared = parameter(name, { in: 'header', fallback: 'x' })
    problem('PARAMETER_INVALID', () => plan({ parameters: [declared] }))
    const planned = plan({ parameters: [{ ...declared, fromHeaders: true }] })
    assert.deepEqual([planned.headers, planned.credential.headers], [{}, { [name]: 'x' }])
  }
})

test('D06 cookies of parameters go into one header, with what the mapping says in it', () => {
  const cookies = [
    parameter('a', { in: 'cookie', fallback: '1' }),
    parameter('b', { in: 'cookie', fallback: '2' })
  ]
  assert.deepEqual(plan({ parameters: cookies }).headers, { Cookie: 'a=1; b=2' })
  const own = parameter('cookie', { in: 'header', fromHeaders: true, fallback: 's=9' })
  const planned = plan({ parameters: [...cookies, own] })
  assert.deepEqual(planned.headers, {})
  assert.deepEqual(planned.credential.headers, { cookie: 's=9; a=1; b=2' })
})

test('H08 a declared Idempotency-Key is left to the exchange, unless a source fills it', () => {
  const key = (given: Parameters<typeof parameter>[1]) =>
    plan({
      parameters: [parameter('idempotency-key', { in: 'header', required: true, ...given })]
    })
  for (const given of [{}, { fallback: 'a constant would make one call of all' }]) {
    assert.equal(key(given).idempotencyKey, 'idempotency-key')
    assert.deepEqual(key(given).headers, {})
  }
  const user = { sources: [{ from: 'variable', name: 'KEY' }] } as const
  const filled = plan(
    { parameters: [parameter('Idempotency-Key', { in: 'header', ...user })] },
    { access: { variables: { KEY: 'k-1' } } }
  )
  assert.equal(filled.idempotencyKey, 'Idempotency-Key')
  assert.deepEqual(filled.headers, { 'Idempotency-Key': 'k-1' })
  assert.equal(plan({ parameters: [parameter('idempotency-key')] }).idempotencyKey, null)
})

test('a plan is plain data', () => {
  const planned = plan({})
  assert.deepEqual(planned, {
    operation: 'GET /things',
    method: 'GET',
    url: 'https://api.example.com/things',
    origin: 'https://api.example.com',
    allowedHosts: null,
    accept: 'application/json',
    headers: {},
    body: null,
    credential: { headers: {}, query: [], cookies: [] },
    answersJson: true,
    secrets: [],
    grant: null,
    missingCredential: null,
    unsentCredentials: [],
    conduct: USUAL_CONDUCT,
    idempotencyKey: null
  })
})
