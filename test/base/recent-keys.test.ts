import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import { parseJson } from '../../service/base/exact-number.ts'
import { hashBytes, hashJson, hashText } from '../../service/base/json-hash.ts'
import { createRecentKeys } from '../../service/base/recent-keys.ts'

const LEAST = 2 ** 19

function hashOf(text: string): readonly [high: number, low: number] {
  const hash = new Int32Array(2)
  hashText(text, 1, hash, 0)
  return [hash[0] ?? 0, hash[1] ?? 0]
}

test('keys are remembered with the last number that was set', () => {
  const keys = createRecentKeys()
  const numbers = new Map<string, number>()
  for (let index = 0; index < 20_000; index++) {
    const key = `k${index % 9_000}`
    assert.equal(keys.get(...hashOf(key)), numbers.get(key))
    keys.set(...hashOf(key), index)
    numbers.set(key, index)
  }
  assert.equal(keys.get(...hashOf('other')), undefined)
})

test('of millions of keys the latest are remembered, and the oldest forgotten', () => {
  const keys = createRecentKeys()
  const count = 4 * LEAST
  for (let index = 0; index < count; index++) keys.set(index * 31, index, index)
  for (let index = count - LEAST; index < count; index += 97) {
    assert.equal(keys.get(index * 31, index), index)
  }
  assert.equal(keys.get(31, 1), undefined)
})

test('keys whose hash has zeros are told apart', () => {
  const keys = createRecentKeys()
  keys.set(5, 0, 1)
  keys.set(6, 0, 2)
  keys.set(0, 7, 3)
  const found = [keys.get(5, 0), keys.get(6, 0), keys.get(0, 7), keys.get(0, 0)]
  assert.deepEqual(found, [1, 2, 3, undefined])
})

test('a million texts have different hashes of 64 bits', () => {
  const seen = new Set<string>()
  for (let index = 0; index < 1_000_000; index++) {
    seen.add(hashOf(`id-${index}`).join(' '))
  }
  assert.equal(seen.size, 1_000_000)
})

test('texts of any length that differ in one byte, or in the order of their bytes, have different hashes', () => {
  const seen = new Map<number, string>()
  const note = (text: string): void => {
    const bytes = Buffer.from(`-${text}-`)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const hash = hashBytes(view, 1, bytes.length - 1, 7)
    assert.equal(seen.get(hash) ?? text, text)
    seen.set(hash, text)
  }
  for (let length = 0; length <= 40; length++) {
    const text = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH'.slice(0, length)
    note(text)
    for (let at = 0; at < length; at++) {
      note(`${text.slice(0, at)}_${text.slice(at + 1)}`)
      if (at > 0) note(text.slice(at) + text.slice(0, at))
    }
  }
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
