import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createOwner } from '../../service/base/owner.ts'
import { createFairCache, ENTRY_BYTES, OWNER_BYTES } from '../../service/store/fair-cache.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'

/** Bytes that take this many values of this many owners, whose keys and values have so many characters. */
const room = (owners: number, values: number, characters: number): number =>
  owners * OWNER_BYTES + values * ENTRY_BYTES + 2 * characters

test('a value is returned until its time to live is over', async () => {
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

test('a full store evicts the least recently used value', async () => {
  const store = createMemoryStore({ maxBytes: room(1, 3, 30), now: () => 1_000_000 })
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

test('C1 the owner with the most bytes loses entries, so that a flood of one takes nothing from another', async () => {
  const store = createMemoryStore({ maxBytes: 10_000, now: () => 1_000_000 })
  await store.set('login of b', 'stays', 10, createOwner(null, 'b'))
  await store.set('document', 'x'.repeat(300), 10)
  for (let index = 0; index < 500; index++)
    await store.set(`a ${index}`, 'flood', 10, createOwner(null, 'a'))
  assert.deepEqual(
    [await store.get('login of b'), (await store.get('document'))?.length],
    ['stays', 300]
  )
  assert.deepEqual([await store.get('a 0'), await store.get('a 499')], [undefined, 'flood'])
})

test('a key keeps its owner when it is set again, and may get another', async () => {
  const store = createMemoryStore({ maxBytes: room(3, 3, 80), now: () => 1_000_000 })
  await store.set('k1', 'x'.repeat(30), 10, createOwner(null, 'a'))
  await store.set('k1', 'y'.repeat(30), 10)
  await store.set('k2', 'x'.repeat(20), 10, createOwner(null, 'b'))
  // Of 32 characters of a, 22 of b and 27 of c, a makes room.
  await store.set('k3', 'x'.repeat(25), 10, createOwner(null, 'c'))
  assert.deepEqual(
    [await store.get('k1'), await store.get('k2'), (await store.get('k3'))?.length],
    [undefined, 'x'.repeat(20), 25]
  )
})

test('what is counted is what is there, whatever comes, goes, ends and is replaced', async () => {
  let time = 1_000_000
  const store = createMemoryStore({ maxBytes: room(1, 4, 4 * 116), now: () => time })
  for (let round = 0; round < 50; round++) {
    for (let owner = 0; owner < 40; owner++) {
      await store.set(
        `k${owner % 7}`,
        'v'.repeat((round + owner) % 60),
        owner % 5,
        createOwner(null, `o${owner % 3}`)
      )
      if (owner % 4 === 0) await store.delete(`k${owner % 7}`)
    }
    time += 700
  }
  time += 60_000
  const texts = Array.from({ length: 4 }, (_, index) => `${index}`.repeat(110))
  for (const [index, text] of texts.entries())
    await store.set(`last ${index}`, text, 10, createOwner(null, 'last'))
  const kept = await Promise.all(texts.map((_, index) => store.get(`last ${index}`)))
  assert.deepEqual(kept, texts)
})

test('a value larger than the whole store is not kept, nor is the old one of its key', async () => {
  const store = createMemoryStore({ maxBytes: room(1, 2, 50), now: () => 1_000_000 })
  await store.set('other', 'stays', 10)
  await store.set('key', 'old', 10)
  await store.set('key', 'x'.repeat(51 + ENTRY_BYTES), 10)
  assert.deepEqual([await store.get('key'), await store.get('other')], [undefined, 'stays'])
})

test('a lock has one holder, until it is given back or its time is over', async () => {
  let time = 1_000_000
  const store = createMemoryStore({ maxBytes: 1_000, now: () => time })
  const tries = await Promise.all(['a', 'b', 'c'].map(holder => store.claim('lock', holder, 5)))
  assert.deepEqual(tries, [true, false, false])
  await store.release('lock', 'b')
  assert.equal(await store.claim('lock', 'b', 5), false)
  assert.equal(await store.claim('lock', 'a', 5), true)
  await store.release('lock', 'a')
  assert.equal(await store.claim('lock', 'b', 5), true)
  time += 5_001
  assert.equal(await store.claim('lock', 'c', 5), true)
  await store.release('lock', 'b')
  assert.equal(await store.get('lock'), 'c')
})

test('H8 V1 tenants that a door token invents take no memory from those of another', async () => {
  const store = createMemoryStore({ maxBytes: 100_000, now: () => 1_000_000 })
  const tenants = Array.from({ length: 10 }, (_, index) => createOwner('other token', `t${index}`))
  for (const owner of tenants) await store.set(`of ${owner.tenant}`, 'x'.repeat(500), 10, owner)
  for (let index = 0; index < 5_000; index++) {
    await store.set(`invented ${index}`, '', 10, createOwner('token', `invented ${index}`))
  }
  for (const { tenant } of tenants) assert.equal((await store.get(`of ${tenant}`))?.length, 500)
})

for (const owners of [500, 50]) {
  test(`H8 V1 the values of ${owners} owners count with their keys and owners`, () => {
    const maxBytes = 200_000
    const cache = createFairCache<string>({ maxBytes, sizeOf: text => text.length, now: () => 0 })
    for (let index = 0; index < 5_000; index++) {
      cache.set(`key ${index}`, 'x'.repeat(10), 10, createOwner(null, `${index % owners}`))
    }
    const { entries, bytes } = cache.usage()
    const kept = Math.min(owners, entries)
    assert.equal(bytes, kept * OWNER_BYTES + entries * (ENTRY_BYTES + 10))
    assert.ok(bytes <= maxBytes && bytes > 0.98 * maxBytes, `${bytes}`)
  })
}

test('H8 V1 what nobody asks for again leaves when its time is over, one after another', () => {
  let time = 0
  const cache = createFairCache<string>({ maxBytes: 1e9, sizeOf: () => 1, now: () => time })
  for (let index = 0; index < 1_000; index++) {
    cache.set(`old ${index}`, 'x', 10, createOwner(null, `${index}`))
  }
  time = 20_000
  for (let index = 0; index < 500; index++) cache.set(`new ${index}`, 'x', 10)
  assert.equal(cache.usage().entries, 500)
})
