import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PETS, prepareRuns } from '../openmetadata/run-catalog.ts'
import { schemaFields } from '../openmetadata/schema-fields.ts'
import { startOpenMetadata } from '../openmetadata/start-openmetadata.ts'

const AGE = { connection: 'openAPISchemaConnection' } as const
const ENDPOINT = 'pets.pet./pets/get'

/** The pets with another summary and another description of a field. */
const CHANGED = PETS.replace('Lists pets', 'Lists all pets').replace('The id', 'The new id')

test('I15 without overrideMetadata, what people have edited stays, and the rest follows the source', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { run, write } = prepareRuns(t, server.url)
  await run()
  const sent = server.store.find('apiEndpoints', ENDPOINT)
  const edited = JSON.parse(JSON.stringify(sent))
  edited.responseSchema.schemaFields[0].description = 'Edited id'
  edited.responseSchema.schemaFields[0].tags = [{ tagFQN: 'PII.None' }]
  server.store.change('apiEndpoints', ENDPOINT, {
    description: 'Edited',
    displayName: 'All pets',
    tags: [{ tagFQN: 'Tier.1' }],
    responseSchema: edited.responseSchema
  })
  write('pets.yaml', CHANGED.replace('type: integer, description', 'type: number, description'))
  assert.equal((await run()).code, 0)
  const entity = server.store.find('apiEndpoints', ENDPOINT)
  assert.equal(entity?.description, 'Edited')
  assert.equal(entity?.displayName, 'All pets')
  assert.deepEqual(entity?.tags, [{ tagFQN: 'Tier.1' }])
  assert.deepEqual(schemaFields(entity)[0], {
    name: 'id',
    dataType: 'DOUBLE',
    dataTypeDisplay: 'DOUBLE',
    description: 'Edited id',
    tags: [{ tagFQN: 'PII.None' }]
  })
})

for (const keepsTexts of [false, true]) {
  test(`I15 with overrideMetadata, the source wins on a server that ${keepsTexts ? 'keeps' : 'takes'} the texts of bots`, async t => {
    const server = await startOpenMetadata(t, { ...AGE, keepsTexts })
    const { run, write } = prepareRuns(t, server.url, { source: 'overrideMetadata: true' })
    await run()
    server.store.change('apiEndpoints', ENDPOINT, { description: 'Edited', displayName: 'Mine' })
    await run()
    const restored = server.store.find('apiEndpoints', ENDPOINT)
    assert.deepEqual([restored?.description, restored?.displayName], ['Lists pets', '/pets'])
    write('pets.yaml', CHANGED)
    await run()
    const changed = server.store.find('apiEndpoints', ENDPOINT)
    assert.equal(changed?.description, 'Lists all pets')
    assert.equal(schemaFields(changed)[0]?.description, 'The new id')
    server.takeWrites()
    await run()
    assert.deepEqual(server.takeWrites(), [])
  })
}

test('I15 a description that the server does not have yet is added', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { run, write } = prepareRuns(t, server.url)
  write('pets.yaml', PETS.replace('summary: Lists pets', 'deprecated: true'))
  await run()
  assert.equal(server.store.find('apiEndpoints', ENDPOINT)?.description, undefined)
  write('pets.yaml', PETS)
  await run()
  assert.equal(server.store.find('apiEndpoints', ENDPOINT)?.description, 'Lists pets')
})

test('I15 with overrideMetadata, a text that the source does not have stays, and is not written again', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { run, write } = prepareRuns(t, server.url, { source: 'overrideMetadata: true' })
  write('pets.yaml', PETS.replace('summary: Lists pets', 'deprecated: true'))
  await run()
  server.store.change('apiEndpoints', ENDPOINT, { description: 'Written by people' })
  server.takeWrites()
  await run()
  assert.deepEqual(server.takeWrites(), [])
  assert.equal(server.store.find('apiEndpoints', ENDPOINT)?.description, 'Written by people')
})
