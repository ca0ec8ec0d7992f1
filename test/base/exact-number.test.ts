import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { exactNumber, numberText, parseJson } from '../../service/base/exact-number.ts'
import { isExactNumber, isJsonObject, type JsonValue, member } from '../../service/base/json.ts'

/** Decimal text as JSON writes it, without zeros that say nothing. */
const decimal = fc
  .tuple(
    fc.boolean(),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,60}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{0,60}[1-9]$/))
  )
  .map(([minus, whole, fraction]) => `${minus ? '-' : ''}${whole}${fraction}`)
  .filter(text => text !== '-0')

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'number' || isExactNumber(value) ? numberText(value) : undefined
}

test('B04 every decimal keeps all its digits from JSON text to text, and is never an exponent', () => {
  fc.assert(
    fc.property(decimal, text => {
      const parsed = parseJson(`{"n":${text}}`)
      assert.ok(isJsonObject(parsed))
      assert.equal(textOf(parsed.n), text)
      assert.equal(JSON.stringify(parsed), `{"n":${text}}`)
    })
  )
})

test('B04 every double is written as a plain decimal that reads back as the same double', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), double => {
      const text = numberText(double)
      assert.match(text ?? '', /^-?\d+(\.\d+)?$/)
      assert.equal(Number(text), double + 0)
    })
  )
})

test('an exponent is written out, whatever its form', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['1e21', '1000000000000000000000'],
    ['1E+2', '100'],
    ['-1.50e-3', '-0.0015'],
    ['12.345e1', '123.45'],
    ['100e-2', '1'],
    ['0.1e1', '1'],
    ['0e999', '0'],
    ['-0', '0'],
    ['+7', '7'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['007', '7'],
    ['1.000', '1']
  ]
  for (const [given, wanted] of rows) assert.equal(textOf(exactNumber(given)), wanted, given)
})

test('a number is a double where that says the same, else it has its digits', () => {
  assert.equal(exactNumber('9007199254740991'), 9007199254740991)
  assert.equal(exactNumber('0.1'), 0.1)
  assert.ok(isExactNumber(exactNumber('9007199254740993')))
  assert.ok(isExactNumber(exactNumber('0.1000000000000000055511151231257827')))
  assert.ok(isExactNumber(exactNumber('1e21')))
})

test('400 digits are a number, one more is none', () => {
  const digits = '7'.repeat(400)
  assert.equal(textOf(exactNumber(digits)), digits)
  assert.equal(exactNumber(`${digits}7`), undefined)
  assert.equal(textOf(exactNumber('1e399')), `1${'0'.repeat(399)}`)
  assert.equal(exactNumber('1e400'), undefined)
  assert.equal(exactNumber('1e-400'), undefined)
  assert.equal(exactNumber('1e99999999999999999999'), undefined)
  assert.equal(exactNumber('1e-99999999999999999999'), undefined)
  assert.equal(textOf(exactNumber(`${'0'.repeat(500)}1`)), '1')
  assert.equal(textOf(exactNumber(`1${'0'.repeat(500)}e-500`)), '1')
  assert.deepEqual(parseJson(`[1e400, 12345678901234567890]`), [
    null,
    JSON.rawJSON('12345678901234567890')
  ])
})

test('text that is no decimal is no number', () => {
  for (const text of ['', '-', '.', 'e5', '1e', '0x10', '1_000', '1,5', ' 1', 'NaN', 'Infinity']) {
    assert.equal(exactNumber(text), undefined, text)
  }
  assert.equal(numberText(Number.NaN), undefined)
  assert.equal(numberText(Number.POSITIVE_INFINITY), undefined)
})

test('digits in strings and keys change nothing, quotes and backslashes in them neither', () => {
  const text = String.raw`{"12345678901234567890":"1e5 \" \\","a\\":[1,"\\\"",98765432109876543210]}`
  assert.equal(JSON.stringify(parseJson(text)), text)
})

test('a number that is too long is found wherever in the text it stands', () => {
  for (const number of ['1234567890123456', '0.12345678901234567', '-9007199254740993', '1e-7']) {
    for (let before = 0; before < 40; before++) {
      const text = `{"${'x'.repeat(before)}":${number},"after":"2024-03-09T14:05:00Z"}`
      assert.equal(textOf(member(parseJson(text), 'x'.repeat(before))), textOf(exactNumber(number)))
    }
  }
})

test('any JSON is read as the engine reads it', () => {
  fc.assert(
    fc.property(fc.json(), text => {
      const plain = JSON.parse(text, (_, value) => (Object.is(value, -0) ? 0 : value))
      const exact = parseJson(`[${text},12345678901234567890]`)
      assert.ok(Array.isArray(exact))
      assert.deepEqual(JSON.parse(JSON.stringify(exact[0])), plain)
    })
  )
})

test('a string of many megabytes beside a long number is read', () => {
  const long = 'x\\n'.repeat(6_000_000)
  const parsed = parseJson(`{"file":"${long}","n":12345678901234567890}`)
  assert.ok(isJsonObject(parsed))
  assert.equal(textOf(parsed.n), '12345678901234567890')
})

test('text that is no JSON is a SyntaxError, also when it nests deeper than the stack takes', () => {
  assert.throws(() => parseJson('{"a":12345678901234567890'), SyntaxError)
  const deep = `${'['.repeat(200_000)}12345678901234567890${']'.repeat(200_000)}`
  assert.throws(() => parseJson(deep), SyntaxError)
})
