import assert from 'node:assert/strict'
import { test } from 'node:test'

import { writeUnderFailures } from '../support/write-under-failures.ts'

test('100,000 rows under random failures, the process killed twice, are each accounted for exactly once', async t => {
  const unknown = await writeUnderFailures(t, { rows: 100_000, batch: 50, seed: 11 })
  assert.ok(unknown > 0 && unknown < 8_000, `${unknown} unknown`)
})
