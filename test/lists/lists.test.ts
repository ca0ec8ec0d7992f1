import assert from 'node:assert/strict'
import { test } from 'node:test'

import { runLists, runReport } from './run-lists.ts'

// `npm run lists -- --seed 17` repeats one of these APIs.
test('60 random list APIs are read exactly, or a problem says why not', async () => {
  const run = await runLists({ from: 1, count: 60 })
  const report = runReport(run)
  assert.equal(run.wrong.length, 0, report)
  assert.ok(run.exact >= 0.95 * run.loads, report)
})
