import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { data, found, problem, startConnector } from '../support/start-connector.ts'

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

/** 4 run, 128 wait. */
const FLOOD = 150
const REFUSED = FLOOD - 4 - 128

const PATIENCE = { timeout: 60_000, interval: 5 }

test('C6 a tenant that floods the service with hanging calls takes none of the calls of another', async t => {
  const hanging = await startApi(t, DOCUMENT)
  const healthy = await startApi(t, DOCUMENT)
  const connector = await startConnector(
    t,
    { 'Schema URL': healthy.documentUrl },
    { MAX_IN_FLIGHT: '4', UPSTREAM_TIMEOUT_MS: '600000', FLOW_TIMEOUT_MS: '600000' }
  )
  const noisy = connector.as({
    configuration: { 'Schema URL': hanging.documentUrl },
    headers: { manywhotenant: 'noisy' }
  })
  const quiet = connector.as({ headers: { manywhotenant: 'quiet' } })
  await noisy.install()
  await quiet.install()
  const held: ServerResponse[] = []
  hanging.answer(
    ...Array(FLOOD).fill((_: unknown, response: ServerResponse) => held.push(response))
  )

  let answered = 0
  const flood = Array.from({ length: FLOOD }, () =>
    noisy.load('Thing').finally(() => {
      answered++
    })
  )
  await t.waitFor(() => assert.deepEqual([answered, held.length], [REFUSED, 4]), {
    timeout: 60_000
  })
  /** Ends a hanging call, and waits until somebody has its place. */
  const endCall = async (): Promise<void> => {
    const before = hanging.calls.length + healthy.calls.length
    held.shift()?.end('[]')
    await t.waitFor(() => assert.ok(hanging.calls.length + healthy.calls.length > before), PATIENCE)
  }
  let ended = 0
  for (let count = 0; count < 8; count++) {
    healthy.answer({ json: [{ id: String(count) }] })
    const load = quiet.load('Thing')
    for (; healthy.calls.length === count; ended++) await endCall()
    assert.deepEqual(found(await load), [{ externalId: String(count), id: String(count) }])
    // Its place goes back to the flood.
    await t.waitFor(() => assert.equal(held.length, 4), PATIENCE)
  }
  // In the order of their coming the first would have had to wait for all that were there before.
  assert.ok(ended < 100, `${ended} calls had to end`)
  while (hanging.calls.length < FLOOD - REFUSED) await endCall()
  for (const response of held) response.end('[]')
  const answers = await Promise.all(flood)
  const refused = answers.filter(({ status }) => status !== 200)
  assert.deepEqual(
    refused.map(answer => problem(answer).code),
    Array(REFUSED).fill('TENANT_BUSY')
  )
  for (const answer of answers.filter(({ status }) => status === 200)) data(answer)
  assert.equal(hanging.calls.length, FLOOD - REFUSED)
})
