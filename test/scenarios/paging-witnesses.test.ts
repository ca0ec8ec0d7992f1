import assert from 'node:assert/strict'
import test from 'node:test'

import type { ListKeys, PageAnswer } from '../support/paged-list.ts'
import { integer, numberIn, range, startList, text, things } from '../support/paged-list.ts'
import type { ApiCall } from '../support/start-api.ts'
import { problem } from '../support/start-connector.ts'

/** A list whose schema says nothing of its pages. */
const OPEN: ListKeys = { answer: '{}' }

const BY_OFFSET: ListKeys = { ...OPEN, parameters: [integer('limit'), integer('offset')] }
const BY_PAGE: ListKeys = { ...OPEN, parameters: [integer('page'), integer('per_page')] }

/** A list behind an offset, of pages that the API caps at an odd size, with what a page says of the rest. */
function capped(
  total: number,
  most: number,
  says: (end: number) => { json?: object; headers?: { [name: string]: string } }
) {
  return (call: ApiCall): PageAnswer => {
    const start = numberIn(call, 'offset', 0)
    const items = things(total, start, Math.min(most, numberIn(call, 'limit', most)))
    const { json = {}, headers = {} } = says(start + items.length)
    return { json: { items, ...json }, headers }
  }
}

const TOTAL = 21
const MOST = 7
const pages = Math.ceil(TOTAL / MOST)

const witnesses: readonly (readonly [string, Parameters<typeof capped>[2]])[] = [
  ['total', () => ({ json: { total: TOTAL } })],
  ['totalElements in page', () => ({ json: { page: { totalElements: TOTAL } } })],
  ['count', () => ({ json: { count: TOTAL } })],
  ['total_count as text', () => ({ json: { meta: { total_count: `${TOTAL}` } } })],
  ['hits.total.value', () => ({ json: { hits: { total: { value: TOTAL, relation: 'eq' } } } })],
  ['total_pages', () => ({ json: { total_pages: pages } })],
  ['has_more', end => ({ json: { has_more: end < TOTAL } })],
  ['isLast', end => ({ json: { isLast: end >= TOTAL } })],
  ['last', end => ({ json: { page: { last: end >= TOTAL } } })],
  ['next', end => ({ json: { next: end < TOTAL ? `/v1/things?offset=${end}` : null } })],
  ['links.next', end => ({ json: { links: { next: end < TOTAL ? { href: '/x' } : null } } })],
  [
    'a list of links',
    end => ({ json: { links: end < TOTAL ? [{ rel: 'next', href: '/x' }] : [] } })
  ],
  ['nextPage', end => ({ json: { nextPage: end < TOTAL ? 2 : null } })],
  ['next_cursor', end => ({ json: { next_cursor: end < TOTAL ? 'abc' : null } })],
  ['X-Total-Count', () => ({ headers: { 'X-Total-Count': `${TOTAL}` } })],
  ['X-WP-Total', () => ({ headers: { 'X-WP-Total': `${TOTAL}` } })],
  ['Content-Range', end => ({ headers: { 'Content-Range': `items 0-${end - 1}/${TOTAL}` } })],
  ['X-Next-Page', end => ({ headers: { 'X-Next-Page': end < TOTAL ? '2' : '' } })],
  [
    'Link',
    end => ({ headers: { Link: `</x>; rel='first'${end < TOTAL ? ", </y>; rel='next'" : ''}` } })
  ]
]

for (const [name, says] of witnesses) {
  test(`P1 ${name} tells of more behind a page that is shorter than was asked for`, async t => {
    const { load } = await startList(t, BY_OFFSET, capped(TOTAL, MOST, says))
    const all = await load({ limit: 0 })
    assert.deepEqual([all.ids, all.more], [range(0, TOTAL), false])
    const seen: unknown[] = []
    let token: string | undefined
    for (let [offset, more] = [0, true]; more; offset += 4) {
      const window = await load({ limit: 4, offset, offsetToken: token })
      seen.push(...window.ids)
      ;({ more, token } = window)
    }
    assert.deepEqual(seen, range(0, TOTAL))
    const inside = await load({ limit: 5, offset: 1 })
    assert.deepEqual([inside.ids, inside.more, inside.calls.length], [range(1, 6), true, 1])
  })
}

test('P1 where nothing is in doubt a window costs the calls of its pages', async t => {
  const total = { says: () => ({ json: { total: 30 } }), rows: 30 }
  const flag = { says: (end: number) => ({ json: { has_more: end < 30 } }), rows: 30 }
  const link = {
    says: (end: number) => ({ json: { next: end < 30 ? `?offset=${end}` : null } }),
    rows: 30
  }
  const plain = { says: () => ({}), rows: 27 }
  // The answer repeats the limit, whatever it gives.
  const stated = { says: () => ({ json: { total: 27, limit: 100 } }), rows: 27 }
  for (const { says, rows } of [total, flag, link, plain, stated]) {
    const { load } = await startList(t, BY_OFFSET, capped(rows, 1_000, says))
    for (const [window, calls] of [
      [{ limit: 0 }, 1],
      [{ limit: 10 }, 1],
      [{ limit: 10, offset: 15 }, 1],
      [{ limit: rows }, 1],
      [{ limit: 10, offset: rows - 3 }, 1]
    ] as const) {
      const { calls: made } = await load(window)
      assert.equal(made.length, calls, JSON.stringify(window))
    }
  }
})

test('P1 a list of one answer whose witness says more is no half list, and the whole one is served', async t => {
  const one =
    (said: object, headers = {}) =>
    (): PageAnswer => ({
      json: { items: things(20, 0, 20), ...said },
      headers
    })
  for (const page of [
    one({ total: 50 }),
    one({ has_more: true }),
    one({ last: false }),
    one({ page: 1, pages: 3 }),
    one({ next_cursor: 'abc' }),
    one({}, { 'X-Total-Count': '50' })
  ]) {
    const { load, connector } = await startList(t, OPEN, page)
    // What is complete is served, and told to go on.
    const first = await load({ limit: 5, offset: 3 })
    assert.deepEqual([first.ids, first.more, first.calls.length], [range(3, 8), true, 1])
    for (const window of [{ limit: 0 }, { limit: 21 }, { limit: 10, offset: 15 }, { offset: 30 }]) {
      const failed = problem(await connector.load('Thing', window))
      assert.deepEqual([failed.code, failed.statusCode], ['WINDOW_UNSUPPORTED', 400])
      assert.match(failed.remedy, /x-flow-pagination/)
    }
  }
  for (const said of [
    { total: 20 },
    { count: 20 },
    { total: 3 },
    { has_more: false },
    { pages: 1 }
  ]) {
    const { load } = await startList(t, OPEN, one(said))
    const all = await load()
    assert.deepEqual([all.ids, all.more, all.calls.length], [range(0, 20), false, 1])
  }
  const declared = { ...OPEN, get: 'x-flow-pagination: { type: none }' }
  const { load } = await startList(t, declared, one({ total: 50 }))
  const all = await load()
  assert.deepEqual([all.ids, all.more], [range(0, 20), false])
})

test('P1 members of the objects, of other lists and of an object that is no list are no witnesses', async t => {
  const rows = things(3, 0, 3).map(thing => ({ ...thing, total: 99, next: '/x', has_more: true }))
  for (const json of [
    rows,
    {
      items: rows,
      facets: { total: 99, next: '/x' },
      _shards: { total: 5 },
      sort: { last: false }
    },
    { ...rows[0], total: 99, hasMore: true, next: '/v1/other' },
    { data: { ...rows[0], total: 99 } }
  ]) {
    const { load } = await startList(t, OPEN, () => ({ json }))
    const { more, calls } = await load()
    assert.deepEqual([more, calls], [false, ['GET /v1/things']])
  }
})

test('P2 a next link or cursor wins over any total, flag or count of pages', async t => {
  const shown: readonly (readonly [ListKeys, (end: number) => object])[] = [
    [OPEN, end => ({ next: end < 6 ? `?from=${end}` : null })],
    [OPEN, end => ({ _links: end < 6 ? { next: { href: `/v1/things?from=${end}` } } : {} })],
    [{ ...OPEN, parameters: [text('cursor')] }, end => ({ next_cursor: end < 6 ? `c${end}` : '' })]
  ]
  for (const [keys, next] of shown) {
    for (const lie of [
      { total: 2 },
      { total: 4 },
      { count: 2 },
      { size: 2 },
      { meta: { total_count: 4 } },
      { total_pages: 1 },
      { has_more: false }
    ]) {
      const { load } = await startList(t, keys, call => {
        const start = Number(/(?:from=|cursor=c)(\d+)/.exec(call.url)?.[1] ?? 0)
        return { json: { items: things(6, start, 2), ...lie, ...next(start + 2) } }
      })
      const all = await load()
      assert.deepEqual([all.ids, all.more, all.calls.length], [range(0, 6), false, 3])
      const window = await load({ limit: 4 })
      assert.deepEqual([window.ids, window.more], [range(0, 4), true])
    }
  }
})

test('P1 a request that is done is no list that ends, and one that is not done goes on', async t => {
  const keys = { ...OPEN, parameters: [integer('limit', ', maximum: 10'), integer('offset')] }
  for (const said of [() => ({ done: true }), (end: number) => ({ done: end >= 30 })]) {
    const { load } = await startList(t, keys, call => {
      const start = numberIn(call, 'offset', 0)
      return { json: { items: things(30, start, 10), ...said(start + 10) } }
    })
    const all = await load()
    assert.deepEqual([all.ids, all.more], [range(0, 30), false])
  }
})

test('P2 a total that equals a full page is asked about once, a count of the page is none', async t => {
  for (const [member, most] of [
    ['total', ', maximum: 10'],
    ['totalCount', ', maximum: 10'],
    ['count', ''],
    ['size', '']
  ] as const) {
    const keys = { ...OPEN, parameters: [integer('limit', most), integer('offset')] }
    const page = (call: ApiCall): PageAnswer => {
      const size = Math.min(10, numberIn(call, 'limit', 10))
      const items = things(30, numberIn(call, 'offset', 0), size)
      return { json: { items, [member]: items.length } }
    }
    const { load } = await startList(t, keys, page)
    const all = await load()
    assert.deepEqual([all.ids, all.more], [range(0, 30), false], member)
    const window = await load({ limit: 10, offset: 10 })
    assert.deepEqual([window.ids, window.more], [range(10, 20), true], member)
  }
})

test('P2 a page without objects goes on only by a new link or cursor that nothing denies', async t => {
  const keys = { ...OPEN, get: 'x-flow-pagination: { type: cursor, cursorField: next }' }
  for (const [said, ids, calls] of [
    [{}, ['t0', 't1', 't6', 't7'], 4],
    [{ total: 4 }, ['t0', 't1', 't6', 't7'], 4],
    [{ has_more: true }, ['t0', 't1', 't6', 't7'], 4],
    [{ total: 2 }, ['t0', 't1'], 2],
    [{ has_more: false }, ['t0', 't1'], 2]
  ] as const) {
    const { load } = await startList(t, keys, call => {
      const at = numberIn(call, 'cursor', 0)
      const items = at === 1 || at === 2 ? [] : things(8, at * 2, 2)
      const { has_more } = { has_more: undefined, ...said }
      const more = has_more === undefined ? {} : { has_more: has_more && at < 3 }
      return { json: { items, ...said, ...more, next: at < 3 ? `${at + 1}` : null } }
    })
    const all = await load()
    assert.deepEqual([all.ids, all.more, all.calls.length], [ids, false, calls])
  }
})

test('P3 pages that begin at 0 are read from 0 where the first answer says so', async t => {
  const spring = (number: number) => ({ number, totalElements: 25, totalPages: 3, size: 10 })
  const shown: readonly (readonly [string, (number: number) => object])[] = [
    ['first', number => ({ first: number === 0 })],
    ['isFirst', number => ({ meta: { isFirst: number === 0 } })],
    ['hasPrevious', number => ({ hasPrevious: number > 0 })],
    ['number in page', number => ({ page: spring(number) })],
    ['number', number => spring(number)],
    ['page, counted from 1', number => ({ page: number + 1 })]
  ]
  for (const [name, says] of shown) {
    const { load } = await startList(t, BY_PAGE, call => {
      const number = numberIn(call, 'page', 0)
      return { json: { items: things(25, number * 10, 10), ...says(number) } }
    })
    const all = await load()
    assert.deepEqual([all.ids, all.more], [range(0, 25), false], name)
    assert.deepEqual(
      all.calls.slice(0, 2),
      [1, 0].map(at => `GET /v1/things?page=${at}&per_page=100`)
    )
    const first = await load({ limit: 10 })
    assert.deepEqual([first.ids, first.more], [range(0, 10), true], name)
    const next = await load({ limit: 10, offset: 10, offsetToken: first.token })
    assert.deepEqual([next.ids, next.more], [range(10, 20), true], name)
    // Without the token too.
    assert.deepEqual((await load({ limit: 10, offset: 20 })).ids, range(20, 25), name)
  }
})

test('P3 a list that has one page only is found at 0, where page 1 is empty or refused', async t => {
  for (const status of [200, 404, 416, 400]) {
    const { load } = await startList(t, BY_PAGE, call => {
      const items = numberIn(call, 'page', 0) === 0 ? things(3, 0, 3) : []
      return items.length > 0 || status === 200
        ? { json: { items, totalElements: 3 } }
        : { status, json: { message: 'No such page' } }
    })
    const all = await load()
    assert.deepEqual([all.ids, all.more, all.calls.length], [range(0, 3), false, 2])
  }
})

test('P3 pages that begin at 1 stay so, and a refused first page is the failure of the load', async t => {
  const { load } = await startList(t, BY_PAGE, call => {
    const number = numberIn(call, 'page', 1)
    const page = { number: number - 1, totalElements: 25, first: number === 1 }
    return { json: { items: things(25, (number - 1) * 100, 100), page } }
  })
  const all = await load()
  assert.deepEqual([all.ids, all.calls.length], [range(0, 25), 1])
  const refusing = await startList(t, BY_PAGE, call => ({
    status: call.url.includes('page=0') ? 400 : 404,
    json: { message: call.url.includes('page=0') ? 'Pages begin at 1' : 'There is no such shop' }
  }))
  const failed = problem(await refusing.connector.load('Thing'))
  assert.deepEqual([failed.code, failed.statusCode], ['API_ERROR', 404])
  assert.match(failed.message, /no such shop/)
})

test('P1 a mapped limit is the size of pages whose position is inferred, or shown by the answer', async t => {
  const mapping = 'parameters: { limit: limit }'
  const size = integer('limit', ', maximum: 10')
  const slice = (call: ApiCall, start: number) =>
    things(25, start, Math.min(10, numberIn(call, 'limit', 10)))
  const schemes: readonly (readonly [ListKeys, (call: ApiCall) => PageAnswer])[] = [
    [
      { parameters: [size, integer('offset')] },
      call => ({ json: slice(call, numberIn(call, 'offset', 0)) })
    ],
    [
      { parameters: [size, integer('page')] },
      call => ({ json: slice(call, (numberIn(call, 'page', 1) - 1) * numberIn(call, 'limit', 10)) })
    ],
    [
      { answer: '{}', parameters: [size, text('cursor')] },
      call => {
        const data = slice(call, numberIn(call, 'cursor', 0))
        const end = numberIn(call, 'cursor', 0) + data.length
        return { json: { data, next_cursor: end < 25 ? `${end}` : null } }
      }
    ],
    [
      { answer: '{}', parameters: [size] },
      call => {
        const data = slice(call, numberIn(call, 'at', 0))
        const end = numberIn(call, 'at', 0) + data.length
        const next = end < 25 ? `?limit=${data.length}&at=${end}` : null
        return { json: { data, links: { next } } }
      }
    ]
  ]
  for (const [keys, page] of schemes) {
    const { load } = await startList(t, { ...keys, mapping }, page)
    const all = await load({ limit: 0 })
    assert.deepEqual([all.ids, all.more], [range(0, 25), false])
    for (const limit of [3, 10, 12]) {
      const seen: unknown[] = []
      let token: string | undefined
      for (let [offset, more] = [0, true]; more; offset += limit) {
        const window = await load({ limit, offset, offsetToken: token })
        assert.deepEqual((await load({ limit, offset })).ids, window.ids)
        seen.push(...window.ids)
        ;({ more, token } = window)
      }
      assert.deepEqual(seen, range(0, 25))
    }
  }
})
