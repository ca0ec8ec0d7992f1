import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import test from 'node:test'

import type { StartedConnector } from '../support/start-connector.ts'
import { data, flowObject } from '../support/start-connector.ts'
import type { StartedRedis } from '../support/start-redis.ts'
import { startRedis } from '../support/start-redis.ts'
import { redisState, startReplicas, untilRedis } from '../support/start-replicas.ts'
import { startSocketServer, startUpstream } from '../support/start-upstream.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: /v1 }]
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
  schemas:
    Note:
      type: object
      properties: { id: { type: string, readOnly: true }, text: { type: string } }
      x-flow-type: { name: Note }
      x-flow-load: { path: '/notes/{id}', parameters: { id: id } }
      x-flow-update: { path: '/notes/{id}', operation: patch, parameters: { id: externalId } }
`

type NotesApi = {
  readonly documentUrl: string
  readonly texts: ReadonlyMap<string, string>
  /** Updates that named the version that they are about. */
  readonly named: () => number
}

/** An API that keeps notes, and refuses an update of another version than it names. */
async function startNotes(t: TestContext): Promise<NotesApi> {
  const notes = new Map<string, { text: string; version: number }>()
  const texts = new Map<string, string>()
  let named = 0
  const url = await startUpstream(t, async (request, response) => {
    if (request.url === '/openapi.yaml') {
      response.end(DOCUMENT)
      return
    }
    const id = request.url?.split('/').at(-1) ?? ''
    const note = notes.get(id) ?? { text: 'new', version: 0 }
    notes.set(id, note)
    if (request.method === 'PATCH') {
      const match = request.headers['if-match']
      const { text: changed } = JSON.parse(await text(request))
      if (match !== undefined) named++
      if (match !== undefined && match !== `"${note.version}"`) {
        response.writeHead(412).end()
        return
      }
      note.text = changed
      note.version++
      texts.set(id, changed)
    }
    response.writeHead(200, { 'content-type': 'application/json', etag: `"${note.version}"` })
    response.end(JSON.stringify({ id, text: note.text }))
  })
  return { documentUrl: `${url}/openapi.yaml`, texts, named: () => named }
}

type Traffic = {
  /** Waits until so many more rounds have ended. */
  rounds(count: number): Promise<void>
  /** Ends the traffic; what went wrong in it. */
  stop(): Promise<readonly string[]>
}

const FLOWS = 6

/**
 * Lets flows work without a pause, each on a note of its own: it loads it through one replica, changes
 * it through another, and sees that all is as it should be.
 */
function startTraffic(api: NotesApi, replicas: readonly StartedConnector[]): Traffic {
  const wrong: string[] = []
  const waiting = new Set<{ left: number; readonly go: () => void }>()
  let isOver = false
  let calls = 0
  const next = (): StartedConnector => {
    const replica = replicas[calls++ % replicas.length]
    assert.ok(replica)
    return replica
  }
  const flow = async (id: string): Promise<void> => {
    const state = { stateId: `flow-${id}`, objectDataType: { developerName: 'Note' } }
    for (let round = 0; !isOver; round++) {
      const loaded = await next().send('POST', '/data', { ...state, listFilter: { id } })
      const seen = loaded.status === 200 ? JSON.stringify(data(loaded).objectData) : loaded.text
      if (!seen.includes(`"${api.texts.get(id) ?? 'new'}"`)) wrong.push(`load ${seen}`)
      const text = `${id}-${round}`
      const objectData = [flowObject(id, { text })]
      const saved = await next().send('PUT', '/data', { ...state, objectData })
      if (saved.status !== 200 || api.texts.get(id) !== text) wrong.push(`save ${saved.text}`)
      for (const waiter of waiting) if (--waiter.left === 0) waiter.go()
    }
  }
  const flows = Promise.all(Array.from({ length: FLOWS }, (_, index) => flow(`n${index}`)))
  return {
    rounds: count =>
      new Promise(go => {
        waiting.add({ left: count, go })
      }),
    async stop() {
      isOver = true
      await flows
      return wrong
    }
  }
}

/** What was logged of Redis, each line's level and beginning. */
function linesOf({ log }: StartedConnector): string[] {
  return log
    .filter(line => line.includes('Redis'))
    .map(line => JSON.parse(line))
    .map(({ level, msg, reason }) => `${level} ${msg.split(':')[0]} ${reason}`)
}

async function setUp(t: TestContext, options: { readonly [name: string]: string } = {}) {
  const server = await startRedis(t, options)
  const api = await startNotes(t)
  const replicas = await startReplicas(t, server.url, { 'Schema URL': api.documentUrl })
  await untilRedis('ok', replicas)
  return { server, api, replicas }
}

test('R13 flows that go from replica to replica do not notice that Redis is killed, gone, and back', async t => {
  const { server, api, replicas } = await setUp(t)
  const traffic = startTraffic(api, replicas)
  await traffic.rounds(30)
  assert.ok(api.named() >= 30)
  await server.kill()
  await traffic.rounds(60)
  await untilRedis('away', replicas)
  await server.restart()
  await untilRedis('ok', replicas)
  await traffic.rounds(60)
  assert.deepEqual(await traffic.stop(), [])
  for (const replica of replicas) {
    const lines = linesOf(replica)
    assert.deepEqual(
      lines.map(line => line.split(' ').slice(0, 4).join(' ')),
      ['30 Redis is in', '40 Redis is away', '30 Redis is in']
    )
  }
})

test('R14 they do not notice that Redis is frozen, and goes on', async t => {
  const { server, api, replicas } = await setUp(t)
  const traffic = startTraffic(api, replicas)
  await traffic.rounds(30)
  server.freeze()
  await untilRedis('away', replicas)
  await traffic.rounds(60)
  server.thaw()
  await untilRedis('ok', replicas)
  await traffic.rounds(60)
  assert.deepEqual(await traffic.stop(), [])
  for (const replica of replicas) {
    assert.deepEqual(linesOf(replica), [
      '30 Redis is in use null',
      '40 Redis is away timeout',
      '30 Redis is in use null'
    ])
  }
})

test('R15 they do not notice that what stands for Redis takes connections and never answers', async t => {
  const address = await startSocketServer(t, () => {})
  const api = await startNotes(t)
  const configuration = { 'Schema URL': api.documentUrl }
  const replicas = await startReplicas(t, `redis://:s3cret@${address}`, configuration)
  const traffic = startTraffic(api, replicas)
  await traffic.rounds(60)
  assert.deepEqual(await traffic.stop(), [])
  for (const replica of replicas) {
    while (linesOf(replica).length === 0) await replica.install()
    assert.match(linesOf(replica).join(), /^40 Redis is away (timeout|not ready)$/)
    assert.deepEqual(await redisState(replica), ['away', 200])
    assert.ok(!replica.log.join().includes('s3cret'))
  }
})

type Refusal = {
  readonly name: string
  readonly state: 'ok' | 'full' | 'away'
  readonly refuse: (server: StartedRedis) => Promise<unknown>
}

const REFUSALS: readonly Refusal[] = [
  {
    name: 'is full',
    state: 'full',
    refuse: ({ client }) => client.config('SET', 'maxmemory', '1')
  },
  {
    name: 'becomes a replica',
    state: 'away',
    refuse: ({ client }) => client.replicaof('127.0.0.1', '1')
  },
  {
    name: 'asks for a password',
    state: 'away',
    async refuse({ client }) {
      await client.config('SET', 'requirepass', 's3cret')
      await client.call('CLIENT', 'KILL', 'TYPE', 'normal')
    }
  },
  {
    name: 'loads its data',
    state: 'away',
    async refuse({ client }) {
      await client.eval(`for key = 1, 10000 do redis.call('SET', 'filler:' .. key, 'x') end`, 0)
      client.debug('RELOAD').catch(() => {})
    }
  },
  {
    name: 'has other things under its keys',
    state: 'ok',
    refuse: ({ client }) =>
      client.eval(
        `for _, key in ipairs(redis.call('KEYS', '*')) do
           redis.call('DEL', key)
           redis.call('HSET', key, 'field', 'value')
         end`,
        0
      )
  }
]

for (const { name, state, refuse } of REFUSALS) {
  test(`R16 they do not notice that Redis ${name}`, async t => {
    const { server, api, replicas } = await setUp(t, {
      'maxmemory-policy': 'noeviction',
      'enable-debug-command': 'yes',
      'key-load-delay': '1000',
      'loading-process-events-interval-bytes': '1024'
    })
    const traffic = startTraffic(api, replicas)
    await traffic.rounds(30)
    await refuse(server)
    await untilRedis(state, replicas)
    await traffic.rounds(60)
    assert.deepEqual(await traffic.stop(), [])
    for (const replica of replicas) {
      assert.equal((await redisState(replica))[1], 200)
      assert.ok(linesOf(replica).length <= 2, linesOf(replica).join('\n'))
    }
  })
}
