import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createOwner } from '../../service/base/owner.ts'
import { createKeptTexts } from '../../service/documents/kept-texts.ts'
import { unpackText } from '../../service/documents/source-document.ts'
import { ConnectorError } from '../../service/errors.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'
import { createSealer, makeKey } from '../../service/store/sealer.ts'

const OWNER = createOwner(null, 'tenant')
const DAY_MS = 24 * 60 * 60 * 1000

function setUp(maxBytes = 1_000_000) {
  const clock = { time: 1_750_000_000_000 }
  const now = () => clock.time
  const sealer = createSealer([makeKey()])
  const store = createMemoryStore({ maxBytes, now })
  const kept = createKeptTexts({ store, sealer, settings: { DOCUMENT_MAX_BYTES: 100_000 }, now })
  return { kept, clock }
}

const unknown = (error: unknown): boolean =>
  error instanceof ConnectorError && error.code === 'KEPT_UNKNOWN'

test('A09 a text is kept for a day, and not longer because somebody kept it again', async () => {
  const { kept, clock } = setUp()
  const { location, until } = await kept.keep(Buffer.from('a: 1'), OWNER)
  assert.equal(until, clock.time + DAY_MS)
  assert.equal(kept.until(location), until)
  assert.equal(unpackText((await kept.read(location)).packed), 'a: 1')
  clock.time += DAY_MS / 2
  const again = await kept.keep(Buffer.from('a: 1'), OWNER)
  clock.time += DAY_MS / 2
  await assert.rejects(kept.read(location), unknown)
  assert.equal(unpackText((await kept.read(again.location)).packed), 'a: 1')
})

test('A09 a location tells nothing of its text, and another service does not open it', async () => {
  const [{ kept }, other] = [setUp(), setUp()]
  const [first, second] = await Promise.all([
    kept.keep(Buffer.from('a: 1'), OWNER),
    kept.keep(Buffer.from('a: 1'), OWNER)
  ])
  assert.notEqual(first.location, second.location)
  await other.kept.keep(Buffer.from('a: 1'), OWNER)
  await assert.rejects(other.kept.read(first.location), unknown)
  assert.equal(other.kept.until(first.location), undefined)
  assert.equal(kept.until('https://example.com/a'), undefined)
})

test('A09 a text that the store has no room for is refused rather than lost', async () => {
  const { kept } = setUp(2_000)
  const noise = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 256))
  await assert.rejects(kept.keep(noise, OWNER), { code: 'KEPT_NO_ROOM' })
})
