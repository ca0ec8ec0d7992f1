import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { startNotes, startTraffic } from '../support/notes-traffic.ts'
import { startDelay } from '../support/start-delay.ts'
import { startRedis } from '../support/start-redis.ts'
import type { ReplicaProcess } from '../support/start-replica-process.ts'
import { startReplicaProcess } from '../support/start-replica-process.ts'
import { redisState, replicaEnvironment, untilRedis } from '../support/start-replicas.ts'

/** Only a hang lasts so long. */
const GUARD_MS = 280_000

/** Asks replicas again and again whether they are ready, until it is stopped; answers that are not 200. */
function watchReadiness(replicas: readonly ReplicaProcess[]): {
  stop(): Promise<readonly string[]>
} {
  let isOver = false
  const wrong: string[] = []
  const watching = replicas.map(async replica => {
    for (; !isOver; await wait(20)) {
      const [state, status] = await redisState(replica)
      if (status !== 200) wrong.push(`${status} ${state}`)
    }
  })
  return {
    async stop() {
      isOver = true
      await Promise.all(watching)
      return wrong
    }
  }
}

test('R13 R14 R16 two replicas whose Redis is killed, full, late and frozen in turn fail no flow, and answer none wrongly', {
  timeout: GUARD_MS
}, async t => {
  const server = await startRedis(t, { 'maxmemory-policy': 'noeviction' })
  const before = await startDelay(t, Number(new URL(server.url).port))
  const api = await startNotes(t)
  const environment = replicaEnvironment(`redis://${before.address}`)
  const start = () => startReplicaProcess(t, { 'Schema URL': api.documentUrl }, environment)
  const replicas = await Promise.all([start(), start()])
  await untilRedis('ok', replicas)
  const readiness = watchReadiness(replicas)
  const traffic = startTraffic(api, replicas)
  await traffic.rounds(30)

  const lateMs = 100
  before.delay(lateMs)
  await traffic.rounds(30)
  const named = api.named()
  await untilRedis('ok', replicas)
  await traffic.rounds(30)
  // It is late, but not too late to be asked.
  assert.ok(api.named() > named)

  const tooLateMs = 1.5 * Number(environment.REDIS_TIMEOUT_MS)
  before.delay(tooLateMs)
  await untilRedis('away', replicas)
  await traffic.rounds(30)
  before.delay(0)
  await untilRedis('ok', replicas)
  await traffic.rounds(30)

  await server.kill()
  await untilRedis('away', replicas)
  await traffic.rounds(30)
  await server.restart()
  await untilRedis('ok', replicas)
  await traffic.rounds(30)

  await server.client.config('SET', 'maxmemory', '1')
  await untilRedis('full', replicas)
  await traffic.rounds(30)
  await server.client.config('SET', 'maxmemory', '0')
  await untilRedis('ok', replicas)
  await traffic.rounds(30)

  server.freeze()
  await untilRedis('away', replicas)
  await traffic.rounds(30)
  server.thaw()
  await untilRedis('ok', replicas)
  await traffic.rounds(30)

  assert.deepEqual(await traffic.stop(), [])
  assert.deepEqual(await readiness.stop(), [])
  for (const { lines } of replicas) {
    const said = lines.map(line => JSON.parse(line).msg.split(':')[0])
    assert.deepEqual([...new Set(said)].toSorted(), ['Redis is away', 'Redis is full'])
  }
})
