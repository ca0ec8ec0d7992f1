import assert from 'node:assert/strict'
import { test } from 'node:test'

import { writeUnderFailures } from '../support/write-under-failures.ts'

test('2,000 rows under random failures, the process killed twice, are each accounted for exactly once', async t => {
  const unknown = await writeUnderFailures(t, { rows: 2_000, batch: 10, seed: 7 })
  assert.ok(unknown > 0 && unknown < 400, `${unknown} unknown`)
})
