import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { createSharedRateLimit } from '../../service/store/shared-rate-limit.ts'
import { createStrictRateLimit } from '../../service/store/strict-rate-limit.ts'
import { startRedis } from '../support/start-redis.ts'
import { createReplica, newSealer } from './replica.ts'

const NOW = (): number => performance.now()
const CALLS = 5
const WINDOW_MS = 400

test('C31 H01 a strict rate limit holds while Redis is killed and comes back empty', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const moments: number[] = []
  let isOver = false
  const takers = [1, 2, 3].map(async () => {
    const { link } = createReplica(t, server.url, sealer)
    const limit = createStrictRateLimit(createSharedRateLimit(link, sealer), link, NOW)
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
  const sealer = newSealer()
  const { link } = createReplica(t, server.url, sealer)
  const limit = createStrictRateLimit(createSharedRateLimit(link, sealer), link, NOW)
  const windows = [{ calls: 1, ms: 3_600_000 }]
  const request = { windows, afterMs: 0, withinMs: 10_000, allowance: null, instead: null }
  const permit = await limit.take('key', request)
  // The server has just begun.
  assert.equal(permit?.isGranted, false)
  assert.ok(permit.waitMs > 3_500_000)
})
