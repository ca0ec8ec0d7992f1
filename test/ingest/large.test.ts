import assert from 'node:assert/strict'
import { test } from 'node:test'

import { prepareRuns } from '../openmetadata/run-catalog.ts'
import { startOpenMetadata } from '../openmetadata/start-openmetadata.ts'

test('I19 I20 a document of 5,000 endpoints is pushed whole, read in pages, and not written twice', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const { report, write } = prepareRuns(t, server.url)
  const paths = Array.from({ length: 5_000 }, (_, index) => [
    `/things/${index}`,
    { get: { tags: [`tag ${index % 150}`], responses: { 200: { description: 'ok' } } } }
  ])
  write(
    'pets.yaml',
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Many', version: '1' },
      paths: Object.fromEntries(paths)
    })
  )
  const first = await report()
  assert.deepEqual([first.collections.created, first.endpoints.created], [151, 5_000])
  server.takeWrites()
  const second = await report()
  assert.deepEqual([second.collections.unchanged, second.endpoints.unchanged], [151, 5_000])
  assert.deepEqual(server.takeWrites(), [])
  const pages = server.calls.filter(
    ({ path }) => path.startsWith('apiEndpoints?') && path.includes('after=')
  )
  assert.ok(pages.length >= 49, `${pages.length}`)
})
