import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { createOwner } from '../../service/base/owner.ts'
import type { FairQueueLimits } from '../../service/base/fair-queue.ts'
import { createFairQueue } from '../../service/base/fair-queue.ts'

/** A queue whose entries are named, with the names of those that run, in the order of their starts. */
function namedQueue(running: number, waiting: number) {
  const queue = createFairQueue({ running, waiting: 1_000, waitingOfOwner: waiting })
  const started: string[] = []
  const leaves = new Map<string, () => void>()
  return {
    started,
    enter(tenant: string, name: string): boolean {
      const leave = queue.enter(createOwner(null, tenant), {
        start: () => started.push(name),
        drop: () => assert.fail('there is room')
      })
      if (typeof leave === 'string') return false
      leaves.set(name, leave)
      return true
    },
    leave: (...names: string[]) => {
      for (const name of names) leaves.get(name)?.()
    }
  }
}

test('C6 while slots are free, entries run at once', () => {
  const { enter, started } = namedQueue(3, 9)
  for (const name of ['a1', 'a2', 'b1']) assert.ok(enter(name.slice(0, 1), name))
  assert.deepEqual(started, ['a1', 'a2', 'b1'])
})

test('C6 the next slot is that of the tenant with the fewest running, not of the longest queue', () => {
  const { enter, leave, started } = namedQueue(3, 9)
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'c1']) enter(name.slice(0, 1), name)
  leave('a1', 'a2')
  assert.deepEqual(started.slice(3), ['b1', 'c1'])
  leave('c1', 'a3')
  assert.deepEqual(started.slice(5), ['a4', 'b2'])
})

test('C6 tenants that have equally many running start one after another, however many each has waiting', () => {
  const { enter, leave, started } = namedQueue(1, 9)
  for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) enter(name.slice(0, 1), name)
  leave('a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4')
  assert.deepEqual(started, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
})

test('a queue that is full refuses its own tenant only, and has room again when one leaves it', () => {
  const { enter, leave, started } = namedQueue(1, 2)
  assert.deepEqual(
    ['a1', 'a2', 'a3', 'a4'].map(name => enter('a', name)),
    [true, true, true, false]
  )
  assert.equal(enter('b', 'b1'), true)
  leave('a2')
  assert.equal(enter('a', 'a5'), true)
  assert.equal(enter('a', 'a6'), false)
  leave('a1', 'b1', 'a3')
  assert.deepEqual(started, ['a1', 'b1', 'a3', 'a5'])
})

test('an entry that leaves the queue never runs, and leaving twice frees no second slot', () => {
  const { enter, leave, started } = namedQueue(1, 9)
  for (const name of ['a1', 'a2', 'a3', 'a4']) enter('a', name)
  leave('a2', 'a2', 'a1', 'a1', 'a2')
  assert.deepEqual(started, ['a1', 'a3'])
})

type Waiting = { readonly tenant: string; readonly name: string }

test('C6 whatever comes and goes, slots are used, bounded and assigned by the rule', () => {
  const step = fc.record({ tenant: fc.constantFrom('a', 'b', 'c', 'd'), leaves: fc.nat() })
  const limits = fc.record({ running: fc.integer({ min: 1, max: 4 }), waiting: fc.nat({ max: 3 }) })
  fc.assert(
    fc.property(limits, fc.array(step, { maxLength: 80 }), ({ running, waiting }, steps) => {
      const { enter, leave, started } = namedQueue(running, waiting)
      const queued: Waiting[] = []
      const runs: Waiting[] = []
      const of = (list: readonly Waiting[], tenant: string): number =>
        list.filter(entry => entry.tenant === tenant).length
      for (const [index, { tenant, leaves }] of steps.entries()) {
        const name = `${tenant}${index}`
        const isFull = runs.length === running
        const fits = !isFull || of(queued, tenant) < waiting
        assert.equal(enter(tenant, name), fits)
        if (fits) (isFull ? queued : runs).push({ tenant, name })
        if (leaves % 2 === 0) {
          const gone = runs.splice(leaves % runs.length, 1)
          const fewest = Math.min(...queued.map(entry => of(runs, entry.tenant)))
          const mayBeNext = queued
            .filter(entry => of(runs, entry.tenant) === fewest)
            .filter(entry => queued.find(({ tenant: same }) => same === entry.tenant) === entry)
          leave(...gone.map(entry => entry.name))
          if (gone.length > 0 && queued.length > 0) {
            const next = mayBeNext.find(entry => entry.name === started.at(-1))
            assert.ok(next, `${started.at(-1)} is not next`)
            runs.push(...queued.splice(queued.indexOf(next), 1))
          }
        } else if (leaves % 3 === 0 && queued.length > 0) {
          const gone = queued.splice(leaves % queued.length, 1)
          leave(...gone.map(entry => entry.name))
        }
        assert.ok(runs.length <= running)
        assert.ok(
          queued.length === 0 || runs.length === running,
          'nobody waits beside a free place'
        )
        assert.ok(runs.every(entry => started.includes(entry.name)))
        assert.ok(queued.every(entry => !started.includes(entry.name)))
      }
    }),
    { seed: 6, numRuns: 500 }
  )
})

/** A queue of entries named `<door>-<tenant>-…`, and what became of them. */
function doorQueue(limits: FairQueueLimits) {
  const queue = createFairQueue(limits)
  const started: string[] = []
  const dropped: string[] = []
  const leaves = new Map<string, () => void>()
  return {
    started,
    dropped,
    enter(name: string): string {
      const [door = '', tenant = ''] = name.split('-')
      const leave = queue.enter(createOwner(door, tenant), {
        start: () => started.push(name),
        drop: () => dropped.push(name)
      })
      if (typeof leave === 'string') return leave
      leaves.set(name, leave)
      return 'in'
    },
    leave: (name: string) => leaves.get(name)?.()
  }
}

const WIDE = { running: 4, waiting: 100, waitingOfOwner: 100 }

for (const count of [20, 90]) {
  test(`H6 ${count} tenants of one door token wait, and the next slot is that of another door token`, () => {
    const { enter, leave, started } = doorQueue(WIDE)
    for (let index = 0; index < count; index++) enter(`a-invented${index}`)
    enter('b-t-1')
    enter('b-t-2')
    leave('a-invented0')
    leave('a-invented1')
    leave('a-invented2')
    assert.deepEqual(started.slice(4), ['b-t-1', 'b-t-2', 'a-invented4'])
  })
}

test('H6 below a door token its tenants share its slots as fairly', () => {
  const { enter, leave, started } = doorQueue({ ...WIDE, running: 1 })
  for (const name of ['a-x-1', 'a-x-2', 'a-x-3', 'a-y-1', 'b-z-1', 'b-z-2']) enter(name)
  for (const name of ['a-x-1', 'b-z-1', 'a-y-1', 'b-z-2', 'a-x-2']) leave(name)
  assert.deepEqual(started, ['a-x-1', 'b-z-1', 'a-y-1', 'b-z-2', 'a-x-2', 'a-x-3'])
})

test('H6 one door token runs no more than its share, even while slots are free', () => {
  const { enter, leave, started } = doorQueue({ ...WIDE, runningOfDoor: 3 })
  for (const name of ['a-x-1', 'a-y-1', 'a-z-1', 'a-w-1', 'b-x-1', 'b-x-2']) enter(name)
  assert.deepEqual(started, ['a-x-1', 'a-y-1', 'a-z-1', 'b-x-1'])
  leave('b-x-1')
  assert.deepEqual(started.slice(4), ['b-x-2'])
  leave('a-y-1')
  assert.deepEqual(started.slice(5), ['a-w-1'])
})

test('H6 all together wait within one bound, of which a newcomer takes the place of who has more', () => {
  const { enter, leave, started, dropped } = doorQueue({ ...WIDE, running: 1, waiting: 4 })
  for (const name of ['a-x-1', 'a-x-2', 'a-x-3', 'a-y-1', 'a-y-2']) assert.equal(enter(name), 'in')
  assert.equal(enter('a-x-4'), 'all')
  // Each door token keeps half of the places.
  for (const name of ['b-z-1', 'b-z-2']) assert.equal(enter(name), 'in')
  assert.deepEqual(dropped, ['a-x-3', 'a-y-2'])
  assert.equal(enter('b-z-3'), 'all')
  assert.equal(enter('a-x-5'), 'all')
  for (const name of ['a-x-1', 'b-z-1', 'a-y-1', 'b-z-2', 'a-x-2']) leave(name)
  assert.deepEqual(started, ['a-x-1', 'b-z-1', 'a-y-1', 'b-z-2', 'a-x-2'])
})

test('H6 whatever door tokens and tenants do, places are bounded, and each door token has its part', () => {
  const step = fc.record({ owner: fc.constantFrom('a-1', 'a-2', 'a-3', 'b-1'), leaves: fc.nat() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), steps => {
      const limits = { running: 3, runningOfDoor: 2, waiting: 4, waitingOfOwner: 3 }
      const { enter, leave, started, dropped } = doorQueue(limits)
      const here: string[] = []
      const of = (door: string, isRunning: boolean): number =>
        here.filter(name => name.startsWith(door) && started.includes(name) === isRunning).length
      for (const [index, { owner, leaves }] of steps.entries()) {
        const name = `${owner}-${index}`
        if (enter(name) === 'in') here.push(name)
        for (const gone of dropped) if (here.includes(gone)) here.splice(here.indexOf(gone), 1)
        if (leaves % 3 === 0) for (const gone of here.splice(leaves % here.length, 1)) leave(gone)
        const running = of('a', true) + of('b', true)
        assert.ok(running <= 3 && of('a', true) <= 2 && of('b', true) <= 2)
        assert.ok(of('a', false) + of('b', false) <= 4)
        for (const door of ['a', 'b']) {
          const isCapped = of(door, true) === 2 || running === 3
          assert.ok(isCapped || of(door, false) === 0, 'nobody waits beside a slot of its own')
        }
      }
    }),
    { seed: 16, numRuns: 500 }
  )
})
