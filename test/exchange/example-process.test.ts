import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { Value } from 'typebox/value'

import { COMMON_ASKERS, oneAsker } from '../../service/base/askers.ts'
import { createOwner } from '../../service/base/owner.ts'
import { exampleAnswer } from '../../service/exchange/example-answer.ts'
import type { ExampleLimits, MakeExample } from '../../service/exchange/example-process.ts'
import {
  cacheExamples,
  createExampleProcess,
  USUAL_EXAMPLE_LIMITS
} from '../../service/exchange/example-process.ts'
import type { MadeExampleRecord, MadeExampleSchema } from '../../service/model/example-record.ts'
import { Problem } from '../../service/protocol/schemas.ts'
import { compile } from '../support/compile.ts'
import { openModel } from '../support/open-model.ts'
import { startApp } from '../support/start-app.ts'

/** Far more than any value needs, so that only a hang ends by it. */
const PATIENT_MS = 30_000

/** Ends a hang soon, and leaves a busy machine time for any other value. */
const SHORT_MS = 1_000

/** Makes examples for nobody in particular. */
function forNobody(make: MakeExample) {
  return (record: MadeExampleRecord) => make(record, COMMON_ASKERS)
}

function forTenants(make: MakeExample) {
  return (record: MadeExampleRecord, tenant: string) =>
    make(record, oneAsker(createOwner(null, tenant)))
}

function startProcess(t: TestContext, limits: Partial<ExampleLimits> = {}) {
  const exampleProcess = createExampleProcess(
    { ...USUAL_EXAMPLE_LIMITS, timeMs: SHORT_MS, ...limits },
    () => {}
  )
  t.after(() => exampleProcess.close())
  return {
    make: forNobody(exampleProcess.make),
    cached: (now: () => number) => forNobody(cacheExamples(exampleProcess.make, now)),
    makeFor: forTenants(exampleProcess.make),
    cachedFor: (now: () => number) => forTenants(cacheExamples(exampleProcess.make, now)),
    close: () => exampleProcess.close()
  }
}

function madeFrom(schema: MadeExampleSchema): MadeExampleRecord {
  return { schema, seed: 1, idSeed: 1 }
}

/** Schemas as no document leads to: the compiler leaves such patterns out. */
const HANGS = madeFrom({ type: 'string', minLength: 80, pattern: '^(\\w+\\s?)+!$' })
const EATS_MEMORY = madeFrom({ type: 'string', pattern: '^a{1000000000}$' })
const SIMPLE = madeFrom({ type: 'string', format: 'uuid' })

test('R21 a value that does not end is given up in its time, and those that wait are made', async t => {
  const { make } = startProcess(t)
  const [hung, ...others] = await Promise.all([
    make(HANGS),
    make(SIMPLE),
    make(madeFrom({ type: 'boolean' }))
  ])
  assert.deepEqual(hung, { fault: 'slow' })
  assert.ok(others.every(made => 'body' in made))
  assert.deepEqual(await make(SIMPLE), others[0])
})

test('R21 a value that takes all memory ends its own process alone', async t => {
  const { make } = startProcess(t, { timeMs: PATIENT_MS })
  const ticks: number[] = []
  const clock = setInterval(() => ticks.push(performance.now()), 5)
  const [eaten, other] = await Promise.all([make(EATS_MEMORY), make(SIMPLE)])
  clearInterval(clock)
  assert.deepEqual(eaten, { fault: 'large' })
  assert.ok('body' in other)
  assert.ok(ticks.length > 2)
})

test('R20 sixteen values wait, the next is refused at once, and all is well when they are made', async t => {
  const { make } = startProcess(t)
  const hung = make(HANGS)
  const waiting = Array.from({ length: 16 }, () => make(SIMPLE))
  assert.deepEqual(await make(SIMPLE), { fault: 'busy' })
  assert.deepEqual(await hung, { fault: 'slow' })
  const made = await Promise.all(waiting)
  assert.ok(made.every(one => 'body' in one))
  assert.deepEqual(await make(SIMPLE), made[0])
})

test('R20 a load past the queue is a 503 that says when to come again, and then succeeds', async t => {
  const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
paths: {/a: {get: {responses: {'200': {description: ok}}}}}
components:
  schemas:
    A:
      x-flow-type: {name: A}
      x-flow-query: {path: /a, example: true}
      properties: {id: {type: string, format: uuid}}
`)
  const mapping = model.mappings['query:A']
  const endpoint = model.endpoints['GET /a']
  assert.ok(mapping && endpoint)
  const exampleProcess = startProcess(t, { timeMs: 2_000 })
  const make = exampleProcess.cached(() => performance.now())
  const { url } = await startApp(t, {
    operations: {
      load: async () => {
        const source = { model: openModel(model), make }
        const { shown } = await exampleAnswer(source, endpoint, mapping, null)
        assert.equal(shown?.objects.length, 5)
        return { objects: [], hasMoreResults: false }
      }
    }
  })
  const load = () =>
    fetch(`${url}/data`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ configurationValues: [], objectDataType: { developerName: 'A' } })
    })
  const hung = exampleProcess.make(HANGS)
  const waiting = Array.from({ length: 16 }, () => exampleProcess.make(SIMPLE))
  const refused = await load()
  const said = await refused.json()
  assert.ok(Value.Check(Problem, said))
  assert.deepEqual([refused.status, said.code], [503, 'EXAMPLE_BUSY'])
  assert.ok(said.message.includes('GET /a'), said.message)
  assert.equal(refused.headers.get('retry-after'), '1')
  assert.equal((await fetch(`${url}/health`)).status, 200)
  await Promise.all([hung, ...waiting])
  const answered = await load()
  assert.equal(answered.status, 200, await answered.text())
})

test('R21 closing ends the process and whatever waits for it', async t => {
  const exampleProcess = startProcess(t, { timeMs: PATIENT_MS })
  assert.ok('body' in (await exampleProcess.make(SIMPLE)))
  const waiting = [exampleProcess.make(HANGS), exampleProcess.make(SIMPLE)]
  await exampleProcess.close()
  assert.deepEqual(await Promise.all(waiting), [{ fault: 'busy' }, { fault: 'busy' }])
})

test('G12 an example is made once for all who ask, a fault is tried again after a minute', async () => {
  let now = 1_000
  let calls = 0
  const made = [{ body: 'a' }, { fault: 'slow' }, { body: 'b' }] as const
  const make = forNobody(
    cacheExamples(
      async () => made[calls++] ?? { fault: 'slow' },
      () => now
    )
  )
  const [first, second] = await Promise.all([make(SIMPLE), make(SIMPLE)])
  assert.deepEqual([first, second, await make(SIMPLE)], [made[0], made[0], made[0]])
  assert.deepEqual([await make(EATS_MEMORY), await make(EATS_MEMORY)], [made[1], made[1]])
  now += 60_001
  assert.deepEqual(await make(EATS_MEMORY), made[2])
  assert.equal(calls, 3)
})

test('R20 H16 a full queue is neither cached nor that of who has joined, and a failed process is not cached', async () => {
  let calls = 0
  const results = [
    async () => ({ fault: 'busy' }) as const,
    async () => ({ fault: 'busy' }) as const,
    async () => assert.fail('no process'),
    async () => ({ body: 'a' }) as const
  ]
  const make = forNobody(
    cacheExamples(
      async () => (await results[calls++]?.()) ?? { fault: 'slow' },
      () => 1_000
    )
  )
  const waited = await Promise.all([make(SIMPLE), make(SIMPLE)])
  assert.deepEqual(waited, [{ fault: 'busy' }, { fault: 'busy' }])
  const failed = await Promise.allSettled([make(SIMPLE), make(SIMPLE)])
  assert.ok(failed.every(({ status }) => status === 'rejected'))
  assert.deepEqual(
    [await make(SIMPLE), await make(SIMPLE), calls],
    [{ body: 'a' }, { body: 'a' }, 4]
  )
})

test('G12 an evicted example is made again, and callers that wait for one get it', async () => {
  const large = 'x'.repeat(6 * 1024 * 1024)
  let calls = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const make = forNobody(
    cacheExamples(
      async ({ seed }) => {
        calls++
        if (seed === 0) await promise
        return { body: large }
      },
      () => 1_000
    )
  )
  const records = [1, 2, 3].map(seed => ({ ...SIMPLE, seed }))
  const waiting = make({ ...SIMPLE, seed: 0 })
  for (const record of records) await make(record)
  assert.equal(calls, 4)
  for (const record of records.slice(0, 1)) await make(record)
  assert.equal(calls, 5)
  resolve()
  assert.deepEqual(await waiting, { body: large })
})

test('H16 the queue of examples is shared fairly: one owner fills its own part only', async t => {
  const { makeFor } = startProcess(t)
  const order: string[] = []
  const made = (tenant: string, name: string, record = SIMPLE) =>
    makeFor(record, tenant).then(one => {
      order.push(name)
      return one
    })
  const hung = made('a', 'hung', HANGS)
  const flood = Array.from({ length: 16 }, (_, index) => made('a', `a${index}`))
  assert.deepEqual(await makeFor(SIMPLE, 'a'), { fault: 'busy' })
  const other = await made('b', 'b')
  assert.ok('body' in other)
  assert.deepEqual(order.slice(0, 2), ['hung', 'b'])
  assert.deepEqual(await hung, { fault: 'slow' })
  await Promise.all(flood)
})

test('H16 H9 who asks for the example of another is in the queue too, and no full queue of another refuses it', async t => {
  const { makeFor, cachedFor } = startProcess(t)
  const make = cachedFor(() => performance.now())
  const hung = makeFor(HANGS, 'a')
  const flood = Array.from({ length: 16 }, () => makeFor(SIMPLE, 'a'))
  const record = madeFrom({ type: 'boolean' })
  const both = await Promise.all([make(record, 'a'), make(record, 'b')])
  assert.deepEqual(
    both.map(one => 'body' in one),
    [false, true]
  )
  await Promise.all([hung, ...flood])
})

test('H15 a process that is ended from outside is no fault of its example', async () => {
  let calls = 0
  const made = [{ fault: 'killed' }, { body: 'a' }] as const
  const make = forNobody(
    cacheExamples(
      async () => made[calls++] ?? { fault: 'slow' },
      () => 1_000
    )
  )
  assert.deepEqual(
    [await make(SIMPLE), await make(SIMPLE), await make(SIMPLE)],
    [made[0], made[1], made[1]]
  )
})
