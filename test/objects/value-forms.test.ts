import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import type { ScalarKind } from '../../service/model/type-record.ts'
import { scalarToText, scalarToJson } from '../../service/objects/scalar-text.ts'
import { isAsShown, isOwnForm, writeLike } from '../../service/objects/value-forms.ts'

/** A value of an answer, what the flow gets, what the flow makes of it, and what goes back for that. */
type Row = readonly [
  kind: ScalarKind,
  came: JsonValue,
  shown: string | null | undefined,
  changed: string,
  written: JsonValue
]

const ROWS: readonly Row[] = [
  ['boolean', 0, 'false', 'true', 1],
  ['boolean', 1, 'true', 'False', 0],
  ['boolean', '0', 'false', 'true', '1'],
  ['boolean', 'N', 'false', 'true', 'Y'],
  ['boolean', 'y', 'true', 'false', 'n'],
  ['boolean', 'YES', 'true', 'false', 'NO'],
  ['boolean', 'No', 'false', 'true', 'Yes'],
  ['boolean', ' on ', 'true', 'false', 'off'],
  ['boolean', 'True', 'true', 'false', 'False'],
  ['boolean', 2, undefined, 'true', true],
  ['boolean', 'perhaps', undefined, 'true', true],

  ['date', '20240309', '2024-03-09T00:00:00Z', '2024-12-01T00:00:00Z', '20241201'],
  ['date', 20240309, '2024-03-09T00:00:00Z', '2024-12-01', 20241201],
  ['date', '20240230', undefined, '2024-12-01', '2024-12-01'],
  ['date', '2024-03-09+02:00', '2024-03-09T00:00:00Z', '2024-12-01', '2024-12-01+02:00'],
  ['date', '2024-03-09Z', '2024-03-09T00:00:00Z', '2024-12-01', '2024-12-01Z'],
  ['date', '25/12/2024', '2024-12-25T00:00:00Z', '2024-03-09', '09/03/2024'],
  ['date', '12/25/2024', '2024-12-25T00:00:00Z', '2024-03-09', '03/09/2024'],
  ['date', '25.12.2024', '2024-12-25T00:00:00Z', '2024-03-09', '09.03.2024'],
  ['date', '25/1/2024', '2024-01-25T00:00:00Z', '2024-03-09', '9/3/2024'],
  ['date', '09/03/2024', undefined, '2024-12-01', '2024-12-01'],
  ['date', '12/12/2024', undefined, '2024-12-01', '2024-12-01'],
  ['date', '13/13/2024', undefined, '2024-12-01', '2024-12-01'],
  ['date', '31/02/2024', undefined, '2024-12-01', '2024-12-01'],
  ['date', 1709993100, '2024-03-09T00:00:00Z', '2024-03-10', 1710028800],
  [
    'date',
    '/Date(1709942400000+0000)/',
    '2024-03-09T00:00:00Z',
    '2024-12-01',
    '/Date(1733011200000+0000)/'
  ],
  [
    'date',
    '/Date(1709895600000+1300)/',
    '2024-03-09T00:00:00Z',
    '2024-12-01',
    '/Date(1732964400000+1300)/'
  ],
  ['date', '/Date(-86400000)/', '1969-12-31T00:00:00Z', '1970-01-01', '/Date(0)/'],
  ['date', '/Date(-62135596800000)/', null, '2024-12-01', '/Date(1733011200000)/'],
  ['date', '/Date(1709942400000+2500)/', undefined, '2024-12-01', '2024-12-01'],
  ['date', '/Date(9999999999999999)/', undefined, '2024-12-01', '2024-12-01'],
  ['date', '2024-03-09T23:00:00', '2024-03-09T00:00:00Z', '2024-12-01', '2024-12-01T23:00:00'],
  ['date', 'soon', undefined, '2024-12-01', '2024-12-01'],

  ['date-time', '20240309', '2024-03-09T00:00:00Z', '2024-12-01T00:00:00Z', '20241201'],
  // The form has no place for the time.
  ['date-time', '20240309', '2024-03-09T00:00:00Z', '2024-12-01T09:00:00Z', '2024-12-01T09:00:00Z'],
  [
    'date-time',
    '2024-03-09-05:00',
    '2024-03-09T00:00:00-05:00',
    '2024-12-01T00:00:00Z',
    '2024-12-01Z'
  ],
  [
    'date-time',
    'Sat, 09 Mar 2024 14:05:00 GMT',
    '2024-03-09T14:05:00Z',
    '2024-12-01T10:00:00+02:00',
    'Sun, 01 Dec 2024 08:00:00 GMT'
  ],
  [
    'date-time',
    '9 Mar 2024 14:05:00 +0200',
    '2024-03-09T14:05:00+02:00',
    '2024-12-01T10:00:00Z',
    '1 Dec 2024 10:00:00 +0000'
  ],
  [
    'date-time',
    'Saturday, 09-Mar-24 14:05:00 GMT',
    '2024-03-09T14:05:00Z',
    '1999-12-31T23:59:59Z',
    'Friday, 31-Dec-99 23:59:59 GMT'
  ],
  [
    'date-time',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    '1994-11-06T08:49:37Z',
    // No two digits mean that year.
    '1902-01-01T00:00:00Z',
    '1902-01-01T00:00:00Z'
  ],
  [
    'date-time',
    '2024-03-09 14:05:00 UTC',
    '2024-03-09T14:05:00Z',
    '2024-12-01T10:00:00.25+01:00',
    '2024-12-01 09:00:00.25 UTC'
  ],
  [
    'date-time',
    '2024-03-09T14:05:00.120 GMT',
    '2024-03-09T14:05:00.120Z',
    '2024-12-01T10:00:00Z',
    '2024-12-01T10:00:00.000 GMT'
  ],
  [
    'date-time',
    '2024-03-09T14:05:00Z[UTC]',
    '2024-03-09T14:05:00Z',
    '2024-12-01T10:00:00Z',
    '2024-12-01T10:00:00Z[UTC]'
  ],
  [
    'date-time',
    '2024-03-09T14:05+01:00[Europe/Paris]',
    '2024-03-09T14:05:00+01:00',
    '2024-07-01T10:00:00Z',
    '2024-07-01T10:00Z[UTC]'
  ],
  ['date-time', 1709993100, '2024-03-09T14:05:00Z', '2024-03-09T14:05:01.9Z', 1709993101],
  ['date-time', '1709993100', '2024-03-09T14:05:00Z', '2024-03-09T15:05:00+00:00', '1709996700'],
  ['date-time', 1709993100123, '2024-03-09T14:05:00.123Z', '2024-03-09T14:05:00.5Z', 1709993100500],
  ['date-time', '1709993100000', '2024-03-09T14:05:00Z', '1970-01-01T00:00:00.0015Z', '1'],
  [
    'date-time',
    '/Date(1518685950940+0000)/',
    '2018-02-15T09:12:30.940+00:00',
    '2018-02-15T10:12:31+01:00',
    '/Date(1518685951000+0000)/'
  ],
  [
    'date-time',
    '/Date(1518685950940-0530)/',
    '2018-02-15T03:42:30.940-05:30',
    '2018-02-15T10:12:30.94Z',
    '/Date(1518689550940-0530)/'
  ],
  [
    'date-time',
    '/Date(1518685950940)/',
    '2018-02-15T09:12:30.940Z',
    '1969-12-31T23:59:59.5Z',
    '/Date(-500)/'
  ],
  // Neither 10 nor 13 digits.
  ['date-time', 946684800, undefined, '2024-12-01T10:00:00Z', '2024-12-01T10:00:00Z'],
  ['date-time', 1709993100.5, undefined, '2024-12-01T10:00:00Z', '2024-12-01T10:00:00Z'],
  [
    'date-time',
    '2024-03-09T14:05:00',
    '2024-03-09T14:05:00Z',
    '2024-12-01T10:00:00+02:00',
    '2024-12-01T08:00:00'
  ],
  ['date-time', '2024-03-09', '2024-03-09T00:00:00Z', '2024-12-01T00:00:00Z', '2024-12-01'],
  [
    'date-time',
    '25/12/2024 14:05',
    '2024-12-25T14:05:00Z',
    '2024-03-09T08:00:00Z',
    '09/03/2024 08:00'
  ],
  ['date-time', '', null, '2024-12-01T10:00:00Z', '2024-12-01T10:00:00Z'],

  ['number', '1,234.50', '1234.5', '99.9', '99.90'],
  ['number', '1.234,50', '1234.5', '-1234567.891', '-1.234.567,891'],
  ['number', '1 234,5', '1234.5', '1000000', '1 000 000,0'],
  ['number', "1'234'567", '1234567', '1000.5', "1'000.5"],
  ['number', '1.234.567', '1234567', '0.5', '0,5'],
  ['number', '-1,234,567.8', '-1234567.8', '12', '12.0'],
  ['number', '12.50', '12.5', '7', '7'],
  ['number', '1,234', undefined, '5', 5],
  ['number', '5,5', undefined, '5', 5],
  ['number', '12,34,567', undefined, '5', 5],
  ['number', '1,234,5', undefined, '5', 5],
  ['number', '12 EUR', undefined, '5', 5],
  ['integer', '1,234,567', '1234567', '2500', '2,500'],
  ['integer', 2.5, '2.5', '3', 3],

  ['text', 12, '12', '13', 13],
  ['text', 12, '12', 'thirteen', 'thirteen'],
  ['text', true, 'true', 'false', false],
  ['text', { a: 1 }, '{"a":1}', '{"a":2}', { a: 2 }],
  ['text', [1], '[1]', '{"a":2}', '{"a":2}']
]

const where = { type: 'T', property: 'p' }

for (const [kind, came, shown, changed, written] of ROWS) {
  const name = `${JSON.stringify(came)} under ${kind}`
  test(`S6 ${name} is ${shown}, and ${changed} goes back as ${JSON.stringify(written)}`, () => {
    assert.equal(scalarToText(kind, came), shown)
    assert.equal(isOwnForm(kind, came, shown ?? null), false)
    assert.equal(isAsShown(kind, came, shown ?? ''), true)
    assert.equal(isAsShown(kind, came, changed), false)
    const own = scalarToJson(kind, changed, where)
    assert.ok(own !== undefined)
    assert.deepEqual(writeLike(kind, own, came), written)
  })
}

const OWN: readonly (readonly [ScalarKind, JsonValue])[] = [
  ['text', ''],
  ['number', 12.5],
  ['integer', 7],
  ['boolean', false],
  ['date', '2024-01-31'],
  ['date-time', '2024-01-31T14:05:00Z'],
  ['date-time', '2024-03-09T14:05:00.1234567-05:30'],
  ['json', { a: 1 }]
]

test('S6 a value in the form of its schema is no other form', () => {
  for (const [kind, value] of OWN) {
    const shown = scalarToText(kind, value) ?? null
    assert.equal(isOwnForm(kind, value, shown), true, `${kind} ${JSON.stringify(value)}`)
  }
})

test('S6 a flow may write what it was shown in its own way, and has not changed it', () => {
  const came = 'Sat, 09 Mar 2024 14:05:00 GMT'
  for (const given of ['03/09/2024 02:05:00 PM +00:00', '2024-03-09T16:05:00.0000000+02:00']) {
    assert.equal(isAsShown('date-time', came, given), true, given)
  }
  assert.equal(isAsShown('number', '1,234.50', ' 1234.500 '), true)
  assert.equal(isAsShown('boolean', 'Y', 'True'), true)
  assert.equal(isAsShown('date', 'soon', '0001-01-01T00:00:00+00:00'), true)
  // Text that is not of the kind is a change, which is refused elsewhere.
  assert.equal(isAsShown('date', 'soon', 'later'), false)
  assert.equal(isAsShown('number', '12 EUR', 'twelve'), false)
})

test('S6 H4 reading the forms takes no time that grows faster than the text', async () => {
  const files = await Array.fromAsync(
    glob('service/objects/{moment,date-*,amount-text,boolean-text,scalar-text,value-forms}.ts')
  )
  assert.ok(files.length >= 6)
  const sources = await Promise.all(files.map(file => readFile(file, 'utf8')))
  const alphabet = new Set(sources.join('').replace(/[^\x20-\x7e]/g, ''))
  const begun = process.threadCpuUsage()
  for (const character of [
    ...alphabet,
    '1,',
    '00:',
    '1 ',
    '9/',
    '1]',
    '2024-03-09T14:05:00',
    'a-'
  ]) {
    const text = character.repeat(100_000 / character.length)
    for (const kind of ['number', 'boolean', 'date', 'date-time'] as const) {
      assert.equal(scalarToText(kind, `2024-03-09T14:05:00${text}]`), undefined)
      scalarToText(kind, text)
    }
  }
  assert.ok(process.threadCpuUsage(begun).user < 60_000_000)
})
