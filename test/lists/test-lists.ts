import assert from 'node:assert/strict'
import { test } from 'node:test'

import { runLists, runReport } from './run-lists.ts'

/**
 * Tests that the lists of random APIs are read exactly. `npm run lists -- --seed 17` repeats one of them.
 *
 * @param seeds The first seed, and how many APIs each of some parts has, which ends in time on a busy machine.
 */
export function testLists({
  from,
  parts,
  count
}: Record<'from' | 'parts' | 'count', number>): void {
  for (let part = 0; part < parts; part++) {
    const first = from + part * count
    test(`${count} random list APIs from seed ${first} are read exactly, or a problem says why not`, async () => {
      const run = await runLists({ from: first, count })
      const report = runReport(run)
      assert.equal(run.wrong.length, 0, report)
      assert.ok(run.exact >= 0.95 * run.loads, report)
    })
  }
}
