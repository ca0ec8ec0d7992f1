import assert from 'node:assert/strict'
import { test } from 'node:test'

import { jsonStart } from '../../service/base/json-start.ts'

test('a value that fits is written as JSON.stringify writes it', () => {
  const deep = JSON.parse(`${'[{"a":'.repeat(400)}1${'}]'.repeat(400)}`)
  for (const value of [
    null,
    true,
    1.5,
    'a "quoted" text\n',
    [],
    {},
    [1, [2, []], {}],
    { a: { b: [null, { 'c d': 'ü' }] }, e: '' },
    { '': [{ '': '' }] },
    deep
  ]) {
    assert.equal(jsonStart(value, 10_000), JSON.stringify(value))
  }
})

test('of a longer value only its start is written', () => {
  for (const value of [
    Array(100_000).fill({ a: 1 }),
    { text: 'x'.repeat(100_000) },
    Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`m${at}`, [at]]))
  ]) {
    const start = jsonStart(value, 1_000)
    assert.equal(start.length, 1_000)
    assert.ok(JSON.stringify(value).startsWith(start))
  }
})
