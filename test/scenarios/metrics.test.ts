import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { createCanaries } from '../support/create-canaries.ts'
import { fetchMetrics, labelled } from '../support/read-metrics.ts'
import { data, problem, startConnector, userHeader } from '../support/start-connector.ts'
import { startRedis } from '../support/start-redis.ts'
import { replicaEnvironment, untilRedis } from '../support/start-replicas.ts'
import { startUpstream } from '../support/start-upstream.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: /v1 }]
security: [{ key: [] }]
paths:
  /things:
    get: { responses: { '200': { description: All } } }
    post: { responses: { '201': { description: Made } } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
  schemas:
    Thing:
      type: object
      properties: { id: { type: string }, name: { type: string } }
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things }
      x-flow-save: { path: /things }
`

const UPSTREAM = 'openapi_flow_upstream_calls_total'
const COMPILATIONS = 'openapi_flow_compilations_total'

test('each call of an API is counted by what came of it', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(
    t,
    { 'Schema URL': api.documentUrl },
    { UPSTREAM_TIMEOUT_MS: '2000' }
  )
  const outcomes = async () => labelled(await fetchMetrics(connector.url), UPSTREAM)
  await connector.install()
  assert.deepEqual(await outcomes(), {})

  api.answer({ json: [{ id: '1' }] }, { json: [{ id: '1' }] })
  data(await connector.load('Thing'))
  data(await connector.load('Thing'))
  assert.deepEqual(await outcomes(), { '2xx': 2 })

  api.answer({ status: 404, json: {} })
  assert.equal((await connector.load('Thing')).status, 404)
  api.answer({ text: '[' })
  assert.equal(problem(await connector.load('Thing')).code, 'UPSTREAM_NOT_JSON')
  api.answer(() => {})
  assert.equal(problem(await connector.load('Thing')).code, 'UPSTREAM_TIMEOUT')
  const counted = await outcomes()
  assert.deepEqual(counted, {
    '2xx': 2,
    '4xx': 1,
    UPSTREAM_NOT_JSON: 1,
    UPSTREAM_TIMEOUT: 1
  })
  const samples = await fetchMetrics(connector.url)
  assert.equal(samples.get('openapi_flow_upstream_duration_seconds_count'), api.calls.length)
})

test('a call that is repeated is counted as often as it is made', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 503, headers: { 'retry-after': '0' } }, { json: [] })
  data(await connector.load('Thing'))
  const samples = await fetchMetrics(connector.url)
  assert.deepEqual(labelled(samples, UPSTREAM), { '5xx': 1, '2xx': 1 })
  assert.equal(api.calls.length, 2)
})

test('a document is compiled once, and its model is in memory from then on', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const before = await fetchMetrics(connector.url)
  assert.deepEqual(labelled(before, COMPILATIONS), {})
  assert.equal(before.get('openapi_flow_models'), 0)
  assert.equal(before.get('openapi_flow_models_bytes'), 0)
  await connector.install()
  await connector.install()
  const after = await fetchMetrics(connector.url)
  assert.deepEqual(labelled(after, COMPILATIONS), { ok: 1 })
  assert.equal(after.get('openapi_flow_compile_duration_seconds_count'), 1)
  assert.equal(after.get('openapi_flow_models'), 1)
  assert.ok((after.get('openapi_flow_models_bytes') ?? 0) > 100)

  api.publish('swagger: planted')
  const broken = connector.as({ configuration: { 'Schema URL': `${api.url}/broken.yaml` } })
  const { code } = problem(await broken.send('POST', '/metadata/install'))
  const failed = await fetchMetrics(connector.url)
  assert.deepEqual(labelled(failed, COMPILATIONS), { ok: 1, [code]: 1 })
  assert.deepEqual(labelled(failed, 'openapi_flow_problems_total'), { [code]: 1 })
})

test('R13 a Redis that is killed, and one that returns, shows in the metrics', async t => {
  const redis = await startRedis(t)
  const api = await startApi(t, DOCUMENT)
  const configuration = { 'Schema URL': api.documentUrl }
  const connector = await startConnector(t, configuration, replicaEnvironment(redis.url))
  const state = async () => labelled(await fetchMetrics(connector.url), 'openapi_flow_redis_state')
  const fallbacks = async (): Promise<number> => {
    const samples = await fetchMetrics(connector.url)
    return samples.get('openapi_flow_redis_fallbacks_total') ?? Number.NaN
  }
  await untilRedis('ok', [connector])
  assert.deepEqual(await state(), { ok: 1, away: 0, full: 0 })
  const atStart = await fallbacks()
  await connector.install()
  assert.equal(await fallbacks(), atStart)

  await redis.kill()
  await untilRedis('away', [connector])
  assert.deepEqual(await state(), { ok: 0, away: 1, full: 0 })
  api.publish(`${DOCUMENT}\n# another version`)
  await connector.as({ configuration: { 'Schema URL': `${api.url}/other.yaml` } }).install()
  const whileAway = await fallbacks()
  assert.ok(whileAway > atStart, `${whileAway} after ${atStart}`)

  await redis.restart()
  await untilRedis('ok', [connector])
  assert.deepEqual(await state(), { ok: 1, away: 0, full: 0 })
  assert.ok((await fallbacks()) >= whileAway)
})

test('the metrics tell no tenant, user, address or secret, whatever is called and however it ends', async t => {
  const canaries = createCanaries()
  const planted = (name: string): string => `planted${canaries.plant(name)}`
  const api = await startUpstream(t, answerFrom(DOCUMENT))
  const token = planted('door token')
  const redis = await startRedis(t)
  const connector = await startConnector(
    t,
    {
      'Schema URL': `${api}/${planted('document')}.yaml?q=${planted('query')}`,
      'Schema Token': planted('schema token'),
      'API Key': planted('api key'),
      key: planted('key')
    },
    { ...replicaEnvironment(redis.url), CONNECTOR_TOKENS: token, LOG_LEVEL: 'silent' }
  )
  const user = { UserId: planted('user'), ManyWhoTenantId: planted('tenant of a user') }
  const caller = connector.as({
    headers: { ManyWhoTenant: planted('tenant'), ...userHeader(user) }
  })
  const behind = `/k/${token}`
  const body = { objectDataType: { developerName: 'Thing' } }
  await untilRedis('ok', [connector])
  await caller.send('POST', `${behind}/metadata/install`)
  for (let load = 0; load < 6; load++) await caller.send('POST', `${behind}/data`, body)
  for (const name of [planted('type'), 'Thing']) {
    const objectData = [{ externalId: planted('id'), properties: [] }]
    await caller.send('PUT', `${behind}/data`, {
      objectDataType: { developerName: name },
      objectData
    })
  }
  const nowhere = { 'Schema URL': `http://${planted('host').toLowerCase()}.invalid/a.yaml` }
  await caller.as({ configuration: nowhere }).send('POST', `${behind}/data`, body)
  for (const path of ['', '/samples', '/data', '/k']) {
    await caller.send('POST', `${behind}${path}/${planted(`path ${path}`)}`)
    await caller.send('POST', `${path}/${planted(`closed path ${path}`)}`)
  }
  await caller.send('POST', `${behind}/data`, `{"${planted('body')}`)
  await redis.kill()
  await untilRedis('away', [connector])

  const text = await (await fetch(`${connector.url}${behind}/metrics`)).text()
  const samples = await fetchMetrics(`${connector.url}${behind}`)
  assert.ok(samples.size > 100)
  const outcomes = Object.keys(labelled(samples, UPSTREAM))
  assert.deepEqual(outcomes.toSorted(), ['2xx', '4xx', '5xx', 'UPSTREAM_NOT_JSON'])
  assert.deepEqual(canaries.findIn(text), [])
  for (const word of ['planted', '127.0.0.1', 'localhost', new URL(api).port, redis.url, '://']) {
    assert.ok(!labelsOf(text).includes(word), word)
  }
})

/** An API that answers well, badly and not at all, in turns, and serves its document. */
function answerFrom(document: string) {
  const answers = [
    { status: 200, text: '[]' },
    { status: 404, text: '{}' },
    { status: 200, text: '{"planted' },
    { status: 500, text: 'planted' }
  ]
  let calls = 0
  return ({ url = '' }: IncomingMessage, response: ServerResponse): void => {
    if (url.includes('.yaml')) {
      response.end(document)
      return
    }
    const { status, text } = answers[calls++ % answers.length] ?? { status: 500, text: '' }
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  }
}

/** What is told besides numbers. */
function labelsOf(text: string): string {
  return text.replace(/^([^#\n]*) \S+$/gm, '$1')
}
