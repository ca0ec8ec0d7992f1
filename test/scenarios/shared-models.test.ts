import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { compilations } from '../support/shared-compiler.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { problem, startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'
import { startRedis } from '../support/start-redis.ts'
import { replicaEnvironment, startReplicas, untilRedis } from '../support/start-replicas.ts'

/** A document whose only type is called so. */
function documentOf(type: string): string {
  return `
openapi: 3.0.3
info: { title: Test, version: '1' }
components: { schemas: { A: { x-flow-type: { name: ${type} }, properties: { id: { type: string } } } } }
`
}

/** A document one of whose types is in another document. */
const REFERRING = `
openapi: 3.0.3
info: { title: Test, version: '1' }
components:
  schemas:
    A: { x-flow-type: { name: A }, properties: { at: { $ref: 'part.yaml' } } }
`

async function typesOf(connector: StartedConnector): Promise<string[]> {
  const { typeElements } = await connector.install()
  return typeElements.map(({ developerName }) => developerName)
}

/** Whether flow requests find a type, which has no mapping. */
async function knows(connector: StartedConnector, type: string): Promise<boolean> {
  const { code } = problem(await connector.load(type))
  assert.ok(code === 'TYPE_UNKNOWN' || code === 'MAPPING_MISSING', code)
  return code === 'MAPPING_MISSING'
}

/** Starts replicas that differ in what is given. */
async function startDiffering(
  t: TestContext,
  redisUrl: string,
  documentUrl: string,
  ...differing: readonly { readonly [name: string]: string }[]
): Promise<StartedConnector[]> {
  const common = replicaEnvironment(redisUrl)
  const started = await Promise.all(
    differing.map(own => startConnector(t, { 'Schema URL': documentUrl }, { ...common, ...own }))
  )
  await untilRedis('ok', started)
  return started
}

test('R12 three replicas that are asked at once compile a document once', async t => {
  const redis = await startRedis(t)
  const files = await startFiles(t, { '/a': documentOf('Shared'), '/b': documentOf('Other') })
  const replicas = await startReplicas(t, redis.url, { 'Schema URL': `${files.url}/a` })
  await untilRedis('ok', replicas)
  // From here on there is a process that compiles at once.
  await replicas[0].as({ configuration: { 'Schema URL': `${files.url}/b` } }).install()
  const before = compilations()
  const calls = Array.from({ length: 60 }, (_, index) => replicas[index % 3])
  const found = await Promise.all(calls.map(replica => replica && typesOf(replica)))
  assert.deepEqual(new Set(found.map(types => types?.join())), new Set(['Shared']))
  assert.equal(compilations() - before, 1)
})

test('a replica that starts later has the model of the others, and so for a document of several parts', async t => {
  const redis = await startRedis(t)
  const files = await startFiles(t, {
    '/a.yaml': REFERRING,
    '/part.yaml': 'type: object\nproperties: { one: { type: string } }'
  })
  const common = replicaEnvironment(redis.url)
  const start = async (): Promise<StartedConnector> => {
    const replica = await startConnector(t, { 'Schema URL': `${files.url}/a.yaml` }, common)
    await untilRedis('ok', [replica])
    return replica
  }
  const first = await start()
  const types = await typesOf(first)
  assert.deepEqual(types, ['A', 'A:at'])
  const names = await redis.client.keys('*')
  const second = await start()
  assert.deepEqual(await typesOf(second), types)
  assert.deepEqual((await redis.client.keys('*')).toSorted(), names.toSorted())
  // Whoever installs asks whether it is still so.
  const confirmed = ['304 /a.yaml', '304 /part.yaml']
  assert.deepEqual(files.takeFetches(), ['200 /a.yaml', '200 /part.yaml', ...confirmed])

  files.put('/plain.yaml', documentOf('Plain'))
  const plain = { configuration: { 'Schema URL': `${files.url}/plain.yaml` } }
  await typesOf(first.as(plain))
  const before = compilations()
  assert.deepEqual(await typesOf(second.as(plain)), ['Plain'])
  assert.equal(compilations(), before)
})

test('R18 a replica with other rules of compiling takes no model of the others', async t => {
  const redis = await startRedis(t)
  const files = await startFiles(t, {
    '/a': documentOf('A').replace(
      '{ type: string }',
      '{ type: object, properties: { b: { type: string } } }'
    )
  })
  const [one, other] = await startDiffering(
    t,
    redis.url,
    `${files.url}/a`,
    {},
    { DERIVED_TYPES_MAX: '0' }
  )
  assert.ok(one && other)
  assert.deepEqual(await typesOf(one), ['A', 'A:id'])
  assert.deepEqual(await typesOf(other), ['A'])
  assert.deepEqual(await typesOf(one), ['A', 'A:id'])
})

test('R18 a change that one replica has seen is told to all, who do not fetch it again', async t => {
  const redis = await startRedis(t)
  const files = await startFiles(t, { '/a': documentOf('Old') })
  const [early, late] = await startDiffering(
    t,
    redis.url,
    `${files.url}/a`,
    { DOCUMENT_TTL_S: '1' },
    { DOCUMENT_TTL_S: '3600' }
  )
  assert.ok(early && late)
  assert.deepEqual([await knows(early, 'Old'), await knows(late, 'Old')], [true, true])
  const before = compilations()
  files.put('/a', documentOf('New'))
  while (!(await knows(early, 'New'))) await wait(50)
  // News take a moment; without them it would be an hour.
  while (!(await knows(late, 'New'))) await wait(10)
  assert.deepEqual([await knows(early, 'Old'), await knows(late, 'Old')], [false, false])
  assert.equal(files.takeFetches().filter(fetch => fetch.startsWith('200')).length, 2)
  assert.equal(compilations() - before, 1)
})

test('C3 R18 what replicas tell each other is sealed, and what others say there is not heard', async t => {
  const redis = await startRedis(t)
  const files = await startFiles(t, { '/s3cret': documentOf('Old') })
  const [replica] = await startDiffering(t, redis.url, `${files.url}/s3cret`, {
    DOCUMENT_TTL_S: '1'
  })
  assert.ok(replica)
  const heard: string[] = []
  const listener = redis.client.duplicate()
  t.after(() => listener.disconnect())
  await listener.psubscribe('*')
  listener.on('pmessageBuffer', (_pattern, channel: Buffer, message: Buffer) => {
    heard.push(`${channel.toString()} ${message.toString('latin1')}`)
  })
  await typesOf(replica)
  const channel = 'openapi-flow:1:news'
  for (const noise of ['', 'x', '{"key":"a","fetchedAt":9e99}', 'x'.repeat(100_000)]) {
    await redis.client.publish(channel, noise)
  }
  files.put('/s3cret', documentOf('New'))
  while ((await typesOf(replica))[0] === 'Old') await wait(50)
  while (heard.length < 5) await wait(10)
  const [last = ''] = heard.slice(-1)
  assert.ok(last.startsWith(`${channel} `))
  for (const secret of ['s3cret', 'fetchedAt', 'key', new URL(files.url).host]) {
    assert.ok(!last.includes(secret), secret)
  }
  assert.deepEqual(await typesOf(replica), ['New'])
})
