import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { prepareRuns } from '../openmetadata/run-catalog.ts'
import { startOpenMetadata } from '../openmetadata/start-openmetadata.ts'

/** Endpoints of a page of OpenMetadata. */
const PAGE = 100

/** Pushes a document with many endpoints in 151 collections, twice, and checks that each is written once. */
export async function pushMany(t: TestContext, endpoints: number): Promise<void> {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const { report, write } = prepareRuns(t, server.url)
  const paths = Array.from({ length: endpoints }, (_, index) => [
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
  assert.deepEqual([first.collections.created, first.endpoints.created], [151, endpoints])
  server.takeWrites()
  const second = await report()
  assert.deepEqual([second.collections.unchanged, second.endpoints.unchanged], [151, endpoints])
  assert.deepEqual(server.takeWrites(), [])
  const pages = server.calls.filter(
    ({ path }) => path.startsWith('apiEndpoints?') && path.includes('after=')
  )
  assert.ok(pages.length >= endpoints / PAGE - 1, `${pages.length}`)
}
