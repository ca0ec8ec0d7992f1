import assert from 'node:assert/strict'
import test from 'node:test'

import { startUpstream } from '../support/start-upstream.ts'
import type { ListKeys, PageAnswer } from '../support/paged-list.ts'
import { envelope, listDocument, numberIn, startList, things } from '../support/paged-list.ts'
import type { ApiCall } from '../support/start-api.ts'
import { problem, startConnector } from '../support/start-connector.ts'
import { startApi } from '../support/start-api.ts'

const declared = (members: string): ListKeys => ({
  get: `x-flow-pagination: { ${members} }`,
  answer: envelope()
})

const LINK = declared('type: next_link, linkField: next')
const CURSOR = declared('type: cursor, cursorField: next')

test('E19 a next link to another origin is never called, and fails the load', async t => {
  let strayed = 0
  const elsewhere = await startUpstream(t, (_, response) => {
    strayed++
    response.end('{"data":[]}')
  })
  for (const [keys, member] of [
    [LINK, 'body'],
    [declared('type: link_header'), 'header'],
    [{ answer: '{}' }, 'body']
  ] as const) {
    for (const link of [
      `${elsewhere}/v1/things?from=3`,
      `${elsewhere.replace('http:', '')}/v1/things?from=3`,
      `http://user:secret@${new URL(elsewhere).host}/x`,
      'https://api.test/things'
    ]) {
      const { api, connector } = await startList(t, keys, () =>
        member === 'body'
          ? { json: { data: things(9, 0, 3), next: link } }
          : { json: { data: things(9, 0, 3) }, headers: { link: `<${link}>; rel="next"` } }
      )
      const configuration = { 'Schema URL': api.documentUrl, 'Bearer Token': 's3cret' }
      const failed = problem(await connector.as({ configuration }).load('Thing'))
      assert.deepEqual([failed.code, failed.statusCode], ['PAGING_FOREIGN', 502])
      assert.ok(failed.message.includes(new URL(link, api.url).host), failed.message)
      assert.equal(api.calls.length, 1)
    }
  }
  assert.equal(strayed, 0)
})

test('E19 a next link that is no web address fails the load as well', async t => {
  const { api, connector } = await startList(t, LINK, () => ({
    json: { data: things(9, 0, 3), next: 'file:///etc/passwd' }
  }))
  const { code } = problem(await connector.load('Thing'))
  assert.equal(code, 'PAGING_FOREIGN')
  assert.equal(api.calls.length, 1)
})

test('E20 P9 the same cursor with the same page, an older cursor, the same link or page fails the load', async t => {
  const repeats: readonly [ListKeys, (call: ApiCall, count: number) => PageAnswer, number][] = [
    [CURSOR, () => ({ json: { data: things(99, 0, 3), next: 'same' } }), 2],
    [CURSOR, (_, count) => ({ json: { data: things(99, count % 2, 3), next: 'same' } }), 2],
    [
      CURSOR,
      (_, count) => ({
        json: { data: things(99, count * 3, 3), next: count % 2 === 0 ? 'a' : 'b' }
      }),
      3
    ],
    [LINK, (_, count) => ({ json: { data: things(99, count * 3, 3), next: '?from=3' } }), 2],
    [declared('type: offset, pageSize: 3'), () => ({ json: { data: things(99, 0, 3) } }), 2],
    [declared('type: page, pageSize: 3'), () => ({ json: { data: things(99, 0, 3) } }), 2]
  ]
  for (const [keys, page, calls] of repeats) {
    let count = 0
    const { api, connector } = await startList(t, keys, call => page(call, count++))
    const failed = problem(await connector.load('Thing'))
    assert.deepEqual([failed.code, failed.statusCode], ['PAGING_REPEATED', 502])
    assert.match(failed.message, /"Thing"/)
    assert.equal(api.calls.length, calls)
  }
})

test('E21 the pause is kept between pages, and not after the last one', async t => {
  const times: number[] = []
  const keys = declared('type: offset, pageSize: 3, pauseMs: 30')
  const { load } = await startList(t, keys, call => {
    times.push(performance.now())
    return { json: { data: things(7, numberIn(call, 'offset', 0), 3) } }
  })
  const { ids } = await load()
  assert.equal(ids.length, 7)
  assert.equal(times.length, 3)
  for (const [index, time] of times.slice(1).entries()) {
    // A timer may fire within the millisecond before its time.
    assert.ok(time - (times[index] ?? 0) >= 29)
  }
})

test('E22 P4 a later page that fails is the failure of the load, but not a 404 behind an offset', async t => {
  const failing: readonly [ListKeys, (start: number) => object, readonly number[]][] = [
    [CURSOR, start => ({ next: `${start + 3}` }), [500, 404, 416, 400, 401, 410]],
    [LINK, start => ({ next: `?cursor=${start + 3}` }), [500, 404, 416, 400, 401, 410]],
    [declared('type: offset, pageSize: 3, offsetParam: cursor'), () => ({}), [500, 401, 403, 410]]
  ]
  for (const [keys, member, statuses] of failing) {
    for (const status of statuses) {
      const { api, connector } = await startList(t, keys, call => {
        const start = numberIn(call, 'cursor', 0)
        if (start === 6) return { status, json: { message: 'Page three is broken' } }
        return { json: { data: things(99, start, 3), ...member(start) } }
      })
      const failed = problem(await connector.load('Thing', { limit: 20 }))
      assert.deepEqual([failed.code, failed.statusCode, failed.kind], ['API_ERROR', status, 'api'])
      assert.match(failed.message, /^Page three is broken/)
      assert.equal(api.calls.length, 3)
    }
  }
})

test('E22 W13 a later page that is no JSON, has no objects, or is elsewhere fails the load', async t => {
  const api = await startApi(t, listDocument(CURSOR))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [second, code] of [
    [{ text: '<html>' }, 'UPSTREAM_NOT_JSON'],
    [{ json: { data: 'none' } }, 'ANSWER_UNEXPECTED'],
    [{ status: 302, headers: { location: 'https://login.test/' } }, 'UPSTREAM_REDIRECT']
  ] as const) {
    api.answer({ json: { data: things(9, 0, 3), next: 'b' } }, second)
    const failed = problem(await connector.load('Thing'))
    assert.deepEqual([failed.code, failed.statusCode], [code, 502])
    assert.equal(api.takeCalls().length, 2)
  }
})

test('E22 a page that has to be asked for again is, and the load goes on', async t => {
  let tries = 0
  const { load } = await startList(t, CURSOR, call => {
    const start = numberIn(call, 'cursor', 0)
    if (start === 3 && tries++ === 0)
      return { status: 503, json: {}, headers: { 'retry-after': '0' } }
    return { json: { data: things(6, start, 3), next: start === 0 ? '3' : null } }
  })
  const { ids, calls } = await load()
  assert.equal(ids.length, 6)
  assert.equal(calls.length, 3)
})

test('E22 P4 a 404 behind the pages of a list means that an id is not in it, and so does one for the first', async t => {
  const keys = { get: 'x-flow-pagination: { type: offset, pageSize: 10 }' }
  for (const [from, calls] of [
    [20, 3],
    [0, 1]
  ] as const) {
    const { load } = await startList(t, keys, call => {
      const start = numberIn(call, 'offset', 0)
      return start >= from ? { status: 404, json: {} } : { json: things(100, start, 10) }
    })
    const loaded = await load({ id: 't55' })
    assert.deepEqual([loaded.ids, loaded.calls.length], [[], calls])
  }
})

test('E05 a declared link may be an object with href; one that cannot be read fails the load', async t => {
  const page = (next: unknown) => (call: ApiCall) => {
    const start = numberIn(call, 's', 0)
    return { json: { data: things(10, start, 5), ...(start === 0 ? { next } : {}) } }
  }
  const { load } = await startList(t, LINK, page({ href: '/v1/things?s=5' }))
  assert.equal((await load({ limit: 0 })).ids.length, 10)
  for (const next of [['/v1/things?s=5'], 'http://[', { rel: 'next' }]) {
    const { connector } = await startList(t, LINK, page(next))
    const failed = problem(await connector.load('Thing', { limit: 0 }))
    assert.deepEqual([failed.code, failed.statusCode], ['PAGING_UNREADABLE', 502])
    assert.ok(failed.message.includes('"next"'), failed.message)
  }
})

test('E20 equal objects without ids on every page are no page that comes again', async t => {
  const keys = {
    ...declared('type: offset, pageSize: 2, totalField: total'),
    answer:
      '{ type: object, properties: { data: { type: array, items: { type: object } }, total: { type: integer } } }',
    mapping: 'records: data'
  }
  const page = (call: ApiCall) => {
    const rows = Array.from({ length: Math.min(2, 5 - numberIn(call, 'offset', 0)) }, () => ({}))
    return { json: { data: rows, total: '5' } }
  }
  const { load } = await startList(t, keys, page)
  assert.equal((await load({ limit: 0 })).ids.length, 5)
})
