import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { startRedis } from '../support/start-redis.ts'
import { newSealer, SHORT_TIMES, startReplica } from './replica.ts'

test('what one replica sets or deletes is so for the others', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const { store: here } = await startReplica(t, server.url, sealer)
  const { store: there } = await startReplica(t, server.url, sealer)
  await here.set('key', 'one', 60)
  assert.equal(await there.get('key'), 'one')
  await there.set('key', 'two', 60)
  assert.equal(await here.get('key'), 'two')
  await here.delete('key')
  assert.equal(await there.get('key'), undefined)
})

test('getLocal returns what a replica remembers, though others may have set it since', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const { store: here } = await startReplica(t, server.url, sealer)
  const { store: there } = await startReplica(t, server.url, sealer)
  await here.set('key', 'one', 60)
  assert.equal(await there.getLocal('key'), 'one')
  await here.set('key', 'two', 60)
  assert.equal(await there.getLocal('key'), 'one')
  assert.equal(await there.get('key'), 'two')
  assert.equal(await there.getLocal('key'), 'two')
})

test('what has run out or made room in Redis is gone, whatever a replica remembers', async t => {
  const server = await startRedis(t)
  const { store } = await startReplica(t, server.url, newSealer())
  await store.set('key', 'value', 60)
  await server.client.flushall()
  assert.equal(await store.get('key'), undefined)
  assert.equal(await store.getLocal('key'), undefined)
})

test('R13 a replica goes on with what it has set and read when Redis is killed', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const here = await startReplica(t, server.url, sealer)
  const there = await startReplica(t, server.url, sealer)
  await here.store.set('set', 'value', 60)
  await there.store.set('read', 'value', 60)
  await here.store.get('read')
  await server.kill()
  await here.until('away')
  assert.deepEqual(
    [await here.store.get('set'), await here.store.get('read'), await there.store.get('set')],
    ['value', 'value', undefined]
  )
  await here.store.delete('read')
  assert.equal(await here.store.get('read'), undefined)
})

test('R13 a Redis that comes back empty is given again what a replica remembers', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const here = await startReplica(t, server.url, sealer)
  const there = await startReplica(t, server.url, sealer)
  await here.store.set('before', 'value', 60)
  await server.kill()
  await Promise.all([here.until('away'), there.until('away')])
  await here.store.set('meanwhile', 'value', 60)
  await server.restart()
  await Promise.all([here.until('ok'), there.until('ok')])
  // What was set meanwhile is given at once, the rest when it is asked for.
  while ((await there.store.get('meanwhile')) === undefined) await here.store.get('meanwhile')
  assert.equal(await there.store.get('before'), undefined)
  assert.equal(await here.store.get('before'), 'value')
  assert.equal(await there.store.get('before'), 'value')
})

test('R14 what was set or deleted while Redis was frozen counts more than what it still holds', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const here = await startReplica(t, server.url, sealer, SHORT_TIMES)
  const there = await startReplica(t, server.url, sealer, SHORT_TIMES)
  for (const key of ['set', 'deleted', 'later']) await here.store.set(key, 'old', 60)
  server.freeze()
  while (here.link.state().state === 'ok') await here.store.get('set')
  while (there.link.state().state === 'ok') await there.store.get('set')
  await here.store.set('set', 'new', 60)
  await here.store.set('later', 'new', 60)
  await here.store.delete('deleted')
  // The clock tells milliseconds apart.
  await wait(2)
  await there.store.set('later', 'newest', 60)
  server.thaw()
  await Promise.all([here.until('ok'), there.until('ok')])
  while ((await there.store.get('deleted')) !== undefined) await here.store.get('deleted')
  while ((await here.store.get('later')) !== 'newest') await there.store.get('later')
  for (const { store } of [here, there]) {
    const found = await Promise.all(['set', 'deleted', 'later'].map(key => store.get(key)))
    assert.deepEqual(found, ['new', undefined, 'newest'])
  }
})

test('R13 R16 what another may have set since is not the latest', async t => {
  const server = await startRedis(t, { 'maxmemory-policy': 'noeviction' })
  const sealer = newSealer()
  const here = await startReplica(t, server.url, sealer)
  const there = await startReplica(t, server.url, sealer)
  const keep = async (): Promise<void> => {
    await here.store.set('key', 'value', 60)
    assert.equal(await there.store.getLatest('key'), 'value')
  }
  await keep()
  await server.client.config('SET', 'maxmemory', '1')
  // Nothing tells one of them that the other has what is newer.
  await here.store.set('key', 'new', 60)
  await there.store.set('key', 'newer', 60)
  assert.deepEqual([await here.store.get('key'), await there.store.get('key')], ['new', 'newer'])
  for (const { store } of [here, there]) assert.equal(await store.getLatest('key'), undefined)
  await server.client.config('SET', 'maxmemory', '0')
  for (const { store, link } of [here, there]) {
    while (link.state().state !== 'ok') await Promise.all([store.set('other', '', 60), wait(5)])
    await wait(link.settledAt() - Date.now() + 5)
  }
  await keep()
  await server.kill()
  await Promise.all([here.until('away'), there.until('away')])
  assert.equal(await here.store.get('key'), 'value')
  assert.equal(await here.store.getLatest('key'), undefined)
  await server.restart()
  await Promise.all([here.until('ok'), there.until('ok')])
  // A third may still be without it, and set what these do not see.
  await here.store.set('key', 'value', 60)
  assert.equal(await there.store.getLatest('key'), undefined)
  await wait(there.link.settledAt() - Date.now() + 5)
  assert.equal(await there.store.getLatest('key'), undefined)
  await keep()
})

test('R16 what others cannot replace is not the latest, though it is still there', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const here = await startReplica(t, server.url, sealer)
  const there = await startReplica(t, server.url, sealer)
  await here.store.set('key', 'value', 60)
  assert.equal(await there.store.getLatest('key'), 'value')
  await server.client.replicaof('127.0.0.1', '1')
  await here.store.set('key', 'new', 60)
  assert.equal(there.link.state().state, 'ok')
  assert.equal(await there.store.getLatest('key'), undefined)
  assert.equal(await there.store.get('key'), 'value')
})

test('a lock has one holder among all replicas, and one in each while Redis is away', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const here = await startReplica(t, server.url, sealer)
  const there = await startReplica(t, server.url, sealer)
  const claims = (names: readonly string[]): Promise<boolean[]> =>
    Promise.all(
      names.map((name, index) => (index % 2 === 0 ? here : there).store.claim('lock', name, 60))
    )
  const count = (taken: readonly boolean[]): number => taken.filter(is => is).length

  const first = await claims(['a', 'b', 'c', 'd'])
  assert.equal(count(first), 1)
  await server.kill()
  await Promise.all([here.until('away'), there.until('away')])
  const second = await claims(['e', 'f', 'g', 'h'])
  // The holder of the first still has it in its own replica.
  assert.equal(count(second), 1)
  for (const [index, name] of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].entries()) {
    await (index % 2 === 0 ? here : there).store.release('lock', name)
  }
  assert.equal(count(await claims(['i', 'j', 'k', 'l'])), 2)
})

test('of a key that is set again and again the last value counts, whoever is asked', async t => {
  const server = await startRedis(t)
  const sealer = newSealer()
  const here = await startReplica(t, server.url, sealer)
  const there = await startReplica(t, server.url, sealer)
  const reads: Promise<unknown>[] = []
  for (let round = 0; round < 200; round++) {
    const set = here.store.set('key', String(round), 60)
    reads.push(here.store.get('key'), there.store.get('key'))
    await set
  }
  await Promise.all(reads)
  const last = [here.store.get('key'), there.store.get('key'), here.store.getLocal('key')]
  assert.deepEqual(await Promise.all(last), ['199', '199', '199'])
})
