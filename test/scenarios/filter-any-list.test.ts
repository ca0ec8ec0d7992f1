import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'

import { envelope, numberIn, startList } from '../support/paged-list.ts'

const PROPERTIES = [
  'Name: { type: string }',
  'Rooms: { type: integer }',
  'Price: { type: number }',
  'Sold: { type: boolean }',
  'Built: { type: string, format: date }'
].join(', ')

type Item = {
  readonly id: string
  readonly Name: string | null
  readonly Rooms: number | null
  readonly Price: number | null
  readonly Sold: boolean | null
  readonly Built: string | null
}
type Column = Exclude<keyof Item, 'id'>
type Condition = {
  readonly columnName: Column
  readonly criteriaType: string
  readonly contentValue: string
}
type Group = {
  readonly comparisonType: string | null
  readonly where: readonly Condition[]
  readonly listFilters: readonly Group[]
}
type Order = { readonly columnName: Column; readonly direction: string }

const word = fc.stringMatching(/^[abAB]{0,3}$/)
const day = fc.integer({ min: 1, max: 5 }).map(number => `2024-02-0${number}`)
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 5 })

const items = fc
  .array(
    fc.record({
      Name: orNull(word),
      Rooms: orNull(fc.integer({ min: -2, max: 11 })),
      Price: orNull(fc.integer({ min: -8, max: 8 }).map(number => number / 4)),
      Sold: orNull(fc.boolean()),
      Built: orNull(day)
    }),
    { minLength: 20, maxLength: 60 }
  )
  .map(rows => rows.map((row, index): Item => ({ id: `t${index}`, ...row })))

const ORDERED = [
  'EQUAL',
  'NOT_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL'
]
const PARTS = ['CONTAINS', 'STARTS_WITH', 'ENDS_WITH']
const comparing = (columnName: Column, values: fc.Arbitrary<string>, criteria = ORDERED) =>
  fc.record({
    columnName: fc.constant(columnName),
    criteriaType: fc.constantFrom(...criteria),
    contentValue: values
  })
const emptiness = fc.record({
  columnName: fc.constantFrom<Column[]>('Name', 'Rooms', 'Price', 'Sold', 'Built'),
  criteriaType: fc.constant('IS_EMPTY'),
  contentValue: fc.constantFrom('true', 'True', 'false', '')
})
const conditions = fc.oneof(
  comparing('Name', word, [...ORDERED, ...PARTS]),
  comparing('Rooms', fc.integer({ min: -3, max: 12 }).map(String), [...ORDERED, ...PARTS]),
  comparing(
    'Price',
    fc.integer({ min: -8, max: 8 }).map(number => (number / 4).toFixed(2))
  ),
  comparing('Sold', fc.constantFrom('true', 'false'), ['EQUAL', 'NOT_EQUAL']),
  comparing(
    'Built',
    day.map(date => `${date}T00:00:00Z`)
  ),
  emptiness
)

function groups(depth: number): fc.Arbitrary<Group> {
  return fc.record({
    comparisonType: fc.constantFrom('AND', 'OR', 'or', '', null),
    where: fc.array(conditions, { maxLength: 2 }),
    listFilters: depth === 0 ? fc.constant([]) : fc.array(groups(depth - 1), { maxLength: 2 })
  })
}

const orders = fc.array(
  fc.record({
    columnName: fc.constantFrom<Column[]>('Name', 'Rooms', 'Price', 'Sold', 'Built'),
    direction: fc.constantFrom('ASC', 'DESC', '')
  }),
  { maxLength: 2 }
)

/** Blank text is no value. Equal values have equal keys, and keys sort as their values do. */
function keyOf(value: Item[Column]): string | number | null {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'string') return value === '' ? null : value.toLowerCase()
  return value
}

function keyOfText(column: Column, given: string): string | number | null {
  if (column === 'Rooms' || column === 'Price') return Number(given)
  if (column === 'Sold') return given === 'true' ? 1 : 0
  return keyOf(column === 'Built' ? given.slice(0, 10) : given)
}

function holds(item: Item, { columnName, criteriaType, contentValue }: Condition): boolean {
  const value = item[columnName]
  const key = keyOf(value)
  if (criteriaType === 'IS_EMPTY') {
    return (key === null) === (contentValue.toLowerCase() === 'true')
  }
  if (PARTS.includes(criteriaType)) {
    const part = contentValue.toLowerCase()
    const whole = key === null ? null : String(value).toLowerCase()
    if (part === '') return true
    if (whole === null) return false
    if (criteriaType === 'CONTAINS') return whole.includes(part)
    return criteriaType === 'STARTS_WITH' ? whole.startsWith(part) : whole.endsWith(part)
  }
  const wanted = keyOfText(columnName, contentValue)
  if (wanted === null)
    return (criteriaType === 'EQUAL') === (key === null) && !/THAN/.test(criteriaType)
  if (key === null) return criteriaType === 'NOT_EQUAL'
  if (criteriaType === 'EQUAL') return key === wanted
  if (criteriaType === 'NOT_EQUAL') return key !== wanted
  if (key === wanted) return criteriaType.endsWith('OR_EQUAL')
  return criteriaType.startsWith('GREATER') === key > wanted
}

/** Undefined for a group that says nothing. */
function verdict(item: Item, { comparisonType, where, listFilters }: Group): boolean | undefined {
  const members = [
    ...where.map(given => holds(item, given)),
    ...listFilters.map(group => verdict(item, group)).filter(said => said !== undefined)
  ]
  if (members.length === 0) return undefined
  const isOr = comparisonType?.toUpperCase() === 'OR'
  return isOr ? members.includes(true) : !members.includes(false)
}

function before(a: Item, b: Item, orderBy: readonly Order[]): number {
  for (const [index, { columnName, direction }] of orderBy.entries()) {
    if (orderBy.slice(0, index).some(earlier => earlier.columnName === columnName)) continue
    const [left, right] = [keyOf(a[columnName]), keyOf(b[columnName])]
    if (left === right) continue
    const isLess = right === null || (left !== null && left < right)
    return isLess === (direction !== 'DESC') ? -1 : 1
  }
  return 0
}

test('D10 D11 D12 D13 D14 any filter of any list is what the same filter over all of it is', async t => {
  let rows: readonly Item[] = []
  let pageSize = 1
  const keys = {
    get: 'x-flow-pagination: { type: cursor, cursorField: next }',
    properties: PROPERTIES,
    answer: envelope()
  }
  const list = await startList(
    t,
    keys,
    call => {
      const start = numberIn(call, 'cursor', 0)
      const end = start + pageSize
      return { json: { data: rows.slice(start, end), next: end < rows.length ? `${end}` : null } }
    },
    { SCAN_MAX_PAGES: '100' }
  )
  const windows = fc.record({
    limit: fc.integer({ min: 0, max: 15 }),
    offset: fc.integer({ min: 0, max: 30 })
  })
  await fc.assert(
    fc.asyncProperty(
      items,
      fc.integer({ min: 3, max: 25 }),
      groups(2),
      orders,
      fc.oneof(fc.constant(''), fc.stringMatching(/^[abAB1]{1,2}$/)),
      windows,
      async (all, size, group, orderBy, search, { limit, offset }) => {
        rows = all
        pageSize = size
        const { ids, more } = await list.load({ ...group, orderBy, search, limit, offset })
        const isFound = ({ id, Name }: Item): boolean =>
          [id, Name ?? ''].some(held => held.toLowerCase().includes(search.toLowerCase()))
        const expected = all
          .filter(item => verdict(item, group) !== false && isFound(item))
          .toSorted((a, b) => before(a, b, orderBy))
        const end = limit === 0 ? expected.length : offset + limit
        assert.deepEqual(
          ids,
          expected.slice(offset, end).map(({ id }) => id)
        )
        assert.equal(more, end < expected.length)
      }
    ),
    { numRuns: 40 }
  )
})
