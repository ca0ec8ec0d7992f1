import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import test from 'node:test'

import { startNotes, startTraffic } from '../support/notes-traffic.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import type { StartedRedis } from '../support/start-redis.ts'
import { startRedis } from '../support/start-redis.ts'
import { redisState, startReplicas, untilRedis } from '../support/start-replicas.ts'
import { startSocketServer } from '../support/start-upstream.ts'

/** What was logged of Redis, each line's level and beginning. */
function linesOf({ log }: StartedConnector): string[] {
  return log
    .filter(line => line.includes('Redis'))
    .map(line => JSON.parse(line))
    .map(({ level, msg, reason }) => `${level} ${msg.split(':')[0]} ${reason}`)
}

/** The same without a first line that Redis is away: a busy machine may be late to connect to it. */
function linesSinceUse(replica: StartedConnector): string[] {
  const lines = linesOf(replica)
  return lines[0]?.startsWith('40 Redis is away') ? lines.slice(1) : lines
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
    const lines = linesSinceUse(replica)
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
    assert.deepEqual(linesSinceUse(replica), [
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
      assert.ok(linesSinceUse(replica).length <= 2, linesSinceUse(replica).join('\n'))
    }
  })
}
