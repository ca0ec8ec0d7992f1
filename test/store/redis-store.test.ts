import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

import { redisNames } from '../../service/store/redis-store.ts'
import type { Sealer } from '../../service/store/sealer.ts'
import { createSealer, makeKey } from '../../service/store/sealer.ts'
import { redisUrl, startRedis } from '../support/start-redis.ts'
import { newSealer, startReplica } from './replica.ts'

test('what one replica keeps another finds, for its life time, until it is set anew or deleted', async t => {
  const url = await redisUrl(t)
  const sealer = newSealer()
  const { redis: here } = await startReplica(t, url, sealer)
  const { redis: there } = await startReplica(t, url, sealer)
  await here.set('key', 'value', 60)
  await here.set('empty', '', 60)
  await here.set('short', 'value', 0.05)
  assert.deepEqual([await there.get('key'), await there.get('empty')], ['value', ''])
  await there.set('key', 'new', 60)
  assert.equal(await here.get('key'), 'new')
  await here.set('key', null, 60)
  await here.set('empty', 'value', 0)
  while ((await there.get('short')) !== undefined);
  assert.deepEqual([await there.get('key'), await there.get('empty')], [null, undefined])
})

test('a text of any length and language comes back as it was', async t => {
  const { redis } = await startReplica(t, await redisUrl(t), newSealer())
  const texts = ['x', 'é\u0000漢字 😀', 'long '.repeat(100_000), '漢'.repeat(2_000)]
  for (const text of texts) {
    await redis.set('key', text, 60)
    assert.equal(await redis.get('key'), text)
  }
})

test('a life time is told to Redis, and long texts lie there compressed', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const { redis } = await startReplica(t, server.url, sealer)
  await redis.set('key', 'long '.repeat(100_000), 60)
  const [name] = redisNames(sealer, 'key')
  const left = await server.client.pttl(name)
  assert.ok(left > 0 && left <= 60_000, String(left))
  assert.ok((await server.client.strlen(name)) < 10_000)
})

test('a text that is too long, or stays so when compressed, is not kept, nor is the old one of its key', async t => {
  const { redis } = await startReplica(t, await redisUrl(t), newSealer())
  const texts = [randomBytes(9 * 1024 * 1024).toString('base64'), 'x'.repeat(64 * 1024 * 1024 + 1)]
  for (const text of texts) {
    await redis.set('key', 'old', 60)
    await redis.set('key', text, 60)
    assert.equal(await redis.get('key'), undefined)
  }
})

test('with the rule unless later, an earlier entry replaces no later one', async t => {
  const { redis } = await startReplica(t, await redisUrl(t), newSealer())
  const set: [string, number, boolean][] = [
    ['second', 2, true],
    ['first', 1, false],
    ['tenth', 10, true],
    ['third', 3, false],
    ['hundredth', 100, true]
  ]
  for (const [value, second, isKept] of set) {
    assert.equal(await redis.setOlder('key', value, second), isKept, value)
  }
  assert.equal(await redis.get('key'), 'hundredth')
})

test('C2 a value with any byte flipped, cut short, or from another key is none', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const { redis } = await startReplica(t, server.url, sealer)
  await redis.set('key', 'value', 60)
  const [name] = redisNames(sealer, 'key')
  const [other] = redisNames(sealer, 'other')
  const kept = await server.client.getBuffer(name)
  assert.ok(kept)
  for (let index = 0; index < kept.length; index++) {
    const flipped = Buffer.from(kept)
    flipped[index] = (flipped[index] ?? 0) ^ 1
    await server.client.set(name, flipped)
    assert.equal(await redis.get('key'), undefined, `byte ${index}`)
  }
  for (const value of [kept.subarray(0, -1), kept.subarray(0, 20), Buffer.of(7), 'value']) {
    await server.client.set(name, value)
    assert.equal(await redis.get('key'), undefined)
  }
  await server.client.set(other, kept)
  assert.equal(await redis.get('other'), undefined)
  await server.client.set(name, kept)
  assert.equal(await redis.get('key'), 'value')
})

const MOMENT = '1750000000000000'

/** What whoever has the key can seal, though no honest replica would. */
function sealed(sealer: Sealer, form: number, body: Buffer, version = 1): Buffer {
  const context = `openapi-flow:${version}:${MOMENT}:key`
  const bytes = sealer.sealBytes(Buffer.concat([Buffer.of(form), body]), context)
  return Buffer.concat([Buffer.from(MOMENT), bytes])
}

test('C2 a bomb is none, sealed or not, and is not read whole', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const { redis } = await startReplica(t, server.url, sealer)
  const [name] = redisNames(sealer, 'key')
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 1 })
  await server.client.set(name, sealed(sealer, 1, bomb))
  const before = process.memoryUsage().rss
  assert.equal(await redis.get('key'), undefined)
  await server.client.eval(`redis.call('SETRANGE', KEYS[1], 300 * 1024 * 1024, 'x')`, 1, name)
  assert.equal(await redis.get('key'), undefined)
  assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024)
})

test('C2 a value of another version is ignored', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const { redis } = await startReplica(t, server.url, sealer)
  const [name] = redisNames(sealer, 'key')
  const text = Buffer.from(`${MOMENT} 60 value`)
  const ends = []
  for (const kept of [
    sealed(sealer, 0, text),
    sealed(sealer, 0, text, 0),
    sealed(sealer, 9, text),
    sealed(sealer, 1, text),
    sealed(sealer, 0, Buffer.from('value')),
    sealed(sealer, 0, Buffer.alloc(0))
  ]) {
    await server.client.set(name, kept)
    ends.push(await redis.get('key'))
  }
  assert.deepEqual(ends, ['value', ...Array(5).fill(undefined)])
})

test('a new key in front of the old one finds, replaces and deletes what was kept under the old one', async t => {
  const url = await redisUrl(t)
  const [old, fresh] = [makeKey(), makeKey()]
  const { redis: before } = await startReplica(t, url, createSealer([old]))
  const { redis: after } = await startReplica(t, url, createSealer([fresh, old]))
  await before.set('key', 'value', 60)
  await before.set('gone', 'value', 60)
  assert.equal(await after.get('key'), 'value')
  await after.set('key', 'new', 60)
  await after.set('gone', null, 60)
  assert.deepEqual([await after.get('key'), await after.get('gone')], ['new', null])
  const { redis: stranger } = await startReplica(t, url, createSealer([makeKey()]))
  assert.equal(await stranger.get('key'), undefined)
})

test('of several replicas one gets a lock, until it is given back or its time is over', async t => {
  const url = await redisUrl(t)
  const sealer = newSealer()
  const replicas = await Promise.all([1, 2, 3].map(() => startReplica(t, url, sealer)))
  const [first, second] = replicas
  assert.ok(first && second)
  const tries = await Promise.all(
    replicas.map(({ redis }, index) => redis.claim('lock', `holder-${index}`, 60))
  )
  assert.equal(tries.filter(taken => taken).length, 1)
  const holder = `holder-${tries.indexOf(true)}`
  await second.redis.release('lock', 'somebody else')
  assert.equal(await second.redis.claim('lock', 'next', 60), false)
  // Its holder keeps it for longer.
  assert.equal(await second.redis.claim('lock', holder, 60), true)
  await first.redis.release('lock', holder)
  assert.equal(await second.redis.claim('lock', 'next', 0.05), true)
  while (!(await first.redis.claim('lock', 'last', 60)));
  await second.redis.release('lock', 'next')
  assert.equal(await second.redis.claim('lock', 'next', 60), false)
})

test('C3 neither keys, nor values, nor holders of locks can be read in Redis', async t => {
  const server = await startRedis(t)
  const { redis } = await startReplica(t, server.url, newSealer())
  await redis.set('document https://secret.example', `token s3cret ${'s3cret '.repeat(1_000)}`, 60)
  await redis.claim('lock https://secret.example', 's3cret-holder', 60)
  const names = await server.client.keys('*')
  assert.equal(names.length, 2)
  for (const name of names) {
    assert.match(name, /^openapi-flow:1:[\w-]{43}$/)
    const value = await server.client.getBuffer(name)
    assert.ok(value)
    assert.ok(!/s3cret|secret/.test(name + value.toString('latin1')), name)
    // Compressed is not sealed.
    assert.ok(!value.includes(Buffer.of(0x1f, 0x8b, 0x08)), name)
  }
})
