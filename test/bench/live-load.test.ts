import assert from 'node:assert/strict'
import { test } from 'node:test'

import { measureLiveLoad } from '../../bench/live-load.ts'

test('the benchmark of a live load runs, and both sides give the same answer', async () => {
  const { ours, bare } = await measureLiveLoad({ rounds: 1, secondsPerRound: 1 })
  assert.equal(ours.length, 1)
  assert.equal(bare.length, 1)
  assert.ok([...ours, ...bare].every(figure => figure > 0))
})
