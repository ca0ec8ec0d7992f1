import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compile, diagnosticsOf, operationOf } from '../../support/compile.ts'

function modelOf(url: string) {
  return compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: '${url}', variables: {region: {default: eu}}}]
paths: {/a: {get: {responses: {}}}}
components: {schemas: {A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {x: {}}}}}
`)
}

for (const [url, read] of [
  ['api.example.com/v1', 'https://api.example.com/v1'],
  ['api.example.com', 'https://api.example.com'],
  ['api.example.com:8443/v1', 'https://api.example.com:8443/v1'],
  ['{region}.example.co.uk/v1', 'https://{region}.example.co.uk/v1'],
  ['münchen.example', 'https://münchen.example'],
  ['api.xn--p1ai/x', 'https://api.xn--p1ai/x'],
  ['intranet:8080', 'https://intranet:8080'],
  ['10.0.0.1:8080/api', 'https://10.0.0.1:8080/api'],
  ['localhost/v1', 'http://localhost/v1'],
  ['localhost:3000', 'http://localhost:3000'],
  ['127.0.0.1:3000/v1', 'http://127.0.0.1:3000/v1'],
  ['[::1]:3000', 'http://[::1]:3000']
] as const) {
  test(`M1 ${url} lacks its scheme, is read as ${read}, and approves no host`, () => {
    const model = modelOf(url)
    assert.equal(operationOf(model, 'query:A').server.url, read)
    assert.deepEqual(model.index.origins.servers, [])
    assert.deepEqual(
      diagnosticsOf(model).filter(line => line.includes('SERVER')),
      ['3:12 warning SERVER_WITHOUT_SCHEME /servers/0/url']
    )
    const [{ message } = { message: '' }] = model.index.diagnostics
    assert.ok(
      message.includes(`${read},`) && message.includes('https://docs.example.com/'),
      message
    )
  })
}

for (const url of [
  '/v1',
  'v1.2/api',
  './api.example.com',
  'api',
  'index.php/v1',
  'service.svc',
  'openapi.json',
  '10.0.0.1/api',
  '{region}/v1',
  'https://api.example.com',
  '//api.example.com/v1',
  '..example.com/v1',
  ''
]) {
  test(`M1 "${url}" is read as it is`, () => {
    const model = modelOf(url)
    assert.equal(operationOf(model, 'query:A').server.url, url)
    assert.ok(!diagnosticsOf(model).some(line => line.includes('WITHOUT_SCHEME')))
  })
}
