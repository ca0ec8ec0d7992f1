import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'

import { isJsonObject, member } from '../../service/base/json.ts'
import { checkRules } from '../../service/parse/check-rules.ts'
import { structureFaults } from '../../service/parse/check-structure.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { renderReference } from '../../service/protocol/render-reference.ts'
import { startApp } from '../support/start-app.ts'
import { startConnector } from '../support/start-connector.ts'

test('GET /openapi.json describes every route of the service, in sound OpenAPI', async t => {
  const { url, routes } = await startApp(t)
  const response = await fetch(`${url}/openapi.json`)
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
  const text = await response.text()
  const document = parseDocument(text, '', `${url}/openapi.json`)
  assert.deepEqual(structureFaults(document.root), [])
  assert.deepEqual(await checkRules(document), [])
  const { paths } = document.root
  assert.ok(isJsonObject(paths))
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(isJsonObject(item) ? item : {}).map(method => `${method} ${path}`)
  )
  const served = routes.flatMap(({ method, url: path }) =>
    [method]
      .flat()
      .filter(verb => verb !== 'HEAD')
      .map(verb => `${verb.toLowerCase()} ${path.replace('*', '{path}')}`)
  )
  assert.deepEqual(new Set(described), new Set(served))
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(isJsonObject(item) ? item : {})) {
      assert.match(String(member(operation, 'summary') ?? ''), /^[A-Z].*\.$/, `${method} ${path}`)
    }
  }
})

test('every reference of the description leads to a schema, which has no reference of TypeBox', async t => {
  const { url } = await startApp(t)
  const text = await (await fetch(`${url}/openapi.json`)).text()
  const schemas = member(member(JSON.parse(text), 'components'), 'schemas')
  const targets = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, target = '']) => target)
  assert.ok(targets.length > 10)
  for (const target of targets) {
    const [, name = ''] = /^#\/components\/schemas\/(\w+)$/.exec(target) ?? []
    assert.notEqual(member(schemas, name), undefined, target)
  }
  assert.doesNotMatch(text, /"\$defs"|"\$id"|"~/)
})

test('the description is the same below a base path, and has no token of the door', async t => {
  const token = 'secret-token-of-the-door'
  const environment = { BASE_PATH: '/flow', CONNECTOR_TOKENS: token }
  const [plain, inner] = await Promise.all([startApp(t), startApp(t, { environment })])
  const text = await (await fetch(`${inner.url}/flow/k/${token}/openapi.json`)).text()
  assert.equal(text, await (await fetch(`${plain.url}/openapi.json`)).text())
  assert.equal((await fetch(`${inner.url}/flow/openapi.json`)).status, 401)
})

test('the connector can be installed from the description of itself', async t => {
  const first = await startConnector(t, {})
  const connector = first.as({ configuration: { 'Schema URL': `${first.url}/openapi.json` } })
  const { diagnostics } = await connector.preview()
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
    []
  )
})

test('the reference page shows every route, and takes nothing from anywhere', async t => {
  const { url, routes } = await startApp(t)
  const response = await fetch(`${url}/reference`)
  const page = await response.text()
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
  for (const { url: path } of routes) {
    assert.ok(page.includes(` ${path.replace('*', '{path}')}</code>`), path)
  }
  const addresses = [...page.matchAll(/\b(?:href|src|action|srcset|data)="([^"]*)"/g)].map(
    ([, to = '']) => to
  )
  assert.deepEqual(
    addresses.filter(to => !to.startsWith('#')),
    ['openapi.json']
  )
  assert.doesNotMatch(page, /<script|<link|<img|<iframe|\son\w+=|url\(|@import|https?:/i)
})

test('every link of the reference page leads to a place on it', async t => {
  const { url } = await startApp(t)
  const page = await (await fetch(`${url}/reference`)).text()
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id)
  assert.equal(new Set(ids).size, ids.length)
  for (const [, target = ''] of page.matchAll(/href="#([^"]*)"/g))
    assert.ok(ids.includes(target), target)
})

test('the policy of the reference page allows its own style, and nothing else', async t => {
  const { url } = await startApp(t)
  const response = await fetch(`${url}/reference`)
  const policy = response.headers.get('content-security-policy') ?? ''
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; /)
  assert.doesNotMatch(policy, /unsafe|\*|https?:|'self'/)
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(await response.text()) ?? []
  assert.ok(policy.includes(`'sha256-${hash('sha256', style, 'base64')}'`))
})

test('texts of a description are text on its page', () => {
  const page = renderReference({
    info: { title: '<script>alert(1)</script>', version: '"1"' },
    paths: { "/<b>'": { get: { operationId: 'a"b', summary: '&amp;' } } },
    components: {
      schemas: { 'A"><script>': { type: '<i>', properties: { '<u>': { const: '</code>' } } } }
    }
  })
  assert.doesNotMatch(page, /<script|<b>|<i>|<u>|<\/code><\/code>/)
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/)
})
