import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createOwner } from '../../service/base/owner.ts'
import type { LoginHandle } from '../../service/identity/login-handles.ts'
import { createLoginHandles, HANDLE_MAX_LENGTH } from '../../service/identity/login-handles.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'
import { createSealer, makeKey } from '../../service/store/sealer.ts'

const SCOPE = {
  owner: createOwner(null, 't'),
  schemaUrl: 'https://a.example/openapi.yaml?key=s3cret'
}
const START = 1_750_000_000_000

function setUp() {
  const clock = { time: START }
  const now = () => clock.time
  const store = createMemoryStore({ maxBytes: 1_000_000, now })
  const sealer = createSealer([makeKey()])
  return { clock, store, handles: createLoginHandles(sealer, store, now), sealer, now }
}

function handle(token: string): LoginHandle {
  return {
    scheme: 'oidc',
    binding: 'what it counts for',
    described: {
      details: { username: null, email: null, groups: [] },
      readAt: START,
      hasUserInfo: false,
      fromIdToken: [],
      subject: null
    },
    tokens: { authorization: `Bearer ${token}`, expiresAt: null, renewAt: null },
    session: null,
    endsAt: START + 60_000
  }
}

for (const [what, length, first] of [
  ['a short handle is the handle itself', 100, 'h'],
  ['a handle that no header would hold is a key to one', 4_000, 'k']
] as const) {
  test(`${what}, without a character that the platform splits at`, async () => {
    const { handles, clock } = setUp()
    const given = handle('x'.repeat(length))
    const text = await handles.write(given, SCOPE)
    assert.match(text, /^[\w-]+$/)
    assert.ok(text.length <= HANDLE_MAX_LENGTH)
    assert.equal(text[0], first)
    assert.ok(!text.includes('xxxx'))
    assert.deepEqual(await handles.read(text, SCOPE), given)
    clock.time = given.endsAt
    assert.equal(await handles.read(text, SCOPE), undefined)
  })

  test(`C1 ${what}, and opens for its tenant and document alone`, async () => {
    const { handles } = setUp()
    const text = await handles.write(handle('x'.repeat(length)), SCOPE)
    assert.equal(
      await handles.read(text, { ...SCOPE, owner: createOwner(null, 'other') }),
      undefined
    )
    assert.equal(await handles.read(text, { ...SCOPE, schemaUrl: 'https://b.example' }), undefined)
    assert.equal(await setUp().handles.read(text, SCOPE), undefined)
  })
}

test('the longest handle that fits is still a handle, the next one a key', async () => {
  const { handles } = setUp()
  const lengths = new Set<number>()
  for (let length = 700; length < 1_100; length++) {
    const text = await handles.write(handle('x'.repeat(length)), SCOPE)
    assert.ok(text.length <= HANDLE_MAX_LENGTH)
    lengths.add(text.length)
  }
  assert.ok(lengths.has(44))
  assert.ok(Math.max(...lengths) >= HANDLE_MAX_LENGTH - 3)
})

test('a text that is not a handle does not open', async () => {
  const { handles } = setUp()
  for (const text of [
    '',
    'h',
    'k',
    'NONE',
    'hAAAA',
    'k'.repeat(44),
    'x'.repeat(5_000),
    '__proto__'
  ]) {
    assert.equal(await handles.read(text, SCOPE), undefined)
  }
})
