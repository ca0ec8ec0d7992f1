import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { BoundParameter } from '../../../service/model/bound-parameters.ts'
import type { Criterion } from '../../../service/model/mapping-record.ts'
import type { TypeRecord } from '../../../service/model/type-record.ts'
import type { ScanCalls } from '../../../service/plan/filter/scan-calls.ts'
import { scanCalls } from '../../../service/plan/filter/scan-calls.ts'
import { splitFilter } from '../../../service/plan/filter/split-filter.ts'
import type { FilterGroup, ListFilter } from '../../../service/plan/types.ts'
import { objectType, scalar } from '../../support/type-record.ts'
import { group, listFilter, parameter, problem, where } from '../plan-records.ts'

const TASK: TypeRecord = objectType('Task', [
  scalar('Status'),
  scalar('Done', 'boolean'),
  scalar('Level', 'integer'),
  scalar('Pin', 'text', { content: 'ContentPassword' })
])

function taker(column: string, given: Partial<BoundParameter>, criterion: Criterion = 'EQUAL') {
  const sources = [{ from: 'filter', column, criterion, any: false } as const]
  return parameter(column.toLowerCase(), { sources, ...given })
}

const STATUS = taker('Status', { allowed: ['open', 'closed', 'pending'], fallback: 'open' })

const notOpen = group('AND', [where('Status', 'NOT_EQUAL', 'open')])

function calls(
  parameters: readonly BoundParameter[],
  asked: FilterGroup,
  given: Partial<ListFilter> = {}
): ScanCalls {
  const filter = listFilter({ where: asked, ...given })
  const { pushed, remaining } = splitFilter({ parameters }, TASK, filter)
  assert.ok(remaining, 'nothing remains')
  return scanCalls(
    TASK,
    { parameters, pushed, remaining },
    { order: filter.order, most: 10, reserved: ['size'] }
  )
}

test('P11 a default narrows the list, so that each value that the condition leaves is asked for', () => {
  const or = group('OR', [where('Status', 'EQUAL', 'open'), where('Status', 'EQUAL', 'PENDING')])
  const mixed = group('OR', [where('Status', 'EQUAL', 'closed'), where('Level', 'EQUAL', '3')])
  for (const [asked, left] of [
    [notOpen, ['closed', 'pending']],
    [or, ['open', 'pending']],
    [mixed, ['open', 'closed', 'pending']],
    [group('AND', [where('Status', 'CONTAINS', 'PEN')]), ['open', 'pending']],
    [group('AND', [...notOpen.conditions, where('Status', 'STARTS_WITH', 'p')]), ['pending']]
  ] as const) {
    const sent = calls([STATUS], asked).calls
    assert.deepEqual(
      sent,
      left.map(status => ({ status }))
    )
  }
})

test('P11 a value that means all is sent once, and a default that means all narrows nothing', () => {
  for (const all of ['all', 'Any', '*']) {
    const allowed = ['open', 'closed', all]
    assert.deepEqual(calls([{ ...STATUS, allowed }], notOpen).calls, [{ status: all }])
    assert.deepEqual(calls([{ ...STATUS, allowed, fallback: all }], notOpen).calls, [{}])
  }
  const stale = group('AND', [where('Status', 'EQUAL', 'archived')])
  const withAll = { ...STATUS, allowed: ['open', 'all'] }
  assert.deepEqual(calls([withAll], stale).calls, [{ status: 'all' }])
  assert.deepEqual(calls([{ ...STATUS, fallback: '' }], notOpen).calls, [{}])
  assert.deepEqual(calls([{ ...STATUS, fallback: [] }], notOpen).calls, [{}])
})

test('P11 a parameter that has the name of the column narrows it, also if it is not mapped', () => {
  const unmapped = { sources: [], allowed: ['open', 'closed', 'all'], fallback: 'open' }
  for (const name of ['status', 'STATUS', 'sta-tus']) {
    const closed = group('AND', [where('Status', 'EQUAL', 'closed')])
    assert.deepEqual(calls([parameter(name, unmapped)], closed).calls, [{ [name]: 'all' }])
    const two = { ...unmapped, allowed: ['open', 'closed'] }
    assert.deepEqual(calls([parameter(name, two)], closed).calls, [{ [name]: 'closed' }])
    problem('FILTER_UNSUPPORTED', () => calls([parameter(name, { ...two, allowed: null })], closed))
  }
  const level = group('AND', [where('Level', 'EQUAL', '3')])
  // A word is no level, a header is no filter, and a size of pages is none either.
  const sort = parameter('level', { fallback: 'asc', allowed: ['asc', 'desc'] })
  assert.deepEqual(calls([sort], level).calls, [{}])
  assert.deepEqual(calls([parameter('level', { in: 'header', fallback: 1 })], level).calls, [{}])
  const sized = objectType('Shirt', [scalar('size', 'integer')])
  const asked = { where: group('AND', [where('size', 'EQUAL', '3')]) }
  const parameters = [parameter('size', { kind: 'integer', fallback: 20 })]
  const { pushed, remaining } = splitFilter({ parameters }, sized, listFilter(asked))
  assert.ok(remaining)
  const bounds = { order: [], most: 10, reserved: ['size', null] }
  assert.deepEqual(scanCalls(sized, { parameters, pushed, remaining }, bounds).calls, [{}])
})

test('P11 a boolean is an enum of two values', () => {
  const done = taker('Done', { kind: 'boolean', fallback: false })
  const notDone = group('AND', [where('Done', 'NOT_EQUAL', 'true')])
  assert.deepEqual(calls([done], notDone).calls, [{ done: 'false' }])
  const either = group('OR', [where('Done', 'EQUAL', 'true'), where('Level', 'EQUAL', '1')])
  assert.deepEqual(calls([done], either).calls, [{ done: 'true' }, { done: 'false' }])
})

test('P11 a default without an enum, or beside values that the enum lacks, is a problem', () => {
  const stale = group('AND', [where('Status', 'EQUAL', 'archived')])
  const either = group('OR', [where('Status', 'EQUAL', 'open'), ...stale.conditions])
  const empty = group('AND', [where('Status', 'EQUAL', '')])
  const since = taker('Level', { kind: 'integer', fallback: 3 }, 'GREATER_THAN')
  for (const [one, asked] of [
    [{ ...STATUS, allowed: null }, notOpen],
    [STATUS, stale],
    [STATUS, either],
    [STATUS, empty],
    [STATUS, group('AND', [where('Status', 'CONTAINS', 'zz')])],
    [since, group('AND', [where('Level', 'EQUAL', '2')])],
    [since, group('AND', [where('Level', 'LESS_THAN', '7')])]
  ] as const) {
    const { message, remedy } = problem('FILTER_UNSUPPORTED', () => calls([one], asked))
    assert.match(message, /parameter "(status|level)" narrows the list to its default "(open|3)"/)
    assert.match(remedy, /`(Status|Level): /)
  }
})

test('P11 a default that keeps all that is asked for changes nothing', () => {
  const since = taker('Level', { kind: 'integer', fallback: 3 }, 'GREATER_THAN')
  assert.deepEqual(calls([since], group('AND', [where('Level', 'EQUAL', '5')])).calls, [{}])
  const other = group('AND', [where('Level', 'EQUAL', '5')])
  assert.deepEqual(calls([STATUS], other).calls, [{}])
  assert.deepEqual(calls([taker('Status', { allowed: ['open'] })], notOpen).calls, [{}])
  const pushed = group('AND', [where('Status', 'EQUAL', 'closed'), ...notOpen.conditions])
  assert.deepEqual(calls([STATUS], pushed).calls, [{}])
})

test('P11 the default of a schema narrows also where the mapping leaves the parameter out', () => {
  const left = { ...STATUS, fallback: null, default: 'open' }
  assert.deepEqual(calls([left], notOpen).calls, [{ status: 'closed' }, { status: 'pending' }])
})

test('P11 several defaults make each combination a call, within a bound', () => {
  const done = taker('Done', { kind: 'boolean', fallback: false })
  const asked = group('AND', [
    ...notOpen.conditions,
    where('Done', 'IS_EMPTY', 'false'),
    where('Level', 'EQUAL', '1')
  ])
  assert.deepEqual(calls([STATUS, done], asked).calls, [
    { status: 'closed', done: 'true' },
    { status: 'closed', done: 'false' },
    { status: 'pending', done: 'true' },
    { status: 'pending', done: 'false' }
  ])
  const many = { ...STATUS, allowed: Array.from({ length: 12 }, (_, index) => `s${index}`) }
  problem('FILTER_UNSUPPORTED', () => calls([many], notOpen))
})

test('P11 several calls lose the order of the API, so that it is made here', () => {
  const sort = parameter('sort', { sources: [{ from: 'orderBy' }] })
  const order = [{ column: 'Level', direction: 'ASC' }] as const
  assert.deepEqual(calls([STATUS, sort], notOpen, { order }).order, order)
  const one = group('AND', [where('Status', 'STARTS_WITH', 'c')])
  const closed = { ...STATUS, allowed: ['open', 'closed', 'pending'] }
  assert.deepEqual(calls([closed, sort], one, { order }).order, [])
  const secret = [{ column: 'Pin', direction: 'ASC' }] as const
  problem('ORDER_UNSUPPORTED', () => calls([STATUS, sort], notOpen, { order: secret }))
})
