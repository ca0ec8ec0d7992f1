import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import {
  makeMachineRateLimit,
  openMachineRateLimit
} from '../../service/cli/run/machine-rate-limit.ts'
import type { PermitRequest, SharedPermit } from '../../service/store/shared-rate-limit.ts'

const MINUTE_MS = 60_000

const REQUEST: PermitRequest = {
  windows: [{ calls: 2, ms: MINUTE_MS }],
  afterMs: 0,
  withinMs: Number.POSITIVE_INFINITY,
  allowance: null,
  instead: null
}

/** Two processes of one rate limit, which take turns. */
async function start(t: TestContext) {
  const calls = await makeMachineRateLimit()
  t.after(calls.remove)
  const processes = [openMachineRateLimit(calls.path), openMachineRateLimit(calls.path)]
  let turn = 0
  return async (given: Partial<PermitRequest> = {}, key = 'api'): Promise<SharedPermit> => {
    const permit = await processes[turn++ % 2]?.take(key, { ...REQUEST, ...given })
    return permit ?? assert.fail('it has no permit')
  }
}

test('C31 processes of a machine share a rate limit', async t => {
  const take = await start(t)
  const [first, second, third, fourth, fifth] = [
    ...[await take(), await take(), await take(), await take(), await take()]
  ]
  assert.deepEqual([first?.number, second?.number, third?.number], [1, 2, 3])
  assert.equal(second?.waitMs, 0)
  assert.equal(third?.moment, (first?.moment ?? 0) + MINUTE_MS)
  assert.equal(fourth?.moment, (second?.moment ?? 0) + MINUTE_MS)
  assert.equal(fifth?.moment, (third?.moment ?? 0) + MINUTE_MS)
  assert.equal((await take({}, 'another')).waitMs, 0)
})

test('C31 a permit that is too late is not granted, and one that is given back is free', async t => {
  const take = await start(t)
  const [, second] = [await take(), await take()]
  const late = await take({ withinMs: 1_000 })
  assert.deepEqual([late.isGranted, late.number], [false, 2])
  const instead = await take({ instead: second, withinMs: 1_000 })
  assert.deepEqual([instead.isGranted, instead.waitMs < 1_000], [true, true])
})

test('C31 what an API says of its calls holds for all processes', async t => {
  const take = await start(t)
  const windows = [{ calls: 1_000, ms: 1_000 }]
  const first = await take({ windows })
  const allowance = { left: 1, forMs: MINUTE_MS, after: first.number }
  const second = await take({ windows, allowance })
  const third = await take({ windows })
  assert.ok(second.waitMs < 1_000)
  assert.ok(third.waitMs > MINUTE_MS - 10_000, `${third.waitMs}`)
  const none = { left: 0, forMs: 2 * MINUTE_MS, after: third.number }
  assert.ok((await take({ windows, allowance: none })).waitMs > MINUTE_MS + 10_000)
})

test('C31 nothing is left of a rate limit that is removed', async () => {
  const calls = await makeMachineRateLimit()
  await openMachineRateLimit(calls.path).take('api', REQUEST)
  assert.ok(existsSync(calls.path))
  await calls.remove()
  assert.ok(!existsSync(calls.path))
})
