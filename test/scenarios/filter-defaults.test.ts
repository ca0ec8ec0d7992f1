import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ApiCall } from '../support/start-api.ts'
import type { ListKeys, PageAnswer } from '../support/paged-list.ts'
import { integer, numberIn, startList } from '../support/paged-list.ts'
import { condition, problem } from '../support/start-connector.ts'

const STATUSES = ['open', 'closed', 'pending']

const TASKS = Array.from({ length: 30 }, (_, index) => ({
  id: `t${index}`,
  Status: STATUSES[index % 3] ?? '',
  Level: (index * 7) % 10
}))

const SORT = "{ from: orderBy, ascending: '{name}', descending: '-{name}' }"

const keys = (schema: string): ListKeys => ({
  properties: 'Status: { type: string }, Level: { type: integer }',
  parameters: [
    integer('offset'),
    integer('limit', ', maximum: 4'),
    `{ name: status, in: query, schema: ${schema} }`,
    '{ name: sort, in: query, schema: { type: string, enum: [id, -id] } }'
  ],
  mapping: `parameters: { where: { Status: status }, sort: ${SORT} }`
})

const ENUM = '{ type: string, enum: [open, closed, pending], default: open }'

/** An API that assumes `open` where the parameter is not sent. */
function tasks(call: ApiCall): PageAnswer {
  const { searchParams } = new URL(call.url, 'http://api.test')
  const status = searchParams.get('status') ?? 'open'
  const all = TASKS.filter(({ Status }) => status === 'all' || Status === status)
  const offset = numberIn(call, 'offset', 0)
  return { json: all.slice(offset, offset + Math.min(4, numberIn(call, 'limit', 4))) }
}

const ids = (...statuses: string[]) =>
  statuses.flatMap(status => TASKS.filter(({ Status }) => Status === status).map(({ id }) => id))

test('P11 a filter over a list that a default narrows reads the list of each value that is left', async t => {
  const list = await startList(t, keys(ENUM), tasks)
  const notOpen = { where: [condition('Status', 'open', 'NOT_EQUAL')] }
  const all = ids('closed', 'pending')
  const { ids: got, more } = await list.load(notOpen)
  assert.deepEqual([got, more], [all, false])
  for (const [limit, offset] of [
    [3, 0],
    [4, 8],
    [5, 15],
    [10, 10]
  ] as const) {
    const window = await list.load({ ...notOpen, limit, offset })
    assert.deepEqual(window.ids, all.slice(offset, offset + limit))
    assert.equal(window.more, offset + limit < all.length)
  }
  const either = {
    comparisonType: 'OR',
    where: [condition('Status', 'open'), condition('Status', 'Pending')]
  }
  assert.deepEqual((await list.load(either)).ids, ids('open', 'pending'))
  const level = { where: [condition('Status', 'open', 'NOT_EQUAL'), condition('Level', '3')] }
  const atThree = TASKS.filter(({ Status, Level }) => Status !== 'open' && Level === 3)
  assert.deepEqual((await list.load(level)).ids.toSorted(), atThree.map(({ id }) => id).toSorted())
})

test('P11 what several calls give is ordered here', async t => {
  const list = await startList(t, keys(ENUM), tasks)
  const { ids: got } = await list.load({
    where: [condition('Status', 'open', 'NOT_EQUAL')],
    orderBy: [{ columnName: 'id', direction: 'DESC' }],
    limit: 5
  })
  const expected = ids('closed', 'pending').toSorted().toReversed().slice(0, 5)
  assert.deepEqual(got, expected)
})

test('P11 a value of the enum that means all is sent instead', async t => {
  const list = await startList(t, keys('{ enum: [open, closed, all], default: open }'), tasks)
  const notOpen = await list.load({ where: [condition('Status', 'open', 'NOT_EQUAL')] })
  const expected = TASKS.filter(({ Status }) => Status !== 'open').map(({ id }) => id)
  assert.deepEqual(notOpen.ids, expected)
  assert.ok(notOpen.calls.every(call => call.includes('status=all')))
  const pending = await list.load({ where: [condition('Status', 'pending')] })
  assert.deepEqual(pending.ids, ids('pending'))
})

test('P11 without an enum the problem names the default and what to map', async t => {
  const list = await startList(t, keys('{ type: string, default: open }'), tasks)
  const answer = await list.connector.load('Thing', {
    where: [condition('Status', 'open', 'NOT_EQUAL')]
  })
  const { code, statusCode, message, remedy } = problem(answer)
  assert.deepEqual([code, statusCode], ['FILTER_UNSUPPORTED', 400])
  assert.match(message, /parameter "status" narrows the list to its default "open"/)
  assert.match(remedy, /`Status: \{NOT_EQUAL: parameter\}`/)
  assert.deepEqual(list.api.takeCalls(), [])
  assert.deepEqual((await list.load({ where: [condition('Status', 'done')] })).ids, [])
})

test('P12 an order by a column that the sort parameter lacks is made here', async t => {
  const list = await startList(t, keys('{ type: string }'), call => {
    const offset = numberIn(call, 'offset', 0)
    return { json: TASKS.slice(offset, offset + Math.min(4, numberIn(call, 'limit', 4))) }
  })
  for (const direction of ['ASC', 'DESC']) {
    const sign = direction === 'ASC' ? 1 : -1
    const { ids: got, calls } = await list.load({
      orderBy: [{ columnName: 'Level', direction }],
      limit: 6,
      offset: 3
    })
    const sorted = TASKS.toSorted((a, b) => sign * (a.Level - b.Level)).map(({ id }) => id)
    assert.deepEqual(got, sorted.slice(3, 9))
    assert.ok(calls.every(call => !call.includes('sort=')))
  }
  const { calls } = await list.load({
    orderBy: [{ columnName: 'ID', direction: 'DESC' }],
    limit: 2
  })
  assert.deepEqual(calls, ['GET /v1/things?offset=0&limit=3&sort=-id'])
})
