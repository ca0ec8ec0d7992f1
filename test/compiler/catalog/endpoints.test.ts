import assert from 'node:assert/strict'
import { test } from 'node:test'

import { catalogOf, catalogPaths, DOCUMENT_URL, endpointNamed } from '../../support/catalog-of.ts'

const ok = "responses: {'200': {description: Done}}"

test('I05 an endpoint is named by path and verb, and shown as the path', () => {
  const { endpoints } = catalogPaths(`
/pets/{id}: {get: {${ok}}, patch: {${ok}}}
/pets/: {get: {${ok}}}
/: {get: {${ok}}}
/{tenant}/items:search: {post: {${ok}}}
`)
  assert.deepEqual(
    endpoints.map(({ name, displayName, method, path }) => [name, displayName, method, path]),
    [
      ['/pets/{id}/get', '/pets/{id}', 'GET', '/pets/{id}'],
      ['/pets/{id}/patch', '/pets/{id}', 'PATCH', '/pets/{id}'],
      ['/pets/get', '/pets', 'GET', '/pets/'],
      ['/get', '/', 'GET', '/'],
      ['/{tenant}/items:search/post', '/{tenant}/items:search', 'POST', '/{tenant}/items:search']
    ]
  )
})

test('I05 paths that differ in slashes at their end have names of their own, in any order', () => {
  const namesOf = (...paths: readonly string[]): string[] =>
    catalogPaths(paths.map(path => `${path}: {get: {${ok}}}`).join('\n')).endpoints.map(
      ({ name }) => name
    )
  assert.deepEqual(namesOf('/pets', '/pets/'), ['/pets/get', '/pets//get'])
  assert.deepEqual(namesOf('/pets/', '/pets'), ['/pets//get', '/pets/get'])
  assert.deepEqual(namesOf('/pets//', '/pets/'), ['/pets/get', '/pets//get'])
  assert.deepEqual(namesOf('/', '//', '/pets/'), ['/get', '///get', '/pets/get'])
})

test('I05 a path that does not begin with a slash, or has no object, is told', () => {
  const { endpoints, diagnostics } = catalogPaths(
    `pets: {get: {${ok}}}\n/a: 7\nx-more: {get: {${ok}}}`
  )
  assert.deepEqual(endpoints, [])
  assert.deepEqual(
    diagnostics.map(({ code, pointer }) => [code, pointer]),
    [
      ['PATH_ITEM_MALFORMED', '/paths/pets'],
      ['PATH_ITEM_MALFORMED', '/paths/~1a']
    ]
  )
})

test('I06 every verb of OpenAPI is an endpoint, and no other member of a path', () => {
  const verbs = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
  const { endpoints } = catalogPaths(`
/a:
  summary: a path
  description: of every verb
  servers: [{url: 'https://a.example.com'}]
  parameters: []
  x-internal: {get: {${ok}}}
${verbs.map(verb => `  ${verb}: {${ok}}`).join('\n')}
`)
  assert.deepEqual(
    endpoints.map(({ method }) => method),
    verbs.map(verb => verb.toUpperCase())
  )
})

test('I06 query and further methods of OpenAPI 3.2 are endpoints', () => {
  const { endpoints } = catalogOf(`
openapi: 3.2.0
info: {title: T, version: '1'}
paths:
  /a:
    query: {${ok}}
    additionalOperations: {CONNECT: {${ok}}, LINK: {${ok}}}
`)
  assert.deepEqual(
    endpoints.map(({ name, method }) => `${method} ${name}`),
    ['QUERY /a/query', 'CONNECT /a/connect', 'LINK /a/link']
  )
})

test('I06 the description is the summary where there is no other, and paths may be references', () => {
  const catalog = catalogOf(`
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a: {get: {summary: Short, description: "Long\\ntext", ${ok}}, put: {summary: Only, ${ok}}}
  /b: {$ref: '#/components/pathItems/B'}
components: {pathItems: {B: {get: {operationId: readB, ${ok}}}}}
`)
  const words = catalog.endpoints.map(({ name, summary, description }) => [
    name,
    summary,
    description
  ])
  assert.deepEqual(words, [
    ['/a/get', 'Short', 'Long\ntext'],
    ['/a/put', 'Only', 'Only'],
    ['/b/get', null, null]
  ])
  assert.equal(endpointNamed(catalog, '/b/get').operationId, 'readB')
})

test('I07 links lead into the page of documentation, and to the document for want of an id', () => {
  const paths = `
/a: {get: {tags: [pet shop], operationId: listPets, ${ok}}}
/b: {get: {tags: [pet shop], ${ok}}}
/c: {get: {tags: [meta], operationId: meta/root, ${ok}}}
`
  for (const end of ['', '/', '#', '#/', '/#', '/#/']) {
    const docUrl = `https://docs.example.com/api${end}`
    const catalog = catalogPaths(paths, '', { docUrl })
    assert.deepEqual(
      catalog.collections.map(({ url }) => url),
      ['default', 'meta', 'pet%20shop'].map(name => `https://docs.example.com/api/#/${name}`),
      end
    )
    assert.deepEqual(
      catalog.endpoints.map(({ url }) => url),
      [
        'https://docs.example.com/api/#/meta/meta/root',
        'https://docs.example.com/api/#/pet%20shop/listPets',
        DOCUMENT_URL
      ]
    )
  }
  const { endpoints } = catalogPaths(paths)
  assert.deepEqual([...new Set(endpoints.map(({ url }) => url))], [DOCUMENT_URL])
})

test('I07 every link is a URL, whatever the names are', () => {
  const paths = `/a: {get: {tags: ["a/b?c#d\\"<>", "\\ud800", "ä €"], operationId: '  x y  ', ${ok}}}`
  const { endpoints, collections } = catalogPaths(paths, '', {
    docUrl: 'http://localhost:8080/docs'
  })
  for (const { url } of [...endpoints, ...collections]) {
    assert.equal(URL.parse(url)?.href, url)
    assert.ok(url.startsWith('http://localhost:8080/docs/#/'))
  }
})

test('J13 x-ms-test-value is the example of a parameter that has no other', () => {
  const catalog = catalogPaths(`
/pets:
  get:
    parameters:
      - {name: a, in: query, schema: {type: string, example: of the schema}, x-ms-test-value: trial}
      - {name: b, in: query, schema: {type: string}, example: declared, x-ms-test-value: trial}
      - {name: c, in: query, schema: {type: integer}, x-ms-test-value: 7}
    ${ok}
`)
  const { parameters } = endpointNamed(catalog, '/pets/get')
  assert.deepEqual(
    parameters.map(({ example }) => example),
    ['trial', 'declared', 7]
  )
})

test('I25 parameters of the operation and of its path are told with place, kind and example', () => {
  const catalog = catalogPaths(
    `
/pets/{id}:
  parameters:
    - {name: id, in: path, required: true, schema: {type: integer, format: int64}, description: Which one}
    - {name: page, in: query, schema: {type: integer}}
  get:
    parameters:
      - {name: page, in: query, deprecated: true, schema: {type: integer, default: 1, maximum: 9}}
      - {$ref: '#/components/parameters/Trace'}
      - {name: tags, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}
    ${ok}
`,
    `components: {parameters: {Trace: {name: X-Trace, in: header, example: abc, schema: {type: string}}}}`
  )
  assert.deepEqual(endpointNamed(catalog, '/pets/{id}/get').parameters, [
    {
      name: 'id',
      dataType: 'INT',
      dataTypeDisplay: 'INT(int64)',
      required: true,
      description: 'Which one',
      in: 'path'
    },
    {
      name: 'page',
      dataType: 'INT',
      dataTypeDisplay: 'INT',
      deprecated: true,
      in: 'query',
      default: 1
    },
    {
      name: 'X-Trace',
      dataType: 'STRING',
      dataTypeDisplay: 'STRING',
      in: 'header',
      example: 'abc'
    },
    {
      name: 'tags',
      dataType: 'ARRAY',
      dataTypeDisplay: 'ARRAY<STRING>',
      in: 'query',
      children: [
        { name: 'item', dataType: 'STRING', dataTypeDisplay: 'STRING', allowed: ['a', 'b'] }
      ]
    }
  ])
})

test('I25 parameters without a schema, in content, and undeclared ones in the path are told too', () => {
  const catalog = catalogPaths(`
/a/{undeclared}:
  get:
    parameters:
      - {name: plain, in: query}
      - {name: filter, in: query, content: {application/json: {schema: {type: object, properties: {x: {type: number}}}}}}
    ${ok}
`)
  const told = endpointNamed(catalog, '/a/{undeclared}/get').parameters
  assert.deepEqual(
    told.map(({ name, dataType, required, children }) => [
      name,
      dataType,
      required,
      children?.length
    ]),
    [
      ['plain', 'UNKNOWN', undefined, undefined],
      ['filter', 'RECORD', undefined, 1],
      ['undeclared', 'STRING', true, undefined]
    ]
  )
})

test('I25 the credentials of an operation are its own, else those of the document', () => {
  const catalog = catalogPaths(
    `
/inherited: {get: {${ok}}}
/own: {get: {security: [{oauth: [read, write]}, {key: [], basic: []}], ${ok}}}
/open: {get: {security: [], ${ok}}}
/optional: {get: {security: [{}, {key: []}], ${ok}}}
/unknown: {get: {security: [{nobody: []}], ${ok}}}
`,
    `security: [{key: []}]
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    basic: {type: http, scheme: Basic}
    oauth: {type: oauth2, flows: {}}`
  )
  const key = { scheme: 'key', type: 'apiKey', in: 'header', parameter: 'X-Key', scopes: [] }
  const auth = Object.fromEntries(catalog.endpoints.map(({ path, auth: needs }) => [path, needs]))
  assert.deepEqual(auth, {
    '/inherited': [[key]],
    '/own': [
      [{ scheme: 'oauth', type: 'oauth2', scopes: ['read', 'write'] }],
      [key, { scheme: 'basic', type: 'basic', scopes: [] }]
    ],
    '/open': [],
    '/optional': [[], [key]],
    '/unknown': [[{ scheme: 'nobody', type: 'unknown', scopes: [] }]]
  })
  assert.ok(catalog.diagnostics.some(({ code }) => code === 'SECURITY_SCHEME_UNKNOWN'))
})

test('I25 deprecation and the paging of lists are told', () => {
  const list = `responses: {'200': {description: L, content: {application/json: {schema: {type: object, properties: {
    next_cursor: {type: string}, total: {type: integer}, items: {type: array, items: {type: object, properties: {id: {type: string}}}}}}}}}}`
  const catalog = catalogPaths(`
/cursor: {get: {deprecated: true, parameters: [{name: cursor, in: query, schema: {type: string}}, {name: limit, in: query, schema: {type: integer, maximum: 50}}], ${list}}}
/declared: {get: {x-flow-pagination: {type: page, pageParam: p}, parameters: [{name: p, in: query, schema: {type: integer}}], ${list}}}
/one/{id}: {get: {${ok}}}
/made: {post: {parameters: [{name: page, in: query, schema: {type: integer}}], ${list}}}
`)
  const told = catalog.endpoints.map(({ path, deprecated, pagination }) => [
    path,
    deprecated,
    pagination && [
      pagination.type,
      pagination.positionParameter,
      pagination.sizeParameter,
      pagination.origin
    ]
  ])
  assert.deepEqual(told, [
    ['/cursor', true, ['cursor', 'cursor', 'limit', 'inferred']],
    ['/declared', false, ['page', 'p', null, 'declared']],
    ['/one/{id}', false, null],
    ['/made', false, null]
  ])
  const { pagination } = endpointNamed(catalog, '/cursor/get')
  assert.deepEqual([pagination?.nextField, pagination?.pageSize], ['next_cursor', 50])
})

test('I25 an endpoint tells the mappings of flow types that call it', () => {
  const catalog = catalogPaths(
    `
/pets: {get: {responses: {'200': {description: L, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}}, post: {${ok}}}
/pets/{id}: {get: {${ok}}, delete: {${ok}}}
`,
    `components:
  schemas:
    Pet:
      type: object
      properties: {id: {type: string}}
      x-flow-type: {name: Pet}
      x-flow-query: {path: /pets}
      x-flow-load: {path: '/pets/{id}', parameters: {id: id}}`
  )
  const flow = catalog.endpoints.map(({ name, flow: mappings }) => [name, mappings])
  assert.deepEqual(flow, [
    ['/pets/get', [{ type: 'Pet', verb: 'query', origin: 'annotated' }]],
    ['/pets/post', []],
    ['/pets/{id}/get', [{ type: 'Pet', verb: 'load', origin: 'annotated' }]],
    ['/pets/{id}/delete', []]
  ])
})

test('one bad operation does not affect the others', () => {
  const catalog = catalogPaths(`
/bad: {get: {responses: {'200': {$ref: '#/components/responses/Gone'}}, parameters: {not: a list}, tags: 7, security: no, requestBody: text}}
/text: words
/list: [get]
/good: {get: {${ok}}}
`)
  assert.deepEqual(
    catalog.endpoints.map(({ name }) => name),
    ['/bad/get', '/good/get']
  )
  assert.ok(catalog.diagnostics.some(({ code, line }) => code === 'REF_UNRESOLVED' && line === 5))
})
