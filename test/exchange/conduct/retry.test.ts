import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import type { ApiAnswer } from '../../support/start-api.ts'
import { startApi } from '../../support/start-api.ts'
import { startNameServer } from '../../support/start-name-server.ts'
import { closedPort, startSocketServer } from '../../support/start-upstream.ts'
import { testEgress } from '../../support/test-egress.ts'
import { CLOSED, conducted, ENOUGH, problem, START, testTime } from './conducted.ts'

const OK = { json: { ok: true } } as const
const reset: ApiAnswer = (_, response) => response.destroy()
const resetInBody: ApiAnswer = (_, response) => {
  response.writeHead(200, { 'content-length': '50' }).write('{')
  setImmediate(() => response.destroy())
}
const silence: ApiAnswer = () => {}

function status(code: number, headers: Record<string, string> = {}): ApiAnswer {
  return { status: code, headers }
}

const body = { encoding: 'text', mediaType: 'application/json', text: '{"a":1}' } as const

test('H02 the usual statuses are asked for again, others are not', async t => {
  const api = await startApi(t, '')
  const call = conducted(t, api.url, testTime().ports, { budget: ENOUGH })
  for (const code of [408, 429, 502, 503, 504]) {
    api.answer(status(code), OK)
    assert.deepEqual((await call()).body, { ok: true })
    assert.equal(api.takeCalls().length, 2, `${code}`)
  }
  for (const code of [400, 401, 404, 409, 500, 501]) {
    api.answer(status(code))
    assert.equal((await problem('API_ERROR', call())).status, code)
    assert.equal(api.takeCalls().length, 1, `${code}`)
  }
})

test('H02 `on` names the statuses that are asked for again, in place of the usual ones', async t => {
  const api = await startApi(t, '')
  const call = conducted(t, api.url, testTime().ports, { budget: ENOUGH })
  api.answer(status(500), OK)
  assert.equal((await call({ retry: { on: [429, 500] } })).status, 200)
  api.answer(status(503))
  assert.equal((await problem('API_ERROR', call({ retry: { on: [429, 500] } }))).status, 503)
  api.answer(status(429))
  assert.equal((await problem('API_ERROR', call({ retry: { on: [] } }))).status, 429)
  assert.equal(api.calls.length, 4)
})

test('H03 a call is repeated twice at the most, or as often as `max` says; the last answer counts', async t => {
  const api = await startApi(t, '')
  const call = conducted(t, api.url, testTime().ports, { budget: ENOUGH, circuit: CLOSED })
  for (const [retry, count] of [
    [{}, 3],
    [{ max: 0 }, 1],
    [{ max: 5 }, 6]
  ] as const) {
    api.answer(...Array(count).fill(status(503)))
    const last = await problem('API_ERROR', call({ retry }))
    assert.equal(last.status, 503)
    assert.equal(api.takeCalls().length, count)
  }
})

test('R6 H05 Retry-After in seconds and as a date is waited for', async t => {
  const api = await startApi(t, '')
  for (const [text, ms] of [
    ['7', 7_000],
    [new Date(START + 9_000).toUTCString(), 9_000],
    [new Date(START + 9_000).toISOString(), 9_000],
    ['0', 0]
  ] as const) {
    const time = testTime()
    api.answer(status(429, { 'retry-after': text }), OK)
    await conducted(t, api.url, time.ports)()
    assert.deepEqual(time.waits, [ms], text)
  }
})

test('M18 P13 a 403 that says when to come back is an appointment like a 429, for writes too; any other is final', async t => {
  const api = await startApi(t, '')
  const later = status(403, { 'retry-after': '7' })
  const time = testTime()
  api.answer(later, later, later, OK, later, OK)
  const call = conducted(t, api.url, time.ports)
  assert.equal((await call()).status, 200)
  assert.equal((await call({ method: 'POST', body })).status, 200)
  assert.deepEqual(time.waits, [7_000, 7_000, 7_000, 7_000])
  api.answer(status(403))
  assert.equal((await problem('API_ERROR', call())).status, 403)
  api.answer(later)
  assert.equal((await problem('API_ERROR', call({ retry: { on: [503] } }))).status, 403)
  api.answer(later)
  assert.equal((await problem('API_ERROR', call({ retry: { ignore: [403] } }))).status, 403)
  assert.deepEqual([api.calls.length, time.waits.length], [9, 4])
})

test('R6 H05 a Retry-After that is no word on it leaves the usual wait', async t => {
  const api = await startApi(t, '')
  const time = testTime()
  api.answer(status(503, { 'retry-after': 'soon' }), OK)
  await conducted(t, api.url, time.ports)()
  assert.deepEqual(time.waits, [100])
})

test('R6 H05 a Retry-After of an outage past the time of the call is not waited for: the answer goes on at once', async t => {
  const api = await startApi(t, '')
  const time = testTime()
  const call = conducted(t, api.url, time.ports, { callMs: 15_000 })
  for (const text of ['3600', '15', new Date(START + 3_600_000).toUTCString()]) {
    api.answer(status(503, { 'retry-after': text }))
    const refused = await problem('API_ERROR', call())
    assert.equal(refused.status, 503)
    assert.equal(refused.upstream?.headers['retry-after'], text)
  }
  assert.deepEqual([api.calls.length, time.waits.length], [3, 0])
})

test('P13 R6 H05 a 429 whose Retry-After is past the time of the flow is RATE_LIMITED at once', async t => {
  const api = await startApi(t, '')
  const time = testTime()
  const call = conducted(t, api.url, time.ports, { callMs: 15_000 })
  for (const [text, seconds] of [
    ['3600', 3_600],
    ['60', 60],
    [new Date(START + 90_000).toUTCString(), 90]
  ] as const) {
    api.answer(status(429, { 'retry-after': text }))
    const refused = await problem('RATE_LIMITED', call({ timeLeftMs: 60_000 }))
    assert.equal(refused.status, 429)
    assert.equal(refused.retryAfterSeconds, seconds)
  }
  assert.deepEqual([api.calls.length, time.waits.length], [3, 0])
})

test('P13 an appointment is kept past the time of the call, five times at the most', async t => {
  const api = await startApi(t, '')
  const time = testTime()
  const call = conducted(t, api.url, time.ports, { callMs: 15_000 })
  const wait = (seconds: number) => status(429, { 'retry-after': `${seconds}` })
  api.answer(wait(20), wait(1), wait(0), wait(30), wait(2), OK)
  assert.equal((await call({ method: 'POST', body, timeLeftMs: 60_000 })).status, 200)
  assert.deepEqual(time.waits, [20_000, 1_000, 0, 30_000, 2_000])
  api.answer(...Array(6).fill(wait(1)))
  const last = await problem('API_ERROR', call({ timeLeftMs: 60_000 }))
  assert.equal(last.upstream?.headers['retry-after'], '1')
  assert.equal(api.calls.length, 12)
})

test('P13 appointments take nothing from the retry budget, and leave the other repeats of the call', async t => {
  const api = await startApi(t, '')
  const time = testTime()
  const budget = { windowMs: 3_600_000, share: 0, floor: 2 }
  const call = conducted(t, api.url, time.ports, { budget, circuit: CLOSED })
  for (let count = 0; count < 4; count++) {
    api.answer(status(429, { 'retry-after': '1' }), OK)
    assert.equal((await call()).status, 200)
  }
  api.answer(status(503), status(429, { 'retry-after': '1' }), status(503), OK)
  assert.equal((await call()).status, 200)
  api.answer(status(503))
  await problem('API_ERROR', call())
  assert.deepEqual(time.waits, [1_000, 1_000, 1_000, 1_000, 100, 1_000, 200])
})

test('P13 only a 429 that may be repeated is an appointment', async t => {
  const api = await startApi(t, '')
  const time = testTime()
  const call = conducted(t, api.url, time.ports)
  for (const retry of [{ max: 0 }, { on: [503] }, { ignore: [429] }]) {
    api.answer(status(429, { 'retry-after': '1' }))
    assert.equal((await problem('API_ERROR', call({ retry }))).status, 429)
  }
  assert.deepEqual([api.calls.length, time.waits.length], [3, 0])
})

test('P13 the time of the call goes on after an appointment, without the wait for it', async t => {
  const api = await startApi(t, '')
  const time = testTime()
  const slow: ApiAnswer = (_, response) => {
    time.advance(10_000)
    response.writeHead(503, { 'retry-after': '1' }).end()
  }
  api.answer(slow, status(429, { 'retry-after': '30' }), status(503, { 'retry-after': '4' }))
  const call = conducted(t, api.url, time.ports, { callMs: 15_000 })
  assert.equal((await problem('API_ERROR', call())).status, 503)
  assert.deepEqual(time.waits, [1_000, 30_000])
})

test('R6 H05 waits count against the time of the call', async t => {
  const api = await startApi(t, '')
  const time = testTime()
  api.answer(...Array(3).fill(status(503, { 'retry-after': '7' })))
  const call = conducted(t, api.url, time.ports, { callMs: 15_000 })
  await problem('API_ERROR', call({ retry: { max: 9 } }))
  assert.deepEqual([api.calls.length, time.waits], [3, [7_000, 7_000]])
})

test('H06 without a word of the API waits grow by twos up to a ceiling, with full jitter', async t => {
  const api = await startApi(t, '')
  const time = testTime()
  const limits = { budget: ENOUGH, pause: { firstMs: 200, mostMs: 1_000 } }
  const call = conducted(t, api.url, time.ports, limits)
  api.answer(...Array(5).fill(status(503)), OK)
  await call({ retry: { max: 5 } })
  assert.deepEqual(time.waits, [100, 200, 400, 500, 500])
})

for (const method of ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'COPY']) {
  test(`H07 ${method}: a connection that is refused is tried again`, async t => {
    const time = testTime()
    const call = conducted(t, `http://${await closedPort()}`, time.ports)
    await problem('UPSTREAM_UNREACHABLE', call({ method }))
    assert.equal(time.waits.length, 2)
  })
}

test('H07 a connection that is not made in time is tried again, for a POST too', async t => {
  for (const method of ['GET', 'POST']) {
    let sockets = 0
    // Takes the connection, and never says a word of TLS.
    const host = await startSocketServer(t, () => sockets++)
    const call = conducted(t, `https://${host}`, testTime().ports)
    await problem('UPSTREAM_CONNECT_TIMEOUT', call({ method, retry: { max: 1 } }))
    assert.equal(sockets, 2, method)
  }
})

test('H07 a name that no server tells the address of is tried again', async t => {
  const { names, questions } = await startNameServer(t, () => 'silence')
  const egress = testEgress({}, { names })
  const call = conducted(t, 'http://api.example', testTime().ports, {}, egress)
  await problem('DNS_TIMEOUT', call({ method: 'POST', retry: { max: 1 } }))
  assert.ok(questions.length >= 4)
})

test('A1 a call that may not be made is not tried again, and says nothing about its API', async t => {
  const time = testTime()
  const limits = { circuit: { windowMs: 10_000, failures: 1, openMs: 5_000 } }
  const call = conducted(t, 'http://169.254.169.254', time.ports, limits)
  for (let count = 0; count < 3; count++) await problem('EGRESS_DENIED', call())
  assert.deepEqual([time.waits.length, call.departures.length], [0, 3])
})

test('R2 H07 H09 an answer that does not come in time is a problem at once, and not asked for again', async t => {
  const api = await startApi(t, '')
  const call = conducted(t, api.url, testTime().ports, { callMs: 1_000 })
  for (const method of ['GET', 'POST']) {
    api.answer(silence)
    const late = await problem('UPSTREAM_TIMEOUT', call({ method, body }))
    assert.ok(late.message.includes('1000 ms'), late.message)
    assert.equal(api.takeCalls().length, 1, method)
  }
})

test('H09 one limit bounds a call with all its repeats and waits', async t => {
  const api = await startApi(t, '')
  const ports = { ...testTime().ports, now: () => performance.now() }
  const call = conducted(t, api.url, ports, { callMs: 3_000, pause: { firstMs: 1, mostMs: 1 } })
  api.answer(status(503), silence)
  await problem('UPSTREAM_TIMEOUT', call())
  assert.equal(api.calls.length, 2)
})

test('R7 H07 H08 a reset before or within the answer is asked for again, but for a POST or PATCH never', async t => {
  const api = await startApi(t, '')
  const call = conducted(t, api.url, testTime().ports, { budget: ENOUGH, circuit: CLOSED })
  for (const broken of [reset, resetInBody]) {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      api.answer(broken, OK)
      assert.equal((await call({ method })).status, 200)
      assert.equal(api.takeCalls().length, 2, method)
    }
    for (const method of ['POST', 'PATCH']) {
      for (const changes of [
        {},
        { idempotencyKey: 'Idempotency-Key' },
        { retry: { on: [503], onIsOwn: true } }
      ]) {
        api.answer(broken)
        await problem('UPSTREAM_RESET', call({ method, body, ...changes }))
        assert.equal(api.takeCalls().length, 1, method)
      }
    }
  }
})

test('H08 a POST or PATCH is repeated for 429 alone, unless it is known to be harmless', async t => {
  const api = await startApi(t, '')
  const call = conducted(t, api.url, testTime().ports, { budget: ENOUGH, circuit: CLOSED })
  for (const method of ['POST', 'PATCH']) {
    for (const [code, changes, count] of [
      [429, {}, 2],
      [408, {}, 1],
      [502, {}, 1],
      [503, {}, 1],
      [504, {}, 1],
      [503, { retry: { on: [503], onIsOwn: false } }, 1],
      [503, { retry: { on: [503], onIsOwn: true } }, 2],
      [504, { retry: { on: [503], onIsOwn: true } }, 1],
      [500, { retry: { on: [500], onIsOwn: true } }, 2],
      [503, { idempotencyKey: 'Idempotency-Key' }, 2],
      [500, { idempotencyKey: 'Idempotency-Key' }, 1]
    ] as const) {
      api.answer(status(code))
      if (count === 2) api.answer(OK)
      await call({ method, body, ...changes }).catch(() => {})
      const calls = api.takeCalls()
      assert.deepEqual(
        calls,
        Array(count).fill(`${method} /things {"a":1}`),
        `${code} ${JSON.stringify(changes)}`
      )
    }
  }
})

test('H08 all tries of a call share one fresh Idempotency-Key, and each call has its own', async t => {
  const api = await startApi(t, '')
  const call = conducted(t, api.url, testTime().ports)
  const keyed = { method: 'POST', body, idempotencyKey: 'Idempotency-Key' }
  api.answer(status(503), OK, OK, OK)
  await call(keyed)
  await call(keyed)
  await call({ ...keyed, headers: { 'Idempotency-Key': 'of-the-flow' } })
  assert.deepEqual(
    api.calls.map(({ headers }) => headers['idempotency-key']),
    ['key-1', 'key-1', 'key-2', 'of-the-flow']
  )
})

test('H13 a status that is ignored is not asked for again', async t => {
  const api = await startApi(t, '')
  const call = conducted(t, api.url, testTime().ports)
  api.answer(status(503))
  await problem('API_ERROR', call({ retry: { ignore: [503] } }))
  assert.equal(api.calls.length, 1)
})

test('whoever hangs up while a repeat is waited for ends the call', async t => {
  const api = await startApi(t, '')
  const controller = new AbortController()
  const ports = {
    ...testTime().ports,
    wait: (ms: number, signal: AbortSignal) => {
      controller.abort(new Error('hung up'))
      return wait(ms, undefined, { signal })
    }
  }
  api.answer(status(503, { 'retry-after': '10' }))
  const call = conducted(t, api.url, ports)({ signal: controller.signal })
  await assert.rejects(call, /^Error: hung up$/)
  assert.equal(api.calls.length, 1)
})
