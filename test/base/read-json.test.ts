import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { parseJson } from '../../service/base/exact-number.ts'
import { isShortJson, JsonBoundError, startJson } from '../../service/base/read-json.ts'

const BOUNDS = { values: 10_000_000, depth: 1_000 }

/** Reads a text to its end. */
function read(text: string, bounds = BOUNDS) {
  const reading = startJson(Buffer.from(text), bounds)
  let steps = 1
  while (!reading.step()) steps++
  return { value: reading.result(), count: reading.count(), steps }
}

function listOf(count: number, item: (index: number) => unknown): unknown[] {
  return Array.from({ length: count }, (_, index) => item(index))
}

function objectOf(count: number, item: (index: number) => unknown): object {
  return Object.fromEntries(
    listOf(count, index => [`k${index}`, item(index)]) as [string, unknown][]
  )
}

function bound(text: string, bounds = BOUNDS): string {
  try {
    read(text, bounds)
    return ''
  } catch (error) {
    assert.ok(error instanceof JsonBoundError)
    return error.bound
  }
}

const LONG_LIST = JSON.stringify(listOf(40_000, i => ({ i })))
const LONG_OBJECT = JSON.stringify(objectOf(30_000, i => [i]))

test('H2 a long text is read in steps, to the same value as by JSON.parse', () => {
  const value = {
    a: listOf(20_000, i => ({ id: i, n: `x,{"[${i}`, l: [1, [2, {}]], e: {}, z: [] })),
    'k"\\': { inner: objectOf(30_000, i => [i]) },
    t: 'y'.repeat(200_000),
    ['__proto__']: { x: listOf(30_000, i => i) },
    end: null
  }
  const texts = [
    JSON.stringify(value),
    JSON.stringify(value, null, 1),
    JSON.stringify([[[value, 1], value]]),
    ` ${JSON.stringify(listOf(100_000, () => ({})))}\n`
  ]
  for (const text of texts) {
    const { value: found, steps } = read(text)
    assert.deepEqual(found, JSON.parse(text))
    assert.ok(steps > 3, `${steps} steps`)
  }
})

test('H2 strings of a long text are what they are, wherever a piece ends', () => {
  const strings = [
    ...['', '"', '\\', '\\"', '\\\\"]', '\u0000', 'é€😀', '\ufeff', '\ufffd'],
    ...['x', '\\', '"', '\\"', '😀'].flatMap(unit =>
      [31, 62, 63, 64, 65, 200, 100_000].map(length => unit.repeat(length))
    )
  ]
  const value = listOf(9, i => [...strings, i, { [`k${strings[i]}`]: strings }])
  const text = JSON.stringify(value)
  assert.deepEqual(read(text).value, value)
  assert.deepEqual(read(text.replaceAll('é', '\\u00e9')).value, value)
})

test('H2 numbers of a long text keep their digits', () => {
  const text = `[${'12345678901234567890,'.repeat(10_000)}1]`
  assert.deepEqual(read(text).value, parseJson(text))
})

test('H2 any JSON is read and counted as it is', () => {
  const count = (value: unknown): number =>
    typeof value !== 'object' || value === null
      ? 1
      : Object.values(value).reduce((sum: number, inner) => sum + count(inner), 1)
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      assert.deepEqual(read(text).value, parseJson(text))
      assert.equal(read(text).count, count(JSON.parse(text)))
    })
  )
})

const MALFORMED = {
  'a value after the end': `${LONG_LIST}1`,
  'a second list': LONG_LIST + LONG_LIST,
  'a comma at the end': `[${LONG_LIST},]`,
  'a comma at the end of pieces': `${LONG_LIST.slice(0, -1)},]`,
  'two commas': `[1,2,,${LONG_LIST.slice(1)}`,
  'a comma at the start': `[,${LONG_LIST}]`,
  'no comma after a list': `[${LONG_LIST} 5]`,
  'no comma before a list': `[5 ${LONG_LIST}]`,
  'no comma between members': `{"a":${LONG_OBJECT}"b":1}`,
  'no colon': `{"a" ${LONG_LIST}}`,
  'no key': `{${LONG_LIST}}`,
  'two colons': `{"a":1:${LONG_LIST}}`,
  'a number as key': `{1:${LONG_OBJECT}}`,
  'a key without value': `{"a":${LONG_OBJECT},"b"}`,
  'no end': LONG_LIST.slice(0, -1),
  'no beginning': LONG_LIST.slice(1),
  'another bracket': `${LONG_LIST.slice(0, -1)}}`,
  'a word before': `x${LONG_LIST}`,
  'an open string': `${LONG_LIST.slice(0, -1)},"a]`
}
for (const [what, text] of Object.entries(MALFORMED)) {
  test(`H2 a long text with ${what} is not JSON`, () => {
    assert.throws(() => JSON.parse(text), SyntaxError)
    assert.throws(() => read(text), SyntaxError)
  })
}

test('H2 values, levels and members are bounded, and the last allowed one passes', () => {
  assert.equal(read('[1,2,3]', { values: 4, depth: 1 }).count, 4)
  assert.equal(bound('[1,2,3]', { values: 3, depth: 1 }), 'values')
  assert.equal(bound('[1,[2]]', { values: 9, depth: 1 }), 'depth')
  assert.equal(bound('['.repeat(8_000_000)), 'depth')
  assert.equal(bound('{"a":'.repeat(100_000)), 'depth')
  assert.equal(bound(JSON.stringify(objectOf(50_001, i => i))), 'members')
  assert.equal(bound(JSON.stringify([objectOf(50_000, i => i)])), '')
})

test('H2 values are counted before they are made: reading stops with the first that is too many', () => {
  const text = `[${'{},'.repeat(5_000_000)}{}]`
  const reading = startJson(Buffer.from(text), { values: 100_000, depth: 10 })
  let steps = 0
  assert.throws(() => {
    for (; !reading.step(); steps++);
  }, JsonBoundError)
  assert.ok(steps <= 5, `${steps} steps`)
})

test('H2 a short text that surely keeps to the bounds is told, and no other', () => {
  assert.ok(isShortJson('[{"a":1},{"b":[]}]', BOUNDS))
  assert.ok(!isShortJson(LONG_LIST, BOUNDS))
  assert.ok(!isShortJson('[1,2,3]', { values: 3, depth: 9 }))
  assert.ok(!isShortJson('[[[[]]]]', { values: 9, depth: 3 }))
})
