import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { startUpstream } from '../../support/start-upstream.ts'
import { CLOSED, conducted, problem, testTime } from './conducted.ts'

// A caller that is alone is a command: nobody else is served meanwhile.

/** An API that answers its calls one after the other, and then always 200. */
async function startAnswering(t: TestContext, ...statuses: number[]): Promise<string> {
  return startUpstream(t, (_, response: ServerResponse) => {
    response.writeHead(statuses.shift() ?? 200).end('{}')
  })
}

test('H01 the calls of a command wait for their turn longer than a call may last, and tell how long', async t => {
  const time = testTime()
  const url = await startAnswering(t)
  const call = conducted(t, url, time.ports, { callMs: 5_000 })
  const rateLimit = { quotas: [{ calls: 1, seconds: 3_600 }] }
  const told: [number, string][] = []
  const onWait = (ms: number, reason: string): void => void told.push([ms, reason])
  await call({ rateLimit, isAlone: true, onWait })
  await call({ rateLimit, isAlone: true, onWait })
  assert.deepEqual(call.departures, [0, 3_600_000])
  assert.deepEqual(told, [[3_600_000, 'rate limit']])
  await problem('RATE_LIMITED', call({ rateLimit }))
})

test('H02 H03 repeats that an endpoint declares take nothing from the retry budget of a command', async t => {
  const time = testTime()
  const url = await startAnswering(t, ...Array(6).fill(503))
  const budget = { windowMs: 3_600_000, share: 0, floor: 0 }
  const call = conducted(t, url, time.ports, { budget, circuit: CLOSED })
  const told: string[] = []
  const onWait = (_: number, reason: string): void => void told.push(reason)
  const answer = await call({ retry: { on: [503], max: 6 }, isAlone: true, onWait })
  assert.equal(answer.status, 200)
  assert.deepEqual(new Set(told), new Set(['repeat']))
})

test('repeats that nobody declares stay within the retry budget of a command', async t => {
  const url = await startAnswering(t, 503, 503)
  const budget = { windowMs: 3_600_000, share: 0, floor: 1 }
  const call = conducted(t, url, testTime().ports, { budget, circuit: CLOSED })
  await problem('API_ERROR', call({ isAlone: true }))
})

test('a command waits until a circuit is closed again', async t => {
  const time = testTime()
  const url = await startAnswering(t, 500, 500)
  const circuit = { windowMs: 10_000, failures: 2, openMs: 5_000 }
  const call = conducted(t, url, time.ports, { circuit })
  for (let failed = 0; failed < 2; failed++) await problem('API_ERROR', call({ isAlone: true }))
  await problem('CIRCUIT_OPEN', call())
  assert.equal((await call({ isAlone: true })).status, 200)
  assert.ok(time.elapsed() >= 5_000)
})

test('P13 a 503 with an appointment past the time of a call is kept by a command', async t => {
  const time = testTime()
  let calls = 0
  const url = await startUpstream(t, (_, response) => {
    const isFirst = ++calls === 1
    response.writeHead(isFirst ? 503 : 200, isFirst ? { 'retry-after': '60' } : {}).end('{}')
  })
  const call = conducted(t, url, time.ports, { callMs: 15_000 })
  assert.equal((await call({ isAlone: true })).status, 200)
  assert.deepEqual(time.waits, [60_000])
})
