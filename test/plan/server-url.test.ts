import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import type { ServerRecord } from '../../service/model/endpoint-record.ts'
import { serverQuery, serverUrl } from '../../service/plan/server-url.ts'
import { access, operation, plan, planSample, problem } from './plan-records.ts'

type Variables = { readonly [name: string]: string | readonly [string, ...string[]] }

/** A server; a variable is its default, or all it allows with the default first. */
function server(url: string, variables: Variables = {}): ServerRecord {
  const entries = Object.entries(variables).map(
    ([name, given]) =>
      [
        name,
        typeof given === 'string'
          ? { default: given, allowed: null }
          : { default: given[0], allowed: given }
      ] as const
  )
  return { url, variables: Object.fromEntries(entries) }
}

function resolved(
  given: ServerRecord,
  configured: { readonly [name: string]: string } = {},
  documentUrl = 'https://docs.example.com/v1/openapi.yaml'
): string {
  return serverUrl(
    operation({ server: given }),
    documentUrl,
    access({ serverVariables: configured })
  )
}

test('A20 an absolute server is the base, its slash at the end does not double', () => {
  assert.equal(resolved(server('https://api.example.com')), 'https://api.example.com')
  assert.equal(resolved(server('https://api.example.com/v1/')), 'https://api.example.com/v1')
  const planned = plan({ server: server('https://api.example.com/v1//'), path: 'things' })
  assert.equal(planned.url, 'https://api.example.com/v1/things')
})

test('A22 variables take the configured value, else the default', () => {
  const given = server('https://{region}.api.example.com/{version}', {
    region: ['eu', 'us'],
    version: 'v2'
  })
  assert.equal(resolved(given), 'https://eu.api.example.com/v2')
  assert.equal(resolved(given, { region: 'us' }), 'https://us.api.example.com/v2')
  assert.equal(resolved(given, { region: '', version: 'v3' }), 'https://eu.api.example.com/v3')
})

test('A22 a value that the document does not allow names those that it does', () => {
  const given = server('https://{region}.example.com', { region: ['eu', 'us'] })
  const error = problem('SERVER_VARIABLE_INVALID', () => resolved(given, { region: 'asia' }))
  assert.match(error.message, /"region"/)
  assert.match(error.remedy, /one of eu, us/)
})

test('A22 a variable without value and default is named', () => {
  const error = problem('SERVER_VARIABLE_INVALID', () => resolved(server('https://{host}/')))
  assert.match(error.message, /"host"/)
  assert.equal(resolved(server('https://{host}/'), { host: 'a.example' }), 'https://a.example')
})

test('M18 slashes at the ends of a default and beside its variable are one', () => {
  for (const [url, base, expected] of [
    ['https://api.example.com/{base}', '/v2', 'https://api.example.com/v2'],
    ['https://api.example.com{base}', '/v2', 'https://api.example.com/v2'],
    ['https://api.example.com/{base}/x', '/v2/', 'https://api.example.com/v2/x'],
    ['https://api.example.com/{base}/x', '//a/b//', 'https://api.example.com/a/b/x'],
    ['/{base}', '/v2', 'https://docs.example.com/v2'],
    ['https://api.example.com/a/{base}', '/', 'https://api.example.com/a'],
    ['https://{base}/x', 'api.example.com/', 'https://api.example.com/x']
  ] as const) {
    assert.equal(resolved(server(url, { base })), expected)
  }
})

test('M1 the query of a server is in every call, before other parameters, unless "Server URL" is set', () => {
  const given = { ...server('https://api.example.com/v1', { v: '2' }), query: 'key=a%20b&v={v}' }
  assert.equal(
    plan({ server: given, path: '/things' }).url,
    'https://api.example.com/v1/things?key=a%20b&v=2'
  )
  assert.equal(
    plan({ server: given, path: '/things?x=1' }).url,
    'https://api.example.com/v1/things?x=1&key=a%20b&v=2'
  )
  const asked = operation({ server: given })
  assert.equal(serverQuery(asked, access({ serverVariables: { v: '3' } })), 'key=a%20b&v=3')
  assert.equal(serverQuery(asked, access({ serverUrl: 'https://own.example' })), '')
})

test('A23 a relative server is resolved against the URL of the document', () => {
  assert.equal(resolved(server('../live')), 'https://docs.example.com/live')
  assert.equal(resolved(server('/')), 'https://docs.example.com')
  assert.equal(resolved(server('api')), 'https://docs.example.com/v1/api')
  assert.equal(resolved(server('//api.example.com/x')), 'https://api.example.com/x')
})

for (const [url, documentUrl] of [
  ['/', 'sample:petstore'],
  ['../live', '/home/user/openapi.yaml'],
  ['ftp://files.example.com', 'https://docs.example.com/'],
  ['https://user:secret@api.example.com', 'https://docs.example.com/'],
  ['https://', 'https://docs.example.com/']
] as const) {
  test(`A23 ${url} of a document at ${documentUrl} is no server`, () => {
    const error = problem('SERVER_MISSING', () => resolved(server(url), {}, documentUrl))
    assert.match(error.message, /GET \/things/)
    assert.ok(!error.message.includes('secret'))
  })
}

test('A20 an absolute server needs no address of the document', () => {
  assert.equal(resolved(server('https://a.example'), {}, 'sample:x'), 'https://a.example')
})

test('A24 a configured Server URL overrides every server and needs none', () => {
  const given = { ...operation({ server: server('https://{x}.example.com') }) }
  const at = (text: string): string => serverUrl(given, 'sample:x', access({ serverUrl: text }))
  assert.equal(at('http://127.0.0.1:8080/base/'), 'http://127.0.0.1:8080/base')
  for (const text of ['api.example.com', 'file:///x', 'https://u:p@h', 'ftp://h']) {
    assert.match(problem('URL_INVALID', () => at(text)).message, /"Server URL"/)
  }
  problem('CONFIG_INVALID', () => at('https://h/?x=1'))
})

test('A25 servers of a path and of an operation win, as the sample has them', async () => {
  const urls = await Promise.all(
    ['Variables', 'Path Level', 'Operation Level', 'Relative'].map(async type => {
      const { url } = await planSample('servers', `query:${type}`)
      return url
    })
  )
  assert.deepEqual(urls, [
    'https://eu.api.example.com/v2/variables',
    'https://path.example.com/api/path-level',
    'https://operation.example.com/operation-level',
    'https://docs.example.com/live/relative'
  ])
})

const MOVES_HOST = [
  'evil.test/#',
  'user@evil.test\\',
  '127.0.0.1:6379/?',
  'evil.test/',
  'evil.test?',
  'a..b',
  '.a',
  'a.',
  '[::1]',
  'a b',
  'å',
  '%2f',
  'x'.repeat(64)
]
for (const value of MOVES_HOST) {
  test(`A6 ${JSON.stringify(value.slice(0, 20))} is no part of a host`, () => {
    const given = server('https://{r}.example.com/v1', { r: 'eu' })
    const error = problem('SERVER_VARIABLE_INVALID', () => resolved(given, { r: value }))
    assert.ok(!error.message.includes(value))
  })
}

test('A6 whatever a variable of the host is set to, the fixed end of the host stays', () => {
  const given = server('https://{r}.example.com:8443/v1', { r: 'eu' })
  const part = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('.', '/', '?', '#', '@', '\\', ':', '[', '%', '-', 'evil.test', '\t', '\n')
  )
  const value = fc.array(part, { minLength: 1, maxLength: 4 }).map(parts => parts.join(''))
  fc.assert(
    fc.property(value, r => {
      let base: string
      try {
        base = resolved(given, { r })
      } catch {
        return
      }
      const url = new URL(base)
      assert.ok(url.hostname.endsWith('.example.com'), base)
      assert.deepEqual([url.protocol, url.port, url.pathname], ['https:', '8443', '/v1'])
    }),
    { numRuns: 2_000 }
  )
})

test('A6 a scheme is http or https, a port is a number', () => {
  const given = server('{protocol}://{host}:{port}/api', {
    protocol: 'https',
    host: 'api.example.com',
    port: '443'
  })
  const configured = { protocol: 'http', host: 'ghe.corp.example', port: '8080' }
  assert.equal(resolved(given, configured), 'http://ghe.corp.example:8080/api')
  for (const wrong of [
    { protocol: 'file' },
    { protocol: 'https://evil.test/#' },
    { port: '1/x' }
  ]) {
    problem('SERVER_VARIABLE_INVALID', () => resolved(given, wrong))
  }
})

test('A6 a variable of the path stays in the path', () => {
  const given = server('https://api.example.com/{base}/v1', { base: 'x' })
  assert.equal(resolved(given, { base: 'a/b' }), 'https://api.example.com/a/b/v1')
  for (const base of [
    '/evil.test',
    '..',
    'a/../..',
    '%2e%2e',
    '?x',
    '#',
    'a\\b',
    '@evil',
    'a//b'
  ]) {
    problem('SERVER_VARIABLE_INVALID', () => resolved(given, { base }))
  }
})

test('A6 a variable that is the whole server, or begins a relative one, chooses no host', () => {
  const whole = server('{server}/v1', { server: 'https://api.example.com' })
  assert.equal(resolved(whole), 'https://api.example.com/v1')
  for (const value of ['https://evil.test', '//evil.test', 'http:evil.test']) {
    problem('SERVER_VARIABLE_INVALID', () => resolved(whole, { server: value }))
  }
  const relative = server('/{base}', { base: 'api' })
  problem('SERVER_VARIABLE_INVALID', () => resolved(relative, { base: '/evil.test' }))
})
