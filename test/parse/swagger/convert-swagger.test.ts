import assert from 'node:assert/strict'
import { test } from 'node:test'

import { exactNumber } from '../../../service/base/exact-number.ts'
import { follow } from '../../../service/base/json-pointer.ts'
import type { JsonValue } from '../../../service/base/json.ts'
import { findPlaces } from '../../../service/parse/find-places.ts'
import { applyOverlays } from '../../../service/parse/overlay/apply-overlays.ts'
import { readOverlay } from '../../../service/parse/overlay/read-overlay.ts'
import type { ParsedDocument } from '../../../service/parse/parse-document.ts'
import { parseDocument } from '../../../service/parse/parse-document.ts'
import { convertSwagger } from '../../../service/parse/swagger/convert-swagger.ts'
import { compileModel } from '../../../service/compiler/compile-model.ts'

const DOCUMENT = `swagger: '2.0'
info: { title: Shop, version: '1' }
host: shop.example.com
basePath: /v2
schemes: [ws, http, https]
consumes: [application/json]
parameters:
  Limit: { name: limit, in: query, type: integer, default: 9007199254740993 }
  Body: { name: body, in: body, required: true, schema: { $ref: '#/definitions/Order' } }
  Upload: { name: file, in: formData, type: file, required: true }
securityDefinitions:
  login: { type: oauth2, flow: accessCode, authorizationUrl: 'https://id.example/a?audience=x', tokenUrl: 'https://id.example/t', scopes: { read: Read }, x-flow-identity: { me: { userInfoUrl: /me } } }
  plain: { type: basic }
paths:
  /orders:
    parameters: [{ $ref: '#/parameters/Limit' }]
    get:
      parameters:
        - { name: ids, in: query, type: array, items: { type: integer } }
        - { name: tags, in: query, type: array, items: { type: string }, collectionFormat: multi }
        - { name: sort, in: query, type: array, items: { type: string }, collectionFormat: pipes }
      responses:
        200: { description: ok, schema: { type: array, items: { $ref: '#/definitions/Order' } }, examples: { application/json: [{ id: 12345678901234567890 }] } }
    post:
      parameters: [{ $ref: '#/parameters/Body' }, { name: X-Trace, in: header, type: string }]
      responses: { 201: { $ref: '#/responses/Made' } }
  /orders/{id}/files:
    parameters: [{ name: id, in: path, required: true, type: string }, { $ref: '#/parameters/Upload' }]
    post:
      responses: { 204: { description: ok } }
  /search:
    post:
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - { name: words, in: formData, type: array, items: { type: string } }
        - { name: kinds, in: formData, type: array, items: { type: string }, collectionFormat: multi }
        - { name: sizes, in: formData, type: array, items: { type: integer }, collectionFormat: ssv }
        - { name: page, in: formData, type: integer }
      responses: { 200: { description: ok, schema: { $ref: '#/definitions/Order List' } } }
responses:
  Made: { description: made, schema: { $ref: '#/definitions/Order' }, headers: { Location: { type: string } } }
definitions:
  Order:
    type: object
    x-flow-type: { name: Order }
    x-flow-query: { path: /orders, parameters: { limit: { default: null } } }
    discriminator: kind
    properties:
      id: { type: integer, readOnly: true, maximum: 9223372036854775807 }
      kind: { type: string, enum: [a, null], x-nullable: true }
      default: { type: string }
  Order List:
    type: object
    properties: { data: { type: array, items: { $ref: '#/definitions/Order' } } }
  Other: { $ref: '#/definitions/Order', x-flow-type: { name: Other }, description: ignored }
`

async function converted(
  text = DOCUMENT,
  url = 'https://docs.example.com/a.yaml'
): Promise<ParsedDocument> {
  return convertSwagger(parseDocument(text, '', url))
}

const read = ({ root }: ParsedDocument, at: string): JsonValue | undefined => follow(root, at)

test('A14 arrays have the format of their collectionFormat, with commas where nothing is said, in queries and forms', async () => {
  const document = await converted()
  const [ids, tags, sort] = ['0', '1', '2'].map(index =>
    read(document, `/paths/~1orders/get/parameters/${index}`)
  )
  assert.deepEqual(ids, {
    ...{ name: 'ids', in: 'query', style: 'form', explode: false },
    schema: { type: 'array', items: { type: 'integer' } }
  })
  assert.equal(Object(tags).explode, true)
  assert.equal(Object(sort).style, 'pipeDelimited')
  const form = '/paths/~1search/post/requestBody/content/application~1x-www-form-urlencoded'
  assert.deepEqual(read(document, `${form}/encoding`), {
    words: { style: 'form', explode: false },
    kinds: { style: 'form', explode: true },
    sizes: { style: 'spaceDelimited', explode: false }
  })
  assert.deepEqual(read(document, `${form}/schema/properties`), {
    words: { type: 'array', items: { type: 'string' } },
    kinds: { type: 'array', items: { type: 'string' } },
    sizes: { type: 'array', items: { type: 'integer' } },
    page: { type: 'integer' }
  })
})

test('A14 bodies and files that stand in references, or at the path, are the bodies of the operations', async () => {
  const document = await converted()
  assert.deepEqual(read(document, '/paths/~1orders/post/requestBody'), {
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
    required: true
  })
  assert.deepEqual(read(document, '/paths/~1orders~1{id}~1files/post/requestBody/content'), {
    'multipart/form-data': {
      schema: {
        type: 'object',
        properties: { file: { type: 'string', format: 'binary' } },
        required: ['file']
      }
    }
  })
  assert.deepEqual(read(document, '/paths/~1orders/post/parameters'), [
    { name: 'X-Trace', in: 'header', schema: { type: 'string' } }
  ])
})

test('A14 servers, security schemes, media types, data of the author and keys of ours are as they were meant', async () => {
  const document = await converted()
  assert.deepEqual(document.root.servers, [
    { url: 'http://shop.example.com/v2' },
    { url: 'https://shop.example.com/v2' }
  ])
  assert.deepEqual(read(document, '/components/securitySchemes'), {
    login: {
      type: 'oauth2',
      flows: {
        authorizationCode: {
          authorizationUrl: 'https://id.example/a?audience=x',
          tokenUrl: 'https://id.example/t',
          scopes: { read: 'Read' }
        }
      },
      'x-flow-identity': { me: { userInfoUrl: '/me' } }
    },
    plain: { type: 'http', scheme: 'basic' }
  })
  for (const response of ['/paths/~1orders/get/responses/200', '/components/responses/Made']) {
    assert.deepEqual(Object.keys(Object(read(document, `${response}/content`))), [
      'application/json'
    ])
  }
  const order = '/components/schemas/Order'
  assert.deepEqual(read(document, `${order}/x-flow-query`), {
    path: '/orders',
    parameters: { limit: { default: null } }
  })
  assert.deepEqual(read(document, `${order}/properties`), {
    id: { type: 'integer', readOnly: true, maximum: exactNumber('9223372036854775807') ?? null },
    kind: { type: 'string', enum: ['a', null], nullable: true },
    default: { type: 'string' }
  })
  assert.deepEqual(read(document, '/components/schemas/Other'), {
    allOf: [{ $ref: '#/components/schemas/Order' }],
    'x-flow-type': { name: 'Other' }
  })
  assert.match(JSON.stringify(document.root), /"default":9007199254740993/)
  assert.match(JSON.stringify(document.root), /\{"id":12345678901234567890\}/)
  assert.doesNotMatch(JSON.stringify(document.root), /\\u0000|x-s2o|x-form-format/)
})

test('A14 a document without a host is called where it was read, one without schemes as it was read', async () => {
  const serversOf = async (head: string, url?: string) =>
    (await converted(`swagger: '2.0'\ninfo: { title: t, version: '1' }\n${head}\npaths: {}`, url))
      .root.servers
  assert.deepEqual(await serversOf('basePath: /v1'), [{ url: '/v1' }])
  assert.deepEqual(await serversOf('host: a.example\nbasePath: /v1'), [{ url: '//a.example/v1' }])
  assert.deepEqual(await serversOf('host: a.example', 'a.yaml'), [{ url: 'https://a.example' }])
  assert.equal(await serversOf(''), undefined)
})

test('A14 values are found in the text that was converted', async () => {
  const document = await converted()
  const form = '/paths/~1search/post/requestBody/content/application~1x-www-form-urlencoded'
  const list = '/paths/~1orders/get'
  /** In the converted document, in the hosted one, and what stands there. */
  const places: readonly (readonly [after: string, before: string, text: string])[] = [
    ...['/type', '/properties/kind/enum', '/x-flow-query/parameters/limit'].map(
      inner =>
        [
          `/components/schemas/Order${inner}`,
          `/definitions/Order${inner}`,
          inner.split('/').at(-1) ?? ''
        ] as const
    ),
    [
      '/components/schemas/Order_List/properties',
      '/definitions/Order List/properties',
      'properties: { data'
    ],
    [
      '/components/securitySchemes/login/x-flow-identity',
      '/securityDefinitions/login/x-flow-identity',
      'x-flow-identity'
    ],
    [
      `${list}/parameters/1/schema/items`,
      `${list}/parameters/1/items`,
      'items: { type: string }, collectionFormat: multi'
    ],
    ['/paths/~1orders/post/parameters/0', '/paths/~1orders/post/parameters/1', '{ name: X-Trace'],
    [
      '/paths/~1orders/post/requestBody/content/application~1json/schema',
      '/paths/~1orders/post/parameters/0/schema',
      "{ $ref: '#/parameters/Body'"
    ],
    [
      `${list}/responses/200/content/application~1json/schema/items`,
      `${list}/responses/200/schema/items`,
      "items: { $ref: '#/definitions/Order' } }, examples"
    ],
    [
      `${form}/schema/properties/sizes/items`,
      '/paths/~1search/post/parameters/2/items',
      'items: { type: integer }'
    ],
    [
      '/components/responses/Made/content/application~1json/schema',
      '/responses/Made/schema',
      'schema: { $ref'
    ],
    ['/servers/0/url', '/host', 'host: shop'],
    ['', '', "swagger: '2.0'"]
  ]
  const lines = DOCUMENT.split('\n')
  const found = findPlaces(
    document,
    places.map(([after]) => after)
  )
  for (const [after, before, text] of places) {
    const place = found.get(after)
    assert.equal(place?.pointer, before)
    const rest = lines[place.line - 1]?.slice(place.column - 1) ?? ''
    assert.ok(rest.startsWith(text), `${after} is found at ${rest}`)
  }
})

test('A14 A29 overlays change what was converted, under the names of both versions', async () => {
  const document = await converted()
  const text = `overlay: 1.0.0
actions:
  - { target: $.definitions.Order, update: { x-flow-load: { path: /a } } }
  - { target: "$['securityDefinitions']['plain']", update: { description: Plain } }
  - { target: $.components.schemas.Order.properties, update: { more: { type: string } } }
  - { target: "$.paths['/orders'].post.requestBody", update: { description: An order } }
`
  const source = { name: 'o', url: 'o.yaml', base: document.url, text, contentType: '' }
  const changed = applyOverlays(document, [readOverlay(source, document.url)], [])
  assert.deepEqual(changed.origin.notes, document.origin.notes)
  const order = '/components/schemas/Order'
  const places = [`${order}/x-flow-load`, `${order}/properties/more`, `${order}/properties/id`]
  const found = findPlaces(changed, places)
  assert.deepEqual(
    places.map(at => `${found.get(at)?.file} ${found.get(at)?.pointer}`),
    [
      'o.yaml /actions/0/update/x-flow-load',
      'o.yaml /actions/2/update/more',
      `${document.url} /definitions/Order/properties/id`
    ]
  )
  assert.equal(Object(read(changed, '/components/securitySchemes/plain')).description, 'Plain')
  assert.equal(Object(read(changed, '/paths/~1orders/post/requestBody')).description, 'An order')
})

test('A14 what OpenAPI 3.0 cannot say is told at its place', async () => {
  const document = await converted(`swagger: '2.0'
info: { title: t, version: '1' }
paths:
  /a/{ids}:
    get:
      parameters:
        - { name: ids, in: path, required: true, type: array, items: { type: string }, collectionFormat: pipes }
        - { name: t, in: query, type: array, items: { type: string }, collectionFormat: tsv }
        - { name: ok, in: query, type: array, items: { type: string }, collectionFormat: ssv }
      responses: { 200: { description: ok, schema: { $ref: '#/definitions/None' } } }
`)
  const { diagnostics } = compileModel(document, { perType: 200, total: 5_000 }).index
  assert.deepEqual(
    diagnostics
      .filter(({ code }) => code === 'SWAGGER_LOST')
      .map(({ line, pointer }) => `${line} ${pointer}`),
    ['7 /paths/~1a~1{ids}/get/parameters/0', '8 /paths/~1a~1{ids}/get/parameters/1']
  )
})

test('A14 broken documents are converted as far as possible, and nothing is fetched', async () => {
  const cases = [
    "swagger: '2.0'",
    'swagger: 2.0\npaths: { /a: null, /b: { get: null, post: { responses: null, parameters: [null, 1, {}] } } }',
    "swagger: '2.0'\npaths: { /a: { get: { responses: { 200: { schema: { $ref: 'http://127.0.0.1:1/a.yaml#/B' } } } } } }",
    "swagger: '2.0'\ninfo: { title: 1, version: 2 }\npaths: { /a: { get: { parameters: [{ $ref: '#/parameters/None' }, { $ref: '#/definitions/A' }], responses: {} } } }",
    "swagger: '2.0'\ndefinitions: { A: { type: [string, 'null'] }, B: { type: array, items: [] }, C: { $ref: '#/definitions/C' } }\npaths: {}",
    "swagger: '2.0'\npaths: []\ndefinitions: []\nsecurityDefinitions: 1"
  ]
  for (const text of cases) {
    const document = await converted(text).catch((error: Error & { code?: string }) => {
      assert.equal(error.code, 'DOCUMENT_NOT_CONVERTED', text)
      return null
    })
    if (document !== null) assert.ok(compileModel(document, { perType: 200, total: 5_000 }))
  }
})
