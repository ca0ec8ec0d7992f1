import assert from 'node:assert/strict'
import test from 'node:test'

import type { ListKeys, PageAnswer } from '../support/paged-list.ts'
import {
  envelope,
  integer,
  numberIn,
  range,
  startList,
  text,
  things
} from '../support/paged-list.ts'
import type { ApiCall } from '../support/start-api.ts'
import { problem } from '../support/start-connector.ts'

const OPEN: ListKeys = { answer: '{}' }
const BY_OFFSET: ListKeys = { ...OPEN, parameters: [integer('limit'), integer('offset')] }
const BY_PAGE: ListKeys = { parameters: [integer('page'), integer('per_page', ', maximum: 10')] }

const declared = (members: string, answer = '{}'): ListKeys => ({
  get: `x-flow-pagination: { ${members} }`,
  answer
})

const GONE = { message: 'There is no such page' }

test('P4 the page behind a full last one may be refused by 404, 416 or 400', async t => {
  for (const [keys, startOf] of [
    [BY_PAGE, call => (numberIn(call, 'page', 1) - 1) * 10],
    [
      { parameters: [integer('skip'), integer('limit', ', maximum: 10')] },
      call => numberIn(call, 'skip', 0)
    ],
    [
      declared('type: page, pageSize: 10', envelope()),
      call => (numberIn(call, 'page', 1) - 1) * 10
    ],
    [declared('type: offset, pageSize: 10', envelope()), call => numberIn(call, 'offset', 0)],
    [declared('type: page', envelope()), call => (numberIn(call, 'page', 1) - 1) * 10]
  ] as readonly (readonly [ListKeys, (call: ApiCall) => number])[]) {
    for (const status of [404, 416, 400]) {
      for (const total of [10, 30]) {
        const { load } = await startList(t, keys, call => {
          const data = things(total, startOf(call), 10)
          if (data.length === 0) return { status, json: GONE }
          return { json: keys.answer === undefined ? data : { data } }
        })
        const all = await load()
        assert.deepEqual(
          [all.ids, all.more, all.calls.length],
          [range(0, total), false, total / 10 + 1]
        )
        const last = await load({ limit: 10, offset: total - 10 })
        assert.deepEqual([last.ids, last.more], [range(total - 10, total), false])
      }
    }
  }
})

test('P4 a 400 is a failure where a witness says more, behind 1,000 objects, and for the first page', async t => {
  const refusing =
    (from: number, said: object) =>
    (call: ApiCall): PageAnswer => {
      const start = numberIn(call, 'offset', 0)
      if (start >= from) return { status: 400, json: { message: 'The result window is too large' } }
      return { json: { data: things(9_999, start, 100), ...said } }
    }
  const keys = declared('type: offset, pageSize: 100', envelope())
  for (const [from, said] of [
    [200, { total: 9_999 }],
    [200, { has_more: true }],
    [1_000, {}],
    [0, {}]
  ] as const) {
    const { connector } = await startList(t, keys, refusing(from, said), {
      SCAN_MAX_RECORDS: '2000'
    })
    const failed = problem(await connector.load('Thing', { limit: 0 }))
    assert.deepEqual([failed.code, failed.statusCode], ['API_ERROR', 400])
    assert.match(failed.message, /^The result window is too large/)
  }
})

test('P4 behind a next link or cursor every failure is one, unless a witness says that the list is over', async t => {
  const shown: readonly (readonly [ListKeys, object])[] = [
    [OPEN, { next: '?at=1' }],
    [declared('type: cursor, cursorField: next'), { next: '1' }]
  ]
  for (const [keys, next] of shown) {
    for (const [said, code] of [
      [{}, 'API_ERROR'],
      [{ total: 9 }, 'API_ERROR'],
      [{ has_more: false }, null]
    ] as const) {
      const { load, connector } = await startList(t, keys, call =>
        /at=1|cursor=1/.test(call.url)
          ? { status: 404, json: GONE }
          : { json: { data: things(3, 0, 3), ...next, ...said } }
      )
      if (code === null) {
        const all = await load()
        assert.deepEqual([all.ids, all.more], [range(0, 3), false])
      } else {
        assert.equal(problem(await connector.load('Thing')).code, code)
      }
    }
  }
})

test('P8 rows that an API leaves out of its pages cost no other row, over any windows', async t => {
  const hidden = new Set([0, 4, 5, 11, 12, 20, 27])
  const visible = range(0, 30).filter((_, index) => !hidden.has(index))
  const page =
    (stated: (size: number) => object) =>
    (call: ApiCall): PageAnswer => {
      const [start, size] = [
        numberIn(call, 'startAt', 0),
        Math.min(10, numberIn(call, 'maxResults', 10))
      ]
      const items = things(30, start, size).filter((_, index) => !hidden.has(start + index))
      return { json: { items, startAt: start, ...stated(size) } }
    }
  const keys = { ...OPEN, parameters: [integer('startAt'), integer('maxResults')] }
  for (const stated of [
    (size: number) => ({ maxResults: size, total: 30 }),
    (size: number) => ({ maxResults: size }),
    (size: number) => ({ limit: size, total: 30 }),
    (size: number) => ({ page: { per_page: size, total: 30 } }),
    (size: number) => ({ pageSize: size, total: 23 })
  ]) {
    const { load } = await startList(t, keys, page(stated))
    const all = await load()
    assert.deepEqual([all.ids, all.more], [visible, false])
    for (const limit of [3, 4, 7, 10]) {
      const seen: unknown[] = []
      let token: string | undefined
      for (let [offset, more] = [0, true]; more; offset += limit) {
        const window = await load({ limit, offset, offsetToken: token })
        seen.push(...window.ids)
        ;({ more, token } = window)
      }
      assert.deepEqual(seen, visible)
    }
  }
})

test('P8 a page whose objects are all left out ends no list that says it goes on, whatever it counts', async t => {
  const hidden = new Set([3, 4, 5])
  const visible = range(0, 9).filter((_, index) => !hidden.has(index))
  for (const counts of [
    (count: number) => ({ count }),
    (count: number) => ({ total: count }),
    (count: number) => ({ size: count, limit: 3 })
  ]) {
    const { load } = await startList(t, declared('type: cursor, cursorField: next'), call => {
      const start = numberIn(call, 'cursor', 0)
      const data = things(9, start, 3).filter((_, index) => !hidden.has(start + index))
      const more = start + 3 < 9
      return {
        json: { data, has_more: more, next: more ? start + 3 : null, ...counts(data.length) }
      }
    })
    const all = await load()
    assert.deepEqual([all.ids, all.more], [visible, false])
    const first = await load({ limit: 3, offset: 0 })
    assert.deepEqual([first.ids, first.more], [visible.slice(0, 3), true])
    const rest = await load({ limit: 3, offset: 3, offsetToken: first.token })
    assert.deepEqual([rest.ids, rest.more], [visible.slice(3), false])
  }
})

test('P8 a last page with objects left out is the last one, whatever a total of all objects says', async t => {
  const hidden = new Set([2, 13, 25])
  const visible = range(0, 26).filter((_, index) => !hidden.has(index))
  for (const headers of [
    { 'X-Total-Count': '26' },
    { 'X-WP-Total': '26' },
    { 'Content-Range': 'items 0-9/26' }
  ]) {
    const { load } = await startList(t, { ...BY_PAGE, mapping: 'records: data' }, call => {
      const start = (numberIn(call, 'page', 1) - 1) * 10
      const data = things(26, start, 10).filter((_, index) => !hidden.has(start + index))
      return { json: { data }, headers }
    })
    const all = await load()
    assert.deepEqual([all.ids, all.more], [visible, false])
    const first = await load({ limit: 18, offset: 0 })
    assert.deepEqual([first.ids, first.more], [visible.slice(0, 18), true])
    const rest = await load({ limit: 5, offset: 18, offsetToken: first.token })
    assert.deepEqual([rest.ids, rest.more], [visible.slice(18), false])
  }
})

test('P8 an object that comes again is dropped, one with other content is kept and logged', async t => {
  const page =
    (changes: boolean) =>
    (call: ApiCall): PageAnswer => {
      const start = numberIn(call, 'offset', 0)
      // One object was added in front of the list while it was read.
      const shift = start === 0 ? 0 : 1
      const name = changes && start === 4 ? 'new' : 'old'
      const items = things(8, start - shift, 4).map(thing => ({ ...thing, name }))
      return { json: { items, total: start === 0 ? 8 : 9 } }
    }
  const keys = {
    ...BY_OFFSET,
    parameters: [integer('limit', ', maximum: 4'), integer('offset')],
    properties: 'name: { type: string }'
  }
  const same = await startList(t, keys, page(false))
  assert.deepEqual((await same.load()).ids, range(0, 8))
  const changed = await startList(t, keys, page(true))
  assert.deepEqual((await changed.load()).ids, [...range(0, 4), ...range(3, 8)])
  const logged = changed.connector.log.filter(line => line.includes('came again'))
  assert.equal(logged.length, 1)
})

test('P9 a cursor that is 0, -1, false, null or a text of these ends the list', async t => {
  for (const end of [0, '0', -1, '-1', false, 'false', null, 'null', 'None', '', ' ', [], {}]) {
    const { load } = await startList(t, declared('type: cursor, cursorField: next'), call => {
      const at = numberIn(call, 'cursor', 0)
      return { json: { data: things(5, at, 2), next: at < 4 ? at + 2 : end } }
    })
    const all = await load()
    assert.deepEqual(
      [all.ids, all.more, all.calls.length],
      [range(0, 5), false, 3],
      JSON.stringify(end)
    )
    const link = await startList(t, declared('type: next_link, linkField: next'), call => {
      const at = numberIn(call, 'at', 0)
      return { json: { data: things(5, at, 2), next: at < 4 ? `?at=${at + 2}` : end } }
    })
    assert.deepEqual((await link.load()).ids, range(0, 5), JSON.stringify(end))
  }
})

test('P9 the mark that was sent ends the list with an empty page, and goes on with other objects', async t => {
  const keys = declared('type: cursor, cursorParam: scroll, cursorField: scroll')
  const scroll = (total: number) => {
    let at = 0
    return (call: ApiCall): PageAnswer => {
      at = call.url.includes('scroll') ? at + 2 : 0
      return { json: { hits: things(total, at, 2), scroll: 'same' } }
    }
  }
  const searched = { ...keys, mapping: 'records: hits' }
  for (const total of [0, 1, 2, 4, 7]) {
    const { load } = await startList(t, searched, scroll(total))
    const all = await load()
    assert.deepEqual([all.ids, all.more], [range(0, total), false])
    for (const limit of [1, 2, 3]) {
      const seen: unknown[] = []
      let token: string | undefined
      for (let [offset, more] = [0, total > 0]; more; offset += limit) {
        const window = await load({ limit, offset, offsetToken: token })
        seen.push(...window.ids)
        ;({ more, token } = window)
      }
      assert.deepEqual(seen, range(0, total), `${total} by ${limit}`)
    }
  }
  const solr = await startList(t, declared('type: cursor, cursorField: next'), call => {
    const at = numberIn(call, 'cursor', 0)
    return { json: { data: things(4, at, 2), next: `${Math.min(4, at + 2)}` } }
  })
  const all = await solr.load()
  assert.deepEqual([all.ids, all.more, all.calls.length], [range(0, 4), false, 3])
})

test('P5 the id of the last object is the cursor, and a flag or a short page ends the list', async t => {
  for (const [keys, says, calls] of [
    [
      declared(
        'type: cursor, cursorParam: after, cursorField: "data[-1].id", hasMoreField: has_more'
      ),
      true,
      3
    ],
    [declared('type: cursor, cursorParam: after, cursorField: "data[-1].id"'), true, 4],
    [declared('type: cursor, cursorParam: after, cursorField: "data[-1].id"'), false, 4]
  ] as const) {
    const { load } = await startList(t, keys, call => {
      const after = new URL(call.url, 'http://api.test').searchParams.get('after')
      const start = after === null ? 0 : Number(after.slice(1)) + 1
      return { json: { data: things(9, start, 3), ...(says && { has_more: start < 6 }) } }
    })
    const all = await load()
    assert.deepEqual([all.ids, all.more, all.calls.length], [range(0, 9), false, calls])
    assert.equal(all.calls[1], 'GET /v1/things?after=t2')
    const window = await load({ limit: 4, offset: 3 })
    assert.deepEqual([window.ids, window.more], [range(3, 7), true])
    const next = await load({ limit: 4, offset: 7, offsetToken: window.token })
    assert.deepEqual([next.ids, next.more], [range(7, 9), false])
  }
})

test('P2 a guessed paging that the API ignores is refused, and never the first page again', async t => {
  const first = (size: number) => things(40, 0, size)
  const guessed: readonly (readonly [ListKeys, (call: ApiCall) => object])[] = [
    // The size is taken, the position is not.
    [BY_OFFSET, call => ({ items: first(Math.min(20, numberIn(call, 'limit', 20))) })],
    [{ ...OPEN, parameters: [integer('page')] }, () => ({ items: first(20) })],
    // Other objects of the first page, in another order.
    [
      { ...OPEN, parameters: [integer('page')] },
      call => ({ items: numberIn(call, 'page', 1) === 1 ? first(20) : first(20).toReversed() })
    ],
    [OPEN, call => ({ items: first(20), next: call.url.includes('n=1') ? '?n=2' : '?n=1' })]
  ]
  for (const [keys, json] of guessed) {
    const { connector } = await startList(t, keys, call => ({ json: json(call) }))
    for (const window of [{ limit: 0 }, { limit: 30 }]) {
      const failed = problem(await connector.load('Thing', window))
      assert.deepEqual([failed.code, failed.statusCode], ['PAGING_REPEATED', 502])
      assert.match(failed.remedy, /Declare in `x-flow-pagination`/)
    }
  }
  // A window in the middle is the first page, as the answer says itself or as its total shows.
  for (const said of [{ offset: 0 }, { total: 25 }]) {
    const { connector } = await startList(t, BY_OFFSET, () => ({
      json: { items: first(20), ...said }
    }))
    const failed = problem(await connector.load('Thing', { limit: 10, offset: 20 }))
    assert.equal(failed.code, 'PAGING_REPEATED')
  }
})

test('P2 more objects than a total says are refused where paging is guessed, and taken where it is declared', async t => {
  const page = (call: ApiCall): PageAnswer => {
    const start = numberIn(call, 'offset', 0)
    return { json: { items: things(30, start, 10), total: 15 } }
  }
  const parameters = [integer('limit', ', maximum: 10'), integer('offset')]
  const guessed = await startList(t, { ...OPEN, parameters }, page)
  assert.equal(problem(await guessed.connector.load('Thing')).code, 'PAGING_REPEATED')
  const mapping = 'parameters: { limit: limit, offset: offset }'
  const mapped = await startList(t, { ...OPEN, parameters, mapping }, page)
  const all = await mapped.load()
  assert.deepEqual([all.ids, all.more], [range(0, 30), false])
})

test('H11 a page of 150,000 objects is read', async t => {
  const { load } = await startList(
    t,
    {
      parameters: [integer('limit'), integer('offset')],
      mapping: 'parameters: { offset: offset }'
    },
    () => ({ json: Array.from({ length: 150_000 }, (_, id) => ({ id })) }),
    { UPSTREAM_MAX_BYTES: '16000000' }
  )
  const window = await load({ limit: 3, offset: 0 })
  assert.deepEqual([window.ids, window.more], [['0', '1', '2'], true])
})

test('P1 a cursor that the answer hands on is followed, also under the name of a counted position', async t => {
  const keys = { ...OPEN, parameters: [text('offset'), integer('pageSize', ', maximum: 5')] }
  const { load } = await startList(t, keys, call => {
    const at = Number(/offset=rec(\d+)/.exec(call.url)?.[1] ?? 0)
    return { json: { records: things(12, at, 5), ...(at + 5 < 12 && { offset: `rec${at + 5}` }) } }
  })
  const all = await load()
  assert.deepEqual([all.ids, all.more, all.calls.length], [range(0, 12), false, 3])
  const first = await load({ limit: 7 })
  assert.deepEqual([first.ids, first.more], [range(0, 7), true])
  const next = await load({ limit: 7, offset: 7, offsetToken: first.token })
  assert.deepEqual([next.ids, next.more], [range(7, 12), false])
})
