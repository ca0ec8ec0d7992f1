import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { LoginRecord } from '../../../service/model/login-record.ts'
import { compile, diagnosticsOf } from '../../support/compile.ts'

/** A document with security schemes from line 8, column 5 on. */
function withSchemes(schemes: string, security = '') {
  return compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: 'https://api.example.com'}]
security: [${security}]
paths: {}
components:
  securitySchemes:
${schemes.replaceAll(/^/gm, '    ')}
  schemas: {A: {x-flow-type: {name: A}, properties: {x: {}}}}
`)
}

/** A client of which the document says nothing. */
const ANY_CLIENT = { auth: null, authorizeParameters: {}, tokenParameters: {} }

const CODE = 'authorizationCode: {authorizationUrl: /authorize, tokenUrl: /token, scopes: {}}'

/** What was found about logins, without the place. */
function reasonsOf(schemes: string): string[] {
  return withSchemes(schemes)
    .index.diagnostics.filter(({ code }) => code === 'IDENTITY_UNUSABLE')
    .map(({ message }) => message)
}

test('F06 F07 F08 F11 a scheme with x-flow-identity is a login, in the order of the document', () => {
  const { index } =
    withSchemes(`basic: {type: http, scheme: basic, x-flow-identity: {me: {defaultUrl: /me}}}
key: {type: apiKey, in: header, name: k}
mapped: {type: http, scheme: Basic, x-flow-identity: {me: {userInfoUrl: /user, userId: id}}}
oauth: {type: oauth2, flows: {${CODE}}, x-flow-identity: {scope: ' a  b ', me: {userInfoUrl: /me, email: c.mail}}}
oidc: {type: openIdConnect, openIdConnectUrl: 'https://id.example.com/c', x-flow-identity: {scope: email}}`)
  const server = { url: 'https://api.example.com', variables: {} }
  const expected: readonly LoginRecord[] = [
    {
      scheme: 'basic',
      server,
      kind: 'basic',
      checkUrl: '/me',
      userOperation: null,
      failure: 'guessed',
      map: null
    },
    {
      scheme: 'mapped',
      server,
      kind: 'basic',
      checkUrl: '/user',
      userOperation: null,
      failure: 'guessed',
      map: { userId: 'id' }
    },
    {
      scheme: 'oauth',
      server,
      kind: 'oauth2',
      authorizationUrl: '/authorize',
      tokenUrl: '/token',
      refreshUrl: null,
      userInfoUrl: '/me',
      scope: 'a  b',
      client: ANY_CLIENT,
      userOperation: null,
      failure: 'guessed',
      map: { email: 'c.mail' }
    },
    {
      scheme: 'oidc',
      server,
      kind: 'openIdConnect',
      discoveryUrl: 'https://id.example.com/c',
      scope: 'openid email',
      client: ANY_CLIENT,
      map: {}
    }
  ]
  assert.deepEqual(JSON.parse(JSON.stringify(index.logins)), expected)
  assert.deepEqual(index.origins.identityUrls, ['https://id.example.com/c'])
})

test("F11 the scopes are the extension's, else those that security names, else the usual ones", () => {
  const scopeOf = (own: string, security: string): string | undefined => {
    const scheme = `oidc: {type: openIdConnect, openIdConnectUrl: 'https://i.example', x-flow-identity: {${own}}}`
    const [login] = withSchemes(scheme, security).index.logins
    return login?.kind === 'openIdConnect' ? login.scope : undefined
  }
  assert.equal(scopeOf('scope: openid groups', '{oidc: [a]}'), 'openid groups')
  assert.equal(scopeOf('', '{oidc: [a]}, {oidc: [openid, a, b]}'), 'a openid b')
  assert.equal(scopeOf('', ''), 'openid email profile')
})

test('F19 a login that cannot be had is refused by name, and sinks no other', () => {
  assert.deepEqual(
    reasonsOf(`a: {type: http, scheme: bearer, x-flow-identity: {}}
b: {type: http, scheme: basic, x-flow-identity: {me: {userId: id}}}
c: {type: oauth2, flows: {password: {tokenUrl: /t, scopes: {}}}, x-flow-identity: {me: {userInfoUrl: /me}}}
d: {type: oauth2, flows: {${CODE}}, x-flow-identity: {}}
e: {type: openIdConnect, x-flow-identity: {}}
f: {type: apiKey, in: header, name: k, x-flow-identity: {}}
g: {type: mutualTLS, x-flow-identity: {}}`),
    [
      'users cannot log in through security scheme "a": http bearer does not take a user name and a password',
      'users cannot log in through security scheme "b": `me` needs `defaultUrl` or `userInfoUrl`',
      'users cannot log in through security scheme "c": it has no `authorizationCode` flow with both URLs',
      'users cannot log in through security scheme "d": `me.userInfoUrl` is missing',
      'users cannot log in through security scheme "e": `openIdConnectUrl` is missing',
      'users cannot log in through security scheme "f": API keys are set in the configuration',
      'users cannot log in through security scheme "g": its type does not support a login'
    ]
  )
})

test('I16 the keys for the call that says who a user is are those of its operation, else of the document', () => {
  const keysOf = (url: string, security: string): readonly string[] | null => {
    const { index } = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: 'https://api.example.com/v1/'}]
${security}
paths:
  /me: {get: {security: [{a: []}, {b: [], c: []}]}}
  /users/{id}: {get: {security: [{b: []}]}, put: {security: [{c: []}]}}
  /open: {get: {security: []}}
components:
  securitySchemes:
    basic: {type: http, scheme: basic, x-flow-identity: {me: {defaultUrl: '${url}'}}}
    a: {type: apiKey, in: header, name: X-A}
    b: {type: apiKey, in: query, name: b}
    c: {type: apiKey, in: cookie, name: c}
`)
    const [login] = index.logins
    if (login?.kind !== 'basic') return null
    return (
      login.userOperation?.security.map(schemes => schemes.map(({ name }) => name).join('+')) ??
      null
    )
  }
  const all = 'security: [{c: []}]'
  for (const [url, keys] of [
    ['/me', ['a', 'b+c']],
    ['me', ['a', 'b+c']],
    ['/me?fields=id#top', ['a', 'b+c']],
    ['https://api.example.com/v1/me', ['a', 'b+c']],
    ['/users/7', ['b']],
    ['/users/7/more', ['c']],
    ['/undeclared', ['c']],
    ['/open', null],
    ['https://api.example.com/v2/me', null],
    ['https://api.example.com/v1me', null],
    ['https://elsewhere.example/v1/me', null],
    ['//elsewhere.example/me', null]
  ] as const) {
    assert.deepEqual(keysOf(url, all), keys, url)
  }
  assert.equal(keysOf('/undeclared', ''), null)
})

test('I11 I15 I17 what a scheme says of its provider is compiled, for users and for the connector', () => {
  const identity =
    '{me: {userInfoUrl: /me, groups: roles}, clientAuth: post, parameters: {audience: a, prompt: consent, n: 1}}'
  const flows = `{${CODE}, clientCredentials: {tokenUrl: /token, scopes: {}}}`
  const { index } = withSchemes(
    `oauth: {type: oauth2, flows: ${flows}, x-flow-identity: ${identity}}`
  )
  const [login] = index.logins
  assert.ok(login?.kind === 'oauth2')
  assert.deepEqual(login.map, { groups: 'roles' })
  assert.deepEqual(JSON.parse(JSON.stringify(login.client)), {
    auth: 'post',
    authorizeParameters: { audience: 'a', prompt: 'consent', n: '1' },
    tokenParameters: { audience: 'a', n: '1' }
  })
})

test('I17 x-flow-identity without `me`, of a scheme for the connector alone, is no login and no fault', () => {
  const flow = 'flows: {clientCredentials: {tokenUrl: /t, scopes: {}}}'
  const scheme = (identity: string): string =>
    `a: {type: oauth2, ${flow}, x-flow-identity: ${identity}}`
  assert.deepEqual(reasonsOf(scheme('{parameters: {audience: x}}')), [])
  assert.equal(reasonsOf(scheme('{me: {userInfoUrl: /me}}')).length, 1)
})

test('H19 an identity of the wrong form is one diagnostic, and the other logins work', () => {
  const { index } = withSchemes(`a: {type: http, scheme: basic, x-flow-identity: {me: 5}}
b: {type: http, scheme: basic, x-flow-identity: {me: {defaultUrl: /me}}}`)
  assert.deepEqual(
    index.logins.map(({ scheme }) => scheme),
    ['b']
  )
  assert.deepEqual(
    diagnosticsOf(withSchemes('a: {type: http, scheme: basic, x-flow-identity: {me: 5}}')),
    ['8:36 error EXTENSION_MALFORMED /components/securitySchemes/a/x-flow-identity']
  )
})
