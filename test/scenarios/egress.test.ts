import assert from 'node:assert/strict'
import test from 'node:test'

import { createAuthority } from '../support/create-authority.ts'
import { startApi } from '../support/start-api.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { flowObject, found, problem, refusal, startConnector } from '../support/start-connector.ts'
import { startProxy } from '../support/start-proxy.ts'
import { startTlsUpstream, startUpstream } from '../support/start-upstream.ts'

/** A type for each kind of credential. */
const SCHEMES = {
  Header: '[{ inHeader: [] }]',
  Query: '[{ inQuery: [] }]',
  Cookie: '[{ inCookie: [] }]',
  Bearer: '[{ bearer: [] }]',
  Basic: '[{ basic: [] }]',
  All: '[{ inHeader: [], inQuery: [], inCookie: [], bearer: [] }]'
}

function documentOf(server: string): string {
  const paths = Object.entries(SCHEMES).map(
    ([name, security]) => `
  /${name}:
    get:
      security: ${security}
      responses: { '200': { description: Some } }
    post:
      security: ${security}
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/${name}' } } } }
      responses: { '201': { description: Made } }`
  )
  const schemas = Object.keys(SCHEMES).map(
    name => `
    ${name}:
      type: object
      properties: { id: { type: string, readOnly: true }, note: { type: string } }
      x-flow-type: { name: ${name} }
      x-flow-query: { path: /${name} }
      x-flow-save: { path: /${name} }`
  )
  return `
openapi: 3.0.3
info: { title: Doors, version: '1' }
servers: [{ url: '${server}' }]
paths:${paths.join('')}
components:
  schemas:${schemas.join('')}
  securitySchemes:
    inQuery: { type: apiKey, in: query, name: key }
    inHeader: { type: apiKey, in: header, name: X-Api-Key }
    inCookie: { type: apiKey, in: cookie, name: sid }
    bearer: { type: http, scheme: bearer }
    basic: { type: http, scheme: basic }
`
}

const CREDENTIALS = {
  'API Key': 's3cret-key',
  'Bearer Token': 's3cret-token',
  'Basic: Username': 'ana',
  'Basic: Password': 's3cret-password',
  'Schema Token': 's3cret-schema'
}

/** The host and port of a server, as `EGRESS_ALLOW` names it. */
function hostOf(url: string): string {
  return new URL(url).host
}

test('K09 A1 by default neither a document nor an API of a private network is called, whoever names it', async t => {
  const api = await startApi(t, documentOf('/'))
  const connector = await startConnector(t, {}, { EGRESS_ALLOW: '' })
  const { port } = new URL(api.url)
  const as = (configuration: Record<string, string>) => connector.as({ configuration })
  const asked = await Promise.all([
    as({ 'Schema URL': api.documentUrl }).send('POST', '/metadata/install'),
    as({ 'Schema URL': `http://localhost:${port}/openapi.yaml` }).load('Header'),
    as({ 'Schema URL': `https://[::1]:${port}/openapi.yaml` }).load('Header'),
    as({ 'Schema URL': 'sample:helpdesk', 'Server URL': api.url }).load('Tag'),
    as({ 'Schema URL': 'sample:helpdesk', 'Server URL': `http://127.1:${port}` }).load('Tag')
  ])
  for (const answer of asked) {
    const { code, statusCode, message, remedy } = problem(answer)
    assert.deepEqual([code, statusCode], ['EGRESS_DENIED', 403])
    assert.match(message, /^(127\.0\.0\.1|localhost|\[::1\]):\d+ may not be called \[/)
    assert.match(remedy, /EGRESS_ALLOW/)
  }
  assert.deepEqual([api.fetches.length, api.calls.length], [0, 0])
})

test('A1 a document cannot name a server that may not be called, however often it is tried', async t => {
  const inside = await startUpstream(t, (_, response) => response.end('[]'))
  const api = await startApi(t, '')
  const connector = await startConnector(t, {}, { EGRESS_ALLOW: hostOf(api.url) })
  const servers = [
    inside,
    inside.replace('http:', ''),
    inside.replace('http:', 'https:'),
    'http://169.254.169.254/latest/meta-data',
    'http://[fd00:ec2::254]',
    'https://192.168.0.1',
    api.url.replace(/:\d+$/, ':22')
  ]
  for (const [index, server] of servers.entries()) {
    api.publish(documentOf(server))
    const configuration = { 'Schema URL': `${api.documentUrl}?${index}`, ...CREDENTIALS }
    const configured = connector.as({ configuration })
    // More often than failures open the circuit of an origin.
    for (let call = 0; call < 12; call++) {
      assert.deepEqual(refusal(await configured.load('All')), ['EGRESS_DENIED', 403], server)
    }
    const saved = await configured.save('All', flowObject(null, { note: 'n' }))
    assert.deepEqual(refusal(saved), ['EGRESS_DENIED', 403])
  }
  assert.equal(api.calls.length, 0)
  assert.doesNotMatch(connector.answers.join() + connector.log.join(), /s3cret/)
})

test('K09 EGRESS_ALLOW lets a name of this machine be called', async t => {
  const api = await startApi(t, documentOf('/'))
  const local = api.documentUrl.replace('127.0.0.1', 'localhost')
  const connector = await startConnector(t, { 'Schema URL': local }, { EGRESS_ALLOW: 'localhost' })
  api.answer({ json: [{ id: '1' }] })
  assert.equal(found(await connector.load('Header')).length, 1)
  assert.equal(api.calls[0]?.headers.host, hostOf(local))
})

/** Loads and saves a type while its API redirects, and gives what both ended in. */
async function redirected(connector: StartedConnector, type: string) {
  const loaded = await connector.load(type)
  const saved = await connector.save(type, flowObject(null, { note: 's3cret-note' }))
  return [loaded, saved].map(answer => (answer.status === 200 ? 'saved' : refusal(answer)))
}

test('A4 W10 W13 no redirect to another origin is followed, a 303 after a POST ends it: no credential and no body reaches it', async t => {
  let reached = 0
  const other = await startUpstream(t, (_, response) => {
    reached++
    response.end('[]')
  })
  const api = await startApi(t, documentOf('/'))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl, ...CREDENTIALS })
  const locations = [
    `${other}/steal`,
    other.replace('http:', ''),
    other.replace('127.0.0.1', 'localhost'),
    'http://169.254.169.254/',
    'unix:/var/run/docker.sock'
  ]
  for (const type of Object.keys(SCHEMES)) {
    for (const [index, location] of locations.entries()) {
      const status = [301, 302, 303, 307, 308][index % 5] ?? 307
      const answer = { status, headers: { location } }
      api.answer(answer, answer)
      const refused = ['UPSTREAM_REDIRECT', 502]
      const saved = status === 303 ? 'saved' : refused
      assert.deepEqual(await redirected(connector, type), [refused, saved], location)
      assert.equal(api.takeCalls().length, 2)
    }
  }
  assert.equal(reached, 0)
})

test('A4 a redirected document is checked at every hop, and its token stays with its origin', async t => {
  const inside = await startUpstream(t, (_, response) => response.end(documentOf('/')))
  const seen: (string | undefined)[] = []
  const open = await startUpstream(t, (request, response) => {
    seen.push(request.headers.authorization)
    if (request.url === '/open.yaml') return response.end(documentOf('/'))
    return response.writeHead(307, { location: `${inside}/secret.yaml` }).end()
  })
  const api = await startApi(t, '')
  const connector = await startConnector(
    t,
    {},
    { EGRESS_ALLOW: `${hostOf(api.url)},${hostOf(open)}` }
  )
  const readBy = async (location: string) => {
    api.publish((_, response) => response.writeHead(302, { location }).end())
    const configuration = { 'Schema URL': `${api.documentUrl}?${location}`, ...CREDENTIALS }
    return connector.as({ configuration }).send('POST', '/metadata/install')
  }
  assert.equal((await readBy(`${open}/open.yaml`)).status, 200)
  for (const location of [
    `${open}/inside.yaml`,
    `${inside}/secret.yaml`,
    'http://169.254.169.254/'
  ]) {
    assert.deepEqual(refusal(await readBy(location)), ['EGRESS_DENIED', 403], location)
  }
  for (const location of ['ftp://127.0.0.1/a', 'http://u:p@127.0.0.1/', 'unix:/a', 'file:///a']) {
    assert.deepEqual(refusal(await readBy(location)), ['DOCUMENT_REDIRECT', 502], location)
  }
  assert.ok(api.fetches.every(({ headers }) => headers.authorization === 'Bearer s3cret-schema'))
  assert.deepEqual(seen, [undefined, undefined])
})

test('A4 A26 a document that moves inside is not read there; its last good copy serves', async t => {
  const inside = await startUpstream(t, (_, response) => response.end(documentOf('/')))
  const api = await startApi(t, documentOf('/'))
  const environment = { EGRESS_ALLOW: hostOf(api.url), DOCUMENT_TTL_S: '0' }
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl }, environment)
  const good = await connector.install()
  api.publish((_, response) => response.writeHead(302, { location: inside }).end())
  assert.deepEqual(await connector.install(), good)
  const [stale] = (await connector.preview()).diagnostics
  assert.equal(stale?.code, 'DOCUMENT_STALE')
  assert.match(stale?.message ?? '', /EGRESS_DENIED/)
})

test('A5 other schemes, user information and ports of services are refused, and show no password', async t => {
  const connector = await startConnector(t, {})
  for (const [url, code, status] of [
    ['file:///etc/passwd', 'URL_INVALID', 400],
    ['ftp://127.0.0.1/a.yaml', 'URL_INVALID', 400],
    ['data:text/plain,openapi', 'URL_INVALID', 400],
    ['gopher://127.0.0.1:70/', 'URL_INVALID', 400],
    ['unix:/var/run/docker.sock', 'URL_INVALID', 400],
    ['https://ana:s3cret@127.0.0.1/a.yaml', 'URL_INVALID', 400],
    ['http://127.0.0.1:22/a.yaml', 'EGRESS_DENIED', 403],
    ['http://127.0.0.1:6379/a.yaml', 'EGRESS_DENIED', 403],
    ['https://127.0.0.1:25/a.yaml', 'EGRESS_DENIED', 403]
  ] as const) {
    const asSchema = connector.as({ configuration: { 'Schema URL': url } })
    assert.deepEqual(refusal(await asSchema.load('Header')), [code, status], url)
    const asServer = { 'Schema URL': 'sample:helpdesk', 'Server URL': url }
    const refused = await connector.as({ configuration: asServer }).load('Tag')
    assert.deepEqual(refusal(refused), [code, status], url)
  }
  assert.doesNotMatch(connector.answers.join() + connector.log.join(), /s3cret/)
})

test('A11 F20 document and API are read under CA_FILE with the client certificate, and not without', async t => {
  const authority = createAuthority(t)
  const client = authority.issue('DNS:connector.example')
  const options = { ...authority.issue('IP:127.0.0.1'), ca: authority.cert, requestCert: true }
  const url = await startTlsUpstream(t, options, (request, response) => {
    response.end(request.url === '/openapi.yaml' ? documentOf('/') : '[{"id":"1"}]')
  })
  const configuration = { 'Schema URL': `${url}/openapi.yaml` }
  const trust = { CA_FILE: authority.certFile }
  const identity = { CLIENT_CERT_FILE: client.certFile, CLIENT_KEY_FILE: client.keyFile }
  const trusting = await startConnector(t, configuration, { ...trust, ...identity })
  assert.equal(found(await trusting.load('Header')).length, 1)

  const server = { 'Schema URL': 'sample:helpdesk', 'Server URL': url }
  for (const environment of [trust, identity, {}]) {
    const connector = await startConnector(t, configuration, environment)
    assert.deepEqual(refusal(await connector.load('Header')), ['DOCUMENT_UNREACHABLE', 502])
    const called = await connector.as({ configuration: server }).load('Tag')
    assert.deepEqual(refusal(called), ['UPSTREAM_TLS', 502])
  }
})

test('with EGRESS_PROXY document and API are called through it, private names included', async t => {
  const api = await startApi(t, documentOf('/'))
  const proxy = await startProxy(t)
  const location = api.documentUrl.replace('127.0.0.1', 'api.internal')
  const environment = { EGRESS_ALLOW: '', EGRESS_PROXY: proxy.url }
  const connector = await startConnector(t, { 'Schema URL': location }, environment)
  api.answer({ json: [{ id: '1' }] })
  assert.equal(found(await connector.load('Header')).length, 1)
  const { origin } = new URL(location)
  assert.deepEqual(proxy.asked, [`GET ${location}`, `GET ${origin}/Header`])
})
