import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createOwner } from '../../service/base/owner.ts'
import { apiOrigins, loginBinding } from '../../service/identity/login-binding.ts'
import type { LoginMethod, LoginScope } from '../../service/identity/types.ts'
import type { LoginRecord } from '../../service/model/login-record.ts'

const SCOPE = { owner: createOwner(null, 't'), schemaUrl: 'https://d.example/api.yaml' }
const SERVER = {
  url: 'https://{region}.api.example/{org}',
  variables: { region: { default: 'eu', allowed: null }, org: { default: 'acme', allowed: null } }
}
const CLIENT = { auth: null, authorizeParameters: {}, tokenParameters: {} }

const OAUTH2: LoginRecord = {
  ...{ scheme: 'login', kind: 'oauth2', server: SERVER, scope: '', map: {}, refreshUrl: null },
  ...{ authorizationUrl: 'https://id.example/authorize', tokenUrl: 'https://id.example/token' },
  ...{ userInfoUrl: '/me', userOperation: null, failure: 'guessed', client: CLIENT }
}
const OIDC: LoginRecord = {
  ...{ scheme: 'login', kind: 'openIdConnect', server: SERVER, scope: '', map: {}, client: CLIENT },
  ...{ userOperation: null },
  discoveryUrl: 'https://id.example/.well-known/openid-configuration'
}
const BASIC: LoginRecord = {
  ...{
    scheme: 'login',
    kind: 'basic',
    server: SERVER,
    map: null,
    userOperation: null,
    failure: 'guessed'
  },
  checkUrl: '/me'
}

type Given = {
  readonly login?: LoginRecord
  readonly scope?: Partial<LoginScope>
  readonly serverUrl?: string
  readonly variables?: { readonly [name: string]: string }
  readonly client?: LoginMethod['client']
  readonly userId?: string
}

function methodOf({ login = OAUTH2, serverUrl, variables = {}, client }: Given): LoginMethod {
  return {
    login,
    base: {
      documentUrl: 'https://d.example/api.yaml',
      access: { serverUrl: serverUrl ?? null, serverVariables: variables, variables: {} }
    },
    client: client === undefined ? { id: 'flow', secret: 's' } : client,
    userKeys: () => ({ headers: {}, query: [], cookies: [] }),
    assertHost() {}
  }
}

const bindingOf = (given: Given): string =>
  loginBinding({ ...SCOPE, ...given.scope }, methodOf(given), given.userId ?? 'ana')

for (const login of [OAUTH2, OIDC, BASIC]) {
  test(`I1 a ${login.kind} login counts at its server, provider and client only`, () => {
    const own = bindingOf({ login })
    const elsewhere: readonly Given[] = [
      { serverUrl: 'https://sandbox.api.example/acme' },
      { serverUrl: 'https://eu.api.example:8443/acme' },
      { serverUrl: 'http://eu.api.example/acme' },
      { variables: { region: 'us' } },
      { scope: { owner: createOwner(null, 'other') } },
      { scope: { owner: createOwner('space', 't') } },
      { scope: { schemaUrl: 'https://d.example/other.yaml' } },
      { userId: 'bob' },
      { userId: 'Ana' },
      { login: { ...login, scheme: 'other' } },
      ...(login.kind === 'basic'
        ? [{ variables: { org: 'other' } }, { login: { ...login, checkUrl: '/other' } }]
        : [{ client: { id: 'other', secret: 's' } }, { client: null }]),
      ...(login.kind === 'oauth2'
        ? [
            { login: { ...login, tokenUrl: 'https://id2.example/token' } },
            { login: { ...login, tokenUrl: 'https://id.example/other/token' } },
            { login: { ...login, userInfoUrl: 'https://me.example/me' } },
            { variables: { org: 'other' } }
          ]
        : []),
      ...(login.kind === 'openIdConnect'
        ? [{ login: { ...login, discoveryUrl: 'https://id.example/other' } }]
        : [])
    ]
    const others = elsewhere.map(given => bindingOf({ login, ...given }))
    assert.ok(!others.includes(own), String(others.indexOf(own)))
    for (const same of [
      {},
      { serverUrl: 'https://eu.api.example/acme/' },
      { serverUrl: 'https://EU.api.example:443/acme' },
      { variables: { region: 'eu' } },
      { client: { id: 'flow', secret: 'renewed' } }
    ]) {
      assert.equal(bindingOf({ login, ...same }), own, JSON.stringify(same))
    }
  })
}

test('I1 a document without a server binds a login by its absolute addresses', () => {
  const server = { url: 'https://{gone}.example', variables: {} }
  const login = { ...OAUTH2, server, userInfoUrl: 'https://me.example/me' }
  assert.equal(bindingOf({ login }), bindingOf({ login }))
  const other = { ...login, userInfoUrl: 'https://other.example/me' }
  assert.notEqual(bindingOf({ login }), bindingOf({ login: other }))
})

test('I2 the API of a login has the origins of its server and of its user info', () => {
  for (const [login, origins] of [
    [OAUTH2, ['https://eu.api.example', 'https://eu.api.example']],
    [
      { ...OAUTH2, userInfoUrl: 'https://me.example/me' },
      ['https://eu.api.example', 'https://me.example']
    ],
    [OIDC, ['https://eu.api.example']],
    [BASIC, ['https://eu.api.example', 'https://eu.api.example']]
  ] as const) {
    assert.deepEqual(apiOrigins(methodOf({ login })), origins)
  }
})
