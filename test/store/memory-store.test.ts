import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createMemoryStore } from '../../service/store/memory-store.ts'

test('a value is given back until its life time is over', async () => {
  let time = 1_000_000
  const store = createMemoryStore({ maxBytes: 1_000, now: () => time })
  await store.set('key', 'value', 10)
  time += 10_000
  assert.equal(await store.get('key'), 'value')
  time += 1
  assert.equal(await store.get('key'), undefined)
})

test('setting a key again replaces its value and begins its life time anew', async () => {
  let time = 1_000_000
  const store = createMemoryStore({ maxBytes: 1_000, now: () => time })
  await store.set('key', 'old', 10)
  time += 9_000
  await store.set('key', 'new', 10)
  time += 9_000
  assert.equal(await store.get('key'), 'new')
})

test('a life time of no seconds keeps nothing', async () => {
  const store = createMemoryStore({ maxBytes: 1_000, now: () => 1_000_000 })
  await store.set('key', 'old', 10)
  await store.set('key', 'new', 0)
  assert.equal(await store.get('key'), undefined)
})

test('a deleted key holds nothing, and an empty text is a value', async () => {
  const store = createMemoryStore({ maxBytes: 1_000, now: () => 1_000_000 })
  await store.set('gone', 'value', 10)
  await store.set('empty', '', 10)
  await store.delete('gone')
  assert.deepEqual([await store.get('gone'), await store.get('empty')], [undefined, ''])
})

test('a full store gives up what was not used for longest', async () => {
  const store = createMemoryStore({ maxBytes: 60, now: () => 1_000_000 })
  await store.set('a', '123456789', 10)
  await store.set('b', '123456789', 10)
  await store.set('c', '123456789', 10)
  await store.get('a')
  await store.set('d', '123456789', 10)
  const kept = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async key => (await store.get(key)) !== undefined)
  )
  assert.deepEqual(kept, [true, false, true, true])
})

test('a value larger than the whole store is not kept, nor is the old one of its key', async () => {
  const store = createMemoryStore({ maxBytes: 100, now: () => 1_000_000 })
  await store.set('other', 'stays', 10)
  await store.set('key', 'old', 10)
  await store.set('key', 'x'.repeat(51), 10)
  assert.deepEqual([await store.get('key'), await store.get('other')], [undefined, 'stays'])
})

test('a lock has one holder, until it is given back or its time is over', async () => {
  let time = 1_000_000
  const store = createMemoryStore({ maxBytes: 1_000, now: () => time })
  const tries = await Promise.all(['a', 'b', 'c'].map(holder => store.claim('lock', holder, 5)))
  assert.deepEqual(tries, [true, false, false])
  await store.release('lock', 'b')
  assert.equal(await store.claim('lock', 'b', 5), false)
  await store.release('lock', 'a')
  assert.equal(await store.claim('lock', 'b', 5), true)
  time += 5_001
  assert.equal(await store.claim('lock', 'c', 5), true)
  await store.release('lock', 'b')
  assert.equal(await store.get('lock'), 'c')
})
