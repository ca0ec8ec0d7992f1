import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createTurns, inTurns } from '../../service/time/turns.ts'

/** A clock that a step moves on. */
function startClock() {
  let time = 0
  return {
    now: () => time,
    pass: (milliseconds: number) => {
      time += milliseconds
    }
  }
}

function signal(): AbortSignal {
  return new AbortController().signal
}

test('H1 work of less than a turn makes no promise', () => {
  const clock = startClock()
  let steps = 0
  const done = inTurns(createTurns(signal(), clock.now), () => {
    clock.pass(1)
    return ++steps === 7
  })
  assert.equal(done, undefined)
  assert.equal(steps, 7)
})

test('H1 longer work gives way after each turn, and others are served in between', async () => {
  const clock = startClock()
  let steps = 0
  let served = 0
  const turns = createTurns(signal(), clock.now)
  const done = inTurns(turns, () => {
    clock.pass(1)
    if (steps % 8 === 0) setImmediate(() => served++)
    return ++steps === 80
  })
  assert.equal(steps, 8)
  await done
  assert.equal(steps, 80)
  assert.ok(served >= 9, `served ${served} times`)
})

test('H1 of several long works one has a turn in each iteration of the loop', async () => {
  const order: string[] = []
  const work = (name: string): Promise<void> => {
    const clock = startClock()
    let steps = 0
    const done = inTurns(createTurns(signal(), clock.now), () => {
      clock.pass(10)
      order.push(name)
      return ++steps === 4
    })
    return done ?? assert.fail('it was short')
  }
  const beats: number[] = []
  let isOver = false
  const beat = (): void => {
    beats.push(order.length)
    if (!isOver) setImmediate(beat)
  }
  const works = [work('a'), work('b'), work('c')]
  beat()
  await Promise.all(works)
  isOver = true
  assert.equal(order.join(''), 'abcabcabcabc')
  const most = beats.map((count, index) => count - (beats[index - 1] ?? 3))
  assert.ok(Math.max(...most) <= 1, most.join())
})

test('H1 work ends with its deadline at the next turn', async () => {
  const clock = startClock()
  const deadline = new AbortController()
  let steps = 0
  const done = inTurns(createTurns(deadline.signal, clock.now), () => {
    clock.pass(5)
    if (++steps === 10) deadline.abort(new Error('the time is over'))
    return false
  })
  await assert.rejects(done ?? assert.fail('it was short'), /the time is over/)
  assert.equal(steps, 10)
})
