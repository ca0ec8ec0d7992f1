import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ScalarKind } from '../../../service/model/type-record.ts'
import { sortedObjects } from '../../support/run-filter.ts'
import { readListFilter } from '../../../service/protocol/list-filter.ts'
import { flowObject, objectType, scalar } from '../../support/type-record.ts'
import { problem } from '../plan-records.ts'

type Direction = 'ASC' | 'DESC'

function sorted(
  kind: ScalarKind,
  values: readonly (string | null)[],
  direction: Direction
): (string | null)[] {
  const type = objectType('Thing', [scalar('Value', kind)])
  const objects = values.map(Value => flowObject('Thing', { Value }))
  return sortedObjects(type, objects, [{ column: 'value', direction }]).map(
    ({ properties }) => properties[0]?.contentValue ?? null
  )
}

const ASCENDING: readonly (readonly [kind: ScalarKind, values: readonly string[]])[] = [
  ['text', ['1', '10', '2', 'apfel', 'Äpfel', 'Birne', 'zebra', '日本']],
  ['number', ['-9007199254740993', '-9007199254740992', '-0.5', '0', '0.0009', '0.01', '9', '10']],
  ['integer', ['-10', '-9', '0', '9', '10', '99999999999999999998', '99999999999999999999']],
  ['boolean', ['false', 'true']],
  ['date', ['0999-12-31T00:00:00Z', '2024-03-09T00:00:00Z', '2024-03-10T00:00:00Z']],
  [
    'date-time',
    [
      '0001-06-01T00:00:00Z',
      '1969-12-31T23:59:59.5Z',
      '2024-03-09T15:04:59.9999998+01:00',
      '2024-03-09T14:04:59.9999999Z',
      '2024-03-09T14:05:00Z',
      '2024-03-09T07:05:00-08:00'
    ]
  ],
  ['json', ['[1]', '{"a":1}', '1', 'true']]
]

for (const [kind, values] of ASCENDING) {
  test(`D12 D14 values of kind ${kind} are sorted both ways, what is empty last and first`, () => {
    const mixed = [
      ...values.filter((_, index) => index % 2 === 1),
      null,
      ...values.slice().reverse()
    ]
    const doubled = values.flatMap((value, index) => (index % 2 === 1 ? [value, value] : [value]))
    assert.deepEqual(sorted(kind, mixed, 'ASC'), [...doubled, null])
    assert.deepEqual(sorted(kind, mixed, 'DESC'), [null, ...doubled.toReversed()])
  })
}

const PERSON = objectType('Person', [scalar('Name'), scalar('Age', 'integer')])
const PEOPLE = [
  ['Ana', '30'],
  ['bo', '9'],
  ['Bo', '10'],
  ['ana', '30'],
  [null, '9'],
  ['ANA', null]
].map(([Name = null, Age = null], index) =>
  flowObject('Person', { Name, Age }, { externalId: String(index) })
)

function people(order: readonly { column: string; direction: Direction }[]): string {
  return sortedObjects(PERSON, PEOPLE, order)
    .map(({ externalId }) => externalId)
    .join('')
}

test('D12 several columns sort one after another, equal objects keep their order', () => {
  assert.equal(people([{ column: 'Name', direction: 'ASC' }]), '035124')
  assert.equal(people([{ column: 'Name', direction: 'DESC' }]), '412035')
  assert.equal(
    people([
      { column: 'name', direction: 'ASC' },
      { column: 'Age', direction: 'DESC' }
    ]),
    '503214'
  )
  assert.equal(people([]), '012345')
})

test('vector 7: both forms of order, the older first, a column once, a blank direction is ASC', () => {
  const { order } = readListFilter({
    orderByPropertyDeveloperName: 'Age',
    orderByDirectionType: 'DESC',
    orderBy: [
      { columnName: 'age', direction: 'ASC' },
      { columnName: 'Name', direction: '' },
      { columnName: 'Name', direction: 'DESC' }
    ]
  })
  assert.equal(people(order), '503214')
})

test('an order by what is no property is COLUMN_UNKNOWN', () => {
  problem('COLUMN_UNKNOWN', () => people([{ column: 'Nam', direction: 'ASC' }]))
})
