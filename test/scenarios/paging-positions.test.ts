import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ListKeys, PageAnswer } from '../support/paged-list.ts'
import { integer, numberIn, range, startList, text, things } from '../support/paged-list.ts'
import type { ApiCall } from '../support/start-api.ts'
import { problem } from '../support/start-connector.ts'

// Where a list of numbered pages begins, and answers that say which page they are.

/** A list that is read by page number; nothing says from which number. */
function byPage(page: string, size?: string): ListKeys {
  const parameters = [integer(page), ...(size === undefined ? [] : [integer(size)])]
  return { parameters, answer: '{ type: object }' }
}

/** An API of 45 things whose pages begin at 0, and have 20 things. */
function fromZero(
  name: string,
  says: (number: number) => object,
  behind = 200
): (call: ApiCall) => PageAnswer {
  return call => {
    const number = numberIn(call, name, 0)
    const items = things(45, number * 20, 20)
    if (items.length === 0 && behind !== 200) return { status: behind, json: { message: 'None' } }
    return { json: { items, ...says(number) } }
  }
}

test('P3 the names of APIs that count pages from 0 are believed', async t => {
  const algolia = (page: number) => ({ page, nbPages: 3, hitsPerPage: 20, nbHits: 45 })
  for (const [name, size, says] of [
    ['page', 'hitsPerPage', algolia],
    ['page', undefined, algolia],
    ['page', 'per_page', (page: number) => ({ info: { nb_pages: 3, hits_per_page: 20, page } })],
    [
      'pageNumber',
      'size',
      (number: number) => ({ page: { number, size: 20, totalElements: 45, totalPages: 3 } })
    ]
  ] as const) {
    const { load } = await startList(t, byPage(name, size), fromZero(name, says))
    const all = await load()
    assert.deepEqual([all.ids, all.more], [range(0, 45), false], `${name} ${size}`)
    const first = await load({ limit: 20 })
    assert.deepEqual([first.ids, first.more], [range(0, 20), true])
    const next = await load({ limit: 20, offset: 20, offsetToken: first.token })
    assert.deepEqual([next.ids, next.more], [range(20, 40), true])
  }
})

test('P3 the same names do not move pages that begin at 1', async t => {
  for (const says of [
    (page: number) => ({ page, totalPages: 3, hitsPerPage: 20, totalHits: 45 }),
    (page: number) => ({ page: page - 1, nbPages: 3, hitsPerPage: 20, nbHits: 45 }),
    (page: number) => ({ page, total: 45 })
  ]) {
    const { load } = await startList(t, byPage('page'), call => {
      const page = numberIn(call, 'page', 1)
      return { json: { items: things(45, (page - 1) * 20, 20), ...says(page) } }
    })
    const all = await load()
    assert.deepEqual([all.ids, all.more], [range(0, 45), false])
  }
})

test('P3 a list that has one page less than it counts is a problem that asks for firstPage', async t => {
  for (const [what, says, behind] of [
    ['total', () => ({ total: 45 }), 200],
    ['a refused last page', () => ({ total: 45 }), 404],
    ['pages', () => ({ total_pages: 3 }), 200],
    ['pages, and a refused last page', () => ({ meta: { pageCount: 3 } }), 416],
    ['total beside a size', () => ({ meta: { total_count: 45, per_page: 20 } }), 200],
    ['total and number', (page: number) => ({ page, total: 45, limit: 20 }), 404]
  ] as const) {
    for (const size of [undefined, 'per_page']) {
      const { connector } = await startList(t, byPage('page', size), fromZero('page', says, behind))
      for (const window of [null, { limit: 50 }]) {
        const failed = problem(await connector.load('Thing', window))
        assert.deepEqual([failed.code, failed.statusCode], ['PAGING_FIRST_PAGE', 502], what)
        assert.match(failed.remedy, /`firstPage`/)
      }
    }
  }
})

test('P3 a window at the end of such a list is the same problem', async t => {
  const keys = {
    parameters: [integer('page'), integer('per_page', ', maximum: 20')],
    answer: '{ type: object }'
  }
  for (const says of [
    () => ({ total: 45 }),
    () => ({ pages: 3 }),
    () => ({ meta: { totalPages: 3, total: 45, perPage: 20 } })
  ]) {
    const { connector } = await startList(t, keys, fromZero('page', says))
    for (const offset of [20, 40]) {
      const failed = problem(await connector.load('Thing', { limit: 20, offset }))
      assert.equal(failed.code, 'PAGING_FIRST_PAGE', `${offset}`)
    }
  }
})

test('P3 a declared first page is believed, and so is a list that only lacks some objects', async t => {
  const pagination = (firstPage: number) =>
    `x-flow-pagination: { type: page, pageParam: page, firstPage: ${firstPage}, totalField: total }`
  for (const firstPage of [0, 1]) {
    const keys = { ...byPage('page'), get: pagination(firstPage) }
    const { load } = await startList(
      t,
      keys,
      fromZero('page', () => ({ total: 45 }))
    )
    const all = await load()
    assert.deepEqual([all.ids, all.more], [range(firstPage * 20, 45), false])
  }
  for (const total of [45, 46, 60, 75]) {
    const { load } = await startList(t, byPage('page'), call => ({
      json: { items: things(45, (numberIn(call, 'page', 1) - 1) * 20, 20), total }
    }))
    assert.deepEqual((await load()).ids, range(0, 45), `${total}`)
  }
})

test('P3 a list that leaves objects out of its only page is no list from 0', async t => {
  for (const [size, shown] of [
    ['', 1],
    ['', 7],
    [', maximum: 20', 1],
    [', maximum: 20', 10],
    [', default: 20', 10]
  ] as const) {
    const parameters = [integer('page'), integer('per_page', size)]
    const { load } = await startList(t, { parameters, answer: '{ type: object }' }, call => {
      const items = numberIn(call, 'page', 1) === 1 ? things(shown, 0, shown) : []
      return { json: { items, total: shown * 2 } }
    })
    assert.deepEqual((await load()).ids, range(0, shown), `${size} ${shown}`)
  }
})

test('P1 an answer that says that it is an earlier page than was asked for is a problem', async t => {
  const page = [integer('page'), integer('per_page', ', maximum: 20')]
  const offset = [integer('offset'), integer('limit', ', maximum: 20')]
  const twilio = [integer('PageSize', ', maximum: 20'), integer('Page'), text('PageToken')]
  const links = { first_page_uri: '/v1/things?Page=0', previous_page_uri: null }
  for (const [what, parameters, says] of [
    ['Twilio', twilio, { page: 0, page_size: 20, start: 0, end: 19, ...links }],
    ['page from 0', page, { page: 0 }],
    ['page from 1', page, { meta: { page: 1, per_page: 20, total: 45 } }],
    ['another name', page, { pagination: { currentPage: 0 } }],
    ['a flag', page, { isFirst: true }],
    ['offset', offset, { offset: 0 }],
    ['an offset that is rounded down', offset, { meta: { offset: 10, limit: 20 } }],
    ['another name of the offset', offset, { skip: 0 }]
  ] as const) {
    const keys = { parameters, answer: '{ type: object }' }
    const { connector, load } = await startList(t, keys, () => ({
      json: { items: things(45, 0, 20), ...says }
    }))
    for (const start of [20, 40]) {
      const failed = problem(await connector.load('Thing', { limit: 20, offset: start }))
      assert.deepEqual([failed.code, failed.statusCode], ['PAGING_REPEATED', 502], what)
    }
    assert.deepEqual((await load({ limit: 10 })).ids, range(0, 10), what)
  }
})

test('P1 an offset of an earlier page is refused where it is mapped or declared, too', async t => {
  const parameters = [integer('offset'), integer('limit', ', maximum: 20'), integer('page')]
  const declared = (members: string) => `x-flow-pagination: { ${members}, pageSize: 20 }`
  for (const keys of [
    { parameters, mapping: 'parameters: { limit: limit, offset: offset }' },
    { parameters, get: declared('type: offset, offsetParam: offset, pageSizeParam: limit') },
    { parameters, get: declared('type: page, pageParam: page, pageSizeParam: limit') }
  ]) {
    const { connector } = await startList(t, { ...keys, answer: '{ type: object }' }, () => ({
      json: { items: things(45, 0, 20), offset: 0, page: 0 }
    }))
    const failed = problem(await connector.load('Thing', { limit: 20, offset: 40 }))
    assert.equal(failed.code, 'PAGING_REPEATED')
  }
})

test('P1 numbers that count from 0 or 1, or lead to the next page, are no other page', async t => {
  const parameters = [integer('page'), integer('per_page', ', maximum: 20')]
  for (const says of [
    (page: number) => ({ page }),
    (page: number) => ({ number: page - 1, totalElements: 45 }),
    (page: number) => ({ pageIndex: page - 1 }),
    (page: number) => ({ page, first: page === 1, offset: 0 })
  ]) {
    const { load } = await startList(t, { parameters, answer: '{ type: object }' }, call => {
      const page = numberIn(call, 'page', 1)
      return { json: { items: things(45, (page - 1) * 20, 20), ...says(page) } }
    })
    assert.deepEqual((await load()).ids, range(0, 45))
    assert.deepEqual((await load({ limit: 20, offset: 20 })).ids, range(20, 40))
  }
  const byOffset = [integer('offset'), integer('limit', ', maximum: 20')]
  for (const ahead of [0, 1, 20]) {
    const { load } = await startList(
      t,
      { parameters: byOffset, answer: '{ type: object }' },
      call => {
        const offset = numberIn(call, 'offset', 0)
        return { json: { items: things(45, offset, 20), offset: offset + ahead } }
      }
    )
    assert.deepEqual((await load({ limit: 20, offset: 20 })).ids, range(20, 40))
  }
})
