import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import test from 'node:test'

import { USUAL_FETCH_TIMES } from '../../service/documents/fetch-document.ts'
import { envelope, integer, listDocument, numberIn, range, things } from '../support/paged-list.ts'
import { startApi } from '../support/start-api.ts'
import {
  data,
  flowObject,
  problem,
  startConnector,
  userHeader
} from '../support/start-connector.ts'
import { redisUrl, startRedis } from '../support/start-redis.ts'
import { redisState, startReplicas, untilRedis } from '../support/start-replicas.ts'

const NOTES = `
openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: /v1 }]
security: [{ key: [] }]
x-flow-rate-limit: { quotas: [{ calls: 5, seconds: 3600 }] }
paths:
  /notes/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } } }
    patch:
      parameters: [{ name: If-Match, in: header, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
      responses: { '200': { description: Changed } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
  schemas:
    Note:
      type: object
      properties: { id: { type: string, readOnly: true }, text: { type: string }, more: { type: string } }
      x-flow-type: { name: Note }
      x-flow-load: { path: '/notes/{id}', parameters: { id: id } }
      x-flow-update: { path: '/notes/{id}', operation: patch, parameters: { id: externalId } }
`

const note = (text: string): object => flowObject('n1', { text, more: 'same' })

test('C30 a flow loads through one replica and updates that very version through another', async t => {
  const api = await startApi(t, NOTES)
  const replicas = await startReplicas(t, await redisUrl(t), { 'Schema URL': api.documentUrl })
  await untilRedis('ok', replicas)
  const [one, two, three] = replicas
  const loaded = { json: { id: 'n1', text: 'a', more: 'same' }, headers: { etag: '"v1"' } }
  api.answer(loaded, { headers: { etag: '"v2"' } }, {})
  data(await one.load('Note', { id: 'n1' }))
  data(await two.save('Note', note('b')))
  data(await three.save('Note', note('c')))
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/notes/n1',
    'PATCH /v1/notes/n1 {"text":"b"}',
    'PATCH /v1/notes/n1 {"text":"c"}'
  ])
  const versions = api.calls.map(({ headers }) => headers['if-match'])
  assert.deepEqual(versions, [undefined, '"v1"', '"v2"'])
  assert.equal(api.fetches.length, 1)
})

test('E23 a page token of one replica is served by another', async t => {
  const list = listDocument({
    get: 'x-flow-pagination: { type: cursor, cursorField: next }',
    parameters: [integer('limit', ', maximum: 10')],
    answer: envelope()
  })
  const api = await startApi(t, list)
  const [one, two] = await startReplicas(t, await redisUrl(t), { 'Schema URL': api.documentUrl })
  for (const _ of Array(4)) {
    api.answer((call, response) => {
      const start = numberIn(call, 'cursor', 0)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ data: things(40, start, 10), next: `${start + 10}` }))
    })
  }
  const first = data(await one.load('Thing', { limit: 10, offset: 0 }))
  const { offsetToken } = first
  assert.ok(offsetToken)
  const calls = api.takeCalls().length
  const second = data(await two.load('Thing', { limit: 10, offset: 10, offsetToken }))
  assert.deepEqual(
    second.objectData.map(({ externalId }) => externalId),
    range(10, 20)
  )
  assert.ok(calls <= 2)
  assert.match(api.takeCalls()[0] ?? '', /cursor=10/)
})

test('H11 a quota of an API holds for all replicas together', async t => {
  const api = await startApi(t, NOTES)
  const replicas = await startReplicas(t, await redisUrl(t), { 'Schema URL': api.documentUrl })
  await untilRedis('ok', replicas)
  api.answer(...Array(5).fill({ json: { id: 'n1', text: 'a' } }))
  const loads = [1, 2, 3].flatMap(() => replicas.map(one => one.load('Note', { id: 'n1' })))
  const answers = await Promise.all(loads)
  const ends = answers.map(answer => (answer.status === 200 ? 200 : problem(answer).code))
  assert.deepEqual(ends.toSorted(), [...Array(5).fill(200), ...Array(4).fill('RATE_LIMITED')])
  assert.equal(api.takeCalls().length, 5)
})

test('R12 300 requests to three replicas at once fetch their document once', async t => {
  const api = await startApi(t, NOTES)
  const replicas = await startReplicas(t, await redisUrl(t), { 'Schema URL': api.documentUrl })
  await untilRedis('ok', replicas)
  // They need the document, and call nobody.
  const loads = Array.from({ length: 100 }, () => replicas.map(replica => replica.load('None')))
  for (const load of await Promise.all(loads.flat())) {
    assert.equal(problem(load).code, 'TYPE_UNKNOWN')
  }
  assert.equal(api.fetches.length, 1)
})

test('R12 a replica that never gets its document holds the others up for a moment only', async t => {
  const api = await startApi(t, NOTES)
  const configuration = { 'Schema URL': api.documentUrl }
  const replicas = await startReplicas(t, await redisUrl(t), configuration, {
    fetchTimes: USUAL_FETCH_TIMES
  })
  await untilRedis('ok', replicas)
  const [dead, ...others] = replicas
  const { promise: fetching, resolve: fetched } = Promise.withResolvers<ServerResponse>()
  api.publish((_, response) => fetched(response))
  const held = dead.install()
  const response = await fetching
  api.publish(NOTES)
  await Promise.all(others.flatMap(other => [other.install(), other.install()]))
  // Each on its own at the most.
  assert.ok(api.fetches.length <= 3, String(api.fetches.length))
  response.end(NOTES)
  await held
})

test('C3 H7 Redis tells nobody of secrets, documents, users or objects, and forgets all but since when it remembers', async t => {
  const server = await startRedis(t)
  const api = await startApi(t, NOTES)
  const replicas = await startReplicas(t, server.url, {
    'Schema URL': `${api.documentUrl}?signature=s3cret-url`,
    'Schema Token': 's3cret-schema-token',
    'API Key': 's3cret-api-key'
  })
  await untilRedis('ok', replicas)
  const [one] = replicas
  const headers = { ...userHeader({ UserId: 's3cret-user' }), manywhotenant: 's3cret-tenant' }
  api.answer({ json: { id: 'n1', text: 's3cret-text' }, headers: { etag: '"s3cret-etag"' } })
  await one.as({ headers }).install()
  data(await one.as({ headers }).load('Note', { id: 'n1' }))
  assert.equal(api.calls[0]?.headers['x-key'], 's3cret-api-key')

  const names = await server.client.keys('*')
  // The document, what is known of it, its model, its addresses, the object, the turns of the rate limit, and the mark.
  assert.equal(names.length, 7)
  let lasting = 0
  for (const name of names) {
    const value = await server.client.getBuffer(name)
    assert.ok(value)
    const kept = `${name} ${value.toString('latin1')}`
    for (const secret of ['s3cret', new URL(api.url).host, 'openapi:', 'Note', '"id":"n1"']) {
      assert.ok(!kept.includes(secret), secret)
      assert.ok(!kept.includes(Buffer.from(secret).toString('base64').slice(0, -2)), secret)
    }
    const life = await server.client.pttl(name)
    if (life === -1) lasting++
    else assert.ok(life > 0)
  }
  assert.equal(lasting, 1)
  for (const line of replicas.flatMap(({ log }) => log)) assert.ok(!line.includes('s3cret'), line)
})

test('a replica with another STORE_KEY reads nothing of what is there, and is none the worse', async t => {
  const url = await redisUrl(t)
  const api = await startApi(t, NOTES)
  const configuration = { 'Schema URL': api.documentUrl }
  const environment = { REDIS_URL: url, STORE_KEY: Buffer.alloc(32, 1).toString('base64') }
  const others = await startReplicas(t, url, configuration)
  const stranger = await startConnector(t, configuration, environment)
  await untilRedis('ok', [...others, stranger])
  await others[0].install()
  await stranger.install()
  assert.equal(api.fetches.length, 2)
})

test('readiness says whether Redis is in use, and since when; health stays empty', async t => {
  const server = await startRedis(t)
  const replicas = await startReplicas(t, server.url, {})
  await untilRedis('ok', replicas)
  const [one] = replicas
  const ready = JSON.parse(await (await fetch(`${one.url}/health/ready`)).text())
  const { since } = ready.redis
  assert.deepEqual(ready, { redis: { state: 'ok', since, reason: null } })
  assert.ok(Math.abs(Date.parse(since) - Date.now()) < 60_000)
  await server.kill()
  await untilRedis('away', [one])
  assert.deepEqual(await redisState(one), ['away', 200])
  for (const path of ['/health', '/health/live']) {
    const response = await fetch(one.url + path)
    assert.deepEqual([response.status, await response.text()], [200, ''])
  }
  const lines = one.log.filter(line => line.includes('Redis')).map(line => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ level, msg }) => [level, msg.split(':')[0]]),
    [
      [30, 'Redis is in use'],
      [40, 'Redis is away']
    ]
  )
})
