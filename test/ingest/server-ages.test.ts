import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PETS, prepareRuns } from '../openmetadata/run-catalog.ts'
import { schemaFields } from '../openmetadata/schema-fields.ts'
import { startOpenMetadata } from '../openmetadata/start-openmetadata.ts'
import { startFiles } from '../support/start-files.ts'

test('I17 an older server is told what it knows: no display kinds, no unknown kind, no hash', async t => {
  const server = await startOpenMetadata(t, {
    isNew: false,
    connection: 'openAPISchemaConnection',
    version: '1.5.4'
  })
  const { report } = prepareRuns(t, server.url)
  const { state, endpoints } = await report()
  assert.equal(state, 'success')
  assert.equal(endpoints.created, 4)
  const entity = server.store.find('apiEndpoints', 'pets.pet./pets/get')
  assert.deepEqual(schemaFields(entity), [
    { name: 'id', dataType: 'INT', description: 'The id' },
    { name: 'name', dataType: 'STRING' },
    { name: 'anything', dataType: 'RECORD' }
  ])
  assert.equal(entity?.sourceHash, undefined)
  await report()
  assert.ok(
    server.store.lines().every(line => line.endsWith(' 0.1')),
    server.store.lines().join('\n')
  )
})

test('I17 a server whose refusal names nothing is tried without what is new, and refusals for other reasons stay', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  server.intercept(({ method, body }, response) => {
    const text = JSON.stringify(body)
    const isRefused = text.includes('dataTypeDisplay') || text.includes('/health')
    if (method !== 'PUT' || !isRefused) return false
    response.writeHead(400).end('{"code":400,"message":"bad request"}')
    return true
  })
  const { endpoints, failures } = await prepareRuns(t, server.url).report()
  assert.deepEqual([endpoints.created, endpoints.failed], [3, 1])
  assert.deepEqual(
    failures.map(({ name, reason }) => `${name}: ${reason}`),
    ['pets.default./health/get: bad request']
  )
})

for (const connection of ['openAPISchemaURL', 'openAPISchemaConnection'] as const) {
  for (const isOld of [true, false]) {
    test(`I18 a server that knows ${connection} stores the URL of a file with the ${isOld ? 'former' : 'present'} key`, async t => {
      const files = await startFiles(t, { '/pets.yaml': PETS })
      const server = await startOpenMetadata(t, { connection })
      const key = `openAPISchemaURL: ${files.url}/pets.yaml`
      const { run } = prepareRuns(t, server.url, {
        document: isOld ? key : `openAPISchemaConnection: { ${key} }`,
        connection: 'token: secret:DOC_TOKEN\ndocURL: https://docs.example.com'
      })
      const { code, out } = await run([], { environment: { DOC_TOKEN: 'hush' } })
      assert.equal(code, 0, out)
      const url = { openAPISchemaURL: `${files.url}/pets.yaml` }
      const source = connection === 'openAPISchemaURL' ? url : { openAPISchemaConnection: url }
      assert.deepEqual(server.store.find('apiServices', 'pets')?.connection, {
        config: {
          type: 'Rest',
          ...source,
          token: 'secret:DOC_TOKEN',
          docURL: 'https://docs.example.com'
        }
      })
      assert.equal(files.fetches[0]?.headers.authorization, 'Bearer hush')
      server.takeWrites()
      await run([], { environment: { DOC_TOKEN: 'hush' } })
      assert.deepEqual(server.takeWrites(), [])
    })
  }
}

test('I18 a connection that no form of the server fits is not stored, which is told', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaURL' })
  const { report } = prepareRuns(t, server.url)
  const { warnings, state } = await report()
  assert.equal(state, 'success')
  assert.match(warnings.join(), /the connection is not stored/)
  assert.equal(server.store.find('apiServices', 'pets')?.connection, undefined)
})

test('I18 without storeServiceConnection no connection is sent', async t => {
  const server = await startOpenMetadata(t)
  const { run } = prepareRuns(t, server.url, { server: 'storeServiceConnection: false' })
  assert.equal((await run()).code, 0)
  const service = server.calls.find(({ method }) => method === 'PUT')
  assert.deepEqual(service?.body, { name: 'pets', serviceType: 'Rest' })
})

test('I17 extra headers and the API version are those of the file', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const { run } = prepareRuns(t, server.url, {
    server: 'extraHeaders: { X-Team: data }\napiVersion: v1'
  })
  await run()
  assert.ok(server.calls.every(({ headers }) => headers['x-team'] === 'data'))
})
