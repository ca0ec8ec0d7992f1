import assert from 'node:assert/strict'
import test from 'node:test'

import type { ListKeys, PageAnswer } from '../support/paged-list.ts'
import {
  envelope,
  integer,
  listDocument,
  numberIn,
  range,
  startList,
  text,
  things
} from '../support/paged-list.ts'
import type { ApiCall } from '../support/start-api.ts'
import { problem, startConnector, userHeader } from '../support/start-connector.ts'

const MANY = 10_000

/** A list with a cursor that takes the size of a page, 100 at the most. */
const CURSOR: ListKeys = {
  get: 'x-flow-pagination: { type: cursor, cursorField: next }',
  parameters: [integer('limit', ', maximum: 100')],
  answer: envelope()
}

function cursorPage(total: number) {
  return (call: ApiCall): PageAnswer => {
    const start = numberIn(call, 'cursor', 0)
    const end = start + Math.min(100, numberIn(call, 'limit', 100))
    return {
      json: { data: things(total, start, end - start), next: end < total ? `${end}` : null }
    }
  }
}

function offsetPage(total: number, most = 100) {
  return (call: ApiCall): PageAnswer => ({
    json: things(total, numberIn(call, 'offset', 0), Math.min(most, numberIn(call, 'limit', most)))
  })
}

const limitCall = (query: string): string => `GET /v1/things?limit=${query}`

const declared = (members: string): ListKeys => ({ get: `x-flow-pagination: { ${members} }` })

test('E23 a window in the middle of 10,000 objects costs one call, over a border two', async t => {
  const byPage = (call: ApiCall): PageAnswer => ({
    json: things(MANY, (numberIn(call, 'page', 1) - 1) * 100, 100)
  })
  for (const [type, page, limit, inside, across] of [
    ['offset', offsetPage(MANY), 150, ['21&offset=5040'], ['100&offset=5050', '51&offset=5150']],
    ['page', byPage, 100, ['100&page=51'], ['100&page=51', '100&page=52']]
  ] as const) {
    const { load } = await startList(t, declared(`type: ${type}, pageSize: 100`), page)
    const one = await load({ limit: 20, offset: 5_040 })
    assert.deepEqual([one.ids, one.more], [range(5_040, 5_060), true])
    assert.deepEqual(one.calls, inside.map(limitCall))
    const two = await load({ limit, offset: 5_050 })
    assert.deepEqual([two.ids, two.more], [range(5_050, 5_050 + limit), true])
    assert.deepEqual(two.calls, across.map(limitCall))
  }
})

test('E23 a list with a cursor is read on from its token by one call, however far it is', async t => {
  const { load } = await startList(t, CURSOR, cursorPage(MANY))
  const first = await load({ limit: 20, offset: 5_000 })
  assert.deepEqual([first.ids, first.more], [range(5_000, 5_020), true])
  assert.equal(first.calls.length, 51)
  assert.match(first.token ?? '', /^[\w-]+$/)
  const second = await load({ limit: 20, offset: 5_020, offsetToken: first.token })
  assert.deepEqual([second.ids, second.more], [range(5_020, 5_040), true])
  assert.deepEqual(second.calls, ['GET /v1/things?limit=20&cursor=5020'])
  // The offset alone still serves.
  const again = await load({ limit: 20, offset: 5_020 })
  assert.deepEqual(again.ids, second.ids)
  assert.equal(again.calls.length, 51)
})

test('E23 windows of any size, one after another, give every object once, and end right', async t => {
  const noSize = { ...CURSOR, parameters: [] }
  for (const [keys, page] of [
    [CURSOR, cursorPage(240)],
    [noSize, cursorPage(240)],
    [declared('type: offset, pageSize: 50'), offsetPage(240)]
  ] as const) {
    for (const limit of [7, 40, 100, 120, 240, 241]) {
      const { load } = await startList(t, keys, page)
      const seen: unknown[] = []
      let token: string | undefined
      let more = true
      for (let offset = 0; more; offset += limit) {
        const window = await load({ limit, offset, offsetToken: token })
        seen.push(...window.ids)
        ;({ more, token } = window)
        assert.ok(offset < 240, `a window from ${offset} on is promised`)
      }
      assert.deepEqual(seen, range(0, 240))
      assert.equal(token, undefined)
    }
  }
})

test('E23 a token of another tenant, type, filter or document is ignored, and so is a broken one', async t => {
  const keys = {
    ...CURSOR,
    parameters: [...(CURSOR.parameters ?? []), text('kind')],
    properties: 'kind: { type: string }',
    mapping: 'parameters: { where: { kind: kind } }'
  }
  const { api, connector, load } = await startList(t, keys, cursorPage(300))
  const window = { limit: 20, offset: 40 }
  const kind = (contentValue: string) => ({
    where: [{ columnName: 'kind', criteriaType: 'EQUAL', contentValue }]
  })
  const { token = '' } = await load({ limit: 20, offset: 20 })
  const kept = await load({ ...window, offsetToken: token })
  assert.deepEqual(kept.calls, ['GET /v1/things?limit=20&cursor=40'])

  const elsewhere = connector.as({
    configuration: { 'Schema URL': `${api.documentUrl}?other` }
  })
  const overridden = connector.as({
    configuration: { 'Schema URL': api.documentUrl, 'Server URL': `${api.url}/v1` }
  })
  const tenant = connector.as({ headers: userHeader({ ManyWhoTenantId: 'another' }) })
  for (const [what, filter, as] of [
    ['tenant', {}, tenant],
    ['document', {}, elsewhere],
    ['server', {}, overridden],
    ['filter', kind('b'), connector],
    ['offset', { offset: 60 }, connector],
    ['broken', { offsetToken: `${token.slice(0, -3)}AAA` }, connector],
    ['cut', { offsetToken: token.slice(0, 9) }, connector],
    ['foreign', { offsetToken: 'page-3' }, connector],
    [
      'hostile',
      { offsetToken: '{"position":{"at":"link","value":"http://127.0.0.1:1"}}' },
      connector
    ]
  ] as const) {
    const given = { ...window, offsetToken: token, ...filter }
    const { ids, calls } = await load(given, as)
    assert.deepEqual(ids, range(given.offset, given.offset + 20), what)
    assert.ok(
      calls[0]?.startsWith(`GET /v1/things?limit=${given.offset + 20}`),
      `${what}: ${calls[0]}`
    )
  }
})

test('E23 a token of another type is ignored', async t => {
  const { api, connector, load } = await startList(t, CURSOR, cursorPage(300))
  const twin = `
    Twin:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Twin }
      x-flow-query: { path: /things, records: data }
`
  api.publish(listDocument(CURSOR) + twin)
  const { token } = await load({ limit: 20 })
  await connector.load('Twin', { limit: 20, offset: 20, offsetToken: token })
  assert.deepEqual(api.takeCalls(), ['GET /v1/things?limit=40'])
})

test('E23 tokens live as long as their key: with the process, or as STORE_KEY', async t => {
  const { api, connector, load } = await startList(t, CURSOR, cursorPage(300))
  const configuration = { 'Schema URL': api.documentUrl }
  const [key, older] = ['A', 'B'].map(letter => `${letter.repeat(42)}A=`)
  const keyed = await startConnector(t, configuration, { STORE_KEY: `${key}` })
  const replica = await startConnector(t, configuration, { STORE_KEY: `${key}` })
  const rotated = await startConnector(t, configuration, { STORE_KEY: `${older},${key}` })
  const other = await startConnector(t, configuration, { STORE_KEY: `${older}` })
  const resumed = 'GET /v1/things?limit=20&cursor=20'
  const fromStart = 'GET /v1/things?limit=40'
  for (const [writer, reader, call] of [
    [connector, connector, resumed],
    [connector, keyed, fromStart],
    [keyed, replica, resumed],
    [keyed, rotated, resumed],
    [keyed, other, fromStart],
    [keyed, connector, fromStart]
  ] as const) {
    const { token } = await load({ limit: 20 }, writer)
    const { ids, calls } = await load({ limit: 20, offset: 20, offsetToken: token }, reader)
    assert.deepEqual([ids, calls], [range(20, 40), [call]])
  }
})

test('E23 a limit of 0 gives SCAN_MAX_RECORDS objects, then a token and hasMoreResults', async t => {
  const bound = { SCAN_MAX_RECORDS: '250' }
  for (const [total, more] of [
    [249, false],
    [250, false],
    [251, true],
    [600, true]
  ] as const) {
    const cursor = await startList(t, CURSOR, cursorPage(total), bound)
    const all = await cursor.load({ limit: 0 })
    assert.deepEqual([all.ids, all.more], [range(0, Math.min(250, total)), more])
    assert.equal(typeof all.token, more ? 'string' : 'undefined')
    const next = await cursor.load({ limit: 0, offset: 250, offsetToken: all.token })
    assert.deepEqual([next.ids, next.more], [range(250, Math.min(500, total)), total > 500])
    const offset = await startList(
      t,
      declared('type: offset, pageSize: 100'),
      offsetPage(total),
      bound
    )
    const whole = await offset.load()
    assert.deepEqual([whole.ids, whole.more], [range(0, Math.min(250, total)), more])
  }
})

test('E07 maxPages ends a load, never in silence, and the load after it goes on', async t => {
  const keys = {
    ...CURSOR,
    ...declared('type: cursor, cursorField: next, pageSize: 10, maxPages: 3')
  }
  const { load } = await startList(t, keys, cursorPage(100))
  const first = await load({ limit: 50 })
  assert.deepEqual([first.ids, first.more, first.calls.length], [range(0, 30), true, 3])
  const second = await load({ limit: 50, offset: 30, offsetToken: first.token })
  assert.deepEqual([second.ids, second.more, second.calls.length], [range(30, 60), true, 3])
  // A window that begins behind what may be read has nothing yet, and goes on by its token.
  const far = await load({ limit: 10, offset: 40 })
  assert.deepEqual([far.ids, far.more, far.calls.length], [[], true, 3])
  const reached = await load({ limit: 10, offset: 40, offsetToken: far.token })
  assert.deepEqual([reached.ids, reached.more], [range(40, 50), true])

  const offset = declared('type: offset, pageSize: 10, maxPages: 3')
  const list = await startList(t, offset, offsetPage(100))
  const cut = await list.load({ limit: 50, offset: 20 })
  assert.deepEqual([cut.ids, cut.more, cut.calls.length], [range(20, 50), true, 3])
})

test('E06 no request asks for more than the maximum of its parameter, or than a page', async t => {
  const mapped = 'parameters: { limit: limit, offset: offset }'
  const parameters = [integer('limit', ', maximum: 40'), integer('offset')]
  const strict = (call: ApiCall): PageAnswer =>
    numberIn(call, 'limit', 10) > 40 ? { status: 400, json: {} } : offsetPage(130, 40)(call)
  const { load } = await startList(t, { parameters, mapping: mapped }, strict)
  for (const [limit, offset, asked] of [
    [10, 0, ['limit=11']],
    [39, 5, ['limit=40&offset=5']],
    // One more does not fit: whether more follow is asked with another request.
    [40, 0, ['limit=40', 'limit=1&offset=40']],
    [100, 0, ['limit=40', 'limit=40&offset=40', 'limit=21&offset=80']],
    [40, 90, ['limit=40&offset=90', 'limit=1&offset=130']]
  ] as const) {
    const { ids, more, calls } = await load({ limit, offset })
    assert.deepEqual([ids, more], [range(offset, offset + limit), offset + limit < 130])
    assert.deepEqual(
      calls,
      asked.map(query => `GET /v1/things?${query}`)
    )
  }
})

test('E23 where one more does not fit, a total or a has-more flag spares the request that asks', async t => {
  const parameters = [integer('limit', ', maximum: 40'), integer('offset')]
  const mapping = 'parameters: { limit: limit, offset: offset }'
  for (const [member, said] of [
    ['total: { type: integer }', (_: number) => ({ total: 130 })],
    ['has_more: { type: boolean }', (end: number) => ({ has_more: end < 130 })]
  ] as const) {
    const keys = { parameters, mapping, answer: envelope(member) }
    const { load } = await startList(t, keys, call => {
      const offset = numberIn(call, 'offset', 0)
      const data = things(130, offset, numberIn(call, 'limit', 40))
      return { json: { data, ...said(offset + data.length) } }
    })
    for (const [offset, more] of [
      [0, true],
      [50, true],
      [90, false]
    ] as const) {
      const window = await load({ limit: 40, offset })
      assert.deepEqual([window.ids, window.more], [range(offset, offset + 40), more])
      assert.equal(window.calls.length, 1)
    }
  }
})

test('E23 with only `limit` mapped the front is cut, and what does not fit is a 400 that says what to map', async t => {
  const keys = {
    parameters: [integer('limit', ', maximum: 40')],
    mapping: 'parameters: { limit: limit }'
  }
  const { api, connector, load } = await startList(t, keys, offsetPage(130, 40))
  const { ids, more, calls } = await load({ limit: 10, offset: 20 })
  assert.deepEqual([ids, more, calls], [range(20, 30), true, ['GET /v1/things?limit=31']])
  for (const window of [{ limit: 40 }, { limit: 10, offset: 30 }, { limit: 0, offset: 40 }]) {
    const refused = problem(await connector.load('Thing', window))
    assert.deepEqual([refused.code, refused.statusCode], ['WINDOW_UNSUPPORTED', 400])
    assert.match(refused.message, / 40 .*"Thing"/)
    assert.match(refused.remedy, /`x-flow-query` from `offset`/)
  }
  assert.deepEqual(api.takeCalls(), [])
})

test('E23 with only `limit` mapped a full answer to a load without limit says that more may follow', async t => {
  const keys = {
    parameters: [integer('limit', ', maximum: 40')],
    mapping: 'parameters: { limit: limit }'
  }
  for (const [total, more] of [
    [130, true],
    [39, false]
  ] as const) {
    const { load } = await startList(t, keys, offsetPage(total, 40))
    const all = await load()
    assert.deepEqual([all.ids, all.more], [range(0, Math.min(40, total)), more])
    assert.deepEqual(all.calls, ['GET /v1/things?limit=40'])
  }
})

test('E23 an API that gives less than is asked, at a round number, loses nothing', async t => {
  const byPage = (call: ApiCall): PageAnswer => {
    const size = Math.min(50, numberIn(call, 'per_page', 20))
    return { json: things(130, (numberIn(call, 'page', 1) - 1) * size, size) }
  }
  for (const [keys, page] of [
    [{ parameters: [integer('limit'), integer('offset')] }, offsetPage(130, 50)],
    [{ parameters: [integer('per_page'), integer('page')] }, byPage]
  ] as const) {
    const { load } = await startList(t, keys, page)
    for (const window of [{ limit: 0 }, { limit: 130 }, { limit: 200 }]) {
      const { ids, more } = await load(window)
      assert.deepEqual([ids, more], [range(0, 130), false])
    }
  }
})

test('E01 example mode has one page, whatever its answer says of a next one', async t => {
  const { api, connector } = await startList(t, CURSOR, cursorPage(10))
  const example =
    '{ data: [{ id: t0 }, { id: t1 }], next: "2", links: { next: "https://api.test/x" } }'
  const schema = `{ type: object, example: ${example} }`
  api.publish(listDocument({ ...CURSOR, answer: schema, mapping: 'records: data, example: true' }))
  const answer = await connector.load('Thing', { limit: 1, offset: 1 })
  assert.match(answer.text, /"hasMoreResults":false.*"t1"/)
  assert.deepEqual(api.calls, [])
})

test('C01 an id that is not among the objects that may be read is no empty answer', async t => {
  const keys = {
    ...CURSOR,
    get: 'x-flow-pagination: { type: cursor, cursorField: next, pageSize: 10 }'
  }
  const bounds = { SCAN_MAX_RECORDS: '20' }
  const { load, connector, api } = await startList(t, keys, cursorPage(100), bounds)
  const near = await load({ id: 't12' })
  // What follows the object is not read.
  assert.deepEqual([near.ids, near.calls.length], [['t12'], 2])
  const { code, statusCode, remedy } = problem(await connector.load('Thing', { id: 't55' }))
  assert.deepEqual([code, statusCode], ['SCAN_LIMIT', 400])
  assert.ok(remedy.includes('x-flow-load'), remedy)
  assert.equal(api.takeCalls().length, 2)
})

test('E23 without a limit the token goes on where the scan limit ended, whatever the offset says', async t => {
  const keys = declared('type: offset, pageSize: 10')
  const { load } = await startList(t, keys, offsetPage(50), { SCAN_MAX_RECORDS: '20' })
  const first = await load({ limit: 0 })
  assert.deepEqual([first.ids, first.more], [range(0, 20), true])
  const second = await load({ limit: 0, offset: 0, offsetToken: first.token })
  assert.deepEqual([second.ids, second.more], [range(20, 40), true])
  const last = await load({ limit: 0, offset: 0, offsetToken: second.token })
  assert.deepEqual([last.ids, last.more, last.token], [range(40, 50), false, undefined])
})

test('E07 E23 a window that was cut short goes on by its token, also for a flow that counts whole windows', async t => {
  const keys = {
    ...CURSOR,
    ...declared('type: cursor, cursorField: next, pageSize: 10, maxPages: 3')
  }
  const { load } = await startList(t, keys, cursorPage(100))
  const first = await load({ limit: 50 })
  assert.deepEqual([first.ids, first.more], [range(0, 30), true])
  const second = await load({ limit: 50, offset: 50, offsetToken: first.token })
  assert.deepEqual([second.ids, second.more], [range(30, 60), true])
})

test('P7 where only limit is mapped 100 objects are asked for, and the rest only if these are not all', async t => {
  const keys = { mapping: 'parameters: { limit: limit }', parameters: [integer('limit')] }
  const where = [{ columnName: 'id', criteriaType: 'EQUAL', contentValue: 't30' }]
  for (const [total, asked] of [
    [60, ['limit=100']],
    [100, ['limit=100', 'limit=1001']],
    [260, ['limit=100', 'limit=1001']]
  ] as const) {
    const page = (call: ApiCall): PageAnswer => ({
      json: things(total, 0, numberIn(call, 'limit', 20))
    })
    const { load } = await startList(t, keys, page)
    const calls = asked.map(query => `GET /v1/things?${query}`)
    const all = await load({ limit: 0 })
    assert.deepEqual([all.ids, all.more, all.calls], [range(0, total), false, calls])
    const found = await load({ limit: 5, where })
    assert.deepEqual([found.ids, found.calls], [['t30'], calls])
    assert.deepEqual((await load({ id: 't30' })).ids, ['t30'])
  }
})

test('E07 E23 windows that maxPages cuts short lose nothing, however many follow', async t => {
  const keys = declared('type: next_link, linkField: next, maxPages: 2')
  const page = (call: ApiCall): PageAnswer => {
    const start = numberIn(call, 's', 0)
    const next = start + 3 < 30 ? { next: `?s=${start + 3}` } : {}
    return { json: { data: things(30, start, 3), ...next } }
  }
  const { load } = await startList(t, { ...keys, answer: envelope() }, page)
  const seen = []
  let token: string | undefined
  for (let offset = 0; offset < 300; offset += 10) {
    const served = await load({ limit: 10, offset, offsetToken: token })
    seen.push(...served.ids)
    token = served.token
    if (!served.more) break
  }
  assert.deepEqual(seen, range(0, 30))
})

test('E23 a token serves the window after its own only; any other offset is counted from the start', async t => {
  const { load } = await startList(t, CURSOR, cursorPage(30))
  const { token } = await load({ limit: 5 })
  assert.deepEqual((await load({ limit: 5, offset: 5, offsetToken: token })).ids, range(5, 10))
  assert.deepEqual((await load({ limit: 5, offset: 7, offsetToken: token })).ids, range(7, 12))
  assert.deepEqual((await load({ limit: 0, offset: 3, offsetToken: token })).ids, range(3, 30))
})

test('P2 a cursor wins over a total: at the end of a window the next page is asked for once', async t => {
  const keys = {
    ...CURSOR,
    ...declared('type: cursor, cursorField: next, totalField: total, pageSize: 5')
  }
  for (const [rows, more, calls] of [
    [10, false, 3],
    [15, true, 3]
  ] as const) {
    const page = (call: ApiCall): PageAnswer => {
      const start = numberIn(call, 'cursor', 0)
      return { json: { data: things(rows, start, 5), next: `${start + 5}`, total: 10 } }
    }
    const { load } = await startList(t, keys, page)
    const last = await load({ limit: 5, offset: 5 })
    assert.deepEqual([last.ids, last.more, last.calls.length], [range(5, 10), more, calls])
  }
})
