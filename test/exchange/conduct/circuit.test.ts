import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'

import { closedPort, startUpstream } from '../../support/start-upstream.ts'
import { CLOSED, conducted, ends, ENOUGH, problem, testTime } from './conducted.ts'

const OPEN_MS = 5_000

/** An API that answers with a status until it is told another, or holds its answers back. */
async function startMoody(t: Parameters<typeof startUpstream>[0]) {
  const held: ServerResponse[] = []
  const mood = { status: 503, calls: 0, holds: false, held }
  const url = await startUpstream(t, (_, response) => {
    mood.calls++
    if (mood.holds) held.push(response)
    else response.writeHead(mood.status).end()
  })
  return { url, mood }
}

/** Waits until something is so, without a bound on time but that of the test. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(resolve => setImmediate(resolve))
}

for (const status of [503, 429]) {
  test(`H03 repeats of ${status} are a tenth of the calls at the most, and three in ten seconds`, async t => {
    const { url, mood } = await startMoody(t)
    mood.status = status
    const time = testTime()
    const ports = { ...time.ports, wait: async () => {} }
    const call = conducted(t, url, ports, { circuit: CLOSED })
    for (let request = 0; request < 10; request++) await problem('API_ERROR', call())
    assert.equal(mood.calls, 10 + 3)
    for (let request = 10; request < 200; request++) await problem('API_ERROR', call())
    assert.equal(mood.calls, 200 + 20)
    time.advance(10_000)
    await problem('API_ERROR', call())
    assert.equal(mood.calls, 220 + 3)
  })
}

test('H03 each tenant has a retry budget of its own at each origin', async t => {
  const first = await startMoody(t)
  const second = await startMoody(t)
  const call = conducted(t, first.url, testTime().ports, { circuit: CLOSED })
  const retry = { max: 9 }
  await problem('API_ERROR', call({ retry }))
  await problem('API_ERROR', call({ retry }))
  assert.equal(first.mood.calls, 5)
  await problem('API_ERROR', call({ retry, tenant: 'other' }))
  assert.equal(first.mood.calls, 9)
  await problem('API_ERROR', call({ retry, url: `${second.url}/things` }))
  assert.equal(second.mood.calls, 4)
})

test('R5 H15 a dead API gets at most 1.1 calls for each flow request and the floor, then one probe at a time', async t => {
  const { url, mood } = await startMoody(t)
  const time = testTime('by hand')
  const ports = { ...time.ports, wait: async () => {} }
  const call = conducted(t, url, ports)
  const requests = 100
  const codes = new Set<string | number>()
  for (let request = 0; request < requests; request++) {
    for (const end of await ends([call()])) codes.add(end)
  }
  assert.ok(mood.calls <= 1.1 * requests + 3, `${mood.calls} calls`)
  assert.equal(mood.calls, 10, 'ten failures open the circuit')
  assert.deepEqual([...codes], ['API_ERROR', 'CIRCUIT_OPEN'])
  for (let probe = 1; probe <= 3; probe++) {
    time.advance(OPEN_MS)
    await ends(Array.from({ length: 20 }, () => call()))
    assert.equal(mood.calls, 10 + probe)
  }
})

test('H15 an open circuit is a 503 that says when to come again', async t => {
  const { url, mood } = await startMoody(t)
  const time = testTime('by hand')
  const call = conducted(t, url, time.ports)
  await ends(Array.from({ length: 10 }, () => call({ retry: { max: 0 } })))
  time.advance(1_500)
  const refused = await problem('CIRCUIT_OPEN', call())
  assert.deepEqual([refused.status, refused.retryAfterSeconds, mood.calls], [503, 4, 10])
  assert.ok(refused.message.includes(`${new URL(url).host}`), refused.message)
})

test('R8 H15 one of twenty calls at once is the probe, and its success closes the circuit', async t => {
  const { url, mood } = await startMoody(t)
  const time = testTime('by hand')
  const call = conducted(t, url, time.ports)
  const twenty = () => Array.from({ length: 20 }, () => call({ retry: { max: 0 } }))
  await ends(Array.from({ length: 10 }, () => call({ retry: { max: 0 } })))
  time.advance(OPEN_MS)
  mood.holds = true
  const calls = ends(twenty())
  await until(() => mood.held.length > 0)
  assert.deepEqual(await ends(twenty()), Array(20).fill('CIRCUIT_OPEN'))
  mood.held[0]?.writeHead(200).end()
  assert.deepEqual((await calls).toSorted(), [200, ...Array(19).fill('CIRCUIT_OPEN')])
  assert.equal(mood.calls, 11)
  Object.assign(mood, { holds: false, status: 200 })
  assert.deepEqual(await ends(twenty()), Array(20).fill(200))
})

test('R8 H15 whoever hangs up on the probe leaves it to the next', async t => {
  const { url, mood } = await startMoody(t)
  const time = testTime('by hand')
  const call = conducted(t, url, time.ports)
  await ends(Array.from({ length: 10 }, () => call({ retry: { max: 0 } })))
  time.advance(OPEN_MS)
  mood.holds = true
  const controller = new AbortController()
  const probe = call({ signal: controller.signal })
  await until(() => mood.held.length > 0)
  controller.abort(new Error('hung up'))
  await assert.rejects(probe, /hung up/)
  Object.assign(mood, { holds: false, status: 200 })
  assert.deepEqual(await ends([call()]), [200])
})

test('C7 H15 a circuit is of one tenant and one origin', async t => {
  const dead = await startMoody(t)
  const other = await startMoody(t)
  const call = conducted(t, dead.url, testTime().ports)
  const retry = { max: 0 }
  await ends(Array.from({ length: 10 }, () => call({ retry })))
  await problem('CIRCUIT_OPEN', call({ retry }))
  await problem('API_ERROR', call({ retry, tenant: 'other' }))
  await problem('API_ERROR', call({ retry, url: `${other.url}/things` }))
})

/** Fails calls of operations of one API by an answer, in turn. */
async function failInTurn(
  call: ReturnType<typeof conducted>,
  operations: readonly string[],
  calls: number
): Promise<void> {
  for (let index = 0; index < calls; index++) {
    const operation = operations[index % operations.length] ?? ''
    await ends([call({ operation, retry: { max: 0 } })])
  }
}

for (const [fails, works] of [
  ['GET /things', 'GET /others'],
  ['POST /things', 'GET /things']
] as const) {
  test(`V8 C7 H15 ${fails} that always fails leaves ${works} of the same origin alone`, async t => {
    const { url, mood } = await startMoody(t)
    const time = testTime('by hand')
    const call = conducted(t, url, time.ports)
    const retry = { max: 0 }
    for (let round = 0; round < 30; round++) {
      mood.status = 503
      await ends([call({ operation: fails, retry })])
      mood.status = 200
      assert.deepEqual(await ends([call({ operation: works, retry })]), [200])
    }
    assert.equal(mood.calls, 10 + 30)
    const refused = await problem('CIRCUIT_OPEN', call({ operation: fails, retry }))
    assert.ok(refused.message.includes(`${fails} of ${new URL(url).host}`), refused.message)
    time.advance(OPEN_MS)
    assert.deepEqual(await ends([call({ operation: fails, retry })]), [200])
  })
}

for (const operations of [['GET /a', 'GET /b'], Array.from('abcdefghij', name => `GET /${name}`)]) {
  test(`V8 C7 H15 ${operations.length} operations that fail close their origin for all others`, async t => {
    const { url, mood } = await startMoody(t)
    const call = conducted(t, url, testTime('by hand').ports)
    await failInTurn(call, operations, 10)
    const refused = await problem('CIRCUIT_OPEN', call({ operation: 'GET /other' }))
    assert.ok(!refused.message.includes('/other'), refused.message)
    assert.equal(mood.calls, 10)
  })
}

test('V8 C7 H15 an operation that fails counts for half of what closes its origin', async t => {
  const { url, mood } = await startMoody(t)
  const call = conducted(t, url, testTime('by hand').ports)
  await failInTurn(call, ['GET /a'], 20)
  await failInTurn(call, ['GET /b'], 4)
  assert.equal(mood.calls, 10 + 4)
  mood.status = 200
  assert.deepEqual(await ends([call({ operation: 'GET /c' })]), [200])
})

test('V8 C7 H15 connections that fail close the origin for operations that were never called', async t => {
  const url = `http://${await closedPort()}`
  const call = conducted(t, url, testTime('by hand').ports)
  await failInTurn(call, ['GET /a'], 10)
  await problem('CIRCUIT_OPEN', call({ operation: 'GET /b' }))
})

test('V8 C7 H15 the first success of any operation opens the origin again, and each operation has its own probe', async t => {
  const { url, mood } = await startMoody(t)
  const time = testTime('by hand')
  const call = conducted(t, url, time.ports)
  await failInTurn(call, ['GET /a'], 10)
  await failInTurn(call, ['GET /b', 'GET /c'], 10)
  await problem('CIRCUIT_OPEN', call({ operation: 'GET /d' }))
  time.advance(OPEN_MS)
  mood.status = 200
  assert.deepEqual(await ends([call({ operation: 'GET /d' })]), [200])
  assert.deepEqual(
    await ends([call({ operation: 'GET /b' }), call({ operation: 'GET /a' })]),
    [200, 200]
  )
})

test('C7 H15 an API that refuses with 4xx is never left alone', async t => {
  const { url, mood } = await startMoody(t)
  const call = conducted(t, url, testTime().ports, { budget: { ...ENOUGH, floor: 0, share: 0 } })
  for (const status of [400, 401, 403, 404, 408, 429]) {
    mood.status = status
    const refusals = await ends(Array.from({ length: 20 }, () => call()))
    assert.deepEqual(refusals, Array(20).fill('API_ERROR'), `${status}`)
  }
})

test('H15 an API that fails less than half of its calls is not left alone', async t => {
  const { url, mood } = await startMoody(t)
  const call = conducted(t, url, testTime().ports)
  for (let round = 0; round < 40; round++) {
    mood.status = round % 5 < 3 ? 200 : 500
    await ends([call()])
  }
  assert.equal(mood.calls, 40)
})

test('H15 failures that are long over do not count', async t => {
  const { url, mood } = await startMoody(t)
  const time = testTime('by hand')
  const call = conducted(t, url, time.ports)
  for (let failure = 0; failure < 30; failure++) {
    await ends([call({ retry: { max: 0 } })])
    time.advance(1_200)
  }
  assert.equal(mood.calls, 30)
})

test('R5 H15 refused connections, resets and time-outs open the circuit', async t => {
  const silent = await startUpstream(t, () => {})
  const resetting = await startUpstream(t, (_, response) => response.destroy())
  for (const [url, code, callMs] of [
    [`http://${await closedPort()}`, 'UPSTREAM_UNREACHABLE', 60_000],
    [resetting, 'UPSTREAM_RESET', 60_000],
    [silent, 'UPSTREAM_TIMEOUT', 100]
  ] as const) {
    const call = conducted(t, url, testTime().ports, { callMs })
    const calls = Array.from({ length: 10 }, () => call({ retry: { max: 0 } }))
    assert.deepEqual(await ends(calls), Array(10).fill(code))
    await problem('CIRCUIT_OPEN', call())
  }
})

test('H15 calls that wait for a place when the circuit opens are not made', async t => {
  const { url, mood } = await startMoody(t)
  const slots = { running: 10, waiting: 64, waitMs: 60_000 }
  const call = conducted(t, url, testTime().ports, { slots })
  const waiting = Array.from({ length: 30 }, () => call({ retry: { max: 0 } }))
  const refusals = (await ends(waiting)).toSorted()
  assert.deepEqual(refusals.slice(0, 10), Array(10).fill('API_ERROR'))
  assert.ok(refusals.filter(end => end === 'CIRCUIT_OPEN').length >= 10)
  assert.ok(mood.calls <= 20, `${mood.calls} calls`)
})
