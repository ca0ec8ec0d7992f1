import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import {
  condition,
  data,
  flowObject,
  found,
  refusal,
  startConnector
} from '../support/start-connector.ts'

/** A path parameter of text, with more in its schema. */
const inPath = (name: string, more = ''): string =>
  `{ name: ${name}, in: path, required: true, schema: { type: string${more} } }`

const answer = (schema: string): string =>
  `description: ok, content: { application/json: { schema: ${schema} } }`

const ITEM = '{ $ref: "#/components/schemas/Item" }'

/** A document without keys whose items stand below a path. */
function documentOf(
  below: string,
  properties: string,
  { parents = [inPath('vaultUuid')], idParam = 'itemUuid', server = '/v1' } = {}
): string {
  const content = `content: { application/json: { schema: ${ITEM} } }`
  return `
openapi: 3.0.3
info: { title: Vaults, version: '1' }
servers: [${server.startsWith('{') ? server : `{ url: ${server} }`}]
paths:
  ${below}/items:
    parameters: [${parents.join(', ')}]
    get: { responses: { '200': { ${answer(`{ type: array, items: ${ITEM} }`)} } } }
    post: { requestBody: { ${content} }, responses: { '201': { ${answer(ITEM)} } } }
  ${below}/items/{${idParam}}:
    parameters: [${[...parents, inPath(idParam)].join(', ')}]
    get: { responses: { '200': { ${answer(ITEM)} } } }
    patch: { requestBody: { ${content} }, responses: { '200': { ${answer(ITEM)} } } }
    delete: { responses: { '204': { description: gone } } }
components:
  schemas:
    Item:
      type: object
      properties: { ${properties} }
`
}

const PLAIN = 'uuid: { type: string, readOnly: true }, title: { type: string }'

test('A nested object goes round by its inferred composite id: query, load, update, delete', async t => {
  const api = await startApi(t, documentOf('/vaults/{vaultUuid}', PLAIN))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const row = { uuid: 'i/1', title: 'Key' }
  api.answer({ json: [row] }, { json: row }, { json: row }, { json: row }, { status: 204 })
  const where = [condition('vaultUuid', 'v 1')]
  const [listed] = found(await connector.load('Item', { where, comparisonType: 'AND' }))
  assert.deepEqual([listed?.uuid, listed?.vaultUuid], ['i/1', 'v 1'])
  const id = String(listed?.externalId)
  assert.deepEqual(found(await connector.load('Item', { id })), [listed])
  const [saved] = found(await connector.save('Item', flowObject(id, { title: 'Key' })))
  assert.equal(saved?.externalId, id)
  await connector.remove('Item', flowObject(id))
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/vaults/v%201/items',
    'GET /v1/vaults/v%201/items/i%2F1',
    'GET /v1/vaults/v%201/items/i%2F1',
    'PATCH /v1/vaults/v%201/items/i%2F1 {"title":"Key"}',
    'DELETE /v1/vaults/v%201/items/i%2F1'
  ])
})

test('A nested object that is created has its parent, in its custom property and in its id', async t => {
  const api = await startApi(t, documentOf('/vaults/{vaultUuid}', PLAIN))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const location = '/v1/vaults/v1/items/i2'
  api.answer(
    { status: 201, json: { uuid: 'i1', title: 'New' } },
    { status: 201, headers: { location } },
    { status: 204 },
    { status: 204 }
  )
  for (const uuid of ['i1', 'i2']) {
    const created = flowObject(null, { vaultUuid: 'v1', title: 'New' })
    const saved = await connector.save('Item', created)
    assert.equal(found(saved)[0]?.vaultUuid, 'v1')
    const [object] = data(saved).objectData
    await connector.remove('Item', object ?? {})
    assert.equal(api.takeCalls().at(0), 'POST /v1/vaults/v1/items {"title":"New"}', uuid)
  }
  const lost = await connector.save('Item', flowObject(null, { title: 'New' }))
  assert.deepEqual(refusal(lost), ['PARAMETER_REQUIRED', 400])
})

test('Two levels of parents are two parts of the id, one of them a property of the record', async t => {
  const parents = [inPath('org'), inPath('project-id')]
  const properties = `${PLAIN}, project_id: { type: string }, org: { type: object, properties: { name: { type: string } } }`
  const document = documentOf('/orgs/{org}/projects/{project-id}', properties, { parents })
  const api = await startApi(t, document)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const row = { uuid: 'i1', title: 'Key', project_id: 'p', org: { name: 'Acme' } }
  api.answer({ json: [row] }, { json: row }, { status: 204 })
  const where = [condition('parent_org', 'acme'), condition('project_id', 'p')]
  const [listed] = found(await connector.load('Item', { where, comparisonType: 'AND' }))
  const id = String(listed?.externalId)
  await connector.load('Item', { id })
  await connector.remove('Item', flowObject(id))
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/orgs/acme/projects/p/items',
    'GET /v1/orgs/acme/projects/p/items/i1',
    'DELETE /v1/orgs/acme/projects/p/items/i1'
  ])
})

test('A parent that has a default, a single value or a server variable is no part of the id', async t => {
  const row = { uuid: 'i1', title: 'Key' }
  const server = "{ url: '/{tenant}', variables: { tenant: { default: none } } }"
  const documents = [
    documentOf('/vaults/{vaultUuid}', PLAIN, { parents: [inPath('vaultUuid', ', default: main')] }),
    documentOf('/vaults/{vaultUuid}', PLAIN, { parents: [inPath('vaultUuid', ', enum: [main]')] }),
    documentOf('/vaults/main', PLAIN, { parents: [], server })
  ]
  for (const document of documents) {
    const api = await startApi(t, document)
    const connector = await startConnector(t, {
      'Schema URL': api.documentUrl,
      'Server Variables': 'tenant=v1'
    })
    api.answer({ json: [row] }, { json: row })
    const [listed] = found(await connector.load('Item', null))
    assert.equal(listed?.externalId, 'i1')
    assert.deepEqual(found(await connector.load('Item', { id: 'i1' })), [listed])
    assert.deepEqual(api.takeCalls(), ['GET /v1/vaults/main/items', 'GET /v1/vaults/main/items/i1'])
  }
})

test('Parameters of one name are told apart by the words before them', async t => {
  const parents = [inPath('id')]
  const document = documentOf('/big_vaults/{id}', 'id: { type: string }, title: { type: string }', {
    parents,
    idParam: 'item'
  })
  const api = await startApi(t, document)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [{ id: 'i1' }] }, { json: { id: 'i1' } })
  const where = [condition('big_vault_id', 'v')]
  const [listed] = found(await connector.load('Item', { where, comparisonType: 'AND' }))
  await connector.load('Item', { id: String(listed?.externalId) })
  assert.deepEqual(api.takeCalls(), ['GET /v1/big_vaults/v/items', 'GET /v1/big_vaults/v/items/i1'])
})
