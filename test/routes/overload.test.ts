import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { getHeapStatistics } from 'node:v8'

import { fastify } from 'fastify'
import { Value } from 'typebox/value'

import { addProblemHandler } from '../../service/plugins/problem-handler.ts'
import { addShedding, processLimits } from '../../service/plugins/shedding.ts'
import { Problem } from '../../service/protocol/schemas.ts'
import { json, startApp } from '../support/start-app.ts'

const load = json('POST', { objectDataType: { developerName: 'Asset' } })
const PATIENCE = { timeout: 60_000, interval: 20 }

/** Makes each turn of the event loop so long until told to stop: a shorter turn between would halve the median. */
function blockLoop(t: TestContext, milliseconds: number): () => void {
  let isOver = false
  const block = (): void => {
    if (isOver) return
    const end = performance.now() + milliseconds
    while (performance.now() < end);
    setImmediate(block)
  }
  setImmediate(block)
  const stop = (): void => {
    isOver = true
  }
  t.after(stop)
  return stop
}

async function checkOverloaded(response: Response, reason: RegExp): Promise<void> {
  const problem: unknown = await response.json()
  assert.ok(Value.Check(Problem, problem), JSON.stringify(problem))
  assert.deepEqual([response.status, problem.code], [503, 'OVERLOADED'])
  assert.match(problem.message, reason)
  assert.equal(response.headers.get('retry-after'), '2')
  assert.equal(response.headers.get('x-manywho-service-problem-kind'), 'service')
}

test('R19 while the event loop is late flow requests are OVERLOADED, and health answers', async t => {
  let loads = 0
  const { url } = await startApp(t, {
    operations: {
      load: async () => {
        loads++
        return { objects: [], hasMoreResults: false }
      }
    },
    readSampleFile: async () => Buffer.from('openapi: 3.0.3'),
    loopDelayMs: processLimits().loopDelayMs
  })
  assert.equal((await fetch(`${url}/data`, load)).status, 200)
  const stop = blockLoop(t, 300)
  await t.waitFor(
    async () => assert.equal((await fetch(`${url}/data`, load)).status, 503),
    PATIENCE
  )
  const before = loads
  const refused = Promise.all([fetch(`${url}/data`, load), fetch(`${url}/metadata`)])
  const served = Promise.all(
    ['/health', '/health/live', '/health/ready', '/samples/weather.yaml', '/nothing'].map(
      async path => (await fetch(url + path)).status
    )
  )
  for (const response of await refused) await checkOverloaded(response, /its event loop is late/)
  assert.equal(loads, before)
  assert.deepEqual(await served, [200, 200, 200, 200, 404])
  stop()
  await t.waitFor(
    async () => assert.equal((await fetch(`${url}/data`, load)).status, 200),
    PATIENCE
  )
})

test('R19 one long piece of work is no overload: what came meanwhile is answered', async t => {
  const { url } = await startApp(t, {
    operations: { load: async () => ({ objects: [], hasMoreResults: false }) },
    // A busy machine makes the loop later than the usual limit; each piece is longer than this one.
    loopDelayMs: 1_000
  })
  for (let count = 0; count < 2; count++) {
    const end = performance.now() + 1_200
    while (performance.now() < end);
    const calls = Array.from({ length: 20 }, () => fetch(`${url}/data`, load))
    const statuses = (await Promise.all(calls)).map(({ status }) => status)
    assert.deepEqual(statuses, Array(20).fill(200))
  }
})

const NO_LIMITS = { loopDelayMs: 60_000, heapBytes: 2 ** 50, processBytes: 2 ** 50 }

for (const [name, limits] of [
  ['heap', { heapBytes: 1 }],
  ['container', { processBytes: 1 }]
] as const) {
  test(`R19 near the limit of its ${name} flow requests are OVERLOADED, and others are answered`, async t => {
    const app = fastify()
    t.after(() => app.close())
    addProblemHandler(app, 1)
    addShedding(app, { ...NO_LIMITS, ...limits })
    app.register(async routes => {
      routes.get('/flow', async () => 'done')
      routes.get('/health', { config: { isFlow: false } }, async () => '')
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    await t.waitFor(async () => assert.equal((await fetch(`${url}/flow`)).status, 503), PATIENCE)
    await checkOverloaded(await fetch(`${url}/flow`), /its memory is nearly full/)
    assert.equal((await fetch(`${url}/health`)).status, 200)
  })
}

test('R19 the limits are those of the process: late by 250 ms, nine tenths of its memory', () => {
  const { loopDelayMs, heapBytes, processBytes } = processLimits()
  assert.equal(loopDelayMs, 250)
  assert.equal(heapBytes, getHeapStatistics().heap_size_limit * 0.9)
  const container = process.constrainedMemory()
  assert.equal(processBytes, container === 0 ? Number.POSITIVE_INFINITY : container * 0.9)
})
