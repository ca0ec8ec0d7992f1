import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Holding } from '../../service/base/byte-budget.ts'
import { createByteBudget } from '../../service/base/byte-budget.ts'
import { createOwner } from '../../service/base/owner.ts'

const SHARES = { limit: 1_600, doorShare: 3 / 4, tenantShare: 3 / 4 }

function holding(doorToken: string | null, tenant: string): Holding {
  return { owner: createOwner(doorToken, tenant), bytes: 0 }
}

test('a tenant takes three quarters of its door, a door three quarters of all, and the rest is left', () => {
  const budget = createByteBudget(SHARES)
  const [first, second] = [holding('a', 'one'), holding('a', 'two')]
  const [other, open] = [holding('b', 'one'), holding(null, 'one')]
  assert.ok(budget.take(other, 1))
  assert.ok(budget.take(first, 900))
  assert.ok(!budget.take(first, 1), 'three quarters of 1200')
  assert.ok(!budget.take(holding('a', 'one'), 1), 'whatever it counts for')
  assert.ok(budget.take(second, 300))
  assert.ok(!budget.take(second, 1), 'three quarters of 1600')
  assert.ok(!budget.take(holding('a', 'three'), 1), 'an invented tenant')
  assert.ok(budget.take(open, 399))
  assert.ok(!budget.take(other, 1), 'all are taken')
  assert.deepEqual([first.bytes, second.bytes, other.bytes, open.bytes], [900, 300, 1, 399])
})

test('what is refused takes nothing, and what is given back is given back once', () => {
  const budget = createByteBudget(SHARES)
  const [one, two] = [holding('a', 'one'), holding('a', 'one')]
  assert.ok(budget.take(one, 500))
  assert.ok(!budget.take(two, 500))
  assert.equal(two.bytes, 0)
  assert.ok(budget.take(two, 400))
  budget.giveBack(one)
  budget.giveBack(one)
  assert.equal(one.bytes, 0)
  assert.ok(!budget.take(holding('a', 'one'), 501))
  assert.ok(budget.take(holding('a', 'one'), 500))
})

test('one that is alone takes more than there is, and nobody else anything until it gives back', () => {
  const budget = createByteBudget(SHARES)
  const [alone, other] = [holding('a', 'one'), holding('b', 'two')]
  assert.ok(budget.take(alone, 1_500))
  assert.ok(budget.take(alone, 1_500))
  assert.ok(!budget.take(other, 1))
  budget.giveBack(alone)
  assert.ok(budget.take(other, 1))
  assert.ok(!budget.take(alone, 1_500), 'it is alone no more')
})
