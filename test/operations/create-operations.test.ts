import assert from 'node:assert/strict'
import { test } from 'node:test'

import { COMMON_OWNER } from '../../service/base/owner.ts'
import { withFlowDeadline } from '../../service/operations/create-operations.ts'
import type { Caller } from '../../service/operations/types.ts'

const caller = (waitedMs: number): Caller => ({
  owner: COMMON_OWNER,
  stateId: null,
  configuration: {},
  user: {},
  token: null,
  waitedMs,
  signal: new AbortController().signal
})

test('R10 the time that a request waited in the queue counts against its deadline', async () => {
  const left = await withFlowDeadline(60_000, caller(50_000), async ({ timeLeftMs }) =>
    timeLeftMs()
  )
  assert.ok(left > 0 && left <= 10_000, String(left))
})

test('R10 a request whose whole time went by while it waited ends at once, and says the limit as it is set', async () => {
  const work = withFlowDeadline(
    60_000,
    caller(70_000),
    async ({ signal, timeLeftMs, progress }) => {
      assert.equal(timeLeftMs(), 0)
      progress.reached = () => 'nothing was read'
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason))
      )
    }
  )
  await assert.rejects(work, {
    code: 'FLOW_TIMEOUT',
    message: 'the request was not finished within 60000 ms: nothing was read'
  })
})
