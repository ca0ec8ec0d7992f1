import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import { parseJson } from '../../service/base/exact-number.ts'
import { hashJson, hashText } from '../../service/base/json-hash.ts'
import { createRecentKeys } from '../../service/base/recent-keys.ts'

const LEAST = 2 ** 19

test('keys are remembered with the last number that was set', () => {
  const keys = createRecentKeys()
  const numbers = new Map<string, number>()
  for (let index = 0; index < 20_000; index++) {
    const key = `k${index % 9_000}`
    assert.equal(keys.get(hashText(key, 1)), numbers.get(key))
    keys.set(hashText(key, 1), index)
    numbers.set(key, index)
  }
  assert.equal(keys.get(hashText('other', 1)), undefined)
})

test('of millions of keys the latest are remembered, and the oldest forgotten', () => {
  const keys = createRecentKeys()
  const count = 4 * LEAST
  for (let index = 0; index < count; index++) keys.set({ high: index * 31, low: index }, index | 0)
  for (let index = count - LEAST; index < count; index += 97) {
    assert.equal(keys.get({ high: index * 31, low: index }), index)
  }
  assert.equal(keys.get({ high: 31, low: 1 }), undefined)
})

test('keys whose hash has zeros are told apart', () => {
  const keys = createRecentKeys()
  keys.set({ high: 5, low: 0 }, 1)
  keys.set({ high: 6, low: 0 }, 2)
  keys.set({ high: 0, low: 7 }, 3)
  const found = [
    { high: 5, low: 0 },
    { high: 6, low: 0 },
    { high: 0, low: 7 },
    { high: 0, low: 0 }
  ].map(keys.get)
  assert.deepEqual(found, [1, 2, 3, undefined])
})

test('a million texts have different hashes of 64 bits', () => {
  const seen = new Set<string>()
  for (let index = 0; index < 1_000_000; index++) {
    const { high, low } = hashText(`id-${index}`, 3)
    seen.add(`${high} ${low}`)
  }
  assert.equal(seen.size, 1_000_000)
})

test('equal JSON has equal hashes, other JSON has others', () => {
  const values = [
    ...['1', '-1', '1.5', '"1"', 'true', 'false', 'null', '[]', '{}', '[[]]', '[{}]', '{"a":1}'],
    ...['{"b":1}', '{"a":"1"}', '[1]', '[1,null]', '[null,1]', '{"a":1,"b":2}', '{"b":2,"a":1}'],
    ...[
      '12345678901234567890',
      '12345678901234567891',
      '""',
      '"a"',
      '{"a":{"b":1}}',
      '{"a":{},"b":1}'
    ]
  ]
  const hashes = values.map(text => hashJson(parseJson(text), 9))
  assert.equal(new Set(hashes).size, values.length)
  assert.deepEqual(
    values.map(text => hashJson(parseJson(text), 9)),
    hashes
  )
  fc.assert(
    fc.property(fc.json(), fc.json(), (a, b) => {
      const isSame = JSON.stringify(parseJson(a)) === JSON.stringify(parseJson(b))
      return !isSame || hashJson(parseJson(a), 5) === hashJson(parseJson(b), 5)
    })
  )
})
