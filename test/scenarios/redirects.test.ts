import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import test from 'node:test'

import { createAuthority } from '../support/create-authority.ts'
import type { ApiAnswer } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { data, flowObject, found, problem, startConnector } from '../support/start-connector.ts'
import { startTlsUpstream } from '../support/start-upstream.ts'

const documentOf = (server: string): string => `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: '${server}' }]
security: [{ header: [], query: [], cookie: [] }]
paths:
  /things:
    get:
      parameters: [{ name: q, in: query, schema: { type: string, default: a b } }]
      responses: { '200': { description: Some } }
    post: { responses: { '201': { description: Made } } }
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: One } } }
    put: { responses: { '200': { description: Changed } } }
    delete: { responses: { '204': { description: Gone } } }
components:
  securitySchemes:
    header: { type: apiKey, in: header, name: X-Key }
    query: { type: apiKey, in: query, name: key }
    cookie: { type: apiKey, in: cookie, name: sid }
  schemas:
    Thing:
      type: object
      properties: { id: { type: string, readOnly: true }, name: { type: string } }
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things }
      x-flow-load: { path: '/things/{id}', parameters: { id: id } }
      x-flow-save: { path: /things }
      x-flow-update: { path: '/things/{id}', parameters: { id: externalId } }
      x-flow-delete: { path: '/things/{id}', parameters: { id: externalId } }
`

const KEY = { 'API Key': 's3cret' }

function to(status: number, location: string): ApiAnswer {
  return { status, headers: { location } }
}

async function start(t: test.TestContext) {
  const api = await startApi(t, documentOf('/v1'))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl, ...KEY })
  return { api, connector }
}

test('W13 a redirect of a GET within the origin is followed, and its credential is sent once', async t => {
  const { api, connector } = await start(t)
  for (const status of [301, 302, 303, 307, 308]) {
    api.answer(to(status, '/v1/things/?key=s3cret&q=a+b#top'), { json: [{ id: '1' }] })
    assert.equal(found(await connector.load('Thing')).length, 1)
    assert.deepEqual(api.takeCalls(), [
      'GET /v1/things?q=a%20b&key=s3cret',
      'GET /v1/things/?q=a+b&key=s3cret'
    ])
  }
  api.answer(to(308, `${api.url}/v2/one`), { json: { id: '7' } })
  assert.equal(found(await connector.load('Thing', { id: '7' })).length, 1)
  assert.deepEqual(api.takeCalls(), ['GET /v1/things/7?key=s3cret', 'GET /v2/one?key=s3cret'])
  for (const { headers } of api.calls) {
    assert.deepEqual([headers['x-key'], headers.cookie], ['s3cret', 'sid=s3cret'])
  }
})

test('W13 a 307 and a 308 of a write are followed with method and body, a 301 and a 302 are not', async t => {
  const { api, connector } = await start(t)
  for (const status of [307, 308]) {
    api.answer(to(status, 'things/'), { status: 201, json: { id: '1' } })
    assert.equal(found(await connector.save('Thing', flowObject(null, { name: 'n' }))).length, 1)
    api.answer(to(status, '/v1/things/1/'), { json: { id: '1' } })
    assert.equal(found(await connector.save('Thing', flowObject('1', { name: 'm' }))).length, 1)
    api.answer(to(status, '1/'), { status: 204 })
    assert.equal((await connector.remove('Thing', flowObject('1'))).status, 200)
    assert.deepEqual(api.takeCalls(), [
      'POST /v1/things?key=s3cret {"name":"n"}',
      'POST /v1/things/?key=s3cret {"name":"n"}',
      'PUT /v1/things/1?key=s3cret {"name":"m"}',
      'PUT /v1/things/1/?key=s3cret {"name":"m"}',
      'DELETE /v1/things/1?key=s3cret',
      'DELETE /v1/things/1/?key=s3cret'
    ])
  }
  for (const status of [301, 302]) {
    api.answer(to(status, '/v1/things/'))
    const refused = problem(await connector.save('Thing', flowObject(null, { name: 'n' })))
    assert.equal(refused.code, 'UPSTREAM_REDIRECT')
    assert.match(refused.message, /\/v1\/things\/ that .* it would turn the POST into a GET/)
    assert.equal(api.takeCalls().length, 1)
  }
})

test('W13 three redirects are followed; a fourth and a circle are problems that name where they led', async t => {
  const { api, connector } = await start(t)
  const hops = ['/a', '/b', '/c', '/d?session=x'].map(path => to(302, path))
  api.answer(...hops.slice(0, 3), { json: [{ id: '1' }] })
  assert.equal(found(await connector.load('Thing')).length, 1)
  assert.equal(api.takeCalls().length, 4)

  api.answer(...hops)
  const fourth = problem(await connector.load('Thing'))
  assert.equal(fourth.code, 'UPSTREAM_REDIRECT')
  assert.ok(fourth.message.includes(`to ${api.url}/d that`), fourth.message)
  assert.match(fourth.message, /it is number 4 of one call/)
  assert.equal(api.takeCalls().length, 4)

  for (const circle of [['/v1/things?q=a%20b&key=old'], ['/a', '/b', '/a']]) {
    api.answer(...circle.map(path => to(307, path)))
    const { code, message } = problem(await connector.load('Thing'))
    assert.equal(code, 'UPSTREAM_REDIRECT')
    assert.match(message, /it leads in a circle/)
    assert.doesNotMatch(message, /\?/)
    assert.equal(api.takeCalls().length, circle.length)
  }
})

test('W13 what a redirect leads to is read as any answer is', async t => {
  const { api, connector } = await start(t)
  api.answer(to(302, '/login'), { text: '<html>Log in</html>' })
  assert.equal(problem(await connector.load('Thing')).code, 'UPSTREAM_NOT_JSON')
  api.answer(to(302, '/gone'), { status: 403, json: { message: 'not yours' } })
  const refused = problem(await connector.load('Thing'))
  assert.deepEqual([refused.code, refused.statusCode], ['API_ERROR', 403])
  assert.equal(refused.uri, `${api.url}/gone`)
})

/** An API over http, and the same over https, which the connector trusts. */
async function startSecured(t: test.TestContext, handler: RequestListener) {
  const authority = createAuthority(t)
  const secured = await startTlsUpstream(t, authority.issue('IP:127.0.0.1'), handler)
  const api = await startApi(t, documentOf('/v1'))
  const configuration = { 'Schema URL': api.documentUrl, ...KEY }
  const environment = { CA_FILE: authority.certFile }
  return { secured, api, configuration, environment }
}

test('W13 http to https of the same host is followed with the credential, and so are its next links', async t => {
  const seen: (string | undefined)[] = []
  const { secured, api, configuration, environment } = await startSecured(
    t,
    (request, response) => {
      seen.push(`${request.url} ${request.headers['x-key']}`)
      const isFirst = request.url?.includes('page=2') !== true
      if (isFirst) response.setHeader('link', `<${secured}/v1/things?page=2>; rel="next"`)
      response.end(isFirst ? '[{"id":"1"}]' : '[{"id":"2"}]')
    }
  )
  const connector = await startConnector(t, configuration, environment)
  api.answer(to(301, `${secured}/v1/things`))
  const { objectData } = data(await connector.load('Thing', { limit: 2 }))
  assert.deepEqual(
    objectData.map(({ externalId }) => externalId),
    ['1', '2']
  )
  assert.deepEqual(seen, ['/v1/things?key=s3cret s3cret', '/v1/things?page=2&key=s3cret s3cret'])
})

test('A7 W13 Allowed Hosts with ports, and the egress policy, hold for https of the same host too', async t => {
  let reached = 0
  const { secured, api, configuration, environment } = await startSecured(t, (_, response) => {
    reached++
    response.end('[{"id":"1"}]')
  })
  const { host } = new URL(api.url)
  const limited = { ...configuration, 'Allowed Hosts': host }
  const connector = await startConnector(t, limited, environment)
  api.answer(to(308, `${secured}/v1/things`))
  const refused = problem(await connector.load('Thing'))
  assert.deepEqual([refused.code, refused.statusCode], ['ORIGIN_NOT_APPROVED', 409])
  assert.ok(refused.message.includes(new URL(secured).host), refused.message)

  const policy = { ...environment, EGRESS_ALLOW: host }
  const walled = await startConnector(t, configuration, policy)
  api.answer(to(308, `${secured}/v1/things`))
  assert.equal(problem(await walled.load('Thing')).code, 'EGRESS_DENIED')
  assert.equal(reached, 0)

  const allowed = { ...limited, 'Allowed Hosts': `${host} ${new URL(secured).host}` }
  api.answer(to(308, `${secured}/v1/things`))
  assert.equal(found(await connector.as({ configuration: allowed }).load('Thing')).length, 1)
})

test('W13 https to http of the same host, and another port, are not followed', async t => {
  const { secured, api, configuration, environment } = await startSecured(t, (_, response) => {
    response.writeHead(307, { location: `${api.url}/v1/things` }).end()
  })
  const connector = await startConnector(t, configuration, environment)
  const there = { ...configuration, 'Server URL': `${secured}/v1` }
  const down = problem(await connector.as({ configuration: there }).load('Thing'))
  assert.equal(down.code, 'UPSTREAM_REDIRECT')
  api.answer(to(307, `http://127.0.0.1:${new URL(secured).port}/v1/things`))
  const aside = problem(await connector.load('Thing'))
  assert.equal(aside.code, 'UPSTREAM_REDIRECT')
  assert.match(aside.message, /it leads to another origin/)
  assert.equal(api.calls.length, 1)
})
