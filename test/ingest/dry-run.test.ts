import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PETS, prepareRuns } from '../openmetadata/run-catalog.ts'
import { startOpenMetadata } from '../openmetadata/start-openmetadata.ts'
import { closedPort } from '../support/start-upstream.ts'

const AGE = { connection: 'openAPISchemaConnection' } as const

test('I20 a dry run shows what would be sent, and sends nothing', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { run } = prepareRuns(t, server.url, { connection: 'token: hush' })
  const { code, out } = await run(['--dry-run'])
  assert.equal(code, 0)
  assert.match(
    out,
    /^PUT services\/apiServices pets\nPUT apiCollections pets pet\nPUT apiCollections pets default\nPUT apiCollections pets store\.orders\nPUT apiEndpoints pets\.pet \/pets\/get\n/
  )
  assert.match(out, /: nothing was sent$/m)
  assert.deepEqual(server.takeWrites(), [])
  const json = await run(['--dry-run', '--json'])
  assert.doesNotMatch(json.out, /hush/)
  const { writes } = JSON.parse(json.out)
  assert.equal(writes.length, 8)
  assert.equal(writes[0].body.connection.config.token, '***')
  assert.equal(writes[4].body.requestMethod, 'GET')
})

test('I20 a dry run shows only what has changed', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { run, write } = prepareRuns(t, server.url)
  await run()
  server.takeWrites()
  write(
    'pets.yaml',
    PETS.replace('Lists pets', 'Lists all pets').replace(/ {2}\/orders[\s\S]*?(?= {2}\/health)/, '')
  )
  const { out } = await run(['--dry-run'])
  assert.match(out, /^PUT apiEndpoints pets\.pet \/pets\/get\nDELETE apiCollections\/[\w-]+\n/)
  assert.deepEqual(server.takeWrites(), [])
})

test('I20 a dry run without a server shows everything, and says what it does not know', async t => {
  const { run } = prepareRuns(t, `http://${await closedPort()}/api`)
  const { code, out } = await run(['--dry-run'])
  assert.equal(code, 0)
  assert.match(out, /^PUT apiEndpoints pets\.pet \/pets\/post$/m)
  assert.match(out, /^warning: what the server has is not known: .*refused/m)
})

test('I20 a dry run for a service that the server does not have shows everything without a warning', async t => {
  const server = await startOpenMetadata(t, AGE)
  server.intercept(({ method, path }, response) => {
    if (method !== 'GET' || !path.includes('?service=')) return false
    response.writeHead(404).end('{"code":404,"message":"apiService instance for pets not found"}')
    return true
  })
  const { out } = await prepareRuns(t, server.url).run(['--dry-run'])
  assert.match(out, /^PUT apiEndpoints pets\.pet \/pets\/post$/m)
  assert.doesNotMatch(out, /warning/)
})
