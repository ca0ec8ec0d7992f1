import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import type { ConductLimits } from '../../../service/exchange/conduct/with-conduct.ts'
import type { RateLimitRecord } from '../../../service/model/endpoint-record.ts'
import type { RedisTimes } from '../../../service/store/redis-link.ts'
import type { Sealer } from '../../../service/store/sealer.ts'
import type { SharedRateLimit } from '../../../service/store/shared-rate-limit.ts'
import { createSharedRateLimit } from '../../../service/store/shared-rate-limit.ts'
import type { Replica } from '../../store/replica.ts'
import { newSealer, SHORT_TIMES, startReplica } from '../../store/replica.ts'
import { assertRate } from '../../support/assert-rate.ts'
import { redisUrl, startRedis } from '../../support/start-redis.ts'
import { startUpstream } from '../../support/start-upstream.ts'
import type { Conducted } from './conducted.ts'
import { conducted, ends, problem } from './conducted.ts'

type Headers = { readonly [name: string]: string }

/** An API that answers with the headers that it is told. */
async function startApi(t: TestContext) {
  const answers: { readonly status?: number; readonly headers: Headers }[] = []
  const api = { url: '', calls: 0, answers }
  api.url = await startUpstream(t, (_, response) => {
    api.calls++
    const { status = 200, headers } = answers.shift() ?? { headers: {} }
    response.writeHead(status, headers).end('{}')
  })
  return api
}

type ReplicaCalls = Conducted &
  Pick<Replica, 'until'> & {
    /** How often Redis has answered. */
    readonly answers: () => number
    /** When its calls may leave by the clock of Redis (ms), by the numbers of their permits. */
    readonly moments: ReadonlyMap<number, number>
  }

/** Calls of one replica, in the time of the world. */
async function startConducted(
  t: TestContext,
  api: string,
  redis: string,
  sealer: Sealer,
  limits: Partial<ConductLimits> = {},
  times?: RedisTimes
): Promise<ReplicaCalls> {
  const { link, until } = await startReplica(t, redis, sealer, times)
  const shared = createSharedRateLimit(link, sealer)
  let answers = 0
  const moments = new Map<number, number>()
  const ports = {
    now: () => performance.now(),
    date: Date.now,
    random: Math.random,
    wait: (milliseconds: number, signal: AbortSignal) => wait(milliseconds, undefined, { signal }),
    rateLimit: {
      async take(...asked: Parameters<SharedRateLimit['take']>) {
        const permit = await shared.take(...asked)
        answers++
        const [, { instead }] = asked
        if (instead !== null) moments.delete(instead.number)
        if (permit?.isGranted) moments.set(permit.number, permit.moment / 1_000)
        return permit
      }
    }
  }
  return Object.assign(conducted(t, api, ports, limits), { until, answers: () => answers, moments })
}

async function setUp(
  t: TestContext,
  redis: string,
  limits: Partial<ConductLimits> = {},
  times?: RedisTimes
) {
  const api = await startApi(t)
  const sealer = newSealer()
  const [one, two, three] = await Promise.all([
    startConducted(t, api.url, redis, sealer, limits, times),
    startConducted(t, api.url, redis, sealer, limits, times),
    startConducted(t, api.url, redis, sealer, limits, times)
  ])
  return { api, one, two, three, replicas: [one, two, three] }
}

const HOUR = { calls: 10, seconds: 3600 }

test('H11 a quota holds for all replicas together, and the problem says when to come again', async t => {
  const { api, one, replicas } = await setUp(t, await redisUrl(t))
  const rateLimit = { quotas: [HOUR] }
  const calls = Array.from({ length: 10 }, () => replicas.map(call => call({ rateLimit })))
  const ended = await ends(calls.flat())
  assert.equal(ended.filter(end => end === 200).length, 10)
  assert.equal(ended.filter(end => end === 'RATE_LIMITED').length, 20)
  assert.equal(api.calls, 10)
  const { retryAfterSeconds } = await problem('RATE_LIMITED', one({ rateLimit }))
  assert.ok(retryAfterSeconds !== null && Math.abs(retryAfterSeconds - 3600) < 120)
})

for (const requestsPerSecond of [1e-300, 1e-9]) {
  test(`H12 a rate of ${requestsPerSecond} is counted in Redis like any other, and leaves it to others`, async t => {
    const { one, two } = await setUp(t, await redisUrl(t))
    assert.deepEqual(await ends([one({ rateLimit: { requestsPerSecond } })]), [200])
    await problem('RATE_LIMITED', two({ rateLimit: { requestsPerSecond } }))
    const before = [one.answers(), two.answers()]
    for (const call of [one, two]) {
      assert.deepEqual(await ends([call({ rateLimit: { quotas: [HOUR] } })]), [200])
    }
    assert.deepEqual(
      [one.answers(), two.answers()],
      before.map(count => count + 1)
    )
  })
}

test('H01 requestsPerSecond is exceeded in no second by all replicas together', async t => {
  const { api, replicas } = await setUp(t, await redisUrl(t), { callMs: 120_000 })
  const rateLimit = { requestsPerSecond: 10 }
  const calls = Array.from({ length: 12 }, () => replicas.map(call => call({ rateLimit })))
  assert.deepEqual(await ends(calls.flat()), Array(36).fill(200))
  assert.equal(api.calls, 36)
  const moments = replicas.flatMap(call => [...call.moments.values()]).toSorted((a, b) => a - b)
  assert.equal(moments.length, 36)
  for (const [index, at] of moments.entries()) {
    const before = moments[index - 10]
    assert.ok(before === undefined || at - before >= 1_000, moments.join(' '))
  }
  const departures = replicas.flatMap(call => call.departures).toSorted((a, b) => a - b)
  // A busy machine lets a call go later than it may.
  assertRate(departures, 10, 1_000)
})

test('H01 replicas share what is shared by credential, by tenant without one, and by declaration', async t => {
  const { one, two } = await setUp(t, await redisUrl(t))
  const rateLimit = { quotas: [{ calls: 1, seconds: 3600 }] }
  const key = (secret: string) => ({
    credential: { headers: { 'X-Key': secret }, query: [], cookies: [] }
  })
  const ended = []
  for (const call of [
    () => one({ rateLimit, ...key('one'), tenant: 'a' }),
    () => two({ rateLimit, ...key('one'), tenant: 'b' }),
    () => two({ rateLimit, ...key('two'), tenant: 'b' }),
    () => one({ rateLimit, tenant: 'a' }),
    () => two({ rateLimit, tenant: 'a' }),
    () => two({ rateLimit, tenant: 'b' }),
    () => two({ rateLimit: { ...rateLimit, pointer: '/elsewhere' }, tenant: 'a' })
  ]) {
    ended.push(...(await ends([call()])))
  }
  assert.deepEqual(ended, [200, 'RATE_LIMITED', 200, 200, 'RATE_LIMITED', 200, 200])
})

const STEERED = { remainingHeader: 'x-remaining', resetHeader: 'x-reset' }

test('H12 what an API says to one replica is left for all of them', async t => {
  const { api, one, two, three } = await setUp(t, await redisUrl(t))
  api.answers.push({ headers: { 'X-Remaining': '4', 'X-Reset': '600' } })
  await one({ rateLimit: STEERED })
  // It is told with the next permit.
  await one({ rateLimit: STEERED })
  const calls = [two, three, two, three, two, three].map(call => call({ rateLimit: STEERED }))
  const ended = await ends(calls)
  assert.equal(ended.filter(end => end === 200).length, 3)
  assert.equal(ended.filter(end => end === 'RATE_LIMITED').length, 3)
  assert.equal(api.calls, 5)
})

test('H12 that none is left is told to all replicas at once', async t => {
  for (const answer of [
    { headers: { 'X-Remaining': '0', 'X-Reset': '600' } },
    { status: 429, headers: { 'Retry-After': '600' } }
  ]) {
    const { api, one, two } = await setUp(t, await redisUrl(t))
    const rateLimit = { requestsPerSecond: 100, ...STEERED }
    // Two that are under way do not know of it.
    api.answers.push({ headers: {} }, answer)
    await two({ rateLimit })
    await ends([one({ rateLimit, retry: { max: 0 } })])
    let refused = (await ends([two({ rateLimit })]))[0]
    while (refused === 200) refused = (await ends([two({ rateLimit })]))[0]
    assert.equal(refused, 'RATE_LIMITED')
    assert.ok(api.calls <= 4, String(api.calls))
  }
})

test('R13 without Redis each replica keeps the rate alone, with what it called before', async t => {
  const server = await startRedis(t)
  const { api, replicas, one } = await setUp(t, server.url)
  const rateLimit = { quotas: [HOUR] }
  assert.deepEqual(await ends([one({ rateLimit }), one({ rateLimit })]), [200, 200])
  await server.kill()
  await Promise.all(replicas.map(({ until }) => until('away')))
  const calls = Array.from({ length: 12 }, () => replicas.map(call => call({ rateLimit })))
  const ended = await ends(calls.flat())
  assert.equal(ended.filter(end => end === 200).length, 8 + 10 + 10)
  assert.equal(ended.filter(end => end === 'RATE_LIMITED').length, 8)

  // When it is back, each counts with the others again, and what it called alone for itself.
  await server.restart()
  await Promise.all(replicas.map(({ until }) => until('ok')))
  const after = await ends(replicas.map(call => call({ rateLimit })))
  assert.deepEqual(after, Array(3).fill('RATE_LIMITED'))
  assert.equal(api.calls, 2 + 8 + 10 + 10)
})

test('R14 a Redis that freezes holds no call up for longer than a command may take', async t => {
  const server = await startRedis(t)
  const { api, one } = await setUp(t, server.url, {}, SHORT_TIMES)
  server.freeze()
  const rateLimit = { quotas: [{ calls: 1_000, seconds: 3600 }] }
  const calls = Array.from({ length: 50 }, () => one({ rateLimit }))
  assert.deepEqual(await ends(calls), Array(50).fill(200))
  assert.equal(api.calls, 50)
})

test('a call without a rate limit asks Redis nothing, and one with a rate limit once', async t => {
  const server = await startRedis(t)
  const { one } = await setUp(t, server.url)
  const commands = async (): Promise<number> => {
    const stats = await server.client.info('commandstats')
    const counts = [...stats.matchAll(/^cmdstat_(?!info|hello|client)\w+:calls=(\d+)/gm)]
    return counts.reduce((sum, [, calls]) => sum + Number(calls), 0)
  }
  const before = await commands()
  await ends(Array.from({ length: 20 }, () => one()))
  assert.equal(await commands(), before)
  const quotas = [
    { calls: 100, seconds: 60 },
    { calls: 1_000, seconds: 3600 }
  ]
  await ends(Array.from({ length: 20 }, () => one({ rateLimit: { quotas }, retry: { max: 0 } })))
  const evals = /^cmdstat_eval:calls=(\d+)/m.exec(await server.client.info('commandstats'))
  assert.equal(evals?.[1], '20')
})

/** Two callers of a replica that hang up once Redis has answered so often in all; what they took is given back. */
async function hangUp(
  call: ReplicaCalls,
  rateLimit: Partial<RateLimitRecord>,
  answers: number
): Promise<void> {
  const caller = new AbortController()
  const gone = [1, 2].map(() => call({ rateLimit, signal: caller.signal }))
  while (call.answers() < answers) await wait(5)
  caller.abort(new Error('hung up'))
  for (const one of gone) await assert.rejects(one, /hung up/)
  while (call.answers() < answers + 2) await wait(5)
}

test('V5 callers that hang up while they wait for the rate limit leave room on all replicas', async t => {
  const api = await startApi(t)
  const [url, sealer] = [await redisUrl(t), newSealer()]
  const one = await startConducted(t, api.url, url, sealer)
  const two = await startConducted(t, api.url, url, sealer, { callMs: 3_500 })
  const rateLimit = { quotas: [{ calls: 2, seconds: 2 }] }
  assert.deepEqual(await ends([one({ rateLimit }), one({ rateLimit })]), [200, 200])
  await hangUp(one, rateLimit, 4)
  assert.deepEqual(await ends([two({ rateLimit }), two({ rateLimit })]), [200, 200])
  assert.equal(api.calls, 4)
})

test('V5 callers that hang up while they wait for a slot leave room on all replicas', async t => {
  const held: ServerResponse[] = []
  const api = await startUpstream(t, ({ url }, response) => {
    if (url === '/hang') held.push(response)
    else response.end('{}')
  })
  const [url, sealer] = [await redisUrl(t), newSealer()]
  const slots = { running: 1, waiting: 8, waitMs: 60_000 }
  const one = await startConducted(t, api, url, sealer, { slots })
  const two = await startConducted(t, api, url, sealer)
  const rateLimit = { quotas: [{ calls: 2, seconds: 3600 }] }
  const hanging = one({ url: `${api}/hang` })
  while (held.length === 0) await wait(5)
  await hangUp(one, rateLimit, 2)
  assert.deepEqual(await ends([two({ rateLimit }), two({ rateLimit })]), [200, 200])
  assert.deepEqual(await ends([two({ rateLimit })]), ['RATE_LIMITED'])
  held[0]?.end('{}')
  await hanging
})

test('V5 callers that hang up while Redis is asked leave room on all replicas', async t => {
  const api = await startApi(t)
  const [url, sealer] = [await redisUrl(t), newSealer()]
  const one = await startConducted(t, api.url, url, sealer)
  const two = await startConducted(t, api.url, url, sealer)
  const rateLimit = { quotas: [{ calls: 2, seconds: 3600 }] }
  const caller = new AbortController()
  const gone = [1, 2].map(() => one({ rateLimit, signal: caller.signal }))
  caller.abort(new Error('hung up'))
  for (const call of gone) await assert.rejects(call, /hung up/)
  while (one.answers() < 4) await wait(5)
  assert.deepEqual(await ends([two({ rateLimit }), two({ rateLimit })]), [200, 200])
  assert.equal(api.calls, 2)
})
