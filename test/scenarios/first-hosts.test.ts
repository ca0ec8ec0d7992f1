import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import type { Configuration, StartedConnector } from '../support/start-connector.ts'
import { found, problem, refusal, startConnector } from '../support/start-connector.ts'
import { startRedis } from '../support/start-redis.ts'
import { replicaEnvironment, untilRedis } from '../support/start-replicas.ts'

function document(server: string): string {
  return `openapi: 3.0.3
info: {title: Notes, version: '1'}
servers: [{url: ${server}}]
security: [{key: []}]
paths: {/notes: {get: {responses: {'200': {description: ok}}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas: {Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}}
`
}

/** A document on a host of its own, an API that it names at first, and one to which it moves its calls. */
async function setUp(t: TestContext) {
  const [home, api, evil] = await Promise.all([startApi(t, ''), startApi(t, ''), startApi(t, '')])
  home.publish(document(api.url))
  const configuration = { 'Schema URL': home.documentUrl, 'API Key': 'k-s3cret' }
  return { home, api, evil, configuration }
}

const FRESH = { DOCUMENT_TTL_S: '0' }
const NOT_APPROVED = ['ORIGIN_NOT_APPROVED', 409]

function as(connector: StartedConnector, tenant: string, configuration?: Configuration) {
  const headers = { manywhotenant: tenant }
  return connector.as(configuration === undefined ? { headers } : { headers, configuration })
}

test('H7 very many invented tenants, and a full memory, make no document forget its first hosts', async t => {
  const { home, api, evil, configuration } = await setUp(t)
  const environment = { MODEL_CACHE_MAX_BYTES: '200000', APPROVED_DOCUMENTS_MAX: '60' }
  const connector = await startConnector(t, configuration, environment)
  const victim = as(connector, 'victim')
  api.answer({ json: [{ id: '1' }] })
  assert.equal(found(await victim.load('Note')).length, 1)
  for (let index = 0; index < 100; index++) await as(connector, `invented ${index}`).preview()
  home.publish(document(evil.url))
  const moved = { ...configuration, 'Schema URL': `${home.documentUrl}#now` }
  for (const values of [configuration, moved]) {
    const service = as(connector, 'victim', values)
    await service.install()
    assert.deepEqual(refusal(await service.load('Note')), NOT_APPROVED)
  }
  const refused = problem(await as(connector, 'invented 99').load('Note'))
  assert.equal(refused.code, 'ORIGIN_NOT_APPROVED')
  assert.ok(refused.message.includes('APPROVED_DOCUMENTS_MAX'), refused.message)
  assert.deepEqual(evil.calls, [])
})

test('H7 after Redis has lost everything a restarted replica takes hosts at install only', async t => {
  const redis = await startRedis(t)
  const { home, api, evil, configuration } = await setUp(t)
  const environment = { ...replicaEnvironment(redis.url), ...FRESH }
  const first = as(await startConnector(t, configuration, environment), 'victim')
  await untilRedis('ok', [first])
  // Nobody has installed it, and nobody can say whether it was known before.
  const unknown = problem(await first.load('Note'))
  assert.deepEqual([unknown.code, api.calls.length], ['ORIGIN_NOT_APPROVED', 0])
  assert.ok(unknown.message.includes('install the connector again'), unknown.message)
  await first.install()
  api.answer({ json: [{ id: '1' }] })
  assert.equal(found(await first.load('Note')).length, 1)

  home.publish(document(evil.url))
  await redis.client.flushall()
  const restarted = as(await startConnector(t, configuration, environment), 'victim')
  await untilRedis('ok', [restarted])
  assert.deepEqual(refusal(await restarted.load('Note')), NOT_APPROVED)
  assert.deepEqual(refusal(await first.load('Note')), NOT_APPROVED)
  assert.deepEqual(evil.calls, [])

  const named = { ...configuration, 'Allowed Hosts': new URL(evil.url).host }
  evil.answer({ json: [{ id: '2' }] })
  assert.equal(found(await as(restarted, 'victim', named).load('Note')).length, 1)
  home.publish(document(home.url))
  home.answer({ json: [{ id: '3' }] })
  assert.equal(found(await restarted.load('Note')).length, 1)
})
