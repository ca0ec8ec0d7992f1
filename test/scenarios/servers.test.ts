import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { found, problem, refusal, startConnector } from '../support/start-connector.ts'

const document = (servers: {
  readonly root?: string
  readonly path?: string
  readonly operation?: string
}): string => `
openapi: 3.0.3
info: { title: Servers, version: '1' }
${servers.root === undefined ? '' : `servers: ${servers.root}`}
paths:
  /things:
    ${servers.path === undefined ? '' : `servers: ${servers.path}`}
    get:
      ${servers.operation === undefined ? '' : `servers: ${servers.operation}`}
      responses:
        '200':
          description: Some
          content:
            application/json:
              schema:
                type: array
                items:
                  type: object
                  properties: { id: { type: string } }
                  x-flow-type: { name: Thing }
                  x-flow-query: { path: /things }
`

test('A23 a relative server is resolved against the URL of the document, after its redirects', async t => {
  const api = await startApi(t, '')
  const connector = await startConnector(t, {})
  for (const [root, at, path] of [
    ['[{ url: /api/v2/ }]', '/a.yaml', '/api/v2/things'],
    ['[{ url: api }]', '/docs/b.yaml', '/docs/api/things'],
    ['[{ url: ../x/.. }]', '/a/b/c.yaml', '/a/things'],
    ['[{ url: / }]', '/docs/d.yaml', '/things'],
    [undefined, '/docs/e.yaml', '/things']
  ] as const) {
    api.publish(document(root === undefined ? {} : { root }))
    api.answer({ json: [{ id: '1' }] })
    const configuration = { 'Schema URL': api.url + at }
    assert.equal(found(await connector.as({ configuration }).load('Thing')).length, 1)
    assert.deepEqual(api.takeCalls(), [`GET ${path}`])
  }
  api.publish((request, response) => {
    if (request.url === '/moved/f.yaml') response.end(document({ root: '[{ url: v3 }]' }))
    else response.writeHead(302, { location: '/moved/f.yaml' }).end()
  })
  api.answer({ json: [] })
  await connector.as({ configuration: { 'Schema URL': `${api.url}/f.yaml` } }).load('Thing')
  assert.deepEqual(api.takeCalls(), ['GET /moved/v3/things'])
})

test('A21 of several servers the first is called, and the Server URL of the configuration chooses another', async t => {
  const api = await startApi(t, '')
  api.publish(document({ root: '[{ url: /live }, { url: /test, description: For trying }]' }))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [{ id: '1' }] }, { json: [{ id: '2' }] })
  assert.equal(found(await connector.load('Thing')).length, 1)
  assert.deepEqual(api.takeCalls(), ['GET /live/things'])
  const configuration = { 'Schema URL': api.documentUrl, 'Server URL': `${api.url}/test` }
  assert.equal(found(await connector.as({ configuration }).load('Thing')).length, 1)
  assert.deepEqual(api.takeCalls(), ['GET /test/things'])
})

test('A24 the Server URL of the configuration overrides every server', async t => {
  const api = await startApi(t, '')
  const other = await startApi(t, '')
  const wrong = '[{ url: https://wrong.example.com }]'
  api.publish(document({ root: wrong, path: wrong, operation: wrong }))
  const configuration = { 'Schema URL': api.documentUrl, 'Server URL': `${other.url}/base/` }
  const connector = await startConnector(t, configuration)
  other.answer({ json: [{ id: '1' }] })
  assert.equal(found(await connector.load('Thing')).length, 1)
  assert.deepEqual(other.takeCalls(), ['GET /base/things'])
  assert.deepEqual(api.calls, [])

  for (const url of ['ftp://example.com', 'example.com', 'http://user:pw@example.com']) {
    const values = { ...configuration, 'Server URL': url }
    const refused = problem(await connector.as({ configuration: values }).load('Thing'))
    assert.deepEqual([refused.code, refused.statusCode], ['URL_INVALID', 400])
    assert.ok(!refused.message.includes('pw'))
  }
})

test('A25 servers of the operation win over those of the path, those over the root', async t => {
  const api = await startApi(t, '')
  const connector = await startConnector(t, {})
  const given = { root: '[{ url: /r }]', path: '[{ url: /p }, { url: /p2 }]' }
  for (const [servers, path] of [
    [{ ...given, operation: '[{ url: /o }]' }, '/o/things'],
    [given, '/p/things'],
    [{ root: given.root }, '/r/things']
  ] as const) {
    api.publish(document(servers))
    api.answer({ json: [] })
    const configuration = { 'Schema URL': `${api.documentUrl}?${path}` }
    await connector.as({ configuration }).load('Thing')
    assert.deepEqual(api.takeCalls(), [`GET ${path}`])
  }
})

test('A22 server variables take the configured value, else their default, and only what is allowed', async t => {
  const api = await startApi(t, '')
  const port = new URL(api.url).port
  api.publish(
    document({
      root: `[{ url: 'http://{host}:{port}/{stage}', variables: { host: { default: 127.0.0.1 }, port: { default: '${port}' }, stage: { default: live, enum: [live, test] } } }]`
    })
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const as = (text: string) =>
    connector.as({
      configuration: { 'Schema URL': api.documentUrl, 'Server Variables': text }
    })
  api.answer({ json: [] }, { json: [] })
  await connector.load('Thing')
  await as('stage = test').load('Thing')
  assert.deepEqual(api.takeCalls(), ['GET /live/things', 'GET /test/things'])
  const refused = problem(await as('stage=dev').load('Thing'))
  assert.deepEqual([refused.code, refused.statusCode], ['SERVER_VARIABLE_INVALID', 400])
  assert.ok(refused.remedy.includes('live, test'), refused.remedy)
  assert.deepEqual(refusal(await as('host=evil.example/').load('Thing')), [
    'SERVER_VARIABLE_INVALID',
    400
  ])
  assert.deepEqual(refusal(await as('no line').load('Thing')), ['CONFIG_INVALID', 400])
  assert.deepEqual(api.takeCalls(), [])
})

test('A22 `x-flow` at the root, also of an overlay, gives server variables their values, and the configuration wins', async t => {
  const api = await startApi(t, '')
  const variables = '{ stage: { default: live, enum: [live, test] }, part: { default: a } }'
  const servers = `[{ url: '${api.url}/{stage}/{part}', variables: ${variables} }]`
  const chosen = 'x-flow: { serverVariables: { stage: test, part: b } }'
  api.publish(`${chosen}\n${document({ root: servers })}`)
  const configuration = { 'Schema URL': api.documentUrl }
  const connector = await startConnector(t, configuration)
  const pathWith = async (more: { readonly [name: string]: string }): Promise<string> => {
    api.answer({ json: [] })
    const caller = connector.as({ configuration: { ...configuration, ...more } })
    assert.equal((await caller.load('Thing')).status, 200)
    return api.takeCalls().join()
  }
  const overlay = `overlay: 1.0.0
actions: [{ target: "$['x-flow']", update: { serverVariables: { part: c } } }]`
  assert.equal(await pathWith({}), 'GET /test/b/things')
  assert.equal(await pathWith({ 'Server Variables': 'part=d' }), 'GET /test/d/things')
  assert.equal(await pathWith({ 'Overlay URL': overlay }), 'GET /test/c/things')

  api.publish(`${chosen.replace('test', 'dev')}\n${document({ root: servers })}`)
  const told = (await connector.preview()).diagnostics.filter(
    ({ severity }) => severity === 'error'
  )
  assert.deepEqual(
    told.map(({ code, line, message }) => `${line} ${code} ${message}`),
    ['1 SERVER_VARIABLE_NOT_ALLOWED the server variable "stage" cannot be "dev"']
  )
  assert.equal(await pathWith({ 'Server Variables': 'part=d' }), 'GET /live/d/things')
})

test('A23 a document that has neither server nor address cannot be called, and says what is missing', async t => {
  const connector = await startConnector(t, { 'Schema URL': 'sample:no-such' })
  const unknown = problem(await connector.load('Thing'))
  assert.deepEqual([unknown.code, unknown.statusCode], ['SAMPLE_UNKNOWN', 400])
  assert.ok(unknown.remedy.includes('petstore'), unknown.remedy)
  const helpdesk = connector.as({ configuration: { 'Schema URL': 'sample:helpdesk' } })
  const serverless = problem(await helpdesk.load('Tag'))
  assert.deepEqual([serverless.code, serverless.statusCode], ['SERVER_MISSING', 422])
  assert.ok(serverless.remedy.includes('Server URL'), serverless.remedy)
})
