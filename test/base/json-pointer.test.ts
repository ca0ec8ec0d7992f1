import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { follow, pointer, pointerParts } from '../../service/base/json-pointer.ts'
import { dictionary, type JsonValue } from '../../service/base/json.ts'

test('any names go into a pointer and come out of it', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), parts => {
      assert.deepEqual(pointerParts(pointer('', ...parts)), parts)
    })
  )
})

test('a value is found under any names', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), parts => {
      const root = parts.reduceRight<JsonValue>((held, part) => dictionary([[part, held]]), 'here')
      assert.equal(follow(root, pointer('', ...parts)), 'here')
    })
  )
})

test('slashes and tildes are escaped after RFC 6901', () => {
  assert.equal(pointer('/paths', '/a/{b}', 'get', 0), '/paths/~1a~1{b}/get/0')
  assert.equal(pointer('', '~1', ''), '/~01/')
  assert.deepEqual(pointerParts('/~01/'), ['~1', ''])
  assert.deepEqual(pointerParts(''), [])
  assert.equal(pointerParts('a/b'), undefined)
})

test('items are found by their index only, written as a number', () => {
  const root = { list: ['a', 'b'] }
  assert.equal(follow(root, '/list/1'), 'b')
  for (const part of ['2', '-1', '01', '1.0', '1e0', '-', 'length', '']) {
    assert.equal(follow(root, `/list/${part}`), undefined, part)
  }
})

test('what an object inherits is not found, what is no pointer leads nowhere', () => {
  for (const at of ['/__proto__', '/constructor', '/a/toString', '/a/length', 'a']) {
    assert.equal(follow({ a: 'text' }, at), undefined, at)
  }
  assert.equal(follow(JSON.parse('{"__proto__":{"constructor":1}}'), '/__proto__/constructor'), 1)
  assert.deepEqual(follow({ a: 1 }, ''), { a: 1 })
})
