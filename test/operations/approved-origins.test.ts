import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createOwner } from '../../service/base/owner.ts'
import type { DocumentOrigins } from '../../service/model/connector-model.ts'
import type { FirstOrigins } from '../../service/operations/approved-origins.ts'
import { createApprovedOrigins } from '../../service/operations/approved-origins.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS

/** Replicas that share a store, which has remembered everything for a year. */
function setUp(max = 100) {
  const clock = { time: 1_750_000_000_000 }
  const now = () => clock.time
  const shared = {
    store: createMemoryStore({ maxBytes: 100_000, now }),
    markedSince: clock.time - 365 * DAY_MS,
    mark: { since: async () => shared.markedSince }
  }
  return {
    clock,
    shared,
    replica: () => createApprovedOrigins({ shared, now, max }),
    /** Loses all that is in the store, and its mark. */
    flush() {
      shared.store = createMemoryStore({ maxBytes: 100_000, now })
      shared.markedSince = clock.time
    },
    alone: (alonesMax = max) => createApprovedOrigins({ shared: null, now, max: alonesMax })
  }
}

function origins(host: string): DocumentOrigins {
  return {
    documentUrl: 'https://docs.example.com/openapi.yaml',
    servers: [{ url: `https://${host}`, variables: {} }],
    identityUrls: []
  }
}

const SCOPE = { owner: createOwner(null, 't'), schemaUrl: 'https://docs.example.com/openapi.yaml' }
const ONE = origins('one.example')
const TWO = origins('two.example')
const unknown = (why: FirstOrigins['unknown']) => ({
  ...{ documentUrl: SCOPE.schemaUrl, servers: [], identityUrls: [] },
  unknown: why
})

for (const how of ['alone', 'replica'] as const) {
  test(`A7 the first version stays the first for 90 days after its last use, and no longer (${how})`, async () => {
    const { clock, [how]: start } = setUp()
    const known = start()
    assert.deepEqual(await known.first(SCOPE, ONE, false), ONE)
    clock.time += 89 * DAY_MS
    assert.deepEqual(await known.first(SCOPE, TWO, false), ONE)
    clock.time += 89 * DAY_MS
    assert.deepEqual(await known.first(SCOPE, TWO, true), ONE)
    clock.time += 91 * DAY_MS
    assert.deepEqual(await known.first(SCOPE, TWO, false), TWO)
  })
}

test('A7 all who share a store have the same first version, of each tenant and document apart', async () => {
  const { replica } = setUp()
  await replica().first(SCOPE, ONE, false)
  const other = replica()
  assert.deepEqual(await other.first(SCOPE, TWO, false), ONE)
  assert.deepEqual(await other.first({ ...SCOPE, owner: createOwner(null, 'u') }, TWO, false), TWO)
  assert.deepEqual(await other.first({ ...SCOPE, schemaUrl: 'https://b.example' }, TWO, false), TWO)
})

test('A7 H7 a store that forgets takes nothing from who still knows', async () => {
  const { clock, shared, replica } = setUp()
  const known = replica()
  await known.first(SCOPE, ONE, false)
  for (let index = 0; index < 1_000; index++)
    await shared.store.set(`filler ${index}`, 'x'.repeat(100), 60)
  clock.time += 2 * HOUR_MS
  assert.deepEqual(await known.first(SCOPE, TWO, false), ONE)
  assert.deepEqual(await replica().first(SCOPE, TWO, false), ONE)
})

test('H7 tenants that a door token invents, however many, make no first version forgotten', async () => {
  const { alone } = setUp()
  const known = alone(50)
  await known.first(SCOPE, ONE, false)
  for (let index = 0; index < 500; index++) {
    await known.first({ ...SCOPE, owner: createOwner(null, `invented ${index}`) }, ONE, true)
  }
  assert.deepEqual(await known.first(SCOPE, TWO, true), ONE)
  const late = { ...SCOPE, owner: createOwner(null, 'late') }
  assert.deepEqual(await known.first(late, ONE, true), unknown('full'))
  const behindAnother = { ...SCOPE, owner: createOwner('another token', 'late') }
  assert.deepEqual(await known.first(behindAnother, ONE, false), ONE)
})

test('H7 a document that names very many hosts takes the place of several', async () => {
  const { alone } = setUp()
  const known = alone(50)
  const hosts = Array.from({ length: 600 }, (_, index) => `https://h${index}.example`)
  const many = { ...ONE, identityUrls: hosts }
  const scopeOf = (name: string) => ({ ...SCOPE, owner: createOwner(null, name) })
  const found: (string | undefined)[] = []
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    found.push((await known.first(scopeOf(name), many, true)).unknown)
  }
  assert.ok(found.includes('full') && found[0] === undefined, found.join())
})

test('H7 places come free when first versions have not been used for 90 days', async () => {
  const { alone, clock } = setUp()
  const known = alone(2)
  const scopeOf = (name: string) => ({ ...SCOPE, owner: createOwner(null, name) })
  for (const name of ['a', 'b']) await known.first(scopeOf(name), ONE, false)
  assert.deepEqual(await known.first(scopeOf('c'), ONE, false), unknown('full'))
  clock.time += 60 * DAY_MS
  await known.first(scopeOf('b'), ONE, false)
  clock.time += 31 * DAY_MS
  assert.deepEqual(await known.first(scopeOf('c'), ONE, false), ONE)
  assert.deepEqual(await known.first(scopeOf('b'), TWO, false), ONE)
})

test('H7 a store that has lost everything makes no later version the first until it is installed', async () => {
  const { clock, flush, replica } = setUp()
  await replica().first(SCOPE, ONE, true)
  flush()
  const restarted = replica()
  assert.deepEqual(await restarted.first(SCOPE, TWO, false), unknown('lost'))
  clock.time += 89 * DAY_MS
  assert.deepEqual(await restarted.first(SCOPE, TWO, false), unknown('lost'))
  assert.deepEqual(await restarted.first(SCOPE, TWO, true), TWO)
  assert.deepEqual(await restarted.first(SCOPE, ONE, false), TWO)
  clock.time += 2 * DAY_MS
  const other = { ...SCOPE, owner: createOwner(null, 'u') }
  assert.deepEqual(await restarted.first(other, TWO, false), TWO)
})

test('H7 what an earlier version of the service remembered still counts, as the first', async () => {
  const { shared, replica } = setUp()
  await replica().first(SCOPE, ONE, false)
  const { store } = shared
  const set = store.set.bind(store)
  const written: string[] = []
  store.set = async (key, value, ...rest) => {
    written.push(key)
    await set(key, value, ...rest)
  }
  await replica().first({ ...SCOPE, schemaUrl: 'https://b.example' }, ONE, false)
  await set(written[0] ?? '', JSON.stringify(TWO), 60)
  assert.deepEqual(
    await replica().first({ ...SCOPE, schemaUrl: 'https://b.example' }, ONE, false),
    TWO
  )
})

test('H7 a sample is ours, so any version of it is the first', async () => {
  const { flush, replica } = setUp()
  flush()
  const scope = { ...SCOPE, schemaUrl: 'sample:weather' }
  assert.deepEqual(await replica().first(scope, TWO, false), TWO)
})

test('H7 who knows first versions that the store has lost writes them back, over later ones', async t => {
  const { clock, flush, replica } = setUp()
  const knows = replica()
  const second = { ...SCOPE, owner: createOwner(null, 'u') }
  await knows.first(SCOPE, ONE, false)
  await knows.first(second, ONE, false)
  clock.time += DAY_MS
  flush()
  const restarted = replica()
  assert.deepEqual(await restarted.first(second, TWO, true), TWO)
  clock.time += 61_000
  assert.deepEqual(await knows.first(SCOPE, TWO, false), ONE)
  await t.waitFor(async () => {
    assert.deepEqual(await replica().first(second, TWO, false), ONE)
  })
  assert.deepEqual(await replica().first(SCOPE, TWO, false), ONE)
  clock.time += 2 * HOUR_MS
  assert.deepEqual(await restarted.first(second, TWO, false), ONE)
})

test('H7 while the store cannot be asked, a first use counts as before', async () => {
  const { clock } = setUp()
  const now = () => clock.time
  const store = createMemoryStore({ maxBytes: 100_000, now })
  const away = { store, mark: { since: async () => null } }
  const known = createApprovedOrigins({ shared: away, now, max: 10 })
  assert.deepEqual(await known.first(SCOPE, ONE, false), ONE)
  assert.deepEqual(await known.first(SCOPE, TWO, true), ONE)
})
