import assert from 'node:assert/strict'
import { once } from 'node:events'
import test from 'node:test'

import type { ApiAnswer } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { flowObject, found, problem, refusal, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: /v1 }]
paths:
  /things:
    get:
      x-flow-pagination: { type: page, pageParam: page, pageSize: 2 }
      responses:
        '200': { description: All, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Thing' } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses: { '201': { description: Made } }
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    delete: { responses: { '204': { description: Gone } } }
components:
  schemas:
    Thing:
      type: object
      properties: { id: { type: string }, name: { type: string } }
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things }
      x-flow-save: { path: /things }
      x-flow-delete: { path: '/things/{id}', parameters: { id: externalId } }
`

/** Long enough for what is answered at once, once the document is known. */
const TIME = { FLOW_TIMEOUT_MS: '2000' }

/** A service in a hurry, once what compiles for it is there, which takes a moment the first time. */
async function startTimed(t: test.TestContext, documentUrl: string): Promise<StartedConnector> {
  const configuration = { 'Schema URL': documentUrl }
  const patient = await startConnector(t, configuration)
  await patient.install()
  return startConnector(t, configuration, TIME)
}

/** No answer, ever; tells when the connection ends. */
function silence(): { answer: ApiAnswer; ended: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { answer: (_, response) => once(response, 'close').then(() => resolve()), ended: promise }
}

test('a load that runs out of time says how many pages and objects were read, and stops calling', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startTimed(t, api.documentUrl)
  const silent = silence()
  api.answer({ json: [{ id: '1' }, { id: '2' }] }, { json: [{ id: '3' }, { id: '4' }] })
  api.answer(silent.answer)
  await connector.install()
  const failed = problem(await connector.load('Thing', { limit: 100 }))
  assert.deepEqual([failed.code, failed.statusCode], ['FLOW_TIMEOUT', 504])
  assert.equal(
    failed.message,
    'the request was not finished within 2000 ms: 4 objects of 2 pages were read [FLOW_TIMEOUT]'
  )
  assert.ok(failed.remedy.includes('FLOW_TIMEOUT_MS'))
  await silent.ended
  assert.equal(api.takeCalls().length, 3)
})

test('a save that runs out of time names what was written, and what it does not know of', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startTimed(t, api.documentUrl)
  api.answer({ status: 201, json: { id: 'n1' } }, { status: 201, json: { id: 'n2' } })
  api.answer(silence().answer)
  const things = ['a', 'b', 'c', 'd'].map(name => flowObject(null, { name }))
  await connector.install()
  const failed = problem(await connector.save('Thing', ...things))
  assert.deepEqual([failed.code, failed.statusCode], ['FLOW_TIMEOUT', 504])
  assert.equal(
    failed.message,
    'the request was not finished within 2000 ms: object 2 of 4 may or may not be saved; saved: 0 (n1), 1 (n2) [FLOW_TIMEOUT]'
  )
  assert.equal(api.takeCalls().length, 3)
})

test('a delete that runs out of time names what was deleted', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startTimed(t, api.documentUrl)
  api.answer({ status: 204 }, silence().answer)
  await connector.install()
  const failed = problem(await connector.remove('Thing', flowObject('t1'), flowObject('t2')))
  assert.equal(failed.code, 'FLOW_TIMEOUT')
  assert.ok(
    failed.message.includes('object 1 of 2 may or may not be deleted; deleted: 0 (t1)'),
    failed.message
  )
})

test('the time of a flow request counts its document too', async t => {
  const api = await startApi(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/yaml' }).write('openapi: 3.0.3\n')
  })
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl }, TIME)
  for (const answer of [
    await connector.load('Thing'),
    await connector.send('POST', '/metadata', {})
  ]) {
    const { code, message } = problem(answer)
    assert.equal(code, 'FLOW_TIMEOUT')
    assert.ok(message.includes('the document had not been read'), message)
  }
})

test('a call whose turn would come after the time of the flow request is refused at once', async t => {
  const limited = DOCUMENT.replace(
    'x-flow-pagination: { type: page, pageParam: page, pageSize: 2 }',
    'x-flow-rate-limit: { quotas: [{ calls: 1, seconds: 5 }] }'
  )
  const api = await startApi(t, limited)
  const connector = await startTimed(t, api.documentUrl)
  api.answer({ json: [{ id: '1', name: 'a' }] })
  assert.deepEqual(found(await connector.load('Thing')), [{ externalId: '1', id: '1', name: 'a' }])
  assert.deepEqual(refusal(await connector.load('Thing')), ['RATE_LIMITED', 429])
})
