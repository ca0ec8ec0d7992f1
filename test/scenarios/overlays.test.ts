import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { createOwner } from '../../service/base/owner.ts'
import type { Configuration, StartedConnector } from '../support/start-connector.ts'
import { found, problem, refusal, startConnector } from '../support/start-connector.ts'
import type { StartedFiles } from '../support/start-files.ts'
import { startFiles } from '../support/start-files.ts'
import { openerFor, said } from '../support/start-opener.ts'

const VENDOR = `openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: /api }]
paths:
  /customers:
    get:
      responses:
        '200':
          description: Customers
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Customer' } }
components:
  schemas:
    Customer: { type: object, properties: { id: { type: integer }, name: { type: string } } }
x-flow: { inference: off }
`

const KEYS = `# Types and mappings of the shop
overlay: 1.0.0
info: { title: Keys, version: '1' }
actions:
  - target: $.components.schemas.Customer
    update:
      x-flow-type: { name: Customer }
      x-flow-query: { path: /customers }
`

async function serve(
  t: TestContext,
  files: { readonly [path: string]: string }
): Promise<StartedFiles> {
  return startFiles(t, {
    '/v1/openapi.yaml': VENDOR,
    '/keys/shop.overlay.yaml': KEYS,
    '/api/customers': '[{"id": 1, "name": "Ann"}]',
    ...files
  })
}

async function connectorOf(
  t: TestContext,
  files: StartedFiles,
  overlay: string,
  more: Configuration = {}
): Promise<StartedConnector> {
  const configuration = { 'Schema URL': `${files.url}/v1/openapi.yaml`, 'Overlay URL': overlay }
  return startConnector(t, { ...configuration, ...more })
}

test('A29 a document of a vendor has the keys of an overlay, in describe, preview and loads', async t => {
  const files = await serve(t, {})
  const connector = await connectorOf(t, files, `${files.url}/keys/shop.overlay.yaml`)
  const { types, diagnostics } = await connector.preview()
  assert.deepEqual(
    types.map(({ developerName }) => developerName),
    ['Customer']
  )
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity !== 'info'),
    []
  )
  const installed = await connector.install()
  assert.ok(
    installed.configurationValues.some(({ developerName }) => developerName === 'Overlay URL')
  )
  const [customer] = found(await connector.load('Customer'))
  assert.deepEqual([customer?.externalId, customer?.name], ['1', 'Ann'])
})

test('A29 the value is the text of an overlay itself, or several addresses that apply in their order', async t => {
  const files = await serve(t, {
    '/keys/rename.yaml': `overlay: 1.1.0
info: { title: Rename, version: '1' }
actions: [{ target: $.components.schemas.Customer.x-flow-type.name, update: Client }]`
  })
  const nameWith = async (overlay: string): Promise<string> => {
    const connector = await connectorOf(t, files, overlay)
    const { types } = await connector.preview()
    return types.map(({ developerName }) => developerName).join()
  }
  assert.equal(await nameWith(KEYS), 'Customer')
  const json = { overlay: '1.0.0', info: {}, actions: [{ target: '$.info', update: { x: 1 } }] }
  assert.equal(await nameWith(JSON.stringify(json)), '')
  const [first, second] = [`${files.url}/keys/shop.overlay.yaml`, `${files.url}/keys/rename.yaml`]
  assert.equal(await nameWith(`${first}\r\n\r\n  ${second}  \n`), 'Client')
  // The first finds nothing to rename.
  assert.equal(await nameWith(`# ours\n${second}\n${first}`), 'Customer')
})

test('A29 J09 diagnostics name the file that has the key, with its line and column', async t => {
  const overlay = KEYS.replace('path: /customers', 'path: /custmers').replace(
    'actions:\n',
    'actions:\n  - { target: $.nothing, update: {} }\n'
  )
  const document = VENDOR.replace("/schemas/Customer' } }", "/schemas/Custmer' } }")
  const files = await serve(t, { '/v1/openapi.yaml': document, '/keys/shop.overlay.yaml': overlay })
  const connector = await connectorOf(t, files, `${files.url}/keys/shop.overlay.yaml`)
  const { diagnostics } = await connector.preview()
  const told = diagnostics
    .filter(({ severity }) => severity !== 'info')
    .map(({ file, line, column, code, pointer }) =>
      [file.replace(files.url, ''), line, column, code, pointer].join(' ')
    )
  assert.deepEqual(told, [
    '/keys/shop.overlay.yaml 5 7 OVERLAY_TARGET_MISSING /actions/0/target',
    '/keys/shop.overlay.yaml 9 23 MAPPING_PATH_UNKNOWN /actions/1/update/x-flow-query/path'
  ])
})

test('A29 an overlay may add servers and references, which are found from the document and from the overlay', async t => {
  const overlay = `${KEYS}  - target: $.components.schemas.Customer.properties
    update: { address: { $ref: parts/address.yaml } }
  - target: $.paths['/customers']
    update: { servers: [{ url: ../other }] }
`
  const files = await serve(t, {
    '/keys/shop.overlay.yaml': overlay,
    '/keys/parts/address.yaml': 'type: object\nproperties: { city: { type: string } }',
    '/other/customers': '[{"id": 2, "address": {"city": "Bern"}}]'
  })
  const connector = await connectorOf(t, files, `${files.url}/keys/shop.overlay.yaml`)
  const [customer] = found(await connector.load('Customer'))
  const [address] = Array.isArray(customer?.address) ? customer.address : []
  assert.deepEqual([customer?.externalId, address?.city], ['2', 'Bern'])
  const text = await connectorOf(t, files, overlay.replace('parts/', '../keys/parts/'))
  assert.deepEqual(
    (await text.preview()).diagnostics.filter(({ severity }) => severity === 'error'),
    []
  )
})

test('A29 the Schema Token is sent with requests for overlays, wherever they are', async t => {
  const files = await serve(t, {})
  const others = await startFiles(t, { '/o.yaml': KEYS, '/later.yaml': KEYS })
  const connector = await connectorOf(t, files, `${others.url}/o.yaml`, {
    'Schema Token': 'secret'
  })
  assert.equal((await connector.preview()).types.length, 1)
  assert.deepEqual(
    [...files.fetches, ...others.fetches].map(({ headers }) => headers.authorization),
    ['Bearer secret', 'Bearer secret']
  )
  const without = await connectorOf(t, files, `${others.url}/o.yaml`)
  assert.equal((await without.preview()).types.length, 1)
  assert.equal(others.fetches.at(-1)?.headers.authorization, undefined)
})

test('A29 an overlay that cannot be used fails the install with its address and the place', async t => {
  const files = await serve(t, {
    '/keys/broken.yaml': 'overlay: [',
    '/keys/new.yaml': 'overlay: 3.0.0'
  })
  const answerTo = async (overlay: string) => {
    const connector = await connectorOf(t, files, overlay)
    const answer = await connector.send('POST', '/metadata/install')
    return [...refusal(answer), problem(answer).message]
  }
  const [code, status, message] = await answerTo(`${files.url}/keys/none.yaml`)
  assert.deepEqual([code, status], ['DOCUMENT_STATUS', 502])
  assert.match(String(message), /keys\/none\.yaml answered 404/)
  assert.equal((await answerTo(`${files.url}/keys/broken.yaml`))[0], 'DOCUMENT_NOT_PARSED')
  const [invalid, , reason] = await answerTo(`${files.url}/keys/new.yaml`)
  assert.equal(invalid, 'OVERLAY_INVALID')
  assert.match(
    String(reason),
    /keys\/new\.yaml is not an overlay: its version is not 1\.0 or 1\.1, at line 1, column 1/
  )
  assert.equal((await answerTo(`${files.url}/v1/openapi.yaml`))[0], 'OVERLAY_INVALID')
  assert.equal((await answerTo('overlay: 1.0.0\n'))[0], 'OVERLAY_INVALID')
  assert.equal((await answerTo('http://10.0.0.1/o.yaml'))[1], 403)
})

test('A29 a value that is neither addresses nor an overlay is told at once', async t => {
  const files = await serve(t, {})
  for (const value of [
    'ours.overlay.yaml',
    'ftp://a.example/o.yaml',
    `${files.url}/keys/shop.overlay.yaml\nours.yaml`,
    Array.from({ length: 21 }, (_, index) => `https://a.example/${index}`).join('\n')
  ]) {
    const connector = await connectorOf(t, files, value)
    const answer = await connector.send('POST', '/metadata/install')
    assert.deepEqual(refusal(answer), ['CONFIG_INVALID', 400], value)
    assert.match(problem(answer).message, /"Overlay URL"/)
  }
  assert.deepEqual(files.takeFetches(), [])
})

test('A29 a host that an overlay adds is the word of the tenant who configures it', async t => {
  const files = await serve(t, {})
  const secured = VENDOR.replace('    get:\n', '    get:\n      security: [{ key: [] }]\n').replace(
    'components:\n',
    'components:\n  securitySchemes: { key: { type: http, scheme: bearer } }\n'
  )
  files.put('/v1/openapi.yaml', secured)
  const others = await startFiles(t, { '/customers': '[{"id": 7}]' })
  const plain = await connectorOf(t, files, KEYS, { 'Bearer Token': 'x' })
  assert.equal((await plain.load('Customer')).status, 200)
  const overlay = `${KEYS}  - target: $.servers[0].url
    remove: true
  - target: $.servers[0]
    update: { url: '${others.url}' }
`
  const moved = plain.as({
    configuration: {
      'Schema URL': `${files.url}/v1/openapi.yaml`,
      'Overlay URL': overlay,
      'Bearer Token': 'x'
    }
  })
  const [customer] = found(await moved.load('Customer'))
  assert.equal(customer?.externalId, '7')
  assert.equal(others.fetches[0]?.headers.authorization, 'Bearer x')
})

test('A29 A27 overlays are revalidated with the document, their versions are part of the model, and a broken one does not replace a good one', async t => {
  const files = await serve(t, {})
  const { clock, open, compilations } = openerFor(t)
  const document = `${files.url}/v1/openapi.yaml`
  const overlays = [{ url: `${files.url}/keys/shop.overlay.yaml` }]
  const typesOf = async () => {
    const opened = await open(document, null, {}, overlays)
    const stale = said(opened).filter(({ code }) => code === 'DOCUMENT_STALE')
    return [
      opened.model.index.types.join(),
      stale.map(({ file }) => file.replace(files.url, '')).join()
    ]
  }
  assert.deepEqual(await typesOf(), ['Customer', ''])
  assert.deepEqual(await typesOf(), ['Customer', ''])
  assert.deepEqual(files.takeFetches(), ['200 /v1/openapi.yaml', '200 /keys/shop.overlay.yaml'])
  assert.equal(compilations(), 1)

  clock.time += 301_000
  assert.deepEqual(await typesOf(), ['Customer', ''])
  assert.deepEqual(files.takeFetches(), ['304 /v1/openapi.yaml', '304 /keys/shop.overlay.yaml'])
  assert.equal(compilations(), 1)

  files.put('/keys/shop.overlay.yaml', KEYS.replace('name: Customer', 'name: Client'))
  clock.time += 301_000
  assert.deepEqual(await typesOf(), ['Client', ''])
  assert.equal(compilations(), 2)

  for (const broken of ['overlay: [', 'overlay: 9.0.0', null]) {
    files.put('/keys/shop.overlay.yaml', broken)
    clock.time += 301_000
    assert.deepEqual(await typesOf(), ['Client', '/keys/shop.overlay.yaml'])
  }
  assert.equal(compilations(), 2)

  // It is good again, and read again soon.
  files.put('/keys/shop.overlay.yaml', KEYS)
  clock.time += 11_000
  assert.deepEqual(await typesOf(), ['Customer', ''])
})

test('A29 G09 an overlay of one tenant fails no other who reads the same document', async t => {
  const files = await serve(t, {})
  const { open } = openerFor(t)
  const document = `${files.url}/v1/openapi.yaml`
  const opening = (tenant: string) => ({ owner: createOwner(null, tenant) })
  const broken = open(document, null, opening('a'), [{ url: `${files.url}/none.yaml` }])
  const plain = open(document, null, opening('b'))
  const keyed = open(document, null, opening('c'), [{ url: `${files.url}/keys/shop.overlay.yaml` }])
  await assert.rejects(broken, { code: 'DOCUMENT_STATUS' })
  assert.deepEqual((await plain).model.index.types, [])
  assert.deepEqual((await keyed).model.index.types, ['Customer'])
})

test('A29 a manifest may have overlays', async t => {
  const files = await startFiles(t, { '/things': '[{"id": 1}]' })
  files.put(
    '/m.yaml',
    `CONFIG: { inputs: { things: { format: rest_api, url: '${files.url}/nothing' } } }`
  )
  const overlay = `overlay: 1.1.0
actions:
  - { target: $.CONFIG.inputs.things.url, update: '${files.url}/things' }
  - { target: $.CONFIG.inputs.thing, update: {} }`
  const connector = await startConnector(t, {
    'Schema URL': `${files.url}/m.yaml`,
    'Overlay URL': overlay
  })
  const [thing] = found(await connector.load('things'))
  assert.equal(thing?.externalId, '1')
  const { diagnostics } = await connector.preview()
  const told = diagnostics.filter(({ severity }) => severity !== 'info')
  assert.deepEqual(
    told.map(({ code, file, line }) => [code, file, line]),
    [['OVERLAY_TARGET_MISSING', 'Overlay URL', 4]]
  )
})

test('A29 a document whose keys come from an overlay is an annotated one', async t => {
  const files = await serve(t, {})
  const { open } = openerFor(t)
  const { model } = await open(`${files.url}/v1/openapi.yaml`, null, {}, [
    { text: KEYS, hash: 'a' }
  ])
  assert.deepEqual(model.mappings.get('query:Customer')?.origin.from, 'overlay')
  assert.deepEqual(
    model.diagnostics().filter(({ code }) => code === 'DOCUMENT_NOT_ANNOTATED'),
    []
  )
})
