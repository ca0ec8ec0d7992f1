import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createOwner } from '../../service/base/owner.ts'
import type { DocumentOrigins } from '../../service/model/connector-model.ts'
import { createApprovedOrigins } from '../../service/operations/approved-origins.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS

function setUp() {
  const clock = { time: 1_750_000_000_000 }
  const now = () => clock.time
  const store = createMemoryStore({ maxBytes: 100_000, now })
  return { clock, store, now, origins: createApprovedOrigins(store, now) }
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

test('A7 the first version stays the first for 90 days after its last use, and no longer', async () => {
  const { clock, store, now, origins } = setUp()
  assert.deepEqual(await origins.first(SCOPE, ONE), ONE)
  clock.time += 89 * DAY_MS
  assert.deepEqual(await origins.first(SCOPE, TWO), ONE)
  clock.time += 89 * DAY_MS
  assert.deepEqual(await createApprovedOrigins(store, now).first(SCOPE, TWO), ONE)
  clock.time += 91 * DAY_MS
  assert.deepEqual(await createApprovedOrigins(store, now).first(SCOPE, TWO), TWO)
})

test('A7 all who share a store have the same first version, of each tenant and document apart', async () => {
  const { store, now, origins } = setUp()
  await origins.first(SCOPE, ONE)
  const other = createApprovedOrigins(store, now)
  assert.deepEqual(await other.first(SCOPE, TWO), ONE)
  assert.deepEqual(await other.first({ ...SCOPE, owner: createOwner(null, 'u') }, TWO), TWO)
  assert.deepEqual(await other.first({ ...SCOPE, schemaUrl: 'https://b.example' }, TWO), TWO)
})

test('A7 a store that forgets takes nothing from who still knows', async () => {
  const { clock, store, now, origins } = setUp()
  await origins.first(SCOPE, ONE)
  for (let index = 0; index < 1_000; index++)
    await store.set(`filler ${index}`, 'x'.repeat(100), 60)
  clock.time += 2 * HOUR_MS
  assert.deepEqual(await origins.first(SCOPE, TWO), ONE)
  assert.deepEqual(await createApprovedOrigins(store, now).first(SCOPE, TWO), ONE)
})
