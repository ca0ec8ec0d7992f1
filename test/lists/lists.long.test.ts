import assert from 'node:assert/strict'
import { test } from 'node:test'

import { runLists, runReport } from './run-lists.ts'

/** Seeds that the short test does not have, in parts that each end in time on a busy machine. */
const FIRST = 1_001
const PARTS = 5
const APIS = 2_000

for (let part = 0; part < PARTS; part++) {
  const from = FIRST + part * APIS
  test(`${APIS} random list APIs from seed ${from} are read exactly, or a problem says why not`, async () => {
    const run = await runLists({ from, count: APIS })
    const report = runReport(run)
    assert.equal(run.wrong.length, 0, report)
    assert.ok(run.exact >= 0.95 * run.loads, report)
  })
}
