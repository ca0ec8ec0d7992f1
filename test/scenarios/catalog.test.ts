import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Value } from 'typebox/value'

import { CatalogAnswer } from '../../service/protocol/catalog-schemas.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { found, problem, startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'

const SHOP = `openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: /api }]
paths: {}
`

async function catalogOf(connector: StartedConnector, body: object = {}): Promise<CatalogAnswer> {
  const { status, text } = await connector.send('POST', '/catalog', body)
  assert.equal(status, 200, text)
  const catalog: unknown = JSON.parse(text)
  assert.ok(Value.Check(CatalogAnswer, catalog))
  return catalog
}

test('J04 POST /catalog answers what openapi-flow catalog --json writes', async t => {
  const written = new Map<string, string>()
  // Before the event loop is watched: a command compiles in its own thread.
  for (const sample of ['petstore', 'spotify', 'no-markup', 'cycles', 'manifests/cursor']) {
    const location = `sample:${sample}`
    const { out } = await runInTerminal(['catalog', location, '--json'])
    written.set(location, out)
  }
  const connector = await startConnector(t, {})
  for (const [location, out] of written) {
    const catalog = await catalogOf(connector.as({ configuration: { 'Schema URL': location } }))
    assert.deepEqual(catalog, JSON.parse(out), location)
  }
})

test('I01 I07 the service takes the name and the page of documentation', async t => {
  const connector = await startConnector(t, { 'Schema URL': 'sample:petstore' })
  const named = await catalogOf(connector, {
    serviceName: 'pets',
    docURL: 'https://p.example.com/#/'
  })
  assert.equal(named.service.name, 'pets')
  assert.ok(named.endpoints.every(({ url }) => url.startsWith('https://p.example.com/#/')))
  const blank = await catalogOf(connector, { serviceName: null, docURL: ' ' })
  assert.equal(blank.service.name, blank.service.title)
  assert.equal(blank.service.docUrl, null)
})

test('A29 I01 a catalog whose overlay is broken fails no flow that waits for the same document', async t => {
  const files = await startFiles(t, {})
  const asked = new Promise<() => void>(resolve => {
    files.put('/shop.yaml', (_, response) => resolve(() => response.end(SHOP)))
  })
  const plain = await startConnector(t, { 'Schema URL': `${files.url}/shop.yaml` })
  const broken = plain.as({
    configuration: { 'Schema URL': `${files.url}/shop.yaml`, 'Overlay URL': 'overlay: 9.0.0' }
  })
  const refused = broken.send('POST', '/catalog', {})
  const answer = await asked
  files.put('/shop.yaml', SHOP)
  const installed = plain.install()
  // The flow's request has passed through the service's queue by the time this one is answered.
  await (await fetch(`${plain.url}/health`)).text()
  answer()
  assert.equal((await refused).status, 422)
  assert.deepEqual((await installed).types, [])
  assert.deepEqual(files.takeFetches(), ['200 /shop.yaml'])
})

const bad: readonly { name: string; body: object; status: number; code: string; says: RegExp }[] = [
  {
    name: 'without a Schema URL',
    body: { configurationValues: [] },
    status: 400,
    code: 'CONFIG_REQUIRED',
    says: /Schema URL/
  },
  {
    name: 'with a URL that is none',
    body: { docURL: 'docs' },
    status: 400,
    code: 'BODY_INVALID',
    says: /\/docURL.*expected an http or https URL/
  },
  {
    name: 'with a name that is no text',
    body: { serviceName: 7 },
    status: 400,
    code: 'BODY_INVALID',
    says: /\/serviceName/
  },
  {
    name: 'with a long name',
    body: { serviceName: 'x'.repeat(257) },
    status: 400,
    code: 'BODY_INVALID',
    says: /\/serviceName/
  }
]
for (const { name, body, status, code, says } of bad) {
  test(`a catalog ${name} is refused with a problem`, async t => {
    const connector = await startConnector(t, { 'Schema URL': 'sample:petstore' })
    const {
      message,
      statusCode,
      code: told
    } = problem(await connector.send('POST', '/catalog', body))
    assert.deepEqual([statusCode, told], [status, code])
    assert.match(message, says)
  })
}

const ROOT = `
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get: {responses: {'200': {description: L, content: {application/json: {schema: {type: array, items: {$ref: 'schemas/thing.yaml#/Thing'}}}}}}}
components:
  schemas:
    Thing: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Thing}, x-flow-query: {path: /things, example: true}, example: {id: a}}
`
const PART = 'Thing: {type: object, properties: {id: {type: string}, size: {$ref: size.yaml}}}'

test('I10 the fields of a document in several files are those of all, in their current version', async t => {
  const files = await startFiles(t, {
    '/api/root.yaml': ROOT,
    '/api/schemas/thing.yaml': PART,
    '/api/schemas/size.yaml': 'type: integer'
  })
  const location = `${files.url}/api/root.yaml`
  const connector = await startConnector(t, { 'Schema URL': location })
  const kinds = async (): Promise<readonly (readonly string[])[]> => {
    const { endpoints } = await catalogOf(connector)
    const fields = endpoints[0]?.response?.fields ?? []
    return fields.map(({ name, dataType }) => [name, dataType])
  }
  assert.deepEqual(await kinds(), [
    ['id', 'STRING'],
    ['size', 'INT']
  ])
  files.put('/api/schemas/size.yaml', 'type: boolean')
  files.put('/api/root.yaml', ROOT.replace('Things', 'Other things'))
  assert.deepEqual(await kinds(), [
    ['id', 'STRING'],
    ['size', 'BOOLEAN']
  ])
})

test('a catalog of a document that cannot be read again is that of its copy, which is told', async t => {
  const files = await startFiles(t, {
    '/root.yaml': ROOT.replace("$ref: 'schemas/thing.yaml#/Thing'", 'type: object')
  })
  const location = `${files.url}/root.yaml`
  const connector = await startConnector(t, { 'Schema URL': location })
  assert.deepEqual((await catalogOf(connector)).diagnostics, [])
  files.put('/root.yaml', 'openapi: [broken')
  const { diagnostics, endpoints } = await catalogOf(connector)
  assert.deepEqual(
    diagnostics.map(({ code, file }) => [code, file]),
    [['DOCUMENT_STALE', location]]
  )
  assert.equal(endpoints.length, 1)
  // A catalog never replaces what flows use by something unusable.
  assert.deepEqual(found(await connector.load('Thing')).length, 1)
})

test('a catalog of an unusable document is a problem that names it', async t => {
  const files = await startFiles(t, {
    '/bad.yaml': 'openapi: 3.0.3\npaths: [',
    '/other.yaml': 'a: 1'
  })
  const connector = await startConnector(t, {})
  const codes = ['bad.yaml', 'other.yaml', 'none.yaml'].map(async name => {
    const configuration = { 'Schema URL': `${files.url}/${name}` }
    const { code, statusCode } = problem(
      await connector.as({ configuration }).send('POST', '/catalog')
    )
    return `${statusCode} ${code}`
  })
  assert.deepEqual(await Promise.all(codes), [
    '422 DOCUMENT_NOT_PARSED',
    '422 DOCUMENT_NOT_OPENAPI',
    '502 DOCUMENT_STATUS'
  ])
})

test('a catalog that takes too long is a problem, and the service goes on', async t => {
  const files = await startFiles(t, { '/root.yaml': ROOT })
  const environment = { COMPILE_TIMEOUT_MS: '1' }
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/root.yaml` }, environment)
  const { code } = problem(await connector.send('POST', '/catalog'))
  assert.equal(code, 'DOCUMENT_TOO_COMPLEX')
  assert.equal((await connector.send('POST', '/metadata', { configurationValues: [] })).status, 200)
})

test('a catalog is behind the door', async t => {
  const connector = await startConnector(
    t,
    { 'Schema URL': 'sample:petstore' },
    { CONNECTOR_TOKENS: 'abcdefghijklmnop' }
  )
  assert.equal(problem(await connector.send('POST', '/catalog')).statusCode, 401)
  assert.equal((await connector.send('POST', '/k/abcdefghijklmnop/catalog')).status, 200)
})

test('a load of a flow is answered while a large catalog is made', async t => {
  const operation = { responses: { 200: { description: 'Done' } } }
  const paths = Array.from({ length: 5_000 }, (_, index) => [`/things${index}`, { get: operation }])
  const large = {
    openapi: '3.0.3',
    info: { title: 'Large', version: '1' },
    paths: Object.fromEntries(paths)
  }
  const files = await startFiles(t, { '/large.json': JSON.stringify(large) })
  const small = await startConnector(t, { 'Schema URL': 'sample:examples' })
  const { types } = await small.preview()
  const type = types[0]?.developerName ?? ''
  assert.equal((await small.load(type)).status, 200)
  const order: string[] = []
  const others = small.as({ configuration: { 'Schema URL': `${files.url}/large.json` } })
  const cataloging = catalogOf(others).then(({ counts }) => order.push(`${counts.endpoints}`))
  order.push(`${(await small.load(type)).status}`)
  await cataloging
  assert.deepEqual(order, ['200', '5000'])
})

const SWAGGER = `
swagger: '2.0'
info: {title: Old, version: '1'}
host: old.example.com
basePath: /v1
schemes: [https]
consumes: [application/json]
produces: [application/json]
tags: [{name: pets}]
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, type: integer, format: int64}]
    get: {tags: [pets], parameters: [{name: fields, in: query, type: array, items: {type: string}}], responses: {'200': {description: D, schema: {$ref: '#/definitions/Pet'}}}}
    put: {tags: [pets], parameters: [{name: body, in: body, schema: {$ref: '#/definitions/Pet'}}], responses: {'204': {description: D}}}
    post: {tags: [pets], consumes: [application/x-www-form-urlencoded], parameters: [{name: name, in: formData, type: string}], responses: {'200': {description: D, schema: {type: array, items: {$ref: '#/definitions/Pet'}}}}}
definitions:
  Pet: {type: object, properties: {id: {type: integer}, name: {type: string}}}
`

test('I08 I09 a Swagger 2.0 document is cataloged by its body, form and query parameters', async t => {
  const files = await startFiles(t, { '/swagger.yaml': SWAGGER })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/swagger.yaml` })
  const { endpoints, service } = await catalogOf(connector)
  assert.deepEqual(service.servers, ['https://old.example.com/v1'])
  const told = endpoints.map(({ collection, method, request, response }) => [
    `${collection} ${method}`,
    request?.from,
    request?.fields.map(({ name, dataType }) => `${name} ${dataType}`),
    response?.fields.map(({ name }) => name)
  ])
  assert.deepEqual(told, [
    ['pets GET', 'parameters', ['id INT', 'fields ARRAY'], ['id', 'name']],
    ['pets PUT', 'body', ['id INT', 'name STRING'], []],
    ['pets POST', 'body', ['name STRING'], ['id', 'name']]
  ])
})

test('I25 a catalog knows the mappings that an overlay adds', async t => {
  const overlay = `
overlay: 1.0.0
info: {title: Markup, version: '1'}
actions:
  - target: $.components.schemas.Thing
    update: {x-flow-type: {name: Gadget}, x-flow-query: {path: /gadgets}}
`
  const plain = `
openapi: 3.0.3
info: {title: Gadgets, version: '1'}
paths:
  /gadgets: {get: {responses: {'200': {description: L, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}}}}
components: {schemas: {Thing: {type: object, properties: {id: {type: string}}}}}
`
  const files = await startFiles(t, { '/plain.yaml': plain, '/overlay.yaml': overlay })
  const connector = await startConnector(t, {
    'Schema URL': `${files.url}/plain.yaml`,
    'Overlay URL': `${files.url}/overlay.yaml`
  })
  const { endpoints } = await catalogOf(connector)
  assert.deepEqual(
    endpoints.map(({ flow }) => flow),
    [[{ type: 'Gadget', verb: 'query', origin: 'overlay' }]]
  )
})
