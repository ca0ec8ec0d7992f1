import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import type { Configuration } from '../support/start-connector.ts'
import { condition, flowObject, problem, startConnector } from '../support/start-connector.ts'
import { closedPort } from '../support/start-upstream.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: /v1 }]
security: [{ key: [] }, { token: [] }, { login: [] }]
paths:
  /things:
    get:
      parameters:
        - { name: region, in: query, required: true, schema: { type: string } }
        - { name: secret, in: header, schema: { type: string } }
      responses: { '200': { description: Some, content: { application/json: { schema: { type: array, items: { type: object } } } } } }
    post: { responses: { '201': { description: Made } } }
  /examples: { get: { responses: { '200': { description: Some, content: { application/json: { example: [] } } } } } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    token: { type: http, scheme: bearer }
    login: { type: http, scheme: basic }
  schemas:
    Thing:
      type: object
      properties: { id: { type: string }, name: { type: string } }
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things, parameters: { region: $Var.REGION, secret: $Var.SECRET } }
      x-flow-save: { path: /things, operation: post }
    Shown:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Shown }
      x-flow-query: { path: /examples, example: { examples: Nmaed } }
`

/** Nothing of these may stand in an answer or in the log. */
const SECRETS: Configuration = {
  'API Key': 'planted-api-key',
  'Bearer Token': 'planted-bearer',
  'Basic: Username': 'ana',
  'Basic: Password': 'planted-password',
  'Schema Token': 'planted-schema-token',
  Variables: 'SECRET=planted-variable'
}

type Case = {
  readonly name: string
  readonly code: string
  readonly status: number
  /** What the message must name. */
  readonly named: string
  /** What the remedy must say. */
  readonly remedy: string
}

async function startWithSecrets(t: test.TestContext, document = DOCUMENT) {
  const api = await startApi(t, document)
  const configuration = { ...SECRETS, 'Schema URL': api.documentUrl }
  const connector = await startConnector(t, configuration, { LOG_LEVEL: 'trace' })
  t.after(() => {
    const written = [...connector.answers, ...connector.log].join('\n')
    assert.ok(connector.answers.length > 0 && connector.log.length > 0)
    assert.doesNotMatch(written, /planted/)
    assert.ok(!written.includes(Buffer.from('ana:planted-password').toString('base64')))
  })
  return { api, connector, configuration }
}

for (const { name, document, code, status, named, remedy } of [
  {
    name: 'HTML',
    document: '<!doctype html><html><title>planted</title></html>',
    code: 'DOCUMENT_NOT_OPENAPI',
    status: 422,
    named: '/openapi.yaml',
    remedy: 'openapi'
  },
  {
    name: 'plain text',
    document: 'planted text, nothing else',
    code: 'DOCUMENT_NOT_OPENAPI',
    status: 422,
    named: '/openapi.yaml',
    remedy: 'openapi'
  },
  {
    name: 'JSON of something else',
    document: '{"name": "planted", "version": "3.0.0"}',
    code: 'DOCUMENT_NOT_OPENAPI',
    status: 422,
    named: '/openapi.yaml',
    remedy: 'openapi'
  },
  {
    name: 'nothing at all',
    document: '',
    code: 'DOCUMENT_NOT_OPENAPI',
    status: 422,
    named: '/openapi.yaml',
    remedy: 'openapi'
  },
  {
    name: 'broken YAML',
    document: 'openapi: 3.0.3\ninfo:\n  title: [planted\n  version: "1"\n',
    code: 'DOCUMENT_NOT_PARSED',
    status: 422,
    named: 'line 4, column ',
    remedy: 'Correct the document at that position'
  },
  {
    name: 'broken JSON',
    document: '{\n  "openapi": "3.0.3",\n  "info": { "title": "x" "planted" }\n}',
    code: 'DOCUMENT_NOT_PARSED',
    status: 422,
    named: 'line 3, column 26',
    remedy: 'Correct the document at that position'
  },
  {
    name: 'version 2.0',
    document: 'swagger: "1.2"\ninfo: { title: planted, version: "1" }\npaths: {}\n',
    code: 'DOCUMENT_VERSION_UNSUPPORTED',
    status: 422,
    named: 'Swagger 1.2',
    remedy: 'OpenAPI 3.0, 3.1 or 3.2'
  }
] satisfies readonly (Case & { document: string })[]) {
  test(`A16 a document that is ${name} is ${code}, for describe, install and load alike`, async t => {
    const { api, connector } = await startWithSecrets(t, document)
    for (const refused of [
      await connector.send('POST', '/metadata'),
      await connector.send('POST', '/metadata/install'),
      await connector.send('POST', '/preview'),
      await connector.load('Thing')
    ]) {
      const given = problem(refused)
      assert.deepEqual([given.code, given.statusCode, given.kind], [code, status, 'service'])
      assert.ok(given.message.includes(named), given.message)
      assert.ok(given.remedy.includes(remedy), given.remedy)
    }
    assert.deepEqual(api.calls, [])
  })
}

test('A16 a document that cannot be fetched has codes of its own', async t => {
  const { api, connector } = await startWithSecrets(t)
  const at = async (url: string) => {
    const configuration = { ...SECRETS, 'Schema URL': url }
    const answer = await connector.as({ configuration }).send('POST', '/metadata')
    const { code, statusCode, message, remedy } = problem(answer)
    assert.ok(remedy.length > 20)
    return { code, statusCode, message }
  }
  const closed = await closedPort()
  const unreachable = await at(`http://${closed}/a.yaml?key=planted`)
  assert.deepEqual([unreachable.code, unreachable.statusCode], ['DOCUMENT_UNREACHABLE', 502])
  assert.ok(unreachable.message.includes(`http://${closed}/a.yaml`), unreachable.message)

  api.publish((_, response) => response.writeHead(404).end('planted'))
  const missing = await at(`${api.url}/b.yaml?key=planted`)
  assert.deepEqual([missing.code, missing.statusCode], ['DOCUMENT_STATUS', 502])
  assert.ok(missing.message.includes('404') && missing.message.includes('/b.yaml'), missing.message)

  api.publish((_, response) => response.writeHead(302, { location: 'ftp://planted/x' }).end())
  const moved = await at(`${api.url}/c.yaml`)
  assert.deepEqual([moved.code, moved.statusCode], ['DOCUMENT_REDIRECT', 502])

  for (const url of [
    'ftp://example.com/a.yaml',
    'file:///etc/passwd',
    '//example.com',
    'http://ana:planted@example.com/a.yaml'
  ]) {
    const invalid = await at(url)
    assert.deepEqual([invalid.code, invalid.statusCode], ['URL_INVALID', 400], url)
  }
})

test('vector 14: what a request names and the document does not have is named back, with what would be right', async t => {
  const { api, connector, configuration } = await startWithSecrets(t)
  const region = connector.as({
    configuration: { ...configuration, Variables: 'SECRET=planted-variable\nREGION=eu' }
  })
  const { 'Schema URL': _, ...unconfigured } = configuration
  const bare = connector.as({ configuration: unconfigured })
  for (const [call, code, status, named, remedy] of [
    [() => connector.load('Thnig'), 'TYPE_UNKNOWN', 404, '"Thnig" (did you mean "Thing"?)', ''],
    [
      () => region.load('Thing', { where: [condition('nmae', 'x')] }),
      'COLUMN_UNKNOWN',
      400,
      '"nmae" (did you mean "name"?)',
      ''
    ],
    [
      () => connector.load('Thing', { where: [condition('name', 'planted', 'LIKE')] }),
      'CRITERION_UNKNOWN',
      400,
      '"LIKE"',
      'STARTS_WITH'
    ],
    [
      () => connector.remove('Thing', flowObject('1')),
      'MAPPING_MISSING',
      400,
      'x-flow-delete',
      'x-flow-delete'
    ],
    [() => connector.load('Shown'), 'EXAMPLE_UNKNOWN', 400, '"Nmaed"', 'none is declared'],
    [() => connector.load('Thing'), 'PARAMETER_REQUIRED', 400, '"region"', '"REGION"'],
    [() => bare.load('Thing'), 'CONFIG_REQUIRED', 400, '"Schema URL"', '"Schema URL"'],
    [() => bare.save('Thing', flowObject(null)), 'CONFIG_REQUIRED', 400, '"Schema URL"', ''],
    [() => bare.remove('Thing', flowObject('1')), 'CONFIG_REQUIRED', 400, '"Schema URL"', ''],
    [
      () => connector.send('POST', '/data', { listFilter: null }),
      'BODY_INVALID',
      400,
      '/objectDataType/developerName',
      ''
    ],
    [
      () => connector.load('Thing', { limit: 'planted' }),
      'BODY_INVALID',
      400,
      '/listFilter/limit',
      ''
    ],
    [() => connector.send('POST', '/dat'), 'ROUTE_UNKNOWN', 404, 'POST /dat', 'GET /health']
  ] as const) {
    const given = problem(await call())
    assert.deepEqual([given.code, given.statusCode], [code, status])
    assert.ok(given.message.includes(named), given.message)
    assert.ok(given.remedy.includes(remedy), given.remedy)
  }
  assert.deepEqual(api.calls, [])
})

test('vector 14: a body that is no JSON, or too large, is a problem with its header', async t => {
  const { connector } = await startWithSecrets(t)
  for (const path of ['/data', '/metadata', '/metadata/install', '/data/delete', '/preview']) {
    const broken = await connector.send('POST', path, '{"configurationValues": [planted')
    assert.deepEqual([problem(broken).code, broken.status], ['BODY_NOT_JSON', 400])
  }
  const small = await startConnector(t, {}, { REQUEST_MAX_BYTES: '100', REQUEST_MAX_DEPTH: '3' })
  const large = await small.send('PUT', '/data', `"${'x'.repeat(100)}"`)
  assert.deepEqual([problem(large).code, large.status], ['BODY_TOO_LARGE', 413])
  assert.ok(problem(large).message.includes('100 bytes'))
  const deep = await small.send('PUT', '/data', '{"a":{"b":{"c":{}}}}')
  assert.deepEqual([problem(deep).code, deep.status], ['BODY_TOO_DEEP', 400])
})

test('F16 no secret that is configured comes back in any answer, be the API good or bad', async t => {
  const { api, connector, configuration } = await startWithSecrets(t)
  const variables = 'SECRET=planted-variable\nREGION=eu'
  const region = connector.as({ configuration: { ...configuration, Variables: variables } })
  api.answer({ json: [{ id: '1' }] }, { status: 500, json: { message: 'out of order' } })
  assert.equal((await region.load('Thing')).status, 200)
  assert.equal((await region.load('Thing')).status, 500)
  assert.equal((await connector.send('POST', '/metadata')).status, 200)
  assert.equal((await connector.send('POST', '/metadata/install')).status, 200)
  assert.equal((await connector.send('POST', '/preview')).status, 200)
  assert.equal(api.calls[0]?.headers.secret, 'planted-variable')
  assert.equal(api.calls[0]?.headers['x-key'], 'planted-api-key')

  const malformed = { ...configuration, Variables: 'REGION=eu\nplanted-line-without-name' }
  const refused = problem(await connector.as({ configuration: malformed }).load('Thing'))
  assert.deepEqual([refused.code, refused.statusCode], ['CONFIG_INVALID', 400])
  assert.ok(refused.message.includes('"Variables"') && refused.message.includes('line 2'))
  for (const name of ['Schema Token', 'API Key'] as const) {
    const broken = { ...configuration, Variables: variables, [name]: 'planted\u0007\nbell' }
    const given = problem(await connector.as({ configuration: broken }).load('Thing'))
    assert.equal(given.statusCode, 400)
    assert.ok(`${given.message} ${given.remedy}`.includes(`"${name}"`), given.message)
  }
})

test('F16 what an API repeats of a variable is removed from its refusal', async t => {
  const { api, connector, configuration } = await startWithSecrets(t)
  const variables = 'SECRET=planted-variable\nREGION=planted-region/1'
  const region = connector.as({ configuration: { ...configuration, Variables: variables } })
  api.answer(({ url, headers }, response) => {
    const message = `refused ${url} ${headers.secret}`
    response.writeHead(403, { 'x-echo': url }).end(JSON.stringify({ message }))
  })
  assert.equal((await region.load('Thing')).status, 403)
})
