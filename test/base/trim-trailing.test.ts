import assert from 'node:assert/strict'
import { test } from 'node:test'

import { exactNumber } from '../../service/base/exact-number.ts'
import { trimTrailing } from '../../service/base/trim-trailing.ts'

test('all trailing occurrences of a character are removed', () => {
  assert.equal(trimTrailing('/a//b///', '/'), '/a//b')
  assert.equal(trimTrailing('///', '/'), '')
  assert.equal(trimTrailing('abc', '/'), 'abc')
  assert.equal(trimTrailing('', '/'), '')
})

test('B9 a number of a million digits is no value, and is not looked at a million times', () => {
  const zeros = '0'.repeat(1_000_000)
  for (const text of [`0.${zeros}1`, `1${zeros}1`, `0.1${zeros}1`, `${zeros}1.${zeros}1`]) {
    assert.equal(exactNumber(text), undefined)
  }
  assert.equal(exactNumber(`${zeros}1.${zeros}`), 1)
  assert.equal(exactNumber(`0.${zeros}`), 0)
})
