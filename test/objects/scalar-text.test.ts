import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { numberText, parseJson } from '../../service/base/exact-number.ts'
import type { JsonValue } from '../../service/base/json.ts'
import { jsonEqual } from '../../service/base/json.ts'
import { flowText, scalarToJson, scalarToText } from '../../service/objects/scalar-text.ts'

const where = { type: 'Order', property: 'total' }

const TEXTS = [
  ['text', '"a"', 'a'],
  ['text', '""', ''],
  ['text', '12.50', '12.5'],
  ['text', 'true', 'true'],
  ['text', '{"a":[1]}', '{"a":[1]}'],
  ['number', '12345678901234567890.12345', '12345678901234567890.12345'],
  ['number', '1e21', '1000000000000000000000'],
  ['number', '0.0000001', '0.0000001'],
  ['number', '-0', '0'],
  ['number', '"12.50"', '12.5'],
  ['number', '" "', null],
  ['number', 'true', undefined],
  ['integer', '9007199254740993', '9007199254740993'],
  ['integer', '{}', undefined],
  ['boolean', 'false', 'false'],
  ['boolean', '"TRUE"', 'true'],
  ['boolean', '1', 'true'],
  ['boolean', '2', undefined],
  ['date-time', '1709993100', '2024-03-09T14:05:00Z'],
  ['date-time', '170999310', undefined],
  ['json', '[1,9007199254740993]', '[1,9007199254740993]'],
  ['json', '"a"', '"a"'],
  ['json', 'null', null]
] as const

for (const [kind, json, wanted] of TEXTS) {
  test(`B04 S6 ${json} under ${kind} is the text ${wanted}`, () => {
    assert.equal(scalarToText(kind, parseJson(json)), wanted)
  })
}

const JSONS = [
  ['text', ' a ', '" a "'],
  ['number', '12.0', '12'],
  ['number', '1.5E3', '1500'],
  ['number', ' -0.50 ', '-0.5'],
  ['integer', '12.0', '12'],
  ['integer', '9007199254740993', '9007199254740993'],
  ['boolean', 'True', 'true'],
  ['boolean', 'FALSE', 'false'],
  ['json', '{"a": 9007199254740993}', '{"a":9007199254740993}'],
  ['json', 'null', 'null']
] as const

for (const [kind, text, wanted] of JSONS) {
  test(`B04 the text "${text}" under ${kind} is ${wanted} in JSON`, () => {
    assert.equal(JSON.stringify(scalarToJson(kind, text, where)), wanted)
  })
}

test('blank text and the empty date are no value, except that text may be blank', () => {
  assert.equal(scalarToJson('number', ' ', where), undefined)
  assert.equal(scalarToJson('date-time', '0001-01-01T00:00:00+00:00', where), undefined)
  assert.equal(scalarToJson('text', '', where), '')
})

const INVALID = [
  ['number', 'twelve', 'a number'],
  ['number', '1e999', 'a number'],
  ['integer', '12.5', 'a whole number'],
  ['boolean', 'yes', 'true or false'],
  ['date', 'soon', 'a date'],
  ['date-time', '2024-02-30T00:00:00Z', 'a date and time'],
  ['json', '{"a":', 'JSON text']
] as const

for (const [kind, text, expected] of INVALID) {
  test(`the text "${text}" is refused because it is not ${expected}`, () => {
    assert.throws(() => scalarToJson(kind, text, where), {
      code: 'VALUE_INVALID',
      message: `the value of property "total" of type "Order" is not ${expected}`
    })
  })
}

test('JSON text that is nested too deep is refused both ways instead of exhausting the stack', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)
  assert.throws(() => scalarToJson('json', deep, where), { code: 'VALUE_INVALID' })
  let value: JsonValue = null
  for (let depth = 0; depth < 100_000; depth++) value = [value]
  assert.equal(scalarToText('json', value), undefined)
})

test('what a flow sent is written as flows get it back', () => {
  assert.equal(flowText('number', '12.0'), '12')
  assert.equal(flowText('boolean', 'True'), 'true')
  assert.equal(flowText('date', '03/09/2024 11:30:00 PM -08:00'), '2024-03-09T00:00:00Z')
  assert.equal(flowText('date-time', '2024-03-09T14:05:00'), '2024-03-09T14:05:00Z')
  assert.equal(flowText('json', '{"a": 1}'), '{"a": 1}')
  assert.equal(flowText('integer', 'twelve'), null)
  assert.equal(flowText('text', ''), null)
})

test('B04 decimal text of up to 60 digits survives the way to JSON and back', () => {
  const digits = (least: number, most: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most })
  const decimal = fc
    .tuple(fc.constantFrom('', '-'), digits(1, 30), digits(0, 30))
    .map(([sign, whole, fraction]) => {
      const before = whole.replace(/^0+(?=\d)/, '')
      const after = fraction.replace(/0+$/, '')
      const zero = before === '0' && after === ''
      return `${zero ? '' : sign}${before}${after === '' ? '' : `.${after}`}`
    })
  fc.assert(
    fc.property(decimal, text => {
      const value = scalarToJson('number', text, where)
      assert.ok(value !== undefined)
      assert.equal(JSON.stringify({ value: parseJson(JSON.stringify(value)) }), `{"value":${text}}`)
      assert.equal(scalarToText('number', parseJson(text)), text)
    }),
    { seed: 42 }
  )
})

test('B28 any JSON value but null survives as JSON text', () => {
  fc.assert(
    fc.property(fc.json(), text => {
      const value = parseJson(text)
      const written = scalarToText('json', value)
      if (value === null) return assert.equal(written, null)
      assert.equal(typeof written, 'string')
      assert.ok(jsonEqual(scalarToJson('json', written ?? '', where), value))
    }),
    { seed: 42 }
  )
})

test('numbers of every size print without an exponent', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), double => {
      assert.equal(scalarToText('number', double), numberText(double))
    }),
    { seed: 42 }
  )
})
