import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { data, flowObject, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: /v1 }]
paths:
  /things:
    get: { responses: { '200': { description: All } } }
    post: { responses: { '201': { description: Made } } }
components:
  schemas:
    Thing:
      type: object
      properties: { id: { type: string }, name: { type: string } }
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things }
      x-flow-save: { path: /things }
`

/** No answer, ever; tells when a call has come and when its connection has ended. */
function silence() {
  const came = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  return {
    came: came.promise,
    ended: ended.promise,
    answer: (_: unknown, response: ServerResponse) => {
      came.resolve()
      response.once('close', ended.resolve)
    }
  }
}

function loadOf(documentUrl: string) {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      objectDataType: { developerName: 'Thing' },
      configurationValues: [{ developerName: 'Schema URL', contentValue: documentUrl }]
    })
  }
}

test('R9 the call of an API ends when the platform hangs up, and nothing more is sent', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  await connector.install()
  const silent = silence()
  api.answer(silent.answer)
  const platform = new AbortController()
  const load = fetch(`${connector.url}/data`, {
    ...loadOf(api.documentUrl),
    signal: platform.signal
  })
  await silent.came
  platform.abort()
  await assert.rejects(load, { name: 'AbortError' })
  await silent.ended
  api.answer({ json: [{ id: '1' }] })
  assert.equal(data(await connector.load('Thing')).objectData.length, 1)
  assert.deepEqual(api.takeCalls(), ['GET /v1/things', 'GET /v1/things'])
  const warned = connector.log.map(line => JSON.parse(line)).filter(({ level }) => level > 30)
  assert.deepEqual(warned, [])
})

test('R9 a save stops at the object that was under way when the platform hung up', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  await connector.install()
  const silent = silence()
  api.answer({ status: 201, json: { id: 'n1' } }, silent.answer)
  const platform = new AbortController()
  const { configurationValues } = JSON.parse(loadOf(api.documentUrl).body)
  const objectData = ['a', 'b', 'c'].map(name => flowObject(null, { name }))
  const body = { objectDataType: { developerName: 'Thing' }, configurationValues, objectData }
  const save = fetch(`${connector.url}/data`, {
    ...loadOf(api.documentUrl),
    method: 'PUT',
    body: JSON.stringify(body),
    signal: platform.signal
  })
  await silent.came
  platform.abort()
  await assert.rejects(save, { name: 'AbortError' })
  await silent.ended
  assert.equal(api.takeCalls().length, 2)
})

test('R9 a document that others wait for too is read on when one of them hangs up', async t => {
  const asked = Promise.withResolvers<ServerResponse>()
  const api = await startApi(t, (_, response) => asked.resolve(response))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const platform = new AbortController()
  const load = loadOf(api.documentUrl)
  const left = fetch(`${connector.url}/data`, { ...load, signal: platform.signal })
  const response = await asked.promise
  const stays = connector.load('Thing')
  platform.abort()
  await assert.rejects(left, { name: 'AbortError' })
  const closed = once(response, 'close')
  response.writeHead(200, { 'content-type': 'application/yaml' }).end(DOCUMENT)
  api.answer({ json: [{ id: '1' }] })
  assert.equal(data(await stays).objectData.length, 1)
  await closed
  assert.equal(response.writableFinished, true)
  assert.equal(api.fetches.length, 1)
  assert.deepEqual(api.takeCalls(), ['GET /v1/things'])
})
