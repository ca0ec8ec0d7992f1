import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { logInByPassword } from '../support/login.ts'
import type { StartedApi } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import type { Configuration } from '../support/start-connector.ts'
import { found, problem, refusal, startConnector } from '../support/start-connector.ts'

/** A document whose calls go to `server`, with and without a key. */
function document(server: string, more = ''): string {
  return `openapi: 3.0.3
info: {title: Notes, version: '1'}
servers: [${server}]
security: [{key: []}]
paths:
  /notes: {get: {responses: {'200': {description: ok}}}}
  /open: {get: {security: [], responses: {'200': {description: ok}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    ${more}
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}
    Open: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Open}, x-flow-query: {path: /open}}
`
}

const KEY = { 'API Key': 'k-s3cret' }

/** A host with a document, and another one to which it may move its calls. */
async function setUp(t: TestContext, configured: Configuration = {}) {
  const home = await startApi(t, '')
  const other = await startApi(t, '')
  home.publish(document(`{url: ${home.url}}`))
  const configuration = { 'Schema URL': home.documentUrl, ...KEY, ...configured }
  // The document is read again on every call.
  const environment = { DOCUMENT_TTL_S: '0', EGRESS_ALLOW: '127.0.0.1,localhost' }
  const connector = await startConnector(t, configuration, environment)
  return { home, other, connector, configuration }
}

function keysOf({ calls }: StartedApi): unknown[] {
  return calls.map(({ headers }) => headers['x-key'])
}

test('A7 F25 a document that moves its calls elsewhere takes no credential along', async t => {
  const { home, other, connector } = await setUp(t)
  home.answer({ json: [{ id: '1' }] })
  found(await connector.load('Note'))
  home.publish(document(`{url: ${other.url}}`))
  assert.deepEqual(refusal(await connector.load('Note')), ['ORIGIN_NOT_APPROVED', 409])
  assert.deepEqual(other.calls, [])
  other.answer({ json: [{ id: '2' }] })
  assert.equal(found(await connector.load('Open'))[0]?.externalId, '2')
  assert.deepEqual(keysOf(other), [undefined])
  const { message, remedy } = problem(await connector.load('Note'))
  assert.ok(message.includes(new URL(other.url).host), message)
  assert.ok(remedy.includes('"Allowed Hosts"'), remedy)
})

test('A7 a host that a later version adds is a warning at describe', async t => {
  const { home, other, connector } = await setUp(t)
  const added = async () =>
    (await connector.preview()).diagnostics
      .filter(({ code }) => code === 'ORIGIN_ADDED')
      .map(({ message, severity }) => [severity, message.includes(new URL(other.url).host)])
  assert.deepEqual(await added(), [])
  home.publish(document(`{url: ${other.url}}`))
  assert.deepEqual(await added(), [['warning', true]])
  home.publish(document(`{url: ${home.url}}`))
  assert.deepEqual(await added(), [])
})

test('A7 M1 a server without a scheme gets no credential until the configuration names its host', async t => {
  const { home, other, connector, configuration } = await setUp(t)
  const { host, port } = new URL(other.url)
  for (const server of [host, `localhost:${port}`]) {
    home.publish(document(`{url: '${server}'}`))
    const url = { 'Schema URL': `${home.documentUrl}?${server}` }
    const as = (values: Configuration) =>
      connector.as({ configuration: { ...configuration, ...url, ...values } })
    assert.deepEqual(refusal(await as({}).load('Note')), ['ORIGIN_NOT_APPROVED', 409])
    other.answer({ json: [{ id: '1' }] }, { json: [{ id: '2' }] })
    assert.equal(found(await as({ 'API Key': '' }).load('Note')).length, 1)
    assert.equal(found(await as({ 'Allowed Hosts': server }).load('Note')).length, 1)
  }
  assert.deepEqual(keysOf(other), [undefined, 'k-s3cret', undefined, 'k-s3cret'])
  assert.deepEqual(home.calls, [])
})

test('A7 what one tenant has used first binds no other tenant', async t => {
  const { home, other, connector } = await setUp(t)
  home.answer({ json: [] })
  found(await connector.as({ headers: { manywhotenant: 'one' } }).load('Note'))
  home.publish(document(`{url: ${other.url}}`))
  other.answer({ json: [] })
  found(await connector.as({ headers: { manywhotenant: 'two' } }).load('Note'))
  assert.deepEqual(keysOf(other), ['k-s3cret'])
  const one = connector.as({ headers: { manywhotenant: 'one' } })
  assert.deepEqual(refusal(await one.load('Note')), ['ORIGIN_NOT_APPROVED', 409])
})

test('F25 with Allowed Hosts credentials go there, and to the Server URL, and nowhere else', async t => {
  const { home, other, connector, configuration } = await setUp(t)
  const otherHost = new URL(other.url).host
  const rows: readonly (readonly [allowed: Configuration, reached: StartedApi | null])[] = [
    [{ 'Allowed Hosts': 'api.example.com' }, null],
    [{ 'Allowed Hosts': '127.1' }, home],
    [{ 'Allowed Hosts': new URL(home.url).host }, home],
    [{ 'Allowed Hosts': `api.example.com\n127.0.0.1` }, home],
    [{ 'Allowed Hosts': otherHost }, null],
    [{ 'Allowed Hosts': 'api.example.com', 'Server URL': other.url }, other],
    [{ 'Server URL': other.url }, other]
  ]
  for (const [values, reached] of rows) {
    const before = home.calls.length + other.calls.length
    reached?.answer({ json: [{ id: '1' }] })
    const answer = await connector
      .as({ configuration: { ...configuration, ...values } })
      .load('Note')
    if (reached === null) {
      assert.deepEqual(refusal(answer), ['ORIGIN_NOT_APPROVED', 409], JSON.stringify(values))
      assert.equal(home.calls.length + other.calls.length, before)
    } else {
      assert.equal(found(answer).length, 1)
      assert.equal(reached.calls.at(-1)?.headers['x-key'], 'k-s3cret')
    }
  }
  const wrong = connector.as({
    configuration: { ...configuration, 'Allowed Hosts': 'https://a.b' }
  })
  assert.deepEqual(refusal(await wrong.load('Note')), ['CONFIG_INVALID', 400])
})

test("A6 A7 a server variable moves a credential by the tenant's word, not by a new default", async t => {
  const { home, other, connector, configuration } = await setUp(t)
  const port = (api: StartedApi) => new URL(api.url).port
  const withDefault = (value: string) =>
    document(`{url: 'http://127.0.0.1:{port}', variables: {port: {default: '${value}'}}}`)
  home.publish(withDefault(port(home)))
  home.answer({ json: [] })
  found(await connector.load('Note'))
  home.publish(withDefault(port(other)))
  assert.deepEqual(refusal(await connector.load('Note')), ['ORIGIN_NOT_APPROVED', 409])
  other.answer({ json: [] })
  const chosen = { ...configuration, 'Server Variables': `port=${port(other)}` }
  found(await connector.as({ configuration: chosen }).load('Note'))
  assert.deepEqual(keysOf(other), ['k-s3cret'])
})

test('F25 A7 a password goes to no host that the document names later for its login', async t => {
  const { home, other, connector } = await setUp(t)
  const login = (url: string) =>
    `basic: {type: http, scheme: basic, x-flow-identity: {me: {defaultUrl: '${url}/me'}}}`
  home.publish(document(`{url: ${home.url}}`, login(home.url)))
  home.answer({ status: 204 })
  assert.match((await logInByPassword(connector, 'ana', 's3cret')).text, /"AUTHENTICATED"/)
  home.publish(document(`{url: ${home.url}}`, login(other.url)))
  const answer = await logInByPassword(connector, 'ana', 's3cret')
  assert.deepEqual(refusal(answer), ['ORIGIN_NOT_APPROVED', 409])
  assert.deepEqual(other.calls, [])
})

test('A7 variables count as secrets, and a call without any goes where the document says', async t => {
  const { home, other, connector, configuration } = await setUp(t)
  const withVariable = (url: string) =>
    document(`{url: ${url}}`).replace('{path: /open}', '{path: /open, headers: {X-V: $Var.V}}')
  home.publish(withVariable(home.url))
  home.answer({ json: [] })
  const values = { ...configuration, Variables: 'V=v-s3cret' }
  found(await connector.as({ configuration: values }).load('Open'))
  home.publish(withVariable(other.url))
  const moved = await connector.as({ configuration: values }).load('Open')
  assert.deepEqual(refusal(moved), ['ORIGIN_NOT_APPROVED', 409])
  other.answer({ json: [] })
  found(await connector.load('Open'))
  assert.equal(other.calls.length, 1)
})

test('A12 no browser is sent to log in at a host that the document names later', async t => {
  const { home, other, connector, configuration } = await setUp(t, {
    'OAuth2/OIDC: Client Id': 'c'
  })
  const oauth = (url: string) =>
    `oauth: {type: oauth2, flows: {authorizationCode: {authorizationUrl: '${url}/a', tokenUrl: '${home.url}/t'}}, x-flow-identity: {me: {userInfoUrl: /me}}}`
  home.publish(document(`{url: ${home.url}}`, oauth(home.url)))
  const before = await connector.send('POST', '/authorization')
  assert.ok(before.text.includes(`${home.url}/a?client_id=c`), before.text)
  home.publish(document(`{url: ${home.url}}`, oauth(other.url)))
  const after = await connector.send('POST', '/authorization')
  assert.deepEqual(refusal(after), ['ORIGIN_NOT_APPROVED', 409])
  const limited = connector.as({
    configuration: { ...configuration, 'Allowed Hosts': 'api.example' }
  })
  assert.deepEqual(refusal(await limited.send('POST', '/authorization')), [
    'ORIGIN_NOT_APPROVED',
    409
  ])
})
