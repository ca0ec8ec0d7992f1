import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'

import { createOwner } from '../../service/base/owner.ts'
import type { RepeatedAnswers } from '../../service/exchange/repeated-answers.ts'
import { createRepeatedAnswers } from '../../service/exchange/repeated-answers.ts'

const ACME = createOwner(null, 'acme')
const URL_OF_LIST = 'https://api.example/things?limit=21'
const JSON_TYPE = { 'content-type': 'application/json' }

function create(maxBytes = 1_000_000): { repeated: RepeatedAnswers; wait(ms: number): void } {
  let now = 0
  const repeated = createRepeatedAnswers(maxBytes, () => now)
  const wait = (ms: number): void => {
    now += ms
  }
  return { repeated, wait }
}

/** An answer comes, and is read unless it is known. */
function answer(
  repeated: RepeatedAnswers,
  text: string,
  { owner = ACME, url = URL_OF_LIST, headers = JSON_TYPE as Record<string, string> } = {}
): 'known' | 'read' {
  const response = { headers, body: Buffer.from(text) }
  const known = repeated.recall(owner, url, response)
  if (known === undefined) repeated.notice(owner, url, response, JSON.parse(text))
  else assert.deepEqual(known, JSON.parse(text))
  return known === undefined ? 'read' : 'known'
}

test('a list that came twice is not read again, until it is another one', () => {
  const { repeated } = create()
  const came = ['[{"a":1}]', '[{"a":1}]', '[{"a":1}]', '[{"a":2}]', '[{"a":1}]', '[{"a":1}]']
  const read = came.map(text => answer(repeated, text))
  assert.deepEqual(read, ['read', 'read', 'known', 'read', 'read', 'read'])
  assert.equal(answer(repeated, '[{"a":1}]'), 'known')
})

test('bodies are compared byte for byte, not by their checksum', () => {
  const { repeated } = create()
  const [one, other] = ['["1u4cp361in6"]', '["1p9tc5r3lvj"]']
  assert.equal(crc32(one), crc32(other))
  const response = (text: string) => ({ headers: JSON_TYPE, body: Buffer.from(text) })
  repeated.notice(ACME, URL_OF_LIST, response(one), JSON.parse(one))
  repeated.notice(ACME, URL_OF_LIST, response(other), JSON.parse(other))
  assert.equal(repeated.recall(ACME, URL_OF_LIST, response(one)), undefined)
  assert.deepEqual(repeated.recall(ACME, URL_OF_LIST, response(other)), JSON.parse(other))
})

test('another URL, tenant or content type has bodies of its own', () => {
  const { repeated } = create()
  const text = '{"data":[]}'
  for (const expected of ['read', 'read', 'known']) assert.equal(answer(repeated, text), expected)
  assert.equal(answer(repeated, text, { url: `${URL_OF_LIST}&offset=20` }), 'read')
  assert.equal(answer(repeated, text, { owner: createOwner(null, 'other') }), 'read')
  assert.equal(answer(repeated, text, { owner: createOwner('door', 'acme') }), 'read')
  assert.equal(answer(repeated, text, { headers: { 'content-type': 'text/plain' } }), 'read')
  assert.equal(answer(repeated, text, { headers: {} }), 'read')
})

test('what is kept is frozen, and does not share its bytes with the response', () => {
  const { repeated } = create()
  const body = Buffer.from('[{"a":[1]}]')
  const response = { headers: JSON_TYPE, body }
  repeated.notice(ACME, URL_OF_LIST, response, [{ a: [1] }])
  repeated.notice(ACME, URL_OF_LIST, response, [{ a: [1] }])
  body.fill(0)
  const known = repeated.recall(ACME, URL_OF_LIST, {
    headers: JSON_TYPE,
    body: Buffer.from('[{"a":[1]}]')
  })
  assert.ok(Array.isArray(known) && Object.isFrozen(known))
  assert.ok(Object.isFrozen(known[0]) && Object.isFrozen(known[0].a))
})

test('a body is kept for a minute', () => {
  const { repeated, wait } = create()
  for (const expected of ['read', 'read', 'known']) assert.equal(answer(repeated, '[]'), expected)
  wait(60_000)
  assert.equal(answer(repeated, '[]'), 'known')
  wait(1)
  for (const expected of ['read', 'read', 'known']) assert.equal(answer(repeated, '[]'), expected)
})

test('texts and numbers are not kept', () => {
  const { repeated } = create()
  for (const text of ['"a"', '1', 'null', 'true']) {
    for (let times = 0; times < 4; times++) assert.equal(answer(repeated, text), 'read', text)
  }
})

test('kept bodies have a bound, within which a tenant with many leaves those of others alone', () => {
  // A body of a thousand bytes counts as 32,000.
  const { repeated } = create(200_000)
  const long = JSON.stringify(['x'.repeat(996)])
  const other = { owner: createOwner(null, 'other') }
  for (const expected of ['read', 'read', 'known']) {
    assert.equal(answer(repeated, long, other), expected)
  }
  for (let list = 0; list < 20; list++) {
    for (let times = 0; times < 2; times++)
      answer(repeated, long, { url: `${URL_OF_LIST}&p=${list}` })
  }
  assert.equal(answer(repeated, long, other), 'known')
  assert.equal(answer(repeated, long, { url: `${URL_OF_LIST}&p=0` }), 'read')
  assert.equal(answer(repeated, long, { url: `${URL_OF_LIST}&p=19` }), 'known')
  // Too large for all of it.
  const huge = JSON.stringify(['x'.repeat(10_000)])
  for (let times = 0; times < 3; times++) assert.equal(answer(repeated, huge), 'read')
})
