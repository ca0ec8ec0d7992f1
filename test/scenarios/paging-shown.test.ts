import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ApiCall } from '../support/start-api.ts'
import type { PageAnswer } from '../support/paged-list.ts'
import { problem } from '../support/start-connector.ts'
import {
  envelope,
  integer,
  numberIn,
  range,
  startList,
  text,
  things
} from '../support/paged-list.ts'

// Paging that the document does not show, and the answers do.

const ALL = 23

function textIn(call: ApiCall, name: string): string | null {
  return new URL(call.url, 'http://api.test').searchParams.get(name)
}

test('P5 a mark is found in a member that is named for the next page', async t => {
  for (const [name, wrap] of [
    ['after', (mark: string) => ({ paging: { next: { after: mark, link: '/v1/things?x=1' } } })],
    ['starting_after', (mark: string) => ({ pages: { next: { starting_after: mark } } })],
    ['continue', (mark: string) => ({ metadata: { continue: mark } })]
  ] as const) {
    const keys = { parameters: [text(name), integer('limit', ', maximum: 5')], answer: '{}' }
    const list = await startList(t, keys, call => {
      const start = Number(textIn(call, name)?.replace('m', '') ?? 0)
      const size = Math.min(5, numberIn(call, 'limit', 5))
      const next = start + size < ALL ? wrap(`m${start + size}`) : {}
      return { json: { results: things(ALL, start, size), ...next } }
    })
    const { ids, more } = await list.load()
    assert.deepEqual([ids, more], [range(0, ALL), false], name)
    const window = await list.load({ limit: 6, offset: 17 })
    assert.deepEqual([window.ids, window.more], [range(17, 23), false], name)
  }
})

test('P5 the last id leads on where only the answer has the flag for more', async t => {
  const page = (call: ApiCall): PageAnswer => {
    const after = textIn(call, 'starting_after')
    const start = after === null ? 0 : Number(after.slice(1)) + 1
    const size = Math.min(5, numberIn(call, 'limit', 5))
    const rows = things(ALL, start, size)
    return { json: { data: rows, has_more: start + size < ALL } }
  }
  for (const mapping of ['', 'parameters: { limit: limit }']) {
    const answer = envelope()
    const parameters = [text('starting_after'), integer('limit', ', maximum: 5')]
    const list = await startList(t, { parameters, answer, mapping }, page)
    const { ids, more } = await list.load()
    assert.deepEqual([ids, more], [range(0, ALL), false])
    const first = await list.load({ limit: 5 })
    assert.deepEqual([first.ids, first.more], [range(0, 5), true])
    const last = await list.load({ limit: 10, offset: 20 })
    assert.deepEqual([last.ids, last.more], [range(20, 23), false])
  }
})

test('P5 what an object for the next page has leads on, also a number', async t => {
  const parameters = [text('offset'), integer('limit', ', maximum: 5')]
  const list = await startList(t, { parameters, answer: '{}' }, call => {
    const mark = numberIn(call, 'offset', 0)
    if (mark % 700 !== 0) return { status: 400, json: { message: 'no such offset' } }
    const start = mark / 700
    const next = start + 5 < ALL ? { next_page: { offset: (start + 5) * 700, path: '/x' } } : {}
    return { json: { data: things(ALL, start, 5), ...next } }
  })
  const { ids, more } = await list.load()
  assert.deepEqual([ids, more], [range(0, ALL), false])
})

test('P1 a relative address without a slash is a next link, also beside a page parameter', async t => {
  const answer = envelope('next: { type: string }')
  const list = await startList(t, { parameters: [integer('page')], answer }, call => {
    const page = numberIn(call, 'page', 1)
    const next = page * 5 < ALL ? { next: `things?page=${page + 1}` } : {}
    return { json: { data: things(ALL, (page - 1) * 5, 5), ...next } }
  })
  const { ids, more } = await list.load()
  assert.deepEqual([ids, more], [range(0, ALL), false])
})

test('P4 a window behind the end is empty, if the list says so when it is read from its start', async t => {
  for (const status of [400, 404, 416]) {
    for (const [name, first] of [
      ['offset', 0],
      ['page', 1]
    ] as const) {
      const parameters = [integer(name), integer('limit', ', maximum: 5')]
      const list = await startList(t, { parameters }, call => {
        const size = numberIn(call, 'limit', 5)
        const number = numberIn(call, name, first) - first
        const start = name === 'page' ? number * size : number
        if (start > 0 && start >= ALL) return { status, json: { message: 'no such page' } }
        return { json: things(ALL, start, size) }
      })
      for (const offset of [ALL, ALL + 5, 40]) {
        const { ids, more } = await list.load({ limit: 4, offset })
        assert.deepEqual([ids, more], [[], false], `${name} ${status}`)
      }
    }
  }
})

test('P4 a list that refuses its first page, too, fails by what it said first', async t => {
  const parameters = [integer('offset'), integer('limit', ', maximum: 5')]
  const list = await startList(t, { parameters }, call => ({
    status: 404,
    json: { message: `no list at ${textIn(call, 'offset')}` }
  }))
  const { code, statusCode, message } = problem(
    await list.connector.load('Thing', { limit: 4, offset: 30 })
  )
  assert.deepEqual([code, statusCode], ['API_ERROR', 404])
  assert.match(message, /no list at 30/)
  assert.equal(list.api.takeCalls().length, 2)
})

test('P8 no window repeats an object where pages leave objects out', async t => {
  const shown = things(46, 0, 46).filter((_, index) => index % 6 !== 1)
  const keys = { parameters: [integer('startAt'), integer('maxResults')], answer: '{}' }
  const list = await startList(t, keys, call => {
    const startAt = numberIn(call, 'startAt', 0)
    const maxResults = numberIn(call, 'maxResults', 10)
    const rows = things(46, startAt, maxResults).filter(({ id }) =>
      shown.some(one => one.id === id)
    )
    return { json: { startAt, maxResults, total: 46, issues: rows } }
  })
  for (const limit of [3, 5, 7, 10]) {
    const ids: unknown[] = []
    let offsetToken: string | undefined
    for (let offset = 0; offset <= shown.length; offset += limit) {
      const window = await list.load({ limit, offset, offsetToken })
      ids.push(...window.ids)
      offsetToken = window.token
      if (!window.more) break
    }
    assert.deepEqual(
      ids,
      shown.map(({ id }) => id),
      `windows of ${limit}`
    )
  }
})
