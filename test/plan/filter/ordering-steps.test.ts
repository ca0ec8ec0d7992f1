import assert from 'node:assert/strict'
import { test } from 'node:test'

import { orderObjects } from '../../../service/plan/filter/order-objects.ts'
import { flowObject, objectType, scalar } from '../../support/type-record.ts'

const TYPE = objectType('Thing', [scalar('Name', 'text'), scalar('Count', 'integer')])

for (const count of [0, 1, 255, 256, 257, 1_000, 5_000]) {
  test(`H1 ${count} objects are sorted in steps, and equal ones keep their order`, () => {
    const objects = Array.from({ length: count }, (_, index) =>
      flowObject('Thing', {
        Name: `n${(index * 7_919) % 101}`,
        Count: index % 3 === 0 ? null : String((index * 31) % 17)
      })
    )
    const ordering = orderObjects(TYPE, objects, [
      { column: 'count', direction: 'DESC' },
      { column: 'NAME', direction: 'ASC' }
    ])
    let steps = 1
    while (!ordering.step()) steps++
    const rank = (index: number): [count: number, name: string] => {
      const [name, number] = objects[index]?.properties ?? []
      const value = number?.contentValue ?? null
      return [value === null ? Number.POSITIVE_INFINITY : Number(value), name?.contentValue ?? '']
    }
    const collator = new Intl.Collator('en')
    const expected = [...objects.keys()].sort((a, b) => {
      const [[countA, nameA], [countB, nameB]] = [rank(a), rank(b)]
      return countA === countB ? collator.compare(nameA, nameB) || a - b : countB > countA ? 1 : -1
    })
    assert.deepEqual(
      ordering.result(),
      expected.map(index => objects[index])
    )
    assert.ok(steps >= count / 256, `${steps} steps`)
  })
}
