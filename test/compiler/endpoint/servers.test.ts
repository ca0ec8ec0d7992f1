import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compile, operationOf } from '../../support/compile.ts'

/** The model of a document with these `servers`, as flow YAML in line 3, its first at column 12. */
function modelOf(servers: string) {
  return compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [${servers}]
paths: {/a: {get: {responses: {}}}}
components: {schemas: {A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {x: {}}}}}
`)
}

function findings(servers: string): string[] {
  return modelOf(servers)
    .index.diagnostics.filter(({ code }) => code.startsWith('SERVER'))
    .map(
      ({ line, column, severity, code, message }) =>
        `${line}:${column} ${severity} ${code} ${message}`
    )
}

for (const [servers, finding] of [
  [
    "{url: 'htps://api.example.com'}",
    '3:12 warning SERVER_UNUSABLE the server "htps://api.example.com" cannot be called: its scheme "htps" is neither http nor https (did you mean "https"?)'
  ],
  [
    "{url: 'ws://api.example.com/v1'}",
    '3:12 warning SERVER_UNUSABLE the server "ws://api.example.com/v1" cannot be called: its scheme "ws" is neither http nor https'
  ],
  [
    "{url: '{s}://api.example.com', variables: {s: {default: ftp}}}",
    '3:12 warning SERVER_UNUSABLE the server "{s}://api.example.com" cannot be called: its scheme "ftp" is neither http nor https'
  ],
  [
    "{url: 'https://user:hidden@api.example.com'}",
    '3:12 warning SERVER_UNUSABLE the server "https://***@api.example.com" cannot be called: it names a user'
  ],
  [
    "{url: 'https://{tenant}.example.com'}",
    '3:12 warning SERVER_VARIABLE_UNKNOWN the server "https://{tenant}.example.com" has the variable "tenant", for which `variables` has no default; calls need a value in "Server Variables"'
  ],
  [
    "{url: 'https://{tennant}.example.com', variables: {tenant: {default: a}}}",
    '3:12 warning SERVER_VARIABLE_UNKNOWN the server "https://{tennant}.example.com" has the variable "tennant", for which `variables` has no default (did you mean "tenant"?); calls need a value in "Server Variables"'
  ],
  [
    "{url: 'https://{tenant}.example.com', variables: {tenant: {description: Yours}}}",
    '3:12 warning SERVER_VARIABLE_UNKNOWN the server "https://{tenant}.example.com" has the variable "tenant", for which `variables` has no default; calls need a value in "Server Variables"'
  ],
  [
    "{url: 'https://api.example.com/v1?key=hidden&v=2'}",
    '3:12 warning SERVER_QUERY the server "https://api.example.com/v1" has a query, which is sent with every call: "key", "v"'
  ],
  [
    "{description: Live}, {url: 'https://api.example.com'}",
    '3:11 warning SERVER_WITHOUT_URL the server has no `url`, so it is ignored'
  ]
] as const) {
  test(`M1 ${servers} is told at the URL`, () => {
    assert.deepEqual(findings(servers), [finding])
  })
}

for (const servers of [
  "{url: 'https://{t}.example.com', variables: {t: {enum: [a, b]}}}",
  "{url: 'HTTPS://api.example.com'}",
  "{url: '{base}/v1', variables: {base: {default: 'https://api.example.com'}}}",
  "{url: '/v1#part'}"
]) {
  test(`M1 ${servers} needs no finding`, () => assert.deepEqual(findings(servers), []))
}

for (const [servers, url] of [
  ["{url: 'http://a.example'}, {url: 'https://a.example'}", 'https://a.example'],
  [
    "{url: 'http://a.example/v1'}, {url: '/x'}, {url: 'https://A.example/v1/'}",
    'https://A.example/v1/'
  ],
  [
    "{url: 'http://{r}.example/', variables: {r: {default: a}}}, {url: 'https://{r}.example'}",
    'https://{r}.example'
  ],
  ["{url: 'http://a.example'}, {url: 'https://a.example/v2'}", 'http://a.example'],
  ["{url: 'http://a.example:8080'}, {url: 'https://a.example'}", 'http://a.example:8080'],
  ["{url: 'http://a.example'}, {url: 'https://b.example'}", 'http://a.example'],
  ["{url: 'https://a.example'}, {url: 'http://a.example'}", 'https://a.example'],
  ["{}, {url: 'https://second.example'}", 'https://second.example'],
  ["{url: 'a.example/v1/'}, {url: 'https://a.example/v1'}", 'https://a.example/v1'],
  ["{url: 'a.example'}, {url: '/x'}, {url: 'http://a.example/'}", 'http://a.example/'],
  ["{url: 'a.example'}, {url: 'https://b.example'}", 'https://a.example'],
  ["{url: 5}, {}, {url: 'https://third.example'}", 'https://third.example']
] as const) {
  test(`M1 of ${servers} the server is ${url}`, () => {
    assert.equal(operationOf(modelOf(servers), 'query:A').server.url, url)
  })
}

test('M1 the query of a server and a first allowed value are in the record', () => {
  const { server } = operationOf(
    modelOf(
      "{url: 'https://{t}.example.com/v1?k={k}#x', variables: {t: {enum: [a, b]}, k: {default: z}}}"
    ),
    'query:A'
  )
  assert.deepEqual(
    { ...server, variables: { ...server.variables } },
    {
      url: 'https://{t}.example.com/v1',
      query: 'k={k}',
      variables: { t: { default: 'a', allowed: ['a', 'b'] }, k: { default: 'z', allowed: null } }
    }
  )
})
