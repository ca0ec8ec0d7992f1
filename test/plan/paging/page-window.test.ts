import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import { parseJson } from '../../../service/base/exact-number.ts'
import type { JsonValue } from '../../../service/base/json.ts'
import { ConnectorError } from '../../../service/errors.ts'
import type { PagingRecord } from '../../../service/model/endpoint-record.ts'
import { NO_PAGING } from '../../../service/model/endpoint-record.ts'
import { nextOfLinkHeader } from '../../../service/plan/paging/link-header.ts'
import { nextWindow, startWindow } from '../../../service/plan/paging/page-window.ts'
import { readWitnesses } from '../../../service/plan/paging/read-witnesses.ts'
import { windowResult } from '../../../service/plan/paging/window-result.ts'
import type {
  FlowWindow,
  PageRequest,
  PageResume
} from '../../../service/plan/paging/window-state.ts'

const URL_BASE = 'https://api.example.com/things'

function paging(given: Partial<PagingRecord>): PagingRecord {
  return { ...NO_PAGING, maxPages: 1_000, origin: 'declared', ...given }
}

/** A list of the numbers from 0 on, behind an API that pages as a test says. */
type Api = {
  readonly total: number
  /** Objects in a page when no size is asked for, and the most that is ever given. */
  readonly pageSize: number
  /** What the answer says besides its objects. */
  readonly says?: (start: number, end: number) => { readonly [name: string]: JsonValue }
  readonly headers?: (start: number, end: number) => { readonly [name: string]: string }
  /** Where a page begins and how long it is, by what the request says. */
  readonly read: (request: PageRequest) => { readonly start: number; readonly size: number }
}

type Served = {
  readonly objects: readonly number[]
  readonly hasMoreResults: boolean
  readonly resume: PageResume | null
  readonly calls: readonly PageRequest[]
}

function serve(
  record: PagingRecord,
  api: Api,
  window: FlowWindow,
  resume: PageResume | null = null,
  scanMaxRecords = 1_000
): Served {
  const calls: PageRequest[] = []
  const objects: number[] = []
  let { state, request } = startWindow(record, 'Thing', window, scanMaxRecords, resume)
  while (request !== null) {
    assert.ok(calls.length < 2_000)
    calls.push(request)
    const { start, size } = api.read(request)
    const end = Math.max(start, Math.min(start + Math.min(size, api.pageSize), api.total))
    const page = Array.from({ length: end - start }, (_, index) => start + index)
    objects.push(...page)
    const witnesses = readWitnesses(record, {
      body: { data: page, ...api.says?.(start, end) },
      headers: api.headers?.(start, end) ?? {},
      url: URL_BASE,
      count: page.length
    })
    ;({ state, request } = nextWindow(state, witnesses))
  }
  return { ...windowResult(state, objects), calls }
}

function numberOf(request: PageRequest, name: string, fallback: number): number {
  const value = request.values[name]
  return value === undefined ? fallback : Number(value)
}

/** Numbers from `offset` on, as a flow should see them. */
function slice(total: number, { limit, offset }: FlowWindow, scanMaxRecords = 1_000) {
  const size = limit === 0 ? scanMaxRecords : limit
  const all = Array.from({ length: total }, (_, index) => index)
  return { objects: all.slice(offset, offset + size), hasMoreResults: offset + size < total }
}

type Scheme = {
  readonly record: PagingRecord
  readonly api: (total: number, pageSize: number) => Api
}

const SIZE = { pageSizeParam: 'limit' }

/** Every scheme, with what its answers say in each of the usual ways. */
function schemes(pageSize: number): { readonly [name: string]: Scheme } {
  const byOffset = (total: number): Api => ({
    total,
    pageSize,
    read: request => ({
      start: numberOf(request, 'offset', 0),
      size: numberOf(request, 'limit', pageSize)
    })
  })
  const byPage =
    (firstPage: number) =>
    (total: number): Api => ({
      total,
      pageSize,
      read: request => ({
        start:
          (numberOf(request, 'page', firstPage) - firstPage) * numberOf(request, 'limit', pageSize),
        size: numberOf(request, 'limit', pageSize)
      })
    })
  const byCursor = (total: number): Api => ({
    total,
    pageSize,
    says: (_, end) => ({ next: end < total ? `c${end}` : null }),
    read: request => ({
      start: Number(String(request.values.cursor ?? 'c0').slice(1)),
      size: numberOf(request, 'limit', pageSize)
    })
  })
  const startOfLink = (url: string | null): number =>
    Number((url === null ? null : new URL(url).searchParams.get('from')) ?? 0)
  const byLink = (total: number): Api => ({
    total,
    pageSize,
    says: (_, end) => (end < total ? { links: { next: `/things?from=${end}` } } : {}),
    read: request => ({ start: startOfLink(request.url), size: pageSize })
  })
  const byHeader = (total: number): Api => ({
    total,
    pageSize,
    headers: (_, end): { [name: string]: string } =>
      end < total ? { link: `<?from=${end}>; rel="next", <?from=0>; rel=first` } : {},
    read: request => ({ start: startOfLink(request.url), size: pageSize })
  })
  const offset = { type: 'offset', positionParam: 'offset', pageSize } as const
  const page = { type: 'page', positionParam: 'page', pageSize } as const
  const cursor = { type: 'cursor', positionParam: 'cursor', nextField: 'next' } as const
  return {
    'E02 offset': { record: paging({ ...offset, ...SIZE }), api: byOffset },
    'E02 offset without a parameter for the size': { record: paging(offset), api: byOffset },
    'E11 offset with a total': {
      record: paging({ ...offset, ...SIZE, totalField: 'meta.total' }),
      api: total => ({ ...byOffset(total), says: () => ({ meta: { total } }) })
    },
    'E10 offset with a has-more flag': {
      record: paging({ ...offset, ...SIZE, hasMoreField: 'more' }),
      api: total => ({ ...byOffset(total), says: (_, end) => ({ more: end < total }) })
    },
    'E03 page': { record: paging({ ...page, ...SIZE }), api: byPage(1) },
    'E03 page from 0, without a parameter for the size': {
      record: paging({ ...page, firstPage: 0 }),
      api: byPage(0)
    },
    'E03 page of a size that nothing says': {
      record: paging({ ...page, pageSize: null }),
      api: byPage(1)
    },
    'E04 cursor': { record: paging({ ...cursor, ...SIZE, pageSize }), api: byCursor },
    'E04 cursor without a parameter for the size': { record: paging(cursor), api: byCursor },
    'E05 E14 E18 next link, nested and relative': {
      record: paging({ type: 'next_link', nextField: 'links.next' }),
      api: byLink
    },
    'E08 Link header': { record: paging({ type: 'link_header' }), api: byHeader },
    'E15 next link that only the first answer shows': {
      record: paging({ origin: 'answer' }),
      api: byLink
    }
  }
}

for (const name of Object.keys(schemes(1))) {
  test(`E23 ${name}: any window of any list is exact`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.record({
          limit: fc.integer({ min: 0, max: 25 }),
          offset: fc.integer({ min: 0, max: 70 })
        }),
        (total, pageSize, window) => {
          const scheme = schemes(pageSize)[name]
          assert.ok(scheme)
          const { objects, hasMoreResults } = serve(
            scheme.record,
            scheme.api(total, pageSize),
            window
          )
          assert.deepEqual({ objects, hasMoreResults }, slice(total, window))
        }
      )
    )
  })

  test(`E23 ${name}: windows one after another give every object once, with tokens or offsets`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 20 }),
        (total, pageSize, limit) => {
          const scheme = schemes(pageSize)[name]
          assert.ok(scheme)
          const api = scheme.api(total, pageSize)
          const seen: number[] = []
          let offset = 0
          let resume: PageResume | null = null
          for (let more = true; more; offset += limit) {
            const served: Served = serve(scheme.record, api, { limit, offset }, resume)
            seen.push(...served.objects)
            // A token spares reading from the start: the window costs its own pages and one at most.
            if (resume !== null) assert.ok(served.calls.length <= Math.ceil(limit / pageSize) + 1)
            resume = served.resume
            more = served.hasMoreResults
          }
          assert.deepEqual(seen, slice(total, { limit: 0, offset: 0 }).objects)
        }
      )
    )
  })
}

test('E23 at 10,000 objects behind pages of 100, a window in the middle costs one call, two across a border', () => {
  for (const name of ['E02 offset', 'E03 page', 'E11 offset with a total']) {
    const scheme = schemes(100)[name]
    assert.ok(scheme)
    const api = scheme.api(10_000, 100)
    const inside = serve(scheme.record, api, { limit: 20, offset: 5_040 })
    assert.equal(inside.calls.length, 1, name)
    assert.deepEqual(inside.objects.at(0), 5_040)
    const across = serve(scheme.record, api, { limit: 150, offset: 5_000 })
    assert.equal(across.calls.length, 2, name)
    assert.equal(across.hasMoreResults, true)
  }
})

test('E23 a cursor that is resumed by its token costs one call however far it is', () => {
  const scheme = schemes(100)['E04 cursor']
  assert.ok(scheme)
  const api = scheme.api(10_000, 100)
  const first = serve(scheme.record, api, { limit: 20, offset: 5_000 })
  assert.deepEqual(first.resume, {
    position: { at: 'cursor', value: 'c5020' },
    skip: 0,
    offset: 5_020
  })
  const second = serve(scheme.record, api, { limit: 20, offset: 5_020 }, first.resume)
  assert.equal(second.calls.length, 1)
  assert.equal(second.objects[0], 5_020)
})

test('E01 nothing that says how a list is paged is exactly one request', () => {
  const api: Api = { total: 50, pageSize: 20, read: () => ({ start: 0, size: 20 }) }
  const served = serve(paging({ origin: 'answer' }), api, { limit: 30, offset: 0 })
  assert.equal(served.calls.length, 1)
  assert.deepEqual(served.calls[0], { values: {}, url: null })
  assert.equal(served.objects.length, 20)
  assert.equal(served.hasMoreResults, false)
})

test('E06 no request asks for more than the size of a page', () => {
  const scheme = schemes(7)['E02 offset']
  assert.ok(scheme)
  const { calls } = serve(scheme.record, scheme.api(50, 7), { limit: 30, offset: 0 })
  assert.ok(calls.every(({ values }) => Number(values.limit) <= 7))
})

test('E07 reaching maxPages is never silent', () => {
  for (const [name, scheme] of Object.entries(schemes(5))) {
    const record = { ...scheme.record, maxPages: 3 }
    const served = serve(record, scheme.api(100, 5), { limit: 0, offset: 0 })
    assert.equal(served.calls.length, 3, name)
    assert.equal(served.objects.length, 15, name)
    assert.equal(served.hasMoreResults, true, name)
  }
})

test('E12 P2 an empty page ends a list of numbered pages, whatever its total or flag says', () => {
  const scheme = schemes(5)['E11 offset with a total']
  assert.ok(scheme)
  const record = { ...scheme.record, hasMoreField: 'more' }
  const lying = { ...scheme.api(12, 5), says: () => ({ meta: { total: 1_000 }, more: true }) }
  for (const limit of [0, 13, 30]) {
    const served = serve(record, lying, { limit, offset: 0 })
    assert.deepEqual([served.objects.length, served.hasMoreResults], [12, false])
  }
})

test('E11 a total that is smaller than a page is wrong, and loses nothing', () => {
  const scheme = schemes(5)['E11 offset with a total']
  assert.ok(scheme)
  const lying = { ...scheme.api(12, 5), says: () => ({ meta: { total: 2 } }) }
  assert.equal(serve(scheme.record, lying, { limit: 0, offset: 0 }).objects.length, 12)
})

test('an API that silently caps a page without saying its maximum loses nothing', () => {
  const record = paging({ type: 'offset', positionParam: 'offset', ...SIZE })
  const api: Api = {
    total: 230,
    pageSize: 100,
    read: request => ({
      start: numberOf(request, 'offset', 0),
      size: numberOf(request, 'limit', 100)
    })
  }
  const { objects, hasMoreResults } = serve(record, api, { limit: 150, offset: 0 })
  assert.deepEqual({ objects, hasMoreResults }, slice(230, { limit: 150, offset: 0 }))
})

test('E20 a cursor that comes again is an error, not a loop', () => {
  const scheme = schemes(5)['E04 cursor']
  assert.ok(scheme)
  const stuck = { ...scheme.api(100, 5), says: () => ({ next: 'c5' }) }
  assert.throws(
    () => serve(scheme.record, stuck, { limit: 0, offset: 0 }),
    error => error instanceof ConnectorError && error.code === 'PAGING_REPEATED'
  )
})

test('E09 a cursor is read from a header', () => {
  const record = paging({ type: 'cursor', positionParam: 'cursor', nextField: 'header:X-Next' })
  const answer = { body: [], headers: { 'x-next': 'abc' }, url: URL_BASE, count: 0 }
  assert.deepEqual(readWitnesses(record, answer).next.position, { at: 'cursor', value: 'abc' })
  assert.equal(readWitnesses(record, { ...answer, headers: {} }).next.position, null)
})

test('E13 values of a body are named with `body.` in front', () => {
  const record = paging({
    type: 'offset',
    positionParam: 'body.page.from',
    pageSizeParam: 'body.page.size',
    pageSize: 10
  })
  const { request } = startWindow(record, 'Thing', { limit: 5, offset: 20 }, 1_000)
  assert.deepEqual(request?.values, { 'body.page.from': 20, 'body.page.size': 6 })
})

const links = [
  { header: '<https://a.example/x?page=2>; rel="next"', next: 'https://a.example/x?page=2' },
  { header: '<a>; rel=prev, <b>; rel=next', next: 'b' },
  { header: '<a>; title="x, y"; rel="last next"', next: 'a' },
  { header: '<a?q=1,2>; rel="next"', next: 'a?q=1,2' },
  { header: '<a>; rel="nextish"', next: null },
  { header: '', next: null }
]
for (const { header, next } of links) {
  test(`E08 the next link of "${header}" is ${next}`, () => {
    assert.equal(nextOfLinkHeader(header), next)
  })
}

for (const name of Object.keys(schemes(1))) {
  test(`E23 ${name}: without a limit, bounded and cut short, tokens give every object once`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 15 }),
        (total, pageSize, maxPages, most) => {
          const scheme = schemes(pageSize)[name]
          assert.ok(scheme)
          const record = { ...scheme.record, maxPages }
          const seen: number[] = []
          let resume: PageResume | null = null
          for (let windows = 0; windows < 200; windows++) {
            const api = scheme.api(total, pageSize)
            const served: Served = serve(record, api, { limit: 0, offset: 0 }, resume, most)
            seen.push(...served.objects)
            assert.equal(served.hasMoreResults, served.resume !== null)
            resume = served.resume
            if (resume === null) break
          }
          assert.deepEqual(seen, slice(total, { limit: 0, offset: 0 }).objects)
        }
      )
    )
  })
}

test('E04 a cursor that is a number keeps all its digits, and flags may be numbers or words', () => {
  const record = paging({
    type: 'cursor',
    positionParam: 'cursor',
    nextField: 'next',
    hasMoreField: 'more'
  })
  const read = (text: string) =>
    readWitnesses(record, { body: parseJson(text), headers: {}, url: URL_BASE, count: 1 })
  const long = read('{"next":12345678901234567806,"more":1}')
  assert.deepEqual(long.next.position, { at: 'cursor', value: '12345678901234567806' })
  assert.equal(long.hasMore, true)
  assert.equal(read('{"next":null,"more":"no"}').hasMore, false)
})
