import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { createSlidingWindow } from '../../service/base/sliding-window.ts'

/** Takes a moment at each of the given ones, or as soon after it as the window has room. */
function takenAt(calls: number, windowMs: number, moments: readonly number[]): number[] {
  const window = createSlidingWindow(calls, windowMs)
  return moments.map(now => {
    const next = window.next(now)
    window.take(next, now)
    return next
  })
}

test('H01 calls are made at once while the window has room, then as it gets some', () => {
  assert.deepEqual(takenAt(2, 1000, [0, 10, 20, 30, 2500]), [0, 10, 1000, 1010, 2500])
})

test('H01 H11 no window has more calls than it may, wherever it begins', () => {
  const gaps = fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 250 }), gaps, (calls, waits) => {
      let now = 0
      const moments = waits.map(wait => (now += wait % 7 === 0 ? wait : 0))
      const taken = takenAt(calls, 1000, moments)
      for (const [index, at] of taken.entries()) {
        assert.ok(at >= (moments[index] ?? 0), 'none is in the past')
        assert.ok(at >= (taken[index - 1] ?? 0), 'they are in order')
        const before = taken[index - calls]
        assert.ok(before === undefined || at - before >= 1000, `${taken.join(' ')}`)
      }
    }),
    { seed: 8, numRuns: 300 }
  )
})

test('H11 a large quota is used whole, to the last call, and takes no memory of each', () => {
  const taken = takenAt(100_000, 3_600_000, Array(100_001).fill(5))
  assert.equal(taken[99_999], 5)
  assert.equal(taken[100_000], 3_600_005)
})

test('H01 a call that is given back is there for the next', () => {
  for (const calls of [2, 200]) {
    const window = createSlidingWindow(calls, 1000)
    for (let call = 0; call < calls; call++) window.take(window.next(call / calls), call / calls)
    assert.ok(window.next(5) > 900)
    window.giveBack(1 / calls)
    window.giveBack(700)
    const next = window.next(5)
    assert.equal(next, 5)
    window.take(next, 5)
    assert.ok(window.next(5) > 900)
  }
})

test('V5 what is given back opens no window to more calls than it may have', () => {
  const step = fc.record({ wait: fc.nat({ max: 400 }), keeps: fc.boolean() })
  const steps = fc.array(step, { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 250 }), steps, (calls, given) => {
      const window = createSlidingWindow(calls, 1000)
      const kept: number[] = []
      let now = 0
      for (const { wait, keeps } of given) {
        now += wait % 5 === 0 ? wait : 0
        const next = window.next(now)
        window.take(next, now)
        if (keeps) kept.push(next)
        else window.giveBack(next)
      }
      for (const [index, at] of kept.entries()) {
        const before = kept[index - calls]
        assert.ok(before === undefined || at - before >= 1000, kept.join(' '))
      }
    }),
    { seed: 5, numRuns: 300 }
  )
})

test('V5 calls to come that are given back leave those that were made', () => {
  for (const calls of [2, 200]) {
    const window = createSlidingWindow(calls, 1000)
    for (let call = 0; call < calls; call++) window.take(window.next(0), 0)
    for (let round = 0; round < 3; round++) {
      const next = window.next(1)
      assert.equal(next, 1000)
      window.take(next, 1)
      window.giveBack(next)
    }
  }
})
