import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { createTurns } from '../../../service/exchange/conduct/turns.ts'

/** Takes a turn at each of the moments, or as soon after it as there is one. */
function turnsAt(calls: number, windowMs: number, moments: readonly number[]): number[] {
  const turns = createTurns(calls, windowMs)
  return moments.map(now => {
    const turn = turns.next(now)
    turns.take(turn)
    return turn
  })
}

test('H01 turns are given at once while the window has room, then as it gets some', () => {
  assert.deepEqual(turnsAt(2, 1000, [0, 10, 20, 30, 2500]), [0, 10, 1000, 1010, 2500])
})

test('H01 H11 no window has more calls than it may, wherever it begins', () => {
  const gaps = fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 250 }), gaps, (calls, waits) => {
      let now = 0
      const moments = waits.map(wait => (now += wait % 7 === 0 ? wait : 0))
      const turns = turnsAt(calls, 1000, moments)
      for (const [index, turn] of turns.entries()) {
        assert.ok(turn >= (moments[index] ?? 0), 'a turn is never in the past')
        assert.ok(turn >= (turns[index - 1] ?? 0), 'turns are in order')
        const before = turns[index - calls]
        assert.ok(before === undefined || turn - before >= 1000, `${turns.join(' ')}`)
      }
    }),
    { seed: 8, numRuns: 300 }
  )
})

test('H11 a large quota is used whole, to the last call, and takes no memory of each', () => {
  const turns = turnsAt(100_000, 3_600_000, Array(100_001).fill(5))
  assert.equal(turns[99_999], 5)
  assert.equal(turns[100_000], 3_600_005)
})

test('H01 a turn that is given back is there for the next', () => {
  for (const calls of [2, 200]) {
    const turns = createTurns(calls, 1000)
    for (let taken = 0; taken < calls; taken++) turns.take(turns.next(taken / calls))
    assert.ok(turns.next(5) > 900)
    turns.giveBack(1 / calls)
    turns.giveBack(700)
    const next = turns.next(5)
    assert.equal(next, 5)
    turns.take(next)
    assert.ok(turns.next(5) > 900)
  }
})
