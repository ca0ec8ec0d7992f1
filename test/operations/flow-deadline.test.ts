import assert from 'node:assert/strict'
import { test } from 'node:test'

import { withFlowDeadline } from '../../service/operations/flow-deadline.ts'

test('R10 the time that a request waited in the queue counts against its deadline', async () => {
  const left = await withFlowDeadline(60_000, 50_000, async deadline => deadline.timeLeftMs())
  assert.ok(left > 0 && left <= 10_000, String(left))
})

test('R10 a request whose whole time went by while it waited ends at once, and says the limit as it is set', async () => {
  const work = withFlowDeadline(60_000, 70_000, async deadline => {
    assert.equal(deadline.timeLeftMs(), 0)
    deadline.reached = 'nothing was read'
    await new Promise((_, reject) =>
      deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason))
    )
  })
  await assert.rejects(work, {
    code: 'FLOW_TIMEOUT',
    message: 'the request was not finished within 60000 ms: nothing was read'
  })
})

test('R10 a failure after the deadline is FLOW_TIMEOUT, whatever it was', async () => {
  const work = withFlowDeadline(1, 0, async ({ signal }) => {
    await new Promise(resolve => signal.addEventListener('abort', resolve))
    throw new TypeError('the work broke as it was aborted')
  })
  await assert.rejects(work, { code: 'FLOW_TIMEOUT' })
})

test('R10 a caller who hangs up aborts the work, whose own failure before that is its own', async () => {
  const reasons: unknown[] = []
  const left = withFlowDeadline(60_000, 0, async ({ signal, hangUp }) => {
    signal.addEventListener('abort', () => reasons.push(signal.reason.name))
    hangUp()
    throw new TypeError('the work broke as it was aborted')
  })
  await assert.rejects(left, { name: 'AbortError' })
  assert.deepEqual(reasons, ['AbortError'])
  const failed = withFlowDeadline(60_000, 0, () => Promise.reject(new TypeError('its own')))
  await assert.rejects(failed, { name: 'TypeError', message: 'its own' })
})

test('R10 work that fails before it waits for anything ends its deadline', async () => {
  const timers = (): number =>
    process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length
  const before = timers()
  const failed = withFlowDeadline(60_000, 0, () => {
    throw new TypeError('at once')
  })
  await assert.rejects(failed, { name: 'TypeError', message: 'at once' })
  assert.equal(timers(), before)
})
