import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { createSharedPace } from '../../service/exchange/conduct/pace.ts'
import { createPermits } from '../../service/store/shared-rate-limit.ts'
import { createStrictRateLimit } from '../../service/store/strict-rate-limit.ts'
import { startRedis } from '../support/start-redis.ts'
import { createReplica, newSealer } from './replica.ts'

const NOW = (): number => performance.now()
const CALLS = 5
const WINDOW_MS = 400

/** A strict rate limit over a Redis, and what it has told. */
function startLimit(t: TestContext, url: string, sealer = newSealer()) {
  const { link } = createReplica(t, url, sealer)
  const told: string[] = []
  const warn = (message: string): void => void told.push(message)
  const permits = createPermits(link, sealer)
  return { limit: createStrictRateLimit({ permits, link, now: NOW, warn }), link, told }
}

/** One call at a time, that waits for its permit. */
const ANY = {
  ...{ windows: [{ calls: 1_000, ms: 1 }], afterMs: 0, withinMs: Number.POSITIVE_INFINITY },
  ...{ allowance: null, instead: null }
}

test('C31 H01 a strict rate limit holds while Redis is killed and comes back empty', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const moments: number[] = []
  let isOver = false
  const takers = [1, 2, 3].map(async () => {
    const { limit } = startLimit(t, server.url, sealer)
    const windows = [{ calls: CALLS, ms: WINDOW_MS }]
    while (!isOver) {
      const permit = await limit.take('key', {
        ...{ windows, afterMs: 0, withinMs: Number.POSITIVE_INFINITY },
        ...{ allowance: null, instead: null }
      })
      assert.ok(permit?.isGranted)
      moments.push(permit.moment / 1000)
      await wait(permit.waitMs)
    }
  })
  const until = async (count: number): Promise<void> => {
    while (moments.length < count) await wait(10)
  }
  await until(12)
  await server.kill()
  // What was taken before the end of Redis is known by now.
  await wait(100)
  const known = moments.length
  await wait(WINDOW_MS * 3)
  assert.equal(moments.length, known, 'without Redis there is no permit')
  await server.restart()
  await until(known + 12)
  isOver = true
  await Promise.all(takers)
  const sorted = moments.toSorted((one, other) => one - other)
  for (const [index, moment] of sorted.entries()) {
    const later = sorted[index + CALLS] ?? Number.POSITIVE_INFINITY
    assert.ok(later - moment >= WINDOW_MS, `${index}: ${later - moment} ms`)
  }
})

test('C31 a strict rate limit says at once that a permit comes too late', async t => {
  const server = await startRedis(t)
  const { limit } = startLimit(t, server.url)
  const windows = [{ calls: 1, ms: 3_600_000 }]
  const request = { windows, afterMs: 0, withinMs: 10_000, allowance: null, instead: null }
  const permit = await limit.take('key', request)
  // The server has just begun.
  assert.equal(permit?.isGranted, false)
  assert.ok(permit.waitMs > 3_500_000)
})

test('C31 a strict rate limit waits for what an API told, and not ever longer', async t => {
  const server = await startRedis(t)
  const { limit } = startLimit(t, server.url)
  const first = await limit.take('key', ANY)
  const allowance = { left: 0, forMs: 1_500, after: first?.number ?? 0 }
  // Each question for a permit is another turn.
  const permit = await limit.take('key', { ...ANY, withinMs: 10_000, allowance })
  assert.equal(permit?.isGranted, true)
  const waited = permit.heldMs + permit.waitMs
  assert.ok(waited >= 1_400, `${waited} ms`)
})

test('C31 what an API told is known to a Redis that was started since', async t => {
  const server = await startRedis(t)
  const { limit, link } = startLimit(t, server.url)
  await limit.take('key', ANY)
  const allowance = { left: 0, forMs: 3_000, after: 1 }
  const waiting = limit.take('key', { ...ANY, allowance })
  while ((await server.client.keys('*')).length === 0) await wait(5)
  await server.kill()
  await server.restart()
  const permit = await waiting
  assert.equal(permit?.isGranted, true)
  assert.ok(permit.heldMs + permit.waitMs >= 2_900)
  assert.equal(link.connection(), 2)
})

for (const { what, rights } of [
  { what: 'take permits', rights: ['-eval'] },
  { what: 'tell when it began', rights: ['-info'] },
  { what: 'use the keys', rights: ['resetkeys'] }
]) {
  test(`C31 a strict rate limit fails where Redis does not let its user ${what}`, async t => {
    const server = await startRedis(t)
    await server.client.acl('SETUSER', 'default', ...rights)
    const { limit } = startLimit(t, server.url)
    await assert.rejects(limit.take('key', ANY), { name: 'RateLimitRefused', code: 'NOPERM' })
  })
}

test('C31 a strict rate limit fails where the password is wrong', async t => {
  const server = await startRedis(t)
  await server.client.acl('SETUSER', 'limited', 'on', '>right', '+@all', '~*')
  const { limit } = startLimit(t, server.url.replace('//', '//limited:wrong@'))
  await assert.rejects(limit.take('key', ANY), { code: 'WRONGPASS' })
})

test('C31 a strict rate limit tells once why it waits, and goes on by itself', async t => {
  const server = await startRedis(t)
  const { limit, told } = startLimit(t, server.url)
  await limit.take('key', ANY)
  await server.client.config('SET', 'maxmemory', '1')
  const waiting = limit.take('key', ANY)
  while (told.length === 0) await wait(5)
  // By then it has asked several times.
  await wait(700)
  assert.deepEqual(told, ['calls wait for a permit: Redis is full (OOM)'])
  await server.client.config('SET', 'maxmemory', '0')
  assert.equal((await waiting)?.isGranted, true)
  await server.kill()
  const later = limit.take('key', ANY)
  while (told.length === 1) await wait(5)
  assert.match(told[1] ?? '', /^calls wait for a permit: Redis is away \(\w+\)$/)
  await server.restart()
  assert.equal((await later)?.isGranted, true)
})

test('C31 a refusal of what an API told is met by the next call, and ends no process', async t => {
  const server = await startRedis(t)
  const { limit } = startLimit(t, server.url)
  const declared = {
    ...{ pointer: '', requestsPerSecond: 100, quotas: [] },
    ...{ remainingHeader: 'left', resetHeader: 'reset' }
  }
  const pace = createSharedPace(declared, limit, 'key', NOW)
  const permit = await pace.reserve(NOW(), Number.POSITIVE_INFINITY, null)
  await server.client.acl('SETUSER', 'default', '-eval')
  const moment = { now: NOW(), date: Date.now() }
  pace.sent()
  // It is shared at once, and an uncaught rejection would fail the test.
  pace.ended(moment, { status: 200, headers: { left: '0', reset: '1' } }, permit)
  pace.giveBack(permit, NOW())
  const next = Promise.resolve(pace.reserve(NOW(), Number.POSITIVE_INFINITY, null))
  await assert.rejects(next, { code: 'NOPERM' })
})
