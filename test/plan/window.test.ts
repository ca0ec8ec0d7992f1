import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import type { ParameterRecord } from '../../service/model/types.ts'
import type { WindowRequest } from '../../service/plan/window.ts'
import { nextWindow, startWindow, windowResult } from '../../service/plan/window.ts'
import { operation, parameter, problem } from './plan-records.ts'

type Api = {
  readonly total: number
  /** Objects in an answer at the most, whatever is asked for. */
  readonly maximum: number
  /** Objects in an answer where no limit is asked for. */
  readonly usual: number
}

type Served = {
  readonly objects: readonly number[]
  readonly hasMoreResults: boolean
  readonly requests: readonly WindowRequest[]
}

const SCAN = { scanMaxRecords: 1_000, scanMaxPages: 10 }

function mapped(
  words: { limit?: Partial<ParameterRecord> | true; offset?: true } = {}
): ParameterRecord[] {
  const { limit, offset } = words
  return [
    ...(limit === undefined
      ? []
      : [parameter('size', { sources: [{ from: 'limit' }], ...(limit === true ? {} : limit) })]),
    ...(offset === undefined ? [] : [parameter('start', { sources: [{ from: 'offset' }] })])
  ]
}

/** Serves a window over an API of the numbers from 0 on. */
function serve(
  parameters: readonly ParameterRecord[],
  window: { limit: number; offset: number },
  api: Partial<Api>,
  bounds = SCAN
): Served {
  const { total = 0, maximum = Number.POSITIVE_INFINITY, usual = Number.POSITIVE_INFINITY } = api
  const names = new Set(parameters.map(({ name }) => name))
  const requests: WindowRequest[] = []
  const objects: number[] = []
  let { state, request } = startWindow(operation({ parameters }), window, bounds)
  while (request !== null) {
    requests.push(request)
    const start = names.has('start') ? request.offset : 0
    const limit = names.has('size') ? request.limit : null
    const end = Math.min(start + Math.min(limit ?? usual, maximum), total)
    const page = Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index)
    objects.push(...page)
    ;({ state, request } = nextWindow(state, page.length))
  }
  return { ...windowResult(state, objects), requests }
}

function slice(total: number, limit: number, offset: number): Omit<Served, 'requests'> {
  const all = Array.from({ length: total }, (_, index) => index)
  return {
    objects: all.slice(offset, limit === 0 ? undefined : offset + limit),
    hasMoreResults: limit !== 0 && offset + limit < total
  }
}

function withoutRequests({ objects, hasMoreResults }: Served): Omit<Served, 'requests'> {
  return { objects, hasMoreResults }
}

test('C12 a limit and an offset that are mapped ask for one object more than the window', () => {
  const served = serve(mapped({ limit: true, offset: true }), { limit: 2, offset: 4 }, { total: 9 })
  assert.deepEqual(served, {
    objects: [4, 5],
    hasMoreResults: true,
    requests: [{ limit: 3, offset: 4 }]
  })
})

test('a window that does not fit in one page is asked for in several, within the maximum', () => {
  const parameters = mapped({ limit: { maximum: 50 }, offset: true })
  const served = serve(parameters, { limit: 50, offset: 0 }, { total: 51, maximum: 50 })
  assert.deepEqual(served.requests, [
    { limit: 50, offset: 0 },
    { limit: 1, offset: 50 }
  ])
  assert.deepEqual([served.objects.length, served.hasMoreResults], [50, true])
})

test('a page shorter than asked is the last one', () => {
  const parameters = mapped({ limit: { maximum: 10 }, offset: true })
  const served = serve(parameters, { limit: 25, offset: 0 }, { total: 14, maximum: 10 })
  assert.equal(served.requests.length, 2)
  assert.deepEqual(withoutRequests(served), slice(14, 25, 0))
})

test('neither mapped is exactly one request, of which the window is cut', () => {
  const served = serve([], { limit: 2, offset: 1 }, { total: 4 })
  assert.deepEqual(served, {
    objects: [1, 2],
    hasMoreResults: true,
    requests: [{ limit: null, offset: 0 }]
  })
  assert.equal(serve([], { limit: 0, offset: 0 }, { total: 4 }).hasMoreResults, false)
})

test('only a limit that is mapped asks from the start on and cuts the front', () => {
  const served = serve(mapped({ limit: true }), { limit: 2, offset: 3 }, { total: 9 })
  assert.deepEqual(served, {
    objects: [3, 4],
    hasMoreResults: true,
    requests: [{ limit: 6, offset: 0 }]
  })
})

test('only a limit that is mapped, and a window beyond its maximum, names what to map', () => {
  const parameters = mapped({ limit: { maximum: 10 } })
  const start = (limit: number, offset: number) => () =>
    startWindow(operation({ parameters }), { limit, offset }, SCAN)
  const error = problem('WINDOW_UNSUPPORTED', start(10, 0))
  assert.match(error.message, /^11 objects of type "Thing" .* at most 10$/)
  assert.match(error.remedy, /`offset`/)
  problem('WINDOW_UNSUPPORTED', start(0, 10))
  assert.deepEqual(start(9, 0)().request, { limit: 10, offset: 0 })
  assert.deepEqual(start(0, 9)().request, { limit: 10, offset: 0 })
})

test('a limit of 0 takes the maximum, else the default, else leaves the size to the API', () => {
  const first = (limit: Partial<ParameterRecord>, offset: number) =>
    startWindow(
      operation({ parameters: mapped({ limit, offset: true }) }),
      { limit: 0, offset },
      SCAN
    ).request
  assert.deepEqual(first({ maximum: 50, fallback: 20 }, 5), { limit: 50, offset: 5 })
  assert.deepEqual(first({ fallback: 20 }, 5), { limit: 20, offset: 5 })
  assert.deepEqual(first({}, 5), { limit: null, offset: 5 })
  assert.deepEqual(first({ maximum: 5_000 }, 0), { limit: 1_001, offset: 0 })
})

test('a limit of 0 gives what there is up to the scan limit, and says when there is more', () => {
  const parameters = mapped({ limit: { maximum: 100 }, offset: true })
  const everything = { limit: 0, offset: 0 }
  const bounds = { scanMaxRecords: 300, scanMaxPages: 10 }
  const exact = serve(parameters, everything, { total: 300, maximum: 100 }, bounds)
  assert.deepEqual([exact.objects.length, exact.hasMoreResults], [300, false])
  const more = serve(parameters, everything, { total: 301, maximum: 100 }, bounds)
  assert.deepEqual([more.objects.length, more.hasMoreResults], [300, true])
  assert.equal(more.requests.length, 4)
})

test('reaching the limit of pages is never silent', () => {
  const everything = { limit: 0, offset: 0 }
  const bounds = { scanMaxRecords: 1_000, scanMaxPages: 3 }
  const parameters = mapped({ limit: { maximum: 2 }, offset: true })
  const served = serve(parameters, everything, { total: 9, maximum: 2 }, bounds)
  assert.deepEqual([served.requests.length, served.objects.length], [3, 6])
  assert.equal(served.hasMoreResults, true)
  const sized = serve(mapped({ offset: true }), everything, { total: 9, usual: 4 }, bounds)
  assert.equal(sized.hasMoreResults, true)
})

test('an answer that is as full as it can be, and cannot be asked past, says that there is more', () => {
  const parameters = mapped({ limit: { maximum: 10 } })
  const served = serve(parameters, { limit: 0, offset: 4 }, { total: 30, maximum: 10 })
  assert.deepEqual([served.objects, served.hasMoreResults], [[4, 5, 6, 7, 8, 9], true])
  const short = serve(parameters, { limit: 0, offset: 4 }, { total: 9, maximum: 10 })
  assert.deepEqual([short.objects, short.hasMoreResults], [[4, 5, 6, 7, 8], false])
})

test('an API that gives more than was asked for is cut, no object comes twice', () => {
  const parameters = mapped({ limit: true, offset: true })
  let { state, request } = startWindow(operation({ parameters }), { limit: 2, offset: 0 }, SCAN)
  ;({ state, request } = nextWindow(state, 7))
  assert.equal(request, null)
  assert.deepEqual(windowResult(state, [0, 1, 2, 3, 4, 5, 6]), {
    objects: [0, 1],
    hasMoreResults: true
  })
})

test('E23 every window over every kind of API is what slicing gives', () => {
  const kinds = fc.constantFrom('both', 'offset', 'limit', 'neither')
  const natural = fc.nat({ max: 40 })
  const page = fc.integer({ min: 1, max: 12 })
  fc.assert(
    fc.property(
      kinds,
      natural,
      natural,
      natural,
      page,
      page,
      (kind, total, limit, offset, maximum, usual) => {
        const api = {
          total,
          // An API that takes no limit gives its own pages, one that takes nothing gives everything.
          maximum: kind === 'both' ? maximum : Number.POSITIVE_INFINITY,
          usual:
            kind === 'offset' || kind === 'both'
              ? Math.min(usual, maximum)
              : Number.POSITIVE_INFINITY
        }
        const parameters = {
          both: mapped({ limit: { maximum }, offset: true }),
          offset: mapped({ offset: true }),
          limit: mapped({ limit: true }),
          neither: mapped()
        }[kind]
        const bounds = { scanMaxRecords: 1_000, scanMaxPages: 100 }
        const served = serve(parameters, { limit, offset }, api, bounds)
        assert.deepEqual(withoutRequests(served), slice(total, limit, offset))
        assert.ok(kind === 'both' || kind === 'offset' || served.requests.length === 1)
        assert.ok(
          served.requests.every(asked => (asked.limit ?? 0) <= (kind === 'both' ? maximum : 81))
        )
      }
    ),
    { numRuns: 2_000 }
  )
})
