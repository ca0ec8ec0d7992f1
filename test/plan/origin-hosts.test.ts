import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { DocumentOrigins } from '../../service/model/connector-model.ts'
import { apiAccess } from '../../service/operations/configuration.ts'
import { isApproved, originHosts, securedLink } from '../../service/plan/origin-hosts.ts'
import { access, problem } from './plan-records.ts'

const FIRST: DocumentOrigins = {
  documentUrl: 'https://docs.example.com/v1/openapi.yaml',
  servers: [
    {
      url: 'https://{region}.api.example.com/v1',
      variables: { region: { default: 'eu', allowed: null } }
    },
    { url: '/v2', variables: {} },
    { url: 'https://{missing}.example.org', variables: {} }
  ],
  identityUrls: ['https://login.example.com:8443/token', '//id.example.com/token']
}

function approved(url: string, given: Parameters<typeof access>[0] = {}): boolean {
  return isApproved(new URL(url), FIRST, access(given))
}

test('A7 F25 the hosts of a document are its own, those of its servers and of its logins', () => {
  assert.deepEqual(
    [...new Set(originHosts(FIRST, access()))],
    [
      'eu.api.example.com:443',
      'docs.example.com:443',
      'login.example.com:8443',
      'id.example.com:443'
    ]
  )
  assert.ok(approved('https://eu.api.example.com/x'))
  assert.ok(approved('https://EU.api.example.com.:443/x'))
  assert.ok(!approved('https://us.api.example.com/x'))
  assert.ok(approved('https://us.api.example.com/x', { serverVariables: { region: 'us' } }))
})

test('A7 the same host without TLS, or at another port, is another place', () => {
  assert.ok(!approved('http://eu.api.example.com/x'))
  assert.ok(!approved('https://eu.api.example.com:444/x'))
  assert.ok(!approved('https://login.example.com/token'))
})

const allowed = (text: string) =>
  apiAccess({ 'allowed hosts': text }, { CLIENT_CERT_FILE: '' }).allowedHosts

test('F25 Allowed Hosts are hosts in any spelling, with a port where that one is meant', () => {
  const rows: readonly (readonly [entry: string, url: string, isAllowed: boolean])[] = [
    ['api.example.com', 'https://api.example.com', true],
    ['API.example.com.', 'http://api.example.com:8080', true],
    ['api.example.com:443', 'https://api.example.com', true],
    ['api.example.com:80', 'http://api.example.com', true],
    ['api.example.com:80', 'https://api.example.com', false],
    ['*.example.com', 'https://a.b.example.com', true],
    ['*.example.com', 'https://example.com', false],
    ['*.example.com', 'https://evilexample.com', false],
    ['*.example.com:8443', 'https://a.example.com:8443', true],
    ['*.example.com:8443', 'https://a.example.com', false],
    ['münchen.example', 'https://xn--mnchen-3ya.example', true],
    ['[0:0:0:0:0:0:0:1]', 'http://[::1]:3000', true],
    ['[::1]:3000', 'http://[::1]:3000', true],
    ['127.1', 'http://127.0.0.1:9', true],
    ['other.example', 'https://eu.api.example.com', false]
  ]
  for (const [entry, url, isAllowed] of rows) {
    assert.equal(approved(url, { allowedHosts: allowed(entry) }), isAllowed, `${entry} ${url}`)
  }
  assert.deepEqual(allowed(' a.example,b.example\nc.example  d.example '), [
    'a.example',
    'b.example',
    'c.example',
    'd.example'
  ])
})

test('F25 what is no host is refused by its place, not by its text', () => {
  for (const entry of [
    'https://a.example',
    'a.example/path',
    'user@a.example',
    'a.example:99999',
    '*',
    '*.',
    'a.*.example',
    'a.example?x',
    '[::1'
  ]) {
    const { message } = problem('CONFIG_INVALID', () => allowed(`b.example\n${entry}`))
    assert.match(message, /entry 2 is not a host/)
  }
})

test('E19 a link is called by https where only its scheme is less secure than that of the answer', () => {
  for (const [from, link, called] of [
    ['https://api.test/v1', 'http://api.test/v1?page=2', 'https://api.test/v1?page=2'],
    ['https://api.test:8443/v1', 'http://api.test:8443/x', 'https://api.test:8443/x'],
    ['https://api.test/v1', 'http://api.test:8080/x', 'http://api.test:8080/x'],
    ['https://api.test/v1', 'http://other.test/x', 'http://other.test/x'],
    ['http://api.test/v1', 'http://api.test/x', 'http://api.test/x']
  ] as const) {
    assert.equal(securedLink(new URL(from), link).href, called)
  }
})
