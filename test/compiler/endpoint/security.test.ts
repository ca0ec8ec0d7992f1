import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compile, diagnosticsOf, operationOf } from '../../support/compile.ts'

const SCHEMES = `key: {type: apiKey, in: query, name: api_key}
header: {type: apiKey, in: header, name: X-Key}
cookie: {type: apiKey, in: cookie, name: SESSION}
login: {type: http, scheme: Basic}
token: {type: http, scheme: bearer}
digest: {type: http, scheme: digest}
oauth: {type: oauth2, flows: {}}
client: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {}}}}
oidc: {type: openIdConnect, openIdConnectUrl: 'https://id.example.com'}
tls: {type: mutualTLS}
broken: {type: apiKey, in: body, name: x}`

/** The alternatives of one operation: names of schemes, joined where all are needed. */
function compileSecurity({
  root = '',
  operation = '',
  schemes = SCHEMES,
  place = 'components'
} = {}) {
  const indent = (text: string, by: number) => text.replaceAll(/^/gm, ' '.repeat(by))
  return compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: 'https://api.example.com'}]
${root === '' ? '' : `security: ${root}\n`}paths:
  /a: {get: {responses: {}${operation === '' ? '' : `, security: ${operation}`}}}
components:
${place === 'components' ? `  securitySchemes:\n${indent(schemes, 4)}\n` : ''}  schemas:
${place === 'schemas' ? `    securitySchemes:\n${indent(schemes, 6)}\n` : ''}    A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {x: {}}}
`)
}

function securityOf(given: Parameters<typeof compileSecurity>[0]): string[] {
  const { security } = operationOf(compileSecurity(given), 'query:A')
  return security.map(schemes => schemes.map(({ name }) => name).join(' + '))
}

/** A client of which the document says nothing. */
const ANY_CLIENT = { auth: null, authorizeParameters: {}, tokenParameters: {} }

/** Without the missing prototypes of dictionaries. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

test('F01 F02 F03 F12 every kind of scheme is a record of what it needs', () => {
  const names = SCHEMES.split('\n').map(line => line.split(':')[0])
  const model = compileSecurity({ operation: `[{${names.map(name => `${name}: []`).join(', ')}}]` })
  assert.deepEqual(plain(operationOf(model, 'query:A').security[0]), [
    { name: 'key', kind: 'apiKey', in: 'query', parameter: 'api_key' },
    { name: 'header', kind: 'apiKey', in: 'header', parameter: 'X-Key' },
    { name: 'cookie', kind: 'apiKey', in: 'cookie', parameter: 'SESSION' },
    { name: 'login', kind: 'basic' },
    { name: 'token', kind: 'bearer' },
    { name: 'digest', kind: 'other', type: 'http digest' },
    { name: 'oauth', kind: 'oauth2', clientCredentials: null },
    {
      name: 'client',
      kind: 'oauth2',
      clientCredentials: { tokenUrl: '/token', scope: '', client: ANY_CLIENT }
    },
    { name: 'oidc', kind: 'openIdConnect' },
    { name: 'tls', kind: 'mutualTLS' },
    { name: 'broken', kind: 'other', type: 'apiKey without a place or a name' }
  ])
})

test('F19 a scheme that the connector does not speak is refused by its name, whoever uses it', () => {
  const [digest, broken] = compileSecurity().index.diagnostics
  assert.equal(digest?.message, 'security scheme "digest" is not supported: http digest')
  assert.equal(
    broken?.message,
    'security scheme "broken" is not supported: apiKey without a place or a name'
  )
  const spoken =
    '{a: {type: http, scheme: negotiate}, b: {type: http, scheme: Bearer, bearerFormat: JWT}}'
  assert.deepEqual(diagnosticsOf(compileSecurity({ schemes: spoken })), [
    '8:6 warning SECURITY_SCHEME_UNSUPPORTED /components/securitySchemes/a'
  ])
})

test('F17 a token for the connector itself is for the scopes that any security of the document names', () => {
  const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: 'https://api.example.com'}]
security: [{client: [read]}]
paths:
  /a: {get: {responses: {}}}
  /b: {get: {responses: {}, security: [{client: [write, read]}]}}
components:
  securitySchemes:
    client: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://id.example.com/t', scopes: {}}}}
  schemas:
    A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {x: {}}}
`)
  assert.deepEqual(plain(operationOf(model, 'query:A').security), [
    [
      {
        name: 'client',
        kind: 'oauth2',
        clientCredentials: {
          tokenUrl: 'https://id.example.com/t',
          scope: 'read write',
          client: ANY_CLIENT
        }
      }
    ]
  ])
  assert.deepEqual(JSON.parse(JSON.stringify(model.index.origins)), {
    documentUrl: 'https://docs.example.com/openapi.yaml',
    servers: [{ url: 'https://api.example.com', variables: {} }],
    identityUrls: ['https://id.example.com/t']
  })
})

test('F04 an operation carries what its security names, else what the root names', () => {
  assert.deepEqual(securityOf({ root: '[{key: []}]' }), ['key'])
  assert.deepEqual(securityOf({ root: '[{key: []}]', operation: '[{token: []}]' }), ['token'])
  assert.deepEqual(securityOf({}), [])
})

test('F21 an empty list on an operation sends no credential, whatever the root names', () => {
  assert.deepEqual(securityOf({ root: '[{key: []}]', operation: '[]' }), [])
})

test('F22 alternatives keep their order, and every scheme of one is needed', () => {
  assert.deepEqual(securityOf({ operation: '[{key: [], token: []}, {login: []}, {}]' }), [
    'key + token',
    'login',
    ''
  ])
})

test('F04 an unknown scheme cannot be met, and is reported with the nearest name', () => {
  const model = compileSecurity({ operation: '[{tokn: []}, {key: []}]' })
  assert.deepEqual(operationOf(model, 'query:A').security[0], [
    { name: 'tokn', kind: 'other', type: 'unknown' }
  ])
  assert.deepEqual(
    diagnosticsOf(model).filter(diagnostic => diagnostic.includes('UNKNOWN')),
    ['5:41 warning SECURITY_SCHEME_UNKNOWN /paths/~1a/get/security/0/tokn']
  )
  const unknown = model.index.diagnostics.find(({ code }) => code === 'SECURITY_SCHEME_UNKNOWN')
  assert.match(unknown?.message ?? '', /did you mean "token"\?/)
})

test('H19 security schemes nested under schemas are used, with a warning', () => {
  const schemes = 'key: {type: apiKey, in: query, name: api_key}'
  const given = { operation: '[{key: []}]', place: 'schemas', schemes }
  const model = compileSecurity(given)
  assert.deepEqual(securityOf(given), ['key'])
  assert.deepEqual(diagnosticsOf(model), [
    '8:5 warning SECURITY_SCHEMES_MISPLACED /components/schemas/securitySchemes'
  ])
  // A schema of that name is a schema.
  const schema = compile(`openapi: 3.1.0
components:
  schemas:
    securitySchemes: {x-flow-type: {name: A}, properties: {type: {type: string}}}
`)
  assert.deepEqual(diagnosticsOf(schema), [])
})

test('F04 a credential that goes over http to a public address is a warning', () => {
  const diagnostics = (server: string, documentUrl = 'https://api.example.com') => {
    const text = `openapi: 3.0.3
info: {title: Test, version: '1'}
servers: [{url: '${server}'}]
security: [{key: []}]
paths: {/a: {get: {responses: {}}}, /b: {get: {responses: {}, security: []}}}
components:
  securitySchemes: {key: {type: apiKey, in: query, name: k}}
  schemas:
    A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {x: {}}}
    B: {x-flow-type: {name: B}, x-flow-query: {path: /b}, properties: {x: {}}}
`
    return diagnosticsOf(compile(text, undefined, documentUrl))
  }
  const warning = ['9:33 warning CREDENTIAL_OVER_HTTP /components/schemas/A/x-flow-query']
  assert.deepEqual(diagnostics('http://api.example.com/v1'), warning)
  assert.deepEqual(diagnostics('HTTP://10.evil.example.com'), warning)
  assert.deepEqual(diagnostics('/v1', 'http://api.example.com/openapi.yaml'), warning)
  for (const server of [
    'https://api.example.com',
    'http://localhost:3000',
    'http://127.0.0.1',
    'http://10.1.2.3:80/v1',
    'http://192.168.0.1',
    'http://172.20.0.1',
    'http://[::1]:80',
    '/v1'
  ]) {
    assert.deepEqual(diagnostics(server), [], server)
  }
})
