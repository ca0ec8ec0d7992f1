import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { Ranked } from '../../service/base/size-ranks.ts'
import { createSizeRanks, UNRANKED } from '../../service/base/size-ranks.ts'

interface Thing extends Ranked<Thing> {
  readonly name: number
}

test('V1 the largest is one of which no other has a fortieth more, whatever changes', () => {
  const change = fc.record({ name: fc.nat({ max: 9 }), bytes: fc.nat({ max: 5_000_000 }) })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), changes => {
      const ranks = createSizeRanks<Thing>()
      const things = Array.from({ length: 10 }, (_, name): Thing => ({ ...UNRANKED, name }))
      for (const { name, bytes } of changes) {
        const thing = things[name]
        assert.ok(thing)
        thing.bytes = bytes
        ranks.update(thing)
        const most = Math.max(...things.map(one => one.bytes))
        const found = ranks.largest()
        assert.equal(found === undefined, most === 0)
        assert.ok((found?.bytes ?? 0) * (1 + 1 / 40) + 1 >= most, `${found?.bytes} of ${most}`)
      }
    }),
    { seed: 8, numRuns: 300 }
  )
})

test('V1 of equally large things the one that has been so for longest is named', () => {
  const ranks = createSizeRanks<Thing>()
  const things = [1, 2, 3].map((name): Thing => ({ ...UNRANKED, name, bytes: 100 }))
  for (const thing of things) ranks.update(thing)
  const order: number[] = []
  for (let thing = ranks.largest(); thing !== undefined; thing = ranks.largest()) {
    order.push(thing.name)
    thing.bytes = 0
    ranks.update(thing)
  }
  assert.deepEqual(order, [1, 2, 3])
})
