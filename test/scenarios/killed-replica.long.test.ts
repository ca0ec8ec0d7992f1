import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { childrenOf, processOf } from '../support/child-processes.ts'
import { fetchMetrics, labelled } from '../support/read-metrics.ts'
import { data } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'
import { startRedis } from '../support/start-redis.ts'
import type { ReplicaProcess } from '../support/start-replica-process.ts'
import { startReplicaProcess } from '../support/start-replica-process.ts'
import { replicaEnvironment, untilRedis } from '../support/start-replicas.ts'

/** Only a hang lasts so long. */
const GUARD_MS = 280_000

/** A document with a type `Thing`, and so many others that compiling it takes a while. */
function longDocument(types: number): string {
  const others = Array.from(
    { length: types },
    (_, index) =>
      `    Other${index}: { type: object, x-flow-type: { name: Other${index} }, x-flow-query: { path: /things.json }, properties: { id: { type: string }, name: { type: string, description: Name number ${index} }, next: { $ref: '#/components/schemas/Other${(index + 1) % types}' } } }`
  )
  return `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: / }]
paths:
  /things.json: { get: { responses: { '200': { description: All } } } }
components:
  schemas:
    Thing: { type: object, x-flow-type: { name: Thing }, x-flow-query: { path: /things.json }, properties: { id: { type: string } } }
${others.join('\n')}
`
}

const LOAD = { objectDataType: { developerName: 'Thing' } }

/** The ids of the things that a replica loads. */
async function thingsOf(replica: ReplicaProcess): Promise<string[]> {
  const loaded = data(await replica.send('POST', '/data', LOAD))
  return loaded.objectData.map(({ externalId }) => externalId)
}

test('R23 a replica that is killed while it compiles leaves nothing behind, and holds the other up for a moment only', {
  timeout: GUARD_MS
}, async t => {
  const redis = await startRedis(t)
  const files = await startFiles(t, {
    '/long.yaml': longDocument(6_000),
    '/things.json': '[{"id":"a"},{"id":"b"}]'
  })
  const environment = {
    ...replicaEnvironment(redis.url),
    FLOW_TIMEOUT_MS: '120000',
    REDIS_TIMEOUT_MS: '5000'
  }
  const start = async (): Promise<ReplicaProcess> => {
    const replica = await startReplicaProcess(
      t,
      { 'Schema URL': `${files.url}/long.yaml` },
      environment
    )
    await untilRedis('ok', [replica])
    return replica
  }
  const [dying, other] = await Promise.all([start(), start()])

  // Its process that compiles is there from the start.
  const [idle, ...others] = childrenOf(dying.child.pid)
  assert.ok(idle && others.length === 0)

  const lost = assert.rejects(thingsOf(dying))
  while ((processOf(idle.pid)?.ticks ?? 0) < idle.ticks + 20) await wait(5)
  const loads = Array.from({ length: 8 }, () => thingsOf(other))
  dying.child.kill('SIGKILL')
  await dying.ended
  await lost
  // What the dead one has locked stays so from now on: nobody may wait until it is over.
  const names = await redis.client.keys('*')
  const kept = await Promise.all(names.map(name => redis.client.persist(name)))
  assert.ok(kept.includes(1))
  // It was at work, and nobody is left to tell it to end.
  while (processOf(idle.pid) !== undefined) await wait(5)
  for (const things of await Promise.all(loads)) assert.deepEqual(things, ['a', 'b'])

  const fetches = files.fetches.filter(({ path }) => path === '/long.yaml').length
  const restarted = await start()
  assert.deepEqual(await thingsOf(restarted), ['a', 'b'])
  const compilations = labelled(
    await fetchMetrics(restarted.url),
    'openapi_flow_compilations_total'
  )
  assert.deepEqual(compilations, {})
  assert.equal(files.fetches.filter(({ path }) => path === '/long.yaml').length, fetches)
})
