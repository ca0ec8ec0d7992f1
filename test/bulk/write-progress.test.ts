import assert from 'node:assert/strict'
import { test } from 'node:test'

import { writeLine, writeSummary } from '../../service/bulk/write-progress.ts'

const counts = { saved: 12_380, failed: 20, unknown: 0, unsent: 0, before: 0 }

test('a line of a write has its rows, its speed and the time left', () => {
  const progress = { startedAt: 0, counts, total: 50_000, waiting: null }
  assert.equal(
    writeLine(progress, 10_000),
    '12,400 of 50,000 rows, 12,380 saved, 20 failed, 1,240/s, 31 s left'
  )
  const waiting = { until: 15_000, reason: 'rate limit' } as const
  assert.match(writeLine({ ...progress, waiting }, 10_000), /, waiting 5 s for the rate limit$/)
})

test('a summary has every row once', () => {
  const progress = {
    ...{ startedAt: 0, total: 100, waiting: null },
    counts: { saved: 50, failed: 4, unknown: 2, unsent: 1, before: 40 }
  }
  assert.equal(
    writeSummary(progress, 3_000),
    '100 rows: 50 saved, 40 saved before, 4 failed, 2 unknown, 4 not sent, in 3 s'
  )
})
