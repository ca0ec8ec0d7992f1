import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  documentWith,
  diagnosticsOf,
  propertiesOf,
  referring
} from '../support/referring-document.ts'
import { found, refusal, startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'

test('A18 schemas, parameters, responses and path items of other documents count as if they stood in this one', async t => {
  const files = await startFiles(t, {
    '/v1/openapi.yaml': `
openapi: 3.0.3
info: { title: Shop, version: '1' }
paths:
  /orders: { $ref: 'paths/orders.yaml#/~1orders' }
components:
  schemas:
    Shop:
      type: object
      properties:
        name: { type: string }
        address: { $ref: './schemas/common.json#/definitions/Address' }
        tags: { type: array, items: { $ref: schemas/tag.yaml } }
`,
    '/v1/paths/orders.yaml': `
/orders:
  servers: [{ url: ../api }]
  get:
    parameters:
      - { $ref: '../parameters.yaml#/Page%20Size' }
    responses: { '200': { $ref: '/v1/responses.json#/Orders' } }
`,
    '/v1/parameters.yaml': `
Page Size: { name: size, in: query, schema: { type: integer, default: 7 } }
`,
    '/v1/responses.json': JSON.stringify({
      Orders: {
        description: 'Some',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: {
                found: { type: 'array', items: { $ref: 'schemas/order.yaml' } },
                others: { type: 'array', items: { type: 'object' } }
              }
            }
          }
        }
      }
    }),
    '/v1/schemas/order.yaml': `
type: object
x-flow-type: { name: Order }
x-flow-query: { path: /orders }
properties:
  id: { type: string }
  to: { $ref: 'common.json#/definitions/Address' }
  shop: { $ref: '../openapi.yaml#/components/schemas/Shop' }
`,
    '/v1/schemas/common.json': JSON.stringify({
      definitions: {
        Address: { type: 'object', properties: { city: { $ref: '#/definitions/City' } } },
        City: { type: 'string', format: 'password' }
      }
    }),
    '/v1/schemas/tag.yaml': 'type: integer',
    '/v1/api/orders?size=7': '{"found": [{"id": "1", "to": {"city": "Bern"}}], "others": [{}]}'
  })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/v1/openapi.yaml` })
  const preview = await connector.preview()
  assert.deepEqual(diagnosticsOf(preview), [])
  assert.deepEqual(propertiesOf(preview, 'Order'), [
    'id ContentString',
    'to ContentObject Order:to',
    'shop ContentObject Order:shop'
  ])
  assert.deepEqual(propertiesOf(preview, 'Order:shop'), [
    'name ContentString',
    'address ContentObject Order:shop:address',
    'tags ContentList Order:shop:tags'
  ])
  assert.deepEqual(propertiesOf(preview, 'Order:to'), ['city ContentPassword'])
  const [order] = found(await connector.load('Order'))
  assert.equal(order?.id, '1')
  assert.equal(files.fetches.at(-1)?.path, '/v1/api/orders?size=7')
})

test('A18 a key of another document names values and choices, as a component key does', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(`
Pet:
  type: object
  x-flow-type: { name: Pet }
  properties:
    state: { $ref: 'kinds.yaml#/State' }
    is:
      oneOf: [{ $ref: 'kinds.yaml#/Cat' }, { $ref: kinds/Dog.yaml }]
      discriminator: { propertyName: kind, mapping: { feline: 'kinds.yaml#/Cat', canine: ./kinds/Dog.yaml } }`),
    '/kinds.yaml': `
State: { type: string, enum: [awake, asleep] }
Cat: { type: object, properties: { kind: { type: string }, lives: { type: integer } } }
`,
    '/kinds/Dog.yaml':
      'type: object\nproperties: { kind: { type: string }, barks: { type: boolean } }'
  })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/openapi.yaml` })
  const preview = await connector.preview()
  assert.deepEqual(diagnosticsOf(preview), [])
  assert.deepEqual(propertiesOf(preview, 'Pet'), [
    'state ContentString',
    'is-Cat ContentObject Pet:is-Cat',
    'is-Dog ContentObject Pet:is-Dog'
  ])
  assert.ok(preview.types.some(({ developerName }) => developerName === 'State values'))
})

test('A18 the bundled sample works by its name and by its address, with the part beside it', async t => {
  const connector = await startConnector(t, {})
  for (const url of ['sample:references', `${connector.url}/samples/references.yaml`]) {
    const configured = connector.as({ configuration: { 'Schema URL': url } })
    const preview = await configured.preview()
    assert.deepEqual(diagnosticsOf(preview), [])
    assert.deepEqual(propertiesOf(preview, 'Guest'), [
      'name ContentString',
      'address ContentObject Guest:address'
    ])
    const [booking] = found(await configured.load('Booking'))
    assert.equal(booking?.externalId, 'B-1044')
  }
})

test('A18 one document that is referred to by several spellings is read once, and is one place', async t => {
  const files = await startFiles(t, {
    '/v1/openapi.yaml': documentWith(`
${referring('A', 'parts/item.yaml#/Item')}
${referring('B', './x/../parts/item.yaml#/Item')}
${referring('C', 'HTTP://127.0.0.1:PORT/v1/parts/item.yaml#/Item')}
${referring('D', '/v1/%70arts/../parts/item.yaml#/Item')}
${referring('E', 'moved.yaml#/Item')}
${referring('F', 'openapi.yaml#/components/schemas/Lamp')}`),
    '/v1/parts/item.yaml':
      'Item: { type: object, x-flow-type: { name: Item }, properties: { id: { type: string } } }',
    '/v1/moved.yaml': (_, response) =>
      response.writeHead(302, { location: 'parts/item.yaml' }).end()
  })
  const document = `${files.url}/v1/openapi.yaml`
  const text = await (await fetch(document)).text()
  files.put('/v1/openapi.yaml', text.replace('PORT', new URL(files.url).port))
  files.takeFetches()
  const connector = await startConnector(t, { 'Schema URL': document })
  const preview = await connector.preview()
  assert.deepEqual(diagnosticsOf(preview), [])
  for (const name of ['A', 'B', 'C', 'D', 'E']) {
    assert.deepEqual(propertiesOf(preview, name), ['at ContentObject Item'])
  }
  assert.deepEqual(propertiesOf(preview, 'F'), ['at ContentObject Lamp'])
  // The redirect leads to the part once more: where it leads is known only then.
  assert.deepEqual(files.takeFetches().toSorted(), [
    '200 /v1/openapi.yaml',
    '200 /v1/parts/item.yaml',
    '200 /v1/parts/item.yaml',
    '302 /v1/moved.yaml'
  ])
})

test('A18 A19 documents that refer to each other in circles end', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(referring('A', 'b.yaml#/B')),
    '/b.yaml': `
B: { type: object, properties: { c: { $ref: 'c.yaml#/C' }, root: { $ref: 'openapi.yaml#/components/schemas/A' } } }
Loop: { $ref: 'c.yaml#/Loop' }
`,
    '/c.yaml': `
C: { type: object, properties: { b: { $ref: 'b.yaml#/B' }, self: { $ref: '#/C' }, loop: { $ref: 'b.yaml#/Loop' } } }
Loop: { $ref: 'b.yaml#/Loop' }
`
  })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/openapi.yaml` })
  const preview = await connector.preview()
  assert.deepEqual(propertiesOf(preview, 'A'), ['at ContentObject A:at'])
  assert.deepEqual(propertiesOf(preview, 'A:at'), [
    'c ContentObject A:at:c',
    'root ContentObject A'
  ])
  assert.deepEqual(propertiesOf(preview, 'A:at:c'), [
    'b ContentObject A:at',
    'self ContentObject A:at:c',
    'loop ContentString'
  ])
  assert.deepEqual(diagnosticsOf(preview), ['/c.yaml:3:1 REF_CYCLE /Loop'])
  assert.deepEqual(files.takeFetches(), ['200 /openapi.yaml', '200 /b.yaml', '200 /c.yaml'])
})

test('A18 a diagnostic about another document names that document, and its place there', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(
      `${referring('A', 'part.yaml#/Part')}\nLost: { $ref: 'part.yaml#/Prat' }`
    ),
    '/part.yaml': `
Part:
  type: object
  x-flow-type: { name: Lamp }
  x-flow-querry: { path: /lamps }
  properties:
    lost: { $ref: '#/Prat' }
`
  })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/openapi.yaml` })
  const preview = await connector.preview()
  assert.deepEqual(diagnosticsOf(preview), [
    '/part.yaml:4:18 TYPE_NAME_CLAIMED /Part/x-flow-type/name',
    '/part.yaml:5:3 EXTENSION_UNKNOWN /Part/x-flow-querry',
    '/part.yaml:7:5 REF_UNRESOLVED /Part/properties/lost'
  ])
  assert.ok(preview.diagnostics.some(({ message }) => message.includes('(did you mean "#/Part"?)')))
})

test('A18 H19 a document that cannot be read is the fault of the references to it, and the rest works', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(`
${referring('Gone', 'gone.yaml#/A')}
${referring('Html', 'page.html')}
${referring('Broken', 'broken.json')}
${referring('Text', 'text.txt')}
${referring('Bomb', 'bomb.yaml')}
${referring('Good', 'good.yaml')}
${referring('Again', 'gone.yaml#/B')}`),
    '/page.html': '<!doctype html><html></html>',
    '/broken.json': '{"a": s3cret',
    '/text.txt': 'root:x:0:0:s3cret',
    '/bomb.yaml': `a: &a [1, 2]\nb: &b [${'*a, '.repeat(99)}]\nc: &c [${'*b, '.repeat(99)}]\nd: [${'*c, '.repeat(99)}]`,
    '/good.yaml': 'type: object\nproperties: { id: { type: string } }'
  })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/openapi.yaml` })
  const preview = await connector.preview()
  assert.deepEqual(propertiesOf(preview, 'Good'), ['at ContentObject Good:at'])
  assert.deepEqual(propertiesOf(preview, 'Gone'), ['at ContentString'])
  const unreadable = preview.diagnostics.filter(({ code }) => code === 'REF_UNREADABLE')
  assert.deepEqual(
    unreadable.map(({ pointer, message }) => [
      pointer.split('/')[3],
      /\[(\w+)\]$/.exec(message)?.[1]
    ]),
    [
      ['Gone', 'DOCUMENT_STATUS'],
      ['Html', 'DOCUMENT_NOT_OPENAPI'],
      ['Broken', 'DOCUMENT_NOT_PARSED'],
      ['Text', 'DOCUMENT_NOT_OPENAPI'],
      ['Bomb', 'DOCUMENT_TOO_COMPLEX'],
      ['Again', 'DOCUMENT_STATUS']
    ]
  )
  assert.ok(!JSON.stringify(preview).includes('s3cret'))
  assert.deepEqual(diagnosticsOf(preview).length, unreadable.length)
})

test('B2 a reference goes to http and https only, never with credentials of its own', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(
      [
        'ftp://example.com/a.yaml',
        'data:text/plain,a',
        'sample:petstore',
        'sample:/petstore.yaml',
        'unix:/a',
        '//a:b@127.0.0.1/c',
        'http://'
      ]
        .map((url, index) => referring(`R${index}`, `${url}#/A`))
        .join('\n')
    )
  })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/openapi.yaml` })
  const { diagnostics } = await connector.preview()
  const refused = diagnostics.filter(({ code }) => code === 'REF_NOT_ALLOWED')
  assert.deepEqual(
    refused.map(({ pointer }) => pointer),
    Array.from({ length: 7 }, (_, index) => `/components/schemas/R${index}/properties/at`)
  )
  assert.deepEqual(files.takeFetches(), ['200 /openapi.yaml'])
  assert.deepEqual(refusal(await connector.load('R9')), ['TYPE_UNKNOWN', 404])
})
