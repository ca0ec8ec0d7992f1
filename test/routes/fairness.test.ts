import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { Value } from 'typebox/value'

import type { Caller, LoadResult } from '../../service/operations/types.ts'
import { Problem } from '../../service/protocol/schemas.ts'
import { json, startApp } from '../support/start-app.ts'

const load = { objectDataType: { developerName: 'Asset' } }
const NOTHING: LoadResult = { objects: [], hasMoreResults: false }

type Running = {
  readonly caller: Caller
  /** Until the deadline, when the load began (ms). */
  readonly leftMs: number
  readonly end: (result: LoadResult | Error) => void
}

/** The service with loads that run until the test ends them. */
async function startGate(t: TestContext, environment: { readonly [name: string]: string }) {
  /** Loads in the order of their turns. */
  const turns: Running[] = []
  let isOver = false
  t.after(() => {
    isOver = true
    for (const { end } of turns) end(NOTHING)
  })
  const started = await startApp(t, {
    environment,
    operations: {
      load: caller => {
        if (isOver) return Promise.resolve(NOTHING)
        const { promise, resolve, reject } = Promise.withResolvers<LoadResult>()
        turns.push({
          caller,
          leftMs: caller.deadline.timeLeftMs(),
          end: result => (result instanceof Error ? reject(result) : resolve(result))
        })
        return promise
      }
    },
    readSampleFile: async () => Buffer.from('openapi: 3.0.3')
  })
  const send = (tenant: string, signal?: AbortSignal, door = '') =>
    fetch(`${started.url}${door}/data`, {
      ...json('POST', load, { manywhotenant: tenant }),
      ...(signal && { signal })
    })
  return {
    ...started,
    turns,
    /** Sends so many loads and waits until each of them runs or waits. */
    flood: async (
      tenant: string | ((index: number) => string),
      count: number,
      door?: string
    ): Promise<Promise<Response>[]> => {
      const before = started.arrivals()
      const nameOf = typeof tenant === 'string' ? () => tenant : tenant
      const calls = Array.from({ length: count }, (_, index) =>
        send(nameOf(index), undefined, door)
      )
      await t.waitFor(() => assert.equal(started.arrivals(), before + count), { timeout: 20_000 })
      return calls
    },
    send,
    /** Ends the load that runs at a place, and waits for so many turns in all. */
    end: async (index: number, turnsAfter: number, result: LoadResult | Error = NOTHING) => {
      turns[index]?.end(result)
      await t.waitFor(() => assert.equal(turns.length, turnsAfter), { timeout: 20_000 })
    },
    tenants: () => turns.map(({ caller }) => caller.owner.tenant)
  }
}

async function problemOf(answer: Promise<Response>) {
  const response = await answer
  const problem: unknown = await response.json()
  assert.ok(Value.Check(Problem, problem), JSON.stringify(problem))
  assert.equal(response.headers.get('x-manywho-service-problem-kind'), 'service')
  const { code, statusCode, message } = problem
  return { code, statusCode, message, retryAfter: response.headers.get('retry-after') }
}

test('C6 MAX_IN_FLIGHT loads run; the next turn is that of the tenant with the fewest running', async t => {
  const { flood, end, tenants } = await startGate(t, { MAX_IN_FLIGHT: '3' })
  const calls = await flood('a', 6)
  calls.push(...(await flood('b', 2)))
  assert.deepEqual(tenants(), ['a', 'a', 'a'])
  await end(0, 4)
  await end(1, 5)
  await end(3, 6)
  assert.deepEqual(tenants().slice(3), ['b', 'a', 'b'])
  await end(2, 7)
  await end(4, 8)
  for (const index of [5, 6, 7]) await end(index, 8)
  const statuses = (await Promise.all(calls)).map(({ status }) => status)
  assert.deepEqual(statuses, Array(8).fill(200))
})

test('C6 past 128 waiting a tenant is TENANT_BUSY, while others may wait and health does not', async t => {
  const { url, flood, send, tenants, end } = await startGate(t, { MAX_IN_FLIGHT: '1' })
  await flood('a', 129)
  assert.deepEqual(await problemOf(send('a')), {
    code: 'TENANT_BUSY',
    statusCode: 503,
    message: '128 requests of this tenant are already queued [TENANT_BUSY]',
    retryAfter: '1'
  })
  for (const path of ['/health', '/health/live', '/health/ready', '/samples/weather.yaml']) {
    assert.equal((await fetch(url + path)).status, 200, path)
  }
  assert.equal((await fetch(`${url}/nothing`)).status, 404)
  await flood('b', 1)
  await end(0, 2)
  assert.deepEqual(tenants(), ['a', 'b'])
})

test('R9 a caller that hangs up while waiting leaves the queue, and its load never runs', async t => {
  const { url, flood, send, arrivals, turns, end, tenants } = await startGate(t, {
    MAX_IN_FLIGHT: '1'
  })
  const [first] = await flood('a', 1)
  const caller = new AbortController()
  const gone = Array.from({ length: 128 }, () => send('b', caller.signal))
  await t.waitFor(() => assert.equal(arrivals(), 129), { timeout: 20_000 })
  assert.equal((await problemOf(send('b'))).code, 'TENANT_BUSY')
  caller.abort()
  await Promise.allSettled(gone)
  // There is room again as soon as the service knows.
  let last: Promise<Response> | undefined
  await t.waitFor(
    async () => {
      const [next] = await flood('b', 1)
      assert.ok(next)
      let isRefused = false
      void next.then(() => {
        isRefused = true
      })
      // Meanwhile a refusal comes.
      for (let round = 0; round < 5; round++) await (await fetch(`${url}/health`)).text()
      assert.ok(!isRefused, 'still busy')
      last = next
    },
    { timeout: 20_000 }
  )
  await end(0, 2)
  assert.equal((await first)?.status, 200)
  turns[1]?.end(NOTHING)
  assert.equal((await last)?.status, 200)
  assert.deepEqual(tenants(), ['a', 'b'])
})

test('a turn that ends in a failure, or for a caller who hung up, is given on', async t => {
  const { flood, send, end, turns } = await startGate(t, { MAX_IN_FLIGHT: '1' })
  const caller = new AbortController()
  const left = assert.rejects(send('a', caller.signal))
  await t.waitFor(() => assert.equal(turns.length, 1), { timeout: 20_000 })
  const [failing, last] = await flood('a', 2)
  caller.abort()
  await left
  await t.waitFor(() => assert.ok(turns[0]?.caller.deadline.signal.aborted), { timeout: 20_000 })
  // The load has its place until it is over, and nobody runs beside it.
  assert.equal(turns.length, 1)
  await end(0, 2, new Error('aborted'))
  await end(1, 3, new TypeError('no'))
  assert.equal((await failing)?.status, 500)
  turns[2]?.end(NOTHING)
  assert.equal((await last)?.status, 200)
})

test('R10 waiting counts into FLOW_TIMEOUT_MS', async t => {
  const { flood, end, turns } = await startGate(t, {
    MAX_IN_FLIGHT: '1',
    FLOW_TIMEOUT_MS: '4000'
  })
  const [first, second] = await flood('a', 2)
  assert.ok(second !== undefined)
  assert.deepEqual(await problemOf(second), {
    code: 'FLOW_TIMEOUT',
    statusCode: 504,
    message: 'the request was not finished within 4000 ms: it was still queued [FLOW_TIMEOUT]',
    retryAfter: null
  })
  await end(0, 1)
  assert.equal((await first)?.status, 200)
  const [third, fourth] = await flood('a', 2)
  const queued = performance.now()
  await t.waitFor(() => assert.ok(performance.now() - queued >= 200), { timeout: 20_000 })
  await end(1, 3)
  turns[2]?.end(NOTHING)
  assert.deepEqual([(await third)?.status, (await fourth)?.status], [200, 200])
  assert.ok((turns[2]?.leftMs ?? 4000) < 3900)
})

test('R10 work that does not hear that its time is over is FLOW_TIMEOUT, and its place is free again', async t => {
  const { flood, turns, end } = await startGate(t, { MAX_IN_FLIGHT: '1', FLOW_TIMEOUT_MS: '1000' })
  const [stuck] = await flood('a', 1)
  assert.ok(stuck !== undefined)
  const { code, statusCode, message } = await problemOf(stuck)
  assert.deepEqual([code, statusCode], ['FLOW_TIMEOUT', 504])
  assert.match(message, /within 1000 ms: it did not stop when it was aborted/)
  const [next] = await flood('a', 1)
  await end(1, 2)
  assert.equal((await next)?.status, 200)
  // What it has to say at last is heard by nobody, and harms nobody.
  turns[0]?.end(new Error('late'))
  const [last] = await flood('a', 1)
  await end(2, 3)
  assert.equal((await last)?.status, 200)
})

test('C6 TENANT_REQUESTS_PER_SECOND bounds each tenant, says when to come again, and counts no refusal', async t => {
  const limit = 3
  const { url } = await startApp(t, {
    environment: { TENANT_REQUESTS_PER_SECOND: `${limit}` },
    operations: { load: async () => NOTHING }
  })
  const send = (tenant: string) =>
    fetch(`${url}/data`, json('POST', load, { manywhotenant: tenant }))
  /** Loads of a tenant at once: how many were served of how many allowed, and the refusals. */
  const burst = async () => {
    const begun = performance.now()
    const answers = await Promise.all(Array.from({ length: 24 }, () => send('a')))
    const windows = Math.floor((performance.now() - begun) / 1000) + 1
    const refused = answers.filter(({ status }) => status !== 200)
    return { served: answers.length - refused.length, allowed: windows * limit, refused }
  }
  // On a machine that takes seconds for a burst, all of it may be allowed.
  let first = await burst()
  while (first.refused.length === 0) first = await burst()
  assert.ok(first.served <= first.allowed, `${first.served} of ${first.allowed}`)
  const [refusal] = first.refused
  assert.ok(refusal !== undefined)
  const { code, statusCode, retryAfter } = await problemOf(Promise.resolve(refusal))
  assert.deepEqual([code, statusCode, retryAfter], ['TENANT_RATE_LIMITED', 429, '1'])
  assert.equal((await send('b')).status, 200)
  assert.equal((await fetch(`${url}/health`)).status, 200)
  await wait(Number(retryAfter) * 1000)
  assert.equal((await send('a')).status, 200)
})

const [DOOR_A, DOOR_B] = ['/k/token-of-a-0123456789', '/k/token-of-b-0123456789'] as const
const TWO_DOORS = { CONNECTOR_TOKENS: 'token-of-a-0123456789,token-of-b-0123456789' }

/** Loads, each of another tenant behind a door: the codes of the problems, blank for those that were served. */
async function loadAsMany(url: string, count: number): Promise<string[]> {
  const answers = Array.from({ length: count }, async (_, index) => {
    const headers = { manywhotenant: `invented ${index}` }
    const response = await fetch(`${url}/data`, json('POST', load, headers))
    return response.status === 200 ? '' : (await problemOf(Promise.resolve(response))).code
  })
  return Promise.all(answers)
}

for (const [name, ofTenant] of [
  ['alone', {}],
  ['above that of each tenant', { TENANT_REQUESTS_PER_SECOND: '2' }]
] as const) {
  test(`H6 DOOR_REQUESTS_PER_SECOND ${name} bounds the tenants that one token invents, and no other token`, async t => {
    const limit = 5
    const { url } = await startApp(t, {
      environment: { ...TWO_DOORS, ...ofTenant, DOOR_REQUESTS_PER_SECOND: `${limit}` },
      operations: { load: async () => NOTHING }
    })
    // On a machine that takes seconds for a burst, all of it may be allowed.
    for (;;) {
      const begun = performance.now()
      const codes = await loadAsMany(url + DOOR_A, 40)
      const windows = Math.floor((performance.now() - begun) / 1000) + 1
      const served = codes.filter(code => code === '').length
      assert.ok(served <= windows * limit, `${served} in ${windows} s`)
      assert.deepEqual(new Set(codes.filter(code => code !== '')), new Set(['DOOR_RATE_LIMITED']))
      if (served < 40) break
    }
    assert.deepEqual(await loadAsMany(url + DOOR_B, limit), Array(limit).fill(''))
  })
}

test('H6 a request that its tenant may not send takes nothing from the other tenants of its token', async t => {
  const { url } = await startApp(t, {
    environment: { DOOR_REQUESTS_PER_SECOND: '20', TENANT_REQUESTS_PER_SECOND: '1' },
    operations: { load: async () => NOTHING }
  })
  const send = () => fetch(`${url}/data`, json('POST', load, { manywhotenant: 'a' }))
  const answers = await Promise.all(Array.from({ length: 50 }, send))
  const refused = answers.filter(({ status }) => status !== 200)
  for (const answer of refused) {
    assert.equal((await problemOf(Promise.resolve(answer))).code, 'TENANT_RATE_LIMITED')
  }
  assert.deepEqual(await loadAsMany(url, 9), Array(9).fill(''))
})

for (const [inFlight, most] of [
  ['4', 3],
  ['10', 7],
  ['1', 1]
] as const) {
  test(`H6 of MAX_IN_FLIGHT ${inFlight} one of two door tokens runs ${most}, whatever tenants it names`, async t => {
    const gate = await startGate(t, { ...TWO_DOORS, MAX_IN_FLIGHT: inFlight })
    await gate.flood(index => `invented ${index}`, 30, DOOR_A)
    assert.equal(gate.turns.length, most)
    await gate.flood('b', 1, DOOR_B)
    const isAtOnce = most < Number(inFlight)
    assert.equal(gate.turns.length, isAtOnce ? most + 1 : most)
    if (!isAtOnce) await gate.end(0, most + 1)
    assert.equal(gate.tenants().at(-1), 'b')
  })
}

test('H6 a token that is listed twice is one, and a single one may use all', async t => {
  const token = 'token-of-a-0123456789'
  const environment = { CONNECTOR_TOKENS: `${token}, ${token}`, MAX_IN_FLIGHT: '4' }
  const gate = await startGate(t, environment)
  await gate.flood('a', 6, DOOR_A)
  assert.equal(gate.turns.length, 4)
})

test('H6 a basic login beside a token is another door', async t => {
  const gate = await startGate(t, {
    ...{ CONNECTOR_TOKENS: 'token-of-a-0123456789', MAX_IN_FLIGHT: '4' },
    ...{ CONNECTOR_USERNAME: 'u', CONNECTOR_PASSWORD: 'p' }
  })
  await gate.flood('a', 6, DOOR_A)
  assert.equal(gate.turns.length, 3)
})

for (const waiting of [0, 7]) {
  test(`H6 WAITING_MAX ${waiting} bounds what waits of all tenants, and a door token keeps its part`, async t => {
    const environment = { ...TWO_DOORS, MAX_IN_FLIGHT: '4', WAITING_MAX: String(waiting) }
    const gate = await startGate(t, environment)
    const calls = await gate.flood(index => `invented ${index}`, 3 + waiting + 20, DOOR_A)
    const answered: string[] = []
    for (const call of calls) {
      void problemOf(call).then(
        ({ code, statusCode, message, retryAfter }) => {
          answered.push(code)
          assert.deepEqual([statusCode, retryAfter], [503, '1'])
          assert.ok(message.includes(`${waiting} requests`) && message.includes('WAITING_MAX'))
        },
        () => {}
      )
    }
    await t.waitFor(() => assert.equal(answered.length, 20), { timeout: 20_000 })
    assert.deepEqual(new Set(answered), new Set(['SERVICE_BUSY']))
    // One runs at once in the quarter that is not for the other token, the others push out those of that token.
    await gate.flood('b', 1 + Math.floor(waiting / 2), DOOR_B)
    assert.equal(gate.tenants().at(-1), 'b')
    const pushed = Math.floor(waiting / 2)
    await t.waitFor(() => assert.equal(answered.length, 20 + pushed), { timeout: 20_000 })
  })
}
