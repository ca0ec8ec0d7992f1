import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readCondition, readFilter } from '../../service/cli/session/filter-options.ts'
import { EVERY_OBJECT } from '../../service/plan/filter/every-object.ts'
import { commandInput } from '../support/command-input.ts'

for (const [text, column, criterion, value] of [
  ['status=open', 'status', 'EQUAL', 'open'],
  ['status != open', 'status', 'NOT_EQUAL', 'open'],
  ['total>10', 'total', 'GREATER_THAN', '10'],
  ['total >= 10.50', 'total', 'GREATER_THAN_OR_EQUAL', '10.50'],
  ['total<-1', 'total', 'LESS_THAN', '-1'],
  ['total<=1', 'total', 'LESS_THAN_OR_EQUAL', '1'],
  ['name*=ann', 'name', 'CONTAINS', 'ann'],
  ['name^=Mr. ', 'name', 'STARTS_WITH', 'Mr.'],
  ['name$==', 'name', 'ENDS_WITH', '='],
  ['note is empty', 'note', 'IS_EMPTY', 'true'],
  ['note IS NOT EMPTY ', 'note', 'IS_EMPTY', 'false'],
  ['note = is empty', 'note', 'EQUAL', 'is empty'],
  ['filter=a>=b', 'filter', 'EQUAL', 'a>=b'],
  ['first name=Ann Lee', 'first name', 'EQUAL', 'Ann Lee'],
  ['note=', 'note', 'EQUAL', ''],
  ['größe>1', 'größe', 'GREATER_THAN', '1'],
  ['*=x', '*', 'EQUAL', 'x']
] as const) {
  test(`D02 the condition '${text}' is read`, () => {
    assert.deepEqual(readCondition(text), { column, criterion, value })
  })
}

for (const text of ['', 'status', '=open', ' is empty', 'status open']) {
  test(`J04 '${text}' is refused as a condition, with an example`, () => {
    assert.throws(() => readCondition(text), {
      message: `--where "${text}" is no condition, such as 'status=open', 'total>=10' or 'note is empty'`
    })
  })
}

test('a command without these options reads every object', () => {
  assert.deepEqual(readFilter(commandInput({})), EVERY_OBJECT)
})

test('conditions are joined by AND, orders keep their sequence', () => {
  const filter = readFilter(
    commandInput({
      '--where': ['a=1', 'b>2'],
      '--order': ['created:desc', 'name', 'at:noon:ASC'],
      '--search': ' new ',
      '--limit': '20'
    })
  )
  assert.deepEqual(filter, {
    ...EVERY_OBJECT,
    where: {
      join: 'AND',
      conditions: [
        { column: 'a', criterion: 'EQUAL', value: '1' },
        { column: 'b', criterion: 'GREATER_THAN', value: '2' }
      ],
      groups: []
    },
    order: [
      { column: 'created', direction: 'DESC' },
      { column: 'name', direction: 'ASC' },
      { column: 'at:noon', direction: 'ASC' }
    ],
    search: 'new',
    limit: 20
  })
})

for (const [options, says] of [
  [{ '--order': '' }, /^--order needs a property/],
  [{ '--limit': '0' }, /^--limit "0" is not a whole number from 1$/],
  [{ '--limit': '-5' }, /^--limit "-5"/],
  [{ '--limit': '1.5' }, /^--limit "1\.5"/],
  [{ '--limit': '' }, /^--limit ""/],
  [{ '--limit': 'ten' }, /^--limit "ten"/]
] as const) {
  test(`J04 ${JSON.stringify(options)} is refused`, () => {
    assert.throws(() => readFilter(commandInput(options)), { message: says })
  })
}
