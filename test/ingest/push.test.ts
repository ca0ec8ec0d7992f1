import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isJsonObject, textMember } from '../../service/base/json.ts'
import { prepareRuns } from '../openmetadata/run-catalog.ts'
import { startOpenMetadata } from '../openmetadata/start-openmetadata.ts'

const ALL = [
  'apiCollections pets."store.orders" 0.1',
  'apiCollections pets.default 0.1',
  'apiCollections pets.pet 0.1',
  'apiEndpoints pets."store.orders"./orders/{id}/get 0.1',
  'apiEndpoints pets.default./health/get 0.1',
  'apiEndpoints pets.pet./pets/get 0.1',
  'apiEndpoints pets.pet./pets/post 0.1',
  'apiServices pets 0.1'
]

test('I01 I17 a run creates the service, its collections and endpoints, and reports them', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const { run } = prepareRuns(t, server.url)
  const { code, out, err } = await run()
  assert.equal(code, 0, out + err)
  assert.equal(err, '')
  assert.deepEqual(server.store.lines(), ALL)
  assert.match(out, /^pets to 127\.0\.0\.1:\d+ \(OpenMetadata 1\.12\.0\): success$/m)
  assert.match(out, /^ {2}collections +3 +0 +0 +0 +0 +0$/m)
  assert.match(out, /^ {2}endpoints +4 +0 +0 +0 +0 +0$/m)
})

test('I19 the service is written first, then all collections, then endpoints', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  await prepareRuns(t, server.url).run()
  const kinds = server.takeWrites().map(write => write.split(' ')[1])
  assert.deepEqual(kinds, [
    'services/apiServices',
    ...Array(3).fill('apiCollections'),
    ...Array(4).fill('apiEndpoints')
  ])
})

test('I17 a second run of the same document writes nothing, and changes no version', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const { run, report } = prepareRuns(t, server.url)
  await run()
  server.takeWrites()
  const { collections, endpoints, state } = await report()
  assert.deepEqual(server.takeWrites(), [])
  assert.deepEqual(server.store.lines(), ALL)
  assert.equal(state, 'success')
  assert.equal(collections.unchanged, 3)
  assert.equal(endpoints.unchanged, 4)
})

test('I05 I06 I08 I09 I10 an endpoint is sent with its path, method, description and fields', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  await prepareRuns(t, server.url, { connection: 'docURL: https://pets.example.com/docs' }).run()
  const sent = server.calls.find(
    ({ path, body }) => path === 'apiEndpoints' && textMember(body, 'name') === '/pets/get'
  )?.body
  assert.ok(isJsonObject(sent))
  const field = { name: 'limit', dataType: 'INT', dataTypeDisplay: 'INT' }
  const { sourceHash, ...body } = sent
  assert.match(String(sourceHash), /^[0-9a-f]{32}$/)
  assert.deepEqual(body, {
    name: '/pets/get',
    apiCollection: 'pets.pet',
    displayName: '/pets',
    description: 'Lists pets',
    endpointURL: 'https://pets.example.com/docs/#/pet/listPets',
    requestMethod: 'GET',
    requestSchema: { schemaType: 'JSON', schemaFields: [field] },
    responseSchema: {
      schemaType: 'JSON',
      schemaFields: [
        { name: 'id', dataType: 'INT', dataTypeDisplay: 'INT', description: 'The id' },
        { name: 'name', dataType: 'STRING', dataTypeDisplay: 'STRING' },
        { name: 'anything', dataType: 'UNKNOWN', dataTypeDisplay: 'OBJECT' }
      ]
    }
  })
})

test('I04 a collection is sent with its description and its page', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  await prepareRuns(t, server.url, { connection: 'docURL: https://pets.example.com/docs' }).run()
  const collection = server.store.find('apiCollections', 'pets.pet')
  const { description, displayName, endpointURL } = { ...collection }
  assert.deepEqual(
    { description, displayName, endpointURL },
    {
      description: 'All about pets',
      displayName: 'pet',
      endpointURL: 'https://pets.example.com/docs/#/pet'
    }
  )
})

test('I07 the link of a local document is its path as it is written, the same in every folder', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  await prepareRuns(t, server.url).run()
  assert.equal(
    server.store.find('apiEndpoints', 'pets.pet./pets/get')?.endpointURL,
    'file:///pets.yaml'
  )
  server.takeWrites()
  await prepareRuns(t, server.url).run()
  assert.deepEqual(server.takeWrites(), [])
})
