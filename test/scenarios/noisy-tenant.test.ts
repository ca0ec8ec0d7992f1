import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { found, problem, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: /v1 }]
paths: { /things: { get: { responses: { '200': { description: All } } } } }
components:
  schemas:
    Thing:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things }
`

test('C6 a tenant that floods the service with hanging calls takes none of the calls of another', async t => {
  const hanging = await startApi(t, DOCUMENT)
  const healthy = await startApi(t, DOCUMENT)
  const connector = await startConnector(
    t,
    { 'Schema URL': healthy.documentUrl },
    { MAX_IN_FLIGHT: '4', UPSTREAM_TIMEOUT_MS: '400' }
  )
  const noisy = connector.as({
    configuration: { 'Schema URL': hanging.documentUrl },
    headers: { manywhotenant: 'noisy' }
  })
  const quiet = connector.as({ headers: { manywhotenant: 'quiet' } })
  await noisy.install()
  await quiet.install()
  hanging.answer(...Array(200).fill(() => {}))

  const flood = Array.from({ length: 150 }, () => noisy.load('Thing'))
  await t.waitFor(() => assert.equal(hanging.calls.length, 4), { timeout: 20_000 })
  for (let count = 0; count < 12; count++) {
    healthy.answer({ json: [{ id: String(count) }] })
    assert.deepEqual(found(await quiet.load('Thing')), [
      { externalId: String(count), id: String(count) }
    ])
  }
  const ends = (await Promise.all(flood)).map(answer => problem(answer).code)
  assert.deepEqual(
    [...new Set(ends)].filter(
      code => !['UPSTREAM_TIMEOUT', 'CIRCUIT_OPEN', 'TENANT_BUSY'].includes(code)
    ),
    []
  )
  assert.ok(ends.includes('TENANT_BUSY'))
  assert.equal(healthy.calls.length, 12)
})
