import assert from 'node:assert/strict'
import { test } from 'node:test'

import { splitFilter } from '../../../service/plan/filter/split-filter.ts'
import { scanLimit } from '../../../service/plan/paging/scan-limit.ts'
import type { ListFilter } from '../../../service/plan/types.ts'
import { group, listFilter, THING, where } from '../plan-records.ts'

function refusal(
  given: Partial<ListFilter>,
  reached: Parameters<typeof scanLimit>[2] = { records: 1000 }
): { message: string; remedy: string } {
  const { remaining } = splitFilter({ parameters: [] }, THING, listFilter(given))
  assert.ok(remaining)
  const { code, status, message, remedy } = scanLimit(THING, remaining, reached)
  assert.deepEqual([code, status], ['FILTER_SCAN_LIMIT', 400])
  return { message, remedy }
}

const less = where('Size', 'LESS_THAN', '3')
const secret = where('Name', 'EQUAL', 's3cret')

test('D14 the scan limit names the condition, what was read, and the line to add', () => {
  assert.deepEqual(refusal({ where: group('AND', [less]) }), {
    message:
      'type "Thing" has more than the 1000 objects that one load may read to evaluate "Size" by LESS_THAN',
    remedy:
      'Add `where: {Size: {LESS_THAN: parameter}}` to `x-flow-query.parameters` of "Thing", or raise SCAN_MAX_RECORDS.'
  })
  const { message, remedy } = refusal({ where: group('AND', [less]) }, { pages: 10 })
  assert.match(message, /has more than the 10 pages that one load may read to evaluate/)
  assert.match(remedy, /or raise SCAN_MAX_PAGES\.$/)
})

test('D14 the scan limit says each kind of thing that the API does not take', () => {
  const two = [
    { column: 'Name', direction: 'ASC' },
    { column: 'Size', direction: 'DESC' }
  ] as const
  const list = group('OR', [secret, where('Name', 'EQUAL', 'b')])
  const mixed = group('OR', [secret], [group('AND', [less, secret])])
  for (const [given, unpushed, entry] of [
    [{ where: group('AND', [secret]) }, '"Name" by EQUAL', '`where: {Name: parameter}`'],
    [
      { where: group('AND', [where('Name', 'NOT_EQUAL', '')]) },
      '"Name" by NOT_EQUAL to a blank value',
      '`where: {Name: {IS_EMPTY: parameter}}`'
    ],
    [
      { where: list },
      'the OR of "Name" by EQUAL',
      '`where: {Name: {EQUAL: {parameter: parameter, any: true}}}`'
    ],
    [{ where: mixed }, 'the OR of "Name" by EQUAL and "Size" by LESS_THAN', 'joined by AND'],
    [{ search: 's3cret' }, 'the search', '`parameter: search`'],
    [
      { search: 's3cret', searchColumns: ['name'] },
      'the search in "Name"',
      '`where: {Name: {CONTAINS: parameter}}`'
    ],
    [
      { search: 's3cret', searchColumns: ['Name', 'Colour 1'] },
      'the search in "Name" and "Colour 1"',
      'joined by AND'
    ],
    [{ order: two.slice(1) }, 'the order by "Size"', '`parameter: orderBy` and `parameter: direc'],
    [{ order: two }, 'the order by "Name" and "Size"', 'joined by AND'],
    [{ providedIds: ['s3cret'] }, 'the objects that the flow provides', 'joined by AND']
  ] as const) {
    const { message, remedy } = refusal(given)
    assert.ok(message.endsWith(`may read to evaluate ${unpushed}`), message)
    assert.ok(remedy.includes(entry), remedy)
    assert.doesNotMatch(message + remedy, /s3cret/)
  }
})

test('D14 the scan limit names a few of many, and counts the others', () => {
  const conditions = group('AND', [
    less,
    secret,
    where('Born', 'EQUAL', '2024-03-09'),
    where('Name', 'ENDS_WITH', 'x')
  ])
  const { message, remedy } = refusal({ where: conditions, search: 'x' })
  assert.match(
    message,
    /evaluate "Size" by LESS_THAN, "Name" by EQUAL, "Born" by EQUAL and 2 more$/
  )
  assert.match(remedy, /`where: \{Born: parameter\}` and 2 more to/)
})
