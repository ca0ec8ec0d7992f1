import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseJson } from '../../service/base/exact-number.ts'
import type { FieldRecord } from '../../service/model/field-record.ts'
import { FIELD_TYPES } from '../../service/model/field-record.ts'
import { enforceFields } from '../../service/objects/enforce-fields.ts'

/** Enforces one field on the JSON of its value. */
function enforce(type: FieldRecord['type'], json: string): void {
  enforceFields('things', [{ name: 'f', type }], { f: parseJson(json) }, 3)
}

const ROWS: {
  readonly [type in FieldRecord['type']]: { fits: string[]; misfits: [string, string][] }
} = {
  string: {
    fits: ['"x"', '""', '1', '1.50', 'true', '12345678901234567890'],
    misfits: [
      ['{}', 'an object'],
      ['[]', 'a list']
    ]
  },
  integer: {
    fits: ['0', '-2147483648', '2147483647', '"12"', '3.0'],
    misfits: [
      ['2147483648', 'a whole number'],
      ['-2147483649', 'a whole number'],
      ['1.5', 'a number with decimals'],
      ['12345678901234567890', 'a large whole number'],
      ['"x"', 'text'],
      ['true', 'true or false']
    ]
  },
  long: {
    fits: ['9223372036854775807', '-9223372036854775808', '"9223372036854775807"', '1e3'],
    misfits: [
      ['9223372036854775808', 'a large whole number'],
      ['0.5', 'a number with decimals'],
      ['{"a": 1}', 'an object']
    ]
  },
  float: {
    fits: ['1', '0.1', '-1e-7', '"0.25"'],
    misfits: [
      ['"1,5 m"', 'text'],
      ['[1]', 'a list'],
      ['false', 'true or false']
    ]
  },
  double: {
    fits: ['1', '0.12345678901234567890', '1e300'],
    misfits: [
      ['"NaN"', 'text'],
      ['{}', 'an object']
    ]
  },
  boolean: {
    fits: ['true', 'false', '"true"'],
    misfits: [
      ['"maybe"', 'text'],
      ['2', 'a whole number'],
      ['[true]', 'a list']
    ]
  },
  timestamp: {
    fits: ['"2026-01-31T08:00:00Z"', '"2026-01-31T08:00:00.123+01:00"'],
    misfits: [
      ['"soon"', 'text'],
      ['"2026-02-30T00:00:00Z"', 'text'],
      ['true', 'true or false']
    ]
  },
  date: {
    fits: ['"2026-01-31"'],
    misfits: [
      ['"2026-02-30"', 'text'],
      ['"31st"', 'text'],
      ['{}', 'an object']
    ]
  },
  binary: {
    fits: ['"aGVsbG8="', '""', '"_-8"'],
    misfits: [
      ['"not base64!"', 'text'],
      ['1', 'a whole number']
    ]
  }
}

for (const type of FIELD_TYPES) {
  const { fits, misfits } = ROWS[type]
  test(`B20 B21 what fits ${type}, and null, is taken`, () => {
    for (const json of [...fits, 'null']) enforce(type, json)
  })

  for (const [json, given] of misfits) {
    test(`B20 B21 ${json} is no ${type}: record and field are named, and not the value`, () => {
      assert.throws(
        () => enforce(type, json),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'RECORD_MISFIT')
          assert.match(
            error.message,
            new RegExp(`^record 3 of "things" does not fit its schema: "f" is ${given}, not `)
          )
          return true
        }
      )
    })
  }
}

test('B20 a field that is absent fits, and members without a field are not looked at', () => {
  enforceFields('things', [{ name: 'f', type: 'long' }], { other: 'x' }, 1)
  enforceFields('things', [{ name: 'constructor', type: 'long' }], {}, 1)
})
