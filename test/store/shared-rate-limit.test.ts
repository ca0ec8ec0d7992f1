import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { redisNames } from '../../service/store/redis-store.ts'
import type { Sealer } from '../../service/store/sealer.ts'
import type {
  SharedPermit,
  SharedRateLimit,
  PermitRequest
} from '../../service/store/shared-rate-limit.ts'
import { createSharedRateLimit } from '../../service/store/shared-rate-limit.ts'
import type { StartedRedis } from '../support/start-redis.ts'
import { redisUrl, startRedis } from '../support/start-redis.ts'
import { newSealer, startReplica } from './replica.ts'

const MINUTE = 60_000

async function startRateLimit(
  t: TestContext,
  url: string,
  sealer: Sealer
): Promise<SharedRateLimit> {
  const { link } = await startReplica(t, url, sealer)
  return createSharedRateLimit(link, sealer)
}

/** Takes a permit of two in a minute, within an hour, unless changed. */
async function take(
  rateLimit: SharedRateLimit,
  changes: Partial<PermitRequest> = {}
): Promise<SharedPermit> {
  const windows = [{ calls: 2, ms: MINUTE }]
  const request = {
    windows,
    afterMs: 0,
    withinMs: 60 * MINUTE,
    allowance: null,
    instead: null,
    ...changes
  }
  const permit = await rateLimit.take('key', request)
  assert.ok(permit !== null)
  return permit
}

/** In which minute from now permits are due. */
function minutes(taken: readonly SharedPermit[]): number[] {
  return taken.map(({ waitMs }) => Math.round(waitMs / MINUTE))
}

async function takeMany(
  rateLimit: SharedRateLimit,
  count: number,
  changes: Partial<PermitRequest> = {}
) {
  const taken: SharedPermit[] = []
  for (let call = 0; call < count; call++) taken.push(await take(rateLimit, changes))
  return taken
}

/** Changes what is kept of the rateLimit, as `state` of a script. */
async function change({ client }: StartedRedis, sealer: Sealer, script: string): Promise<void> {
  const [name] = redisNames(sealer, 'rate:key')
  const kept = `redis.call('GET', KEYS[1])`
  const set = `redis.call('SET', KEYS[1], cmsgpack.pack(state), 'KEEPTTL')`
  await client.eval(`local state = cmsgpack.unpack(${kept}); ${script}; ${set}`, 1, name)
}

test('H01 replicas take permits from the same windows, one after another', async t => {
  const url = await redisUrl(t)
  const sealer = newSealer()
  const replicas = await Promise.all([1, 2, 3].map(() => startRateLimit(t, url, sealer)))
  const windows = [{ calls: 5, ms: MINUTE }]
  const taken = await Promise.all(
    Array.from({ length: 10 }, () => replicas.map(rateLimit => take(rateLimit, { windows }))).flat()
  )
  assert.deepEqual(
    minutes(taken).toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4, 5].flatMap(minute => Array(5).fill(minute))
  )
  const numbers = taken.map(({ number }) => number).toSorted((a, b) => a - b)
  assert.deepEqual(
    numbers,
    Array.from({ length: 30 }, (_, index) => index + 1)
  )
})

test('H11 every window holds', async t => {
  const rateLimit = await startRateLimit(t, await redisUrl(t), newSealer())
  const windows = [
    { calls: 2, ms: MINUTE },
    { calls: 3, ms: 4 * MINUTE },
    { calls: 5, ms: 12 * MINUTE }
  ]
  const taken = await takeMany(rateLimit, 7, { windows })
  assert.deepEqual(minutes(taken), [0, 0, 1, 4, 4, 12, 12])
})

test('H11 a permit that comes too late is not granted, and says when it would come', async t => {
  const rateLimit = await startRateLimit(t, await redisUrl(t), newSealer())
  await takeMany(rateLimit, 2)
  for (let asked = 0; asked < 3; asked++) {
    const late = await take(rateLimit, { withinMs: MINUTE / 2 })
    assert.deepEqual([late.isGranted, late.number, minutes([late])], [false, 2, [1]])
  }
  const next = await take(rateLimit)
  assert.deepEqual([next.isGranted, next.number, minutes([next])], [true, 3, [1]])
})

test('a permit comes no sooner than it is wanted, nor than the one before', async t => {
  const rateLimit = await startRateLimit(t, await redisUrl(t), newSealer())
  const later = await take(rateLimit, { afterMs: 5 * MINUTE })
  const next = await take(rateLimit)
  assert.deepEqual(minutes([later, next]), [5, 5])
})

test('H11 a large window is used whole, to the last call, and takes no memory of each', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const rateLimit = await startRateLimit(t, server.url, sealer)
  const windows = [{ calls: 2_000, ms: 60 * MINUTE }]
  await Promise.all(Array.from({ length: 2_000 }, () => take(rateLimit, { windows })))
  assert.deepEqual(minutes([await take(rateLimit, { windows })]), [60])
  const [name] = redisNames(sealer, 'rate:key')
  assert.ok((await server.client.strlen(name)) < 3_000)
  const left = await server.client.pttl(name)
  assert.ok(left > 119 * MINUTE && left <= 121 * MINUTE, String(left))
})

test('H01 a permit that is given back is there for the next', async t => {
  const rateLimit = await startRateLimit(t, await redisUrl(t), newSealer())
  for (const inWindow of [2, 200]) {
    const windows = [
      { calls: inWindow, ms: MINUTE },
      { calls: inWindow, ms: 3 * MINUTE }
    ]
    const allowance = { left: inWindow, forMs: 10 * MINUTE, after: 0 }
    const key = `of ${inWindow}`
    const request = { windows, afterMs: 0, withinMs: 60 * MINUTE, allowance: null, instead: null }
    let missed = await rateLimit.take(key, { ...request, allowance })
    for (let again = 0; again < 5; again++) {
      missed = await rateLimit.take(key, { ...request, instead: missed })
      assert.equal(missed?.isGranted, true)
    }
    const taken = []
    for (let call = 0; call < inWindow; call++) {
      const next = await rateLimit.take(key, request)
      assert.ok(next)
      taken.push(next)
    }
    // One is still taken, and of what somebody else allowed none is left.
    assert.deepEqual(minutes(taken), [...Array(inWindow - 1).fill(0), 10])
  }
})

test('V5 permits to come that are given back leave those that were used', async t => {
  const rateLimit = await startRateLimit(t, await redisUrl(t), newSealer())
  for (const calls of [2, 200]) {
    const request = { windows: [{ calls, ms: MINUTE }], afterMs: 0, allowance: null }
    const ask = (instead: SharedPermit | null, withinMs = 60 * MINUTE) =>
      rateLimit.take(`of ${calls}`, { ...request, withinMs, instead })
    for (let call = 0; call < calls; call++) await ask(null)
    for (let round = 0; round < 3; round++) {
      const coming = await ask(null)
      assert.ok(coming !== null)
      assert.deepEqual(minutes([coming]), [1])
      const told = await ask(coming, -1)
      assert.equal(told?.isGranted, false)
    }
  }
})

test('H12 what is left by somebody else holds until its time is over, without the permits that came after', async t => {
  const rateLimit = await startRateLimit(t, await redisUrl(t), newSealer())
  const windows = [{ calls: 100, ms: MINUTE }]
  await takeMany(rateLimit, 3, { windows })
  // Of the second it was said: one more was given since.
  const allowance = { left: 3, forMs: 10 * MINUTE, after: 2 }
  const taken = [
    await take(rateLimit, { windows, allowance }),
    ...(await takeMany(rateLimit, 3, { windows }))
  ]
  assert.deepEqual(minutes(taken), [0, 0, 10, 10])
})

test('H12 what was said of an earlier permit counts less, unless nothing is left', async t => {
  const rateLimit = await startRateLimit(t, await redisUrl(t), newSealer())
  const windows = [{ calls: 100, ms: MINUTE }]
  await takeMany(rateLimit, 4, { windows })
  const forMs = 10 * MINUTE
  await take(rateLimit, { windows, allowance: { left: 50, forMs, after: 4 } })
  const older = await take(rateLimit, { windows, allowance: { left: 3, forMs, after: 3 } })
  assert.deepEqual(
    minutes([older, ...(await takeMany(rateLimit, 5, { windows }))]),
    Array(6).fill(0)
  )
  const none = { left: 0, forMs, after: 1 }
  const asked = await take(rateLimit, { windows, allowance: none, withinMs: -1 })
  assert.deepEqual([asked.isGranted, minutes([asked])], [false, [10]])
  const more = await take(rateLimit, { windows, allowance: { left: 9, forMs, after: 11 } })
  assert.deepEqual(minutes([more]), [0])
})

test('R27 a clock that was set back opens nothing, and holds nothing up', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const rateLimit = await startRateLimit(t, server.url, sealer)
  await takeMany(rateLimit, 2)
  const allowance = { left: 5, forMs: 30 * MINUTE, after: 2 }
  await take(rateLimit, { allowance })
  const hour = 60 * MINUTE
  await change(
    server,
    sealer,
    `state.seen = state.seen + ${hour * 1_000}
     state.told.ends = state.told.ends + ${hour * 1_000}
     for _, entry in ipairs(state.logs[1]) do
       entry[1] = entry[1] + ${hour * 1_000}
       entry[2] = entry[2] + ${hour * 1_000}
     end`
  )
  assert.deepEqual(minutes(await takeMany(rateLimit, 5)), [1, 2, 2, 3, 30])
})

test('C2 a foreign value under the key of a limit is ignored', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const rateLimit = await startRateLimit(t, server.url, sealer)
  const [name] = redisNames(sealer, 'rate:key')
  for (const kept of ['', 'garbage', Buffer.of(0x80), Buffer.of(0xc1, 0xff), '{"logs":[]}']) {
    await server.client.set(name, kept)
    assert.deepEqual(minutes(await takeMany(rateLimit, 3)), [0, 0, 1], String(kept))
  }
})

test('R13 without an answer there is no permit', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const { link, until } = await startReplica(t, server.url, sealer)
  const rateLimit = createSharedRateLimit(link, sealer)
  await server.kill()
  await until('away')
  const windows = [{ calls: 2, ms: MINUTE }]
  const request = { windows, afterMs: 0, withinMs: MINUTE, allowance: null, instead: null }
  assert.equal(await rateLimit.take('key', request), null)
})

test('C3 Redis is not told whose rate limits they are', async t => {
  const server = await startRedis(t)
  const { link } = await startReplica(t, server.url, newSealer())
  const windows = [{ calls: 2, ms: MINUTE }]
  const request = { windows, afterMs: 0, withinMs: MINUTE, allowance: null, instead: null }
  await createSharedRateLimit(link, newSealer()).take('https://secret.example s3cret', request)
  const [name, ...more] = await server.client.keys('*')
  assert.match(name ?? '', /^openapi-flow:1:[\w-]{43}$/)
  assert.deepEqual(more, [])
})
