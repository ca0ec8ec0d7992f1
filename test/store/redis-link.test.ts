import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inspect } from 'node:util'

import type { RedisLink } from '../../service/store/redis-link.ts'
import { redisNames } from '../../service/store/redis-store.ts'
import { StoreUnavailable } from '../../service/store/entry.ts'
import { startRedis } from '../support/start-redis.ts'
import { closedPort, startSocketServer } from '../support/start-upstream.ts'
import { createReplica, newSealer, PATIENT_TIMES, SHORT_TIMES, startReplica } from './replica.ts'

/** What an answer was, or why there was none. */
async function end(asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked
  } catch (error) {
    assert.ok(error instanceof StoreUnavailable, inspect(error))
    return error.message
  }
}

const ping = (link: RedisLink): Promise<unknown> => end(link.read(redis => redis.ping()))

/** Asks until there is the end that is expected. */
async function until(expected: unknown, ask: () => Promise<unknown>): Promise<void> {
  while ((await ask()) !== expected) await new Promise(setImmediate)
}

test('R13 a killed Redis is refused at once, and in use again after it returns', async t => {
  const server = await startRedis(t)
  const { link, lines, until: untilState } = await startReplica(t, server.url, newSealer())
  const connection = link.connection()
  assert.equal(await ping(link), 'PONG')
  const asked = link.read(redis => redis.blpop('nothing', 0))
  await Promise.all([server.kill(), end(asked)])
  await untilState('away')
  assert.deepEqual(
    await Promise.all(Array.from({ length: 100 }, () => ping(link))),
    Array(100).fill('away')
  )
  await server.restart()
  await untilState('ok')
  assert.equal(await ping(link), 'PONG')
  assert.ok(link.connection() > connection)
  assert.deepEqual(lines, ['info Redis is in use null', lines[1], 'info Redis is in use null'])
  assert.match(lines[1] ?? '', /^warn Redis is away (closed|ECONN[A-Z]+)$/)
})

test('R14 a frozen Redis costs three commands their time, then nothing until it goes on', async t => {
  const server = await startRedis(t)
  const times = { ...SHORT_TIMES, commandMs: 50, backoffMs: 60_000 }
  const { link, lines, until: untilState } = await startReplica(t, server.url, newSealer(), times)
  server.freeze()
  const ends: unknown[] = []
  for (let asked = 0; asked < 100; asked++) ends.push(await ping(link))
  assert.deepEqual(ends.slice(0, 3), ['timeout', 'timeout', 'timeout'])
  assert.ok(ends.slice(3).every(reason => reason === 'skipped' || reason === 'away'))
  // The connection is given up, and a new one is not answered either.
  await until('away', () => ping(link))
  server.thaw()
  await untilState('ok')
  assert.deepEqual(lines.slice(1), ['warn Redis is away timeout', 'info Redis is in use null'])
})

test('R14 of many who ask a Redis that may be back one finds out for all', async t => {
  const server = await startRedis(t)
  const times = { ...SHORT_TIMES, commandMs: 50, silenceMs: 60_000, backoffMs: 1_000 }
  let now = 0
  const { link } = await startReplica(t, server.url, newSealer(), times, () => now)
  server.freeze()
  await until('skipped', () => ping(link))
  now += 1_001
  const ends = await Promise.all(Array.from({ length: 20 }, () => ping(link)))
  assert.deepEqual(ends, ['timeout', ...Array(19).fill('skipped')])
  server.thaw()
  await until('PONG', () => {
    now += 1_001
    return ping(link)
  })
})

test('R14 what a frozen Redis has not answered is bounded', async t => {
  const server = await startRedis(t)
  const times = { ...SHORT_TIMES, silenceMs: 60_000 }
  const { link } = await startReplica(t, server.url, newSealer(), times)
  server.freeze()
  const value = Buffer.alloc(7 * 1024 * 1024)
  const ends = await Promise.all(
    Array.from({ length: 12 }, () =>
      end(link.write(redis => redis.set('openapi-flow:test', value, 'PX', 1_000), value.length))
    )
  )
  assert.deepEqual(ends, [...Array(9).fill('timeout'), ...Array(3).fill('busy')])
  server.thaw()
})

test('R15 a server that takes connections and never answers is never in use, and given up again and again', async t => {
  let connections = 0
  const { promise: again, resolve } = Promise.withResolvers<void>()
  const address = await startSocketServer(t, () => {
    if (++connections === 3) resolve()
  })
  const { link, lines } = createReplica(
    t,
    `redis://user:s3cret@${address}`,
    newSealer(),
    SHORT_TIMES
  )
  assert.equal(await ping(link), 'away')
  await again
  assert.equal(await ping(link), 'away')
  assert.match(lines.join(), /^warn Redis is away (timeout|not ready)$/)
})

test('a Redis that was never there is away, and in use once it comes', async t => {
  const server = await startRedis(t)
  await server.kill()
  const { link, lines, until: untilState } = createReplica(t, server.url, newSealer())
  assert.equal(link.state().state, 'away')
  await until(1, async () => lines.length)
  assert.equal(link.state().reason, 'ECONNREFUSED')
  await server.restart()
  await untilState('ok')
  assert.deepEqual(lines, ['warn Redis is away ECONNREFUSED', 'info Redis is in use null'])
})

test('R16 a Redis that asks for another password, or for one, is away', async t => {
  const server = await startRedis(t, { requirepass: 's3cret' })
  const { host } = new URL(server.url)
  for (const [url, reason] of [
    [server.url, 'NOAUTH'],
    [`redis://:wr0ng@${host}`, 'WRONGPASS']
  ] as const) {
    const { link, lines } = createReplica(t, url, newSealer())
    await until(1, async () => lines.length)
    assert.equal(await ping(link), 'away')
    assert.deepEqual(lines, [`warn Redis is away ${reason}`])
  }
  const { link } = await startReplica(t, `redis://:s3cret@${host}/3`, newSealer())
  await link.write(redis => redis.set('openapi-flow:test', 'value'))
  assert.deepEqual(await server.client.dbsize(), 0)
  await server.client.select(3)
  assert.deepEqual(await server.client.dbsize(), 1)
})

test('R16 a full Redis is read and takes no writes, until it has room again', async t => {
  const server = await startRedis(t, { 'maxmemory-policy': 'noeviction' })
  const { link, redis, lines } = await startReplica(t, server.url, newSealer())
  await redis.set('key', 'value', 60)
  await redis.set('other', 'value', 60)
  assert.equal(await redis.claim('lock', 'holder', 60), true)
  await server.client.config('SET', 'maxmemory', '1')
  assert.equal(await end(redis.set('key', 'new', 60)), 'OOM')
  assert.equal(await end(redis.claim('lock', 'next', 60)), 'skipped')
  assert.equal(link.state().state, 'full')
  // What was to be replaced is not there any more, as others would take it for the latest.
  assert.deepEqual([await redis.get('key'), await redis.get('other')], [undefined, 'value'])
  assert.equal(await end(redis.set('other', 'new', 60)), 'skipped')
  assert.equal(await redis.get('other'), undefined)
  await redis.release('lock', 'holder')
  assert.equal(link.state().state, 'full')
  await server.client.config('SET', 'maxmemory', '0')
  await until(true, () => end(redis.claim('lock', 'next', 60)))
  await redis.set('key', 'new', 60)
  assert.equal(await redis.get('key'), 'new')
  assert.deepEqual(lines.slice(1), ['warn Redis is full OOM', 'info Redis is in use null'])
})

test('R16 a Redis that has become a replica is away, until a new connection finds one that is none', async t => {
  const server = await startRedis(t)
  const { link, redis, lines } = await startReplica(t, server.url, newSealer())
  await redis.set('key', 'value', 60)
  const [host = '', port = ''] = (await closedPort()).split(':')
  await server.client.replicaof(host, port)
  for (const _ of [1, 2]) {
    const connection = link.connection()
    await until('READONLY', () => end(redis.set('key', 'new', 60)))
    await until(false, async () => link.connection() === connection)
    assert.equal(await end(redis.get('key')), 'skipped')
  }
  await server.client.replicaof('NO', 'ONE')
  await until(undefined, () => end(redis.set('key', 'new', 60)))
  assert.equal(await redis.get('key'), 'new')
  assert.deepEqual(lines.slice(1), ['warn Redis is away READONLY', 'info Redis is in use null'])
})

test('R16 a Redis that loads its data is away until it is done', async t => {
  const server = await startRedis(t, {
    'enable-debug-command': 'yes',
    'key-load-delay': '200',
    'loading-process-events-interval-bytes': '1024'
  })
  const { link, lines } = await startReplica(t, server.url, newSealer())
  await server.client.eval(`for key = 1, 10000 do redis.call('SET', 'filler:' .. key, 'x') end`, 0)
  const loaded = server.client.debug('RELOAD')
  await until('LOADING', () => ping(link))
  await until('skipped', () => ping(link))
  await loaded
  await until('PONG', () => ping(link))
  assert.deepEqual(lines.slice(1), ['warn Redis is away LOADING', 'info Redis is in use null'])
})

test('R16 a key of another type is a miss that says nothing of Redis', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const { link, redis, store, lines } = await startReplica(t, server.url, sealer)
  await server.client.hset(redisNames(sealer, 'key')[0], 'field', 'value')
  for (let asked = 0; asked < 10; asked++) {
    assert.equal(await end(redis.get('key')), 'WRONGTYPE')
    assert.equal(await store.get('key'), undefined)
  }
  assert.equal(link.state().state, 'ok')
  await redis.set('key', 'value', 60)
  assert.equal(await redis.get('key'), 'value')
  assert.equal(lines.length, 1)
})

test('a thread that was held up for longer than a command may take reads the answer all the same', async t => {
  const server = await startRedis(t)
  const times = { ...SHORT_TIMES, silenceMs: 60_000 }
  const { link } = await startReplica(t, server.url, newSealer(), times)
  for (let round = 0; round < 2; round++) {
    const asked = ping(link)
    const goOn = performance.now() + 550
    while (performance.now() < goOn);
    assert.equal(await asked, 'PONG')
  }
})

test('closing ends the connection, and nothing is said of it', async t => {
  const server = await startRedis(t)
  const { link, lines } = await startReplica(t, server.url, newSealer())
  const connected = async (): Promise<number> =>
    String(await server.client.client('LIST'))
      .trim()
      .split('\n').length
  assert.equal(await connected(), 2)
  await link.close()
  await until(1, connected)
  assert.equal(await ping(link), 'away')
  assert.equal(lines.length, 1)
})

/** Timers that keep the process running. */
const timers = (): number =>
  process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length

test('closing after a loss holds the process no longer', async t => {
  const server = await startRedis(t)
  const before = timers()
  const replica = await startReplica(t, server.url, newSealer())
  server.client.disconnect()
  await server.kill()
  await replica.until('away')
  await replica.link.close()
  // A lost connection once held the process for the time of a command. To wait by a timer would count itself.
  const patience = performance.now() + PATIENT_TIMES.commandMs / 2
  while (timers() > before && performance.now() < patience) await nextTurn()
  assert.ok(timers() <= before)
})
