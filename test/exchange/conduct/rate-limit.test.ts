import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { startUpstream } from '../../support/start-upstream.ts'
import type { CallChanges, TestTime } from './conducted.ts'
import { conducted, ends, problem, START, testTime } from './conducted.ts'

type Headers = { readonly [name: string]: string }

/** An API that counts its calls, and answers with the headers that it is told. */
async function startCounting(t: TestContext) {
  const answers: { readonly status?: number; readonly headers: Headers }[] = []
  const api = { url: '', calls: 0, answers }
  api.url = await startUpstream(t, (_, response) => {
    api.calls++
    const { status = 200, headers } = answers.shift() ?? { headers: {} }
    response.writeHead(status, headers).end('{}')
  })
  return api
}

/** Lets time pass until calls have ended, step by step. */
async function passing(time: TestTime, stepMs: number, calls: readonly Promise<unknown>[]) {
  let open = true
  const done = Promise.allSettled(calls).then(() => {
    open = false
  })
  while (open) {
    const waits = time.waits.length
    for (let tick = 0; tick < 20 && open; tick++) await new Promise(end => setImmediate(end))
    // Whoever waits for the API is let be; whoever waits for time gets it.
    if (waits === time.waits.length) time.advance(stepMs)
  }
  await done
}

/** The number of calls within the busiest window, wherever it begins. */
function busiest(moments: readonly number[], windowMs: number): number {
  return Math.max(
    ...moments.map(first => moments.filter(at => at >= first && at < first + windowMs).length)
  )
}

test('H01 requestsPerSecond is never exceeded, and every call is made in the end', async t => {
  const time = testTime('by hand')
  const api = await startCounting(t)
  const call = conducted(t, api.url, time.ports)
  const rateLimit = { requestsPerSecond: 5 }
  const calls = Array.from({ length: 23 }, () => call({ rateLimit }))
  await passing(time, 100, calls)
  assert.deepEqual(await ends(calls), Array(23).fill(200))
  assert.equal(api.calls, 23)
  assert.ok(busiest(call.departures, 1_000) <= 5, call.departures.join(' '))
})

test('H01 less than one request a second is spread over several', async t => {
  const time = testTime()
  const api = await startCounting(t)
  const call = conducted(t, api.url, time.ports)
  for (let made = 0; made < 3; made++) await call({ rateLimit: { requestsPerSecond: 0.5 } })
  assert.deepEqual(call.departures, [0, 2_000, 4_000])
})

test('H11 every quota holds, beside requestsPerSecond', async t => {
  const time = testTime()
  const api = await startCounting(t)
  const call = conducted(t, api.url, time.ports)
  const quotas = [
    { calls: 3, seconds: 4 },
    { calls: 5, seconds: 12 }
  ]
  const rateLimit = { requestsPerSecond: 2, quotas }
  for (let made = 0; made < 7; made++) await call({ rateLimit })
  assert.deepEqual(call.departures, [0, 0, 1_000, 4_000, 4_000, 12_000, 12_000])
})

test('H01 H03 a repeat counts as a call', async t => {
  const time = testTime()
  const api = await startCounting(t)
  api.answers.push({ status: 503, headers: {} })
  const call = conducted(t, api.url, time.ports)
  await call({ rateLimit: { requestsPerSecond: 1 } })
  assert.deepEqual(call.departures, [0, 1_000])
})

test('H11 a call whose permit comes too late is refused at once, and says when to come again', async t => {
  const time = testTime()
  const api = await startCounting(t)
  const call = conducted(t, api.url, time.ports, { callMs: 15_000 })
  const rateLimit = { quotas: [{ calls: 2, seconds: 3600 }] }
  await call({ rateLimit })
  await call({ rateLimit })
  const refused = await problem('RATE_LIMITED', call({ rateLimit }))
  assert.deepEqual([refused.status, refused.retryAfterSeconds], [429, 3600])
  assert.ok(refused.message.includes(new URL(api.url).host), refused.message)
  assert.deepEqual([api.calls, time.elapsed()], [2, 0])
})

test('H03 what the API said counts more than that a repeat has no permit', async t => {
  const time = testTime()
  const api = await startCounting(t)
  api.answers.push({ status: 503, headers: {} })
  const rateLimit = { quotas: [{ calls: 1, seconds: 3600 }] }
  const refused = await problem('API_ERROR', conducted(t, api.url, time.ports)({ rateLimit }))
  assert.equal(refused.status, 503)
})

const key = (secret: string): CallChanges => ({
  credential: { headers: { 'X-Key': secret }, query: [], cookies: [] }
})

test('H01 a rate limit counts by the credential, whoever uses it; without one by the tenant', async t => {
  const time = testTime()
  const api = await startCounting(t)
  const call = conducted(t, api.url, time.ports)
  const rateLimit = { quotas: [{ calls: 1, seconds: 3600 }] }
  const made = async (changes: CallChanges) => (await ends([call({ rateLimit, ...changes })]))[0]
  assert.equal(await made({ ...key('one'), tenant: 'a' }), 200)
  assert.equal(await made({ ...key('one'), tenant: 'b' }), 'RATE_LIMITED')
  assert.equal(await made({ ...key('two'), tenant: 'b' }), 200)
  assert.equal(await made({ tenant: 'a' }), 200)
  assert.equal(await made({ tenant: 'a' }), 'RATE_LIMITED')
  assert.equal(await made({ tenant: 'b' }), 200)
})

test('H11 each declaration has a count of its own, and operations under one share it', async t => {
  const time = testTime()
  const api = await startCounting(t)
  const call = conducted(t, api.url, time.ports)
  const quotas = [{ calls: 1, seconds: 3600 }]
  const shared = { pointer: '/x-flow-rate-limit', quotas }
  const own = { pointer: '/paths/~1other/get/x-flow-rate-limit', quotas }
  const url = (path: string) => ({ url: api.url + path })
  assert.deepEqual(
    await ends([
      call({ ...url('/things'), rateLimit: shared }),
      call({ ...url('/more'), method: 'POST', rateLimit: shared }),
      call({ ...url('/other'), rateLimit: own }),
      call(url('/free'))
    ]),
    [200, 'RATE_LIMITED', 200, 200]
  )
})

test('H04 writers keep to the same rate limit', async t => {
  const time = testTime()
  const api = await startCounting(t)
  const call = conducted(t, api.url, time.ports)
  for (let made = 0; made < 3; made++) {
    await call({ method: 'POST', rateLimit: { requestsPerSecond: 1 } })
  }
  assert.deepEqual(call.departures, [0, 1_000, 2_000])
})

const STEERED = { remainingHeader: 'x-remaining', resetHeader: 'x-reset' }

for (const { name, reset } of [
  { name: 'seconds', reset: '8' },
  { name: 'a moment', reset: String(START / 1000 + 8) },
  { name: 'a date', reset: new Date(START + 8_000).toUTCString() }
]) {
  test(`H12 when none is left the next call waits for the reset, given as ${name}`, async t => {
    const time = testTime()
    const api = await startCounting(t)
    const call = conducted(t, api.url, time.ports)
    api.answers.push(
      { headers: { 'X-Remaining': '1', 'X-Reset': reset } },
      { headers: { 'X-Remaining': '0', 'X-Reset': reset } }
    )
    for (let made = 0; made < 4; made++) await call({ rateLimit: STEERED })
    assert.deepEqual(call.departures, [0, 0, 8_000, 8_000])
  })
}

test('H12 of calls at once no more are made than are left', async t => {
  const time = testTime('by hand')
  const api = await startCounting(t)
  const call = conducted(t, api.url, time.ports)
  api.answers.push({ headers: { 'X-Remaining': '3', 'X-Reset': '8' } })
  await call({ rateLimit: STEERED })
  const calls = Array.from({ length: 10 }, () => call({ rateLimit: STEERED }))
  await passing(time, 1_000, calls)
  assert.deepEqual(await ends(calls), Array(10).fill(200))
  assert.equal(call.departures.filter(at => at < 8_000).length, 1 + 3)
})

test('H12 a 429 holds all calls of its limit back until the reset, or for its Retry-After', async t => {
  for (const headers of [{ 'X-Reset': '5' }, { 'Retry-After': '5' }]) {
    const time = testTime()
    const api = await startCounting(t)
    const call = conducted(t, api.url, time.ports)
    api.answers.push({ status: 429, headers })
    const rateLimit = { requestsPerSecond: 100, resetHeader: 'x-reset' }
    await problem('API_ERROR', call({ rateLimit, retry: { max: 0 } }))
    await call({ rateLimit })
    assert.deepEqual(call.departures, [0, 5_000])
  }
})

test('H12 a reset past the time of the call is a refusal at once', async t => {
  const time = testTime()
  const api = await startCounting(t)
  const call = conducted(t, api.url, time.ports)
  api.answers.push({ headers: { 'X-Remaining': '0', 'X-Reset': '120' } })
  await call({ rateLimit: STEERED })
  const refused = await problem('RATE_LIMITED', call({ rateLimit: STEERED }))
  assert.deepEqual([refused.retryAfterSeconds, api.calls], [120, 1])
})

test('H12 headers that are missing or no numbers steer nothing', async t => {
  const time = testTime()
  const api = await startCounting(t)
  const call = conducted(t, api.url, time.ports)
  api.answers.push(
    { headers: { 'X-Remaining': '0' } },
    { headers: { 'X-Remaining': 'none', 'X-Reset': '60' } },
    { headers: { 'X-Reset': '60' } }
  )
  for (let made = 0; made < 4; made++) await call({ rateLimit: STEERED })
  assert.deepEqual(call.departures, [0, 0, 0, 0])
})

test('H01 a call that waits for a slot after its permit takes another permit', async t => {
  const time = testTime('by hand')
  const held: ServerResponse[] = []
  const url = await startUpstream(t, (_, response) => {
    if (time.elapsed() === 0) held.push(response)
    else response.end('{}')
  })
  const slots = { running: 1, waiting: 64, waitMs: 60_000 }
  const call = conducted(t, url, time.ports, { slots })
  const calls = Array.from({ length: 9 }, () => call({ rateLimit: { requestsPerSecond: 3 } }))
  while (held.length === 0) await new Promise(end => setImmediate(end))
  time.advance(900)
  held[0]?.end('{}')
  await passing(time, 100, calls)
  assert.deepEqual(await ends(calls), Array(9).fill(200))
  assert.ok(busiest(call.departures, 1_000) <= 3, call.departures.join(' '))
})

/** Two calls in ten seconds, which are made. */
const TWO = { quotas: [{ calls: 2, seconds: 10 }] }

test('V5 callers that hang up while they wait for the rate limit leave room for others', async t => {
  const time = testTime('by hand')
  const api = await startCounting(t)
  const call = conducted(t, api.url, time.ports)
  await Promise.all([call({ rateLimit: TWO }), call({ rateLimit: TWO })])
  for (let round = 0; round < 3; round++) {
    const caller = new AbortController()
    const waits = time.waits.length
    const gone = [1, 2].map(() => call({ rateLimit: TWO, signal: caller.signal }))
    while (time.waits.length < waits + 2) await new Promise(end => setImmediate(end))
    caller.abort(new Error('hung up'))
    for (const one of gone) await assert.rejects(one, /hung up/)
  }
  const calls = [call({ rateLimit: TWO }), call({ rateLimit: TWO })]
  await passing(time, 1_000, calls)
  assert.deepEqual(await ends(calls), [200, 200])
  assert.deepEqual(call.departures, [0, 0, 10_000, 10_000])
})

for (const { name, hangUp, waitMs } of [
  { name: 'hang up', hangUp: true, waitMs: 60_000 },
  { name: 'wait too long', hangUp: false, waitMs: 20 }
]) {
  test(`V5 callers that ${name} for a slot after their permit leave room for others`, async t => {
    const time = testTime()
    const held: ServerResponse[] = []
    const url = await startUpstream(t, ({ url: path }, response) => {
      if (path === '/hang') held.push(response)
      else response.end('{}')
    })
    const call = conducted(t, url, time.ports, { slots: { running: 1, waiting: 8, waitMs } })
    const hanging = call({ url: `${url}/hang` })
    while (held.length === 0) await new Promise(end => setImmediate(end))
    const caller = new AbortController()
    const gone = [1, 2].map(() => call({ rateLimit: TWO, signal: caller.signal }))
    if (hangUp) caller.abort(new Error('hung up'))
    for (const one of gone) {
      await (hangUp ? assert.rejects(one, /hung up/) : problem('ORIGIN_BUSY', one))
    }
    held[0]?.end('{}')
    await hanging
    await call({ rateLimit: TWO })
    await call({ rateLimit: TWO })
    assert.equal(time.elapsed(), 0)
  })
}

test('V5 a call that an open circuit stops after its permit leaves room for others', async t => {
  const time = testTime()
  const held: ServerResponse[] = []
  const url = await startUpstream(t, ({ url: path }, response) => {
    if (path === '/hang') held.push(response)
    else response.end('{}')
  })
  const slots = { running: 1, waiting: 8, waitMs: 60_000 }
  const circuit = { windowMs: 10_000, failures: 1, openMs: 1 }
  const call = conducted(t, url, time.ports, { slots, circuit })
  const failing = call({ url: `${url}/hang`, retry: { max: 0 } })
  while (held.length === 0) await new Promise(end => setImmediate(end))
  const stopped = [1, 2].map(() => problem('CIRCUIT_OPEN', call({ rateLimit: TWO })))
  await new Promise(end => setImmediate(end))
  held[0]?.writeHead(500).end()
  await problem('API_ERROR', failing)
  await Promise.all(stopped)
  time.advance(1)
  await call({ rateLimit: TWO })
  await call({ rateLimit: TWO })
  assert.equal(time.elapsed(), 1)
})
