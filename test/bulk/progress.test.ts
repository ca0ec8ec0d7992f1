import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  progressLine,
  startProgress,
  summaryLine,
  withPage,
  withWait
} from '../../service/bulk/progress.ts'
import type { RowPage } from '../../service/operations/row-page.ts'

const NOTHING = { pages: 0, records: 0, rows: 0 }

function page(reached: RowPage['reached'], more: Partial<RowPage> = {}): RowPage {
  return {
    rows: { values: [], items: null },
    after: null,
    reached,
    total: null,
    repeated: 0,
    misfits: 0,
    end: null,
    ...more
  }
}

test('a line tells records, pages and rate, and the time left where a total is known', () => {
  const start = startProgress(NOTHING, 1_000)
  assert.equal(progressLine(start, 1_000), '0 records in 0 pages')
  const one = withPage(start, page({ pages: 1, records: 1, rows: 1 }))
  assert.equal(progressLine(one, 3_000), '1 record in 1 page')
  const more = withPage(start, page({ pages: 124, records: 12_400, rows: 12_400 }))
  assert.equal(progressLine(more, 11_000), '12,400 records in 124 pages, 1,240/s')
  const known = withPage(start, page({ pages: 10, records: 1_000, rows: 50 }, { total: 61_000 }))
  assert.equal(
    progressLine(known, 11_000),
    '1,000 records of 61,000 in 10 pages, 50 rows, 100/s, 10 min left'
  )
})

test('the rate is that of this part of the read', () => {
  const start = startProgress({ pages: 100, records: 10_000, rows: 10_000 }, 0)
  const next = withPage(start, page({ pages: 110, records: 11_000, rows: 11_000 }))
  assert.equal(progressLine(next, 10_000), '11,000 records in 110 pages, 100/s')
})

test('a wait is told while it lasts', () => {
  const start = startProgress(NOTHING, 0)
  const waiting = withWait(start, 30_000, 'rate limit', 1_000)
  assert.match(progressLine(waiting, 2_000), /, waiting 29 s for the rate limit$/)
  assert.ok(!progressLine(waiting, 31_000).includes('waiting'))
  assert.match(
    progressLine(withWait(start, 7_300_000, 'repeat', 0), 0),
    /waiting 2 h 2 min to repeat a call$/
  )
})

test('what came again and what is no object are counted', () => {
  const start = startProgress(NOTHING, 0)
  const first = withPage(
    start,
    page({ pages: 1, records: 9, rows: 9 }, { repeated: 2, misfits: 1 })
  )
  const { repeated, misfits } = withPage(
    first,
    page({ pages: 2, records: 9, rows: 9 }, { repeated: 3 })
  )
  assert.deepEqual([repeated, misfits], [5, 1])
  assert.equal(summaryLine(first, 2_000), '9 records in 1 page, in 2 s')
})
