import assert from 'node:assert/strict'
import { test } from 'node:test'

import { runLists, runReport } from './run-lists.ts'

/** APIs of a part, which ends in time on a busy machine. */
const APIS = 500

/** Tests that the lists of 5,000 APIs are read exactly, in ten parts. */
export function testLists(first: number): void {
  for (let from = first; from < first + 10 * APIS; from += APIS) {
    test(`${APIS} random list APIs from seed ${from} are read exactly, or a problem says why not`, async () => {
      const run = await runLists({ from, count: APIS })
      const report = runReport(run)
      assert.equal(run.wrong.length, 0, report)
      assert.ok(run.exact >= 0.95 * run.loads, report)
    })
  }
}
