import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { deepFreeze } from '../../service/base/json.ts'
import { parseJson } from '../../service/base/exact-number.ts'
import {
  canonicalJson,
  dictionary,
  isJsonArray,
  isJsonObject,
  jsonEqual,
  member,
  textMember
} from '../../service/base/json.ts'

test('a dictionary takes any key as a key', () => {
  const held = dictionary([
    ['__proto__', 1],
    ['constructor', 2]
  ])
  assert.deepEqual(Object.keys(held), ['__proto__', 'constructor'])
  assert.equal(JSON.stringify(held), '{"__proto__":1,"constructor":2}')
  assert.equal(dictionary().toString, undefined)
})

test('members are own ones, of objects only', () => {
  assert.equal(member({ a: 1 }, 'a'), 1)
  for (const value of [{ a: 1 }, [1], 'text', null, undefined, JSON.rawJSON('1')]) {
    for (const key of ['toString', '__proto__', 'length', 'rawJSON']) {
      assert.equal(member(value, key), undefined)
    }
  }
  assert.equal(textMember({ a: 1, b: 'text' }, 'a'), undefined)
  assert.equal(textMember({ a: 1, b: 'text' }, 'b'), 'text')
})

test('an exact number is neither an object nor an array', () => {
  const exact = JSON.rawJSON('12345678901234567890')
  assert.equal(isJsonObject(exact), false)
  assert.equal(isJsonArray(exact), false)
})

test('equality is that of JSON: the order of members counts nothing, that of items does', () => {
  assert.ok(jsonEqual({ a: [1, { b: null }], c: 'd' }, { c: 'd', a: [1, { b: null }] }))
  assert.ok(!jsonEqual([1, 2], [2, 1]))
  assert.ok(!jsonEqual({ a: null }, {}))
  assert.ok(!jsonEqual(null, undefined))
  assert.ok(jsonEqual(undefined, undefined))
  assert.ok(!jsonEqual('1', 1))
  const [long, other] = ['12345678901234567890', '12345678901234567891'].map(parseJson)
  assert.ok(!jsonEqual(long, other))
  assert.ok(jsonEqual(long, parseJson('12345678901234567890.0')))
})

test('canonical text says the same value, and the same text for every order of members', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const text = canonicalJson(parseJson(JSON.stringify(value)))
      assert.equal(canonicalJson(parseJson(text)), text)
      assert.ok(jsonEqual(parseJson(text), parseJson(JSON.stringify(value))))
    })
  )
})

test('a frozen tree is frozen at every depth, however wide and deep it is', () => {
  const wide = deepFreeze({ list: Array.from({ length: 300_000 }, () => ({})) })
  assert.ok(Object.isFrozen(wide.list) && Object.isFrozen(wide.list[299_999]))
  const deep = parseJson(`${'['.repeat(50_000)}{}${']'.repeat(50_000)}`)
  deepFreeze(deep)
  let inner = deep
  while (isJsonArray(inner) && inner[0] !== undefined) inner = inner[0]
  assert.ok(isJsonObject(inner) && Object.isFrozen(inner))
})
