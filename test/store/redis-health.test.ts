import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { RedisHealth } from '../../service/store/redis-health.ts'
import { createRedisHealth } from '../../service/store/redis-health.ts'

const START = 1_750_000_000_000

/** The health of a Redis that has just been connected, with a clock that the test moves. */
function setUp() {
  const clock = { time: 0 }
  const changes: string[] = []
  const health = createRedisHealth({
    ports: { now: () => clock.time, date: () => START + clock.time },
    backoffMs: 5_000,
    onChange: ({ state, reason }, afterMs) => changes.push(`${state} ${reason} ${afterMs}`)
  })
  clock.time = 40
  health.connected()
  return { clock, changes, health }
}

function fail(health: RedisHealth, times: number): void {
  for (let time = 0; time < times; time++) health.failed('timeout')
}

test('R14 three failures one after another are too many, with an answer between them they are not', () => {
  const { health, changes } = setUp()
  fail(health, 2)
  health.succeeded('read')
  fail(health, 2)
  assert.equal(health.admits('read'), true)
  fail(health, 1)
  assert.equal(health.admits('read'), false)
  assert.deepEqual(health.state(), { state: 'away', since: START + 40, reason: 'timeout' })
  assert.deepEqual(changes, ['ok null 40', 'away timeout 0'])
})

test('R14 after its rest one command at a time tries, until one is answered', () => {
  const { health, clock } = setUp()
  fail(health, 3)
  clock.time += 4_999
  assert.equal(health.admits('read'), false)
  clock.time += 1
  assert.deepEqual([health.admits('write'), health.admits('read')], [true, false])
  fail(health, 1)
  clock.time += 4_999
  assert.equal(health.admits('read'), false)
  clock.time += 1
  assert.equal(health.admits('read'), true)
  health.succeeded('read')
  assert.deepEqual([health.admits('read'), health.state().state], [true, 'ok'])
})

test('R16 a full Redis is read and cleared, and what needs room tries after a rest', () => {
  const { health, clock, changes } = setUp()
  health.refused('write', 'OOM')
  health.succeeded('read')
  health.succeeded('free')
  assert.deepEqual(
    [health.admits('read'), health.admits('free'), health.admits('write')],
    [true, true, false]
  )
  clock.time += 5_000
  assert.deepEqual([health.admits('write'), health.admits('write')], [true, false])
  health.succeeded('write')
  assert.equal(health.admits('write'), true)
  assert.deepEqual(changes, ['ok null 40', 'full OOM 0', 'ok null 5000'])
})

test('R16 what cannot be changed is not read, not even when an earlier read is still answered', () => {
  const { health, clock, changes } = setUp()
  health.refused('write', 'READONLY')
  health.succeeded('read')
  health.connected()
  assert.deepEqual([health.admits('read'), health.admits('write')], [false, false])
  clock.time += 5_000
  assert.deepEqual([health.admits('read'), health.admits('free')], [false, true])
  health.succeeded('free')
  assert.deepEqual([health.admits('read'), health.admits('write')], [true, true])
  assert.deepEqual(changes, ['ok null 40', 'away READONLY 0', 'ok null 5000'])
})

test('R13 a connection that is lost and made anew begins with a clean sheet', () => {
  const { health, changes } = setUp()
  health.refused('write', 'MISCONF')
  fail(health, 3)
  health.lost('ECONNRESET')
  health.connected()
  assert.deepEqual([health.admits('read'), health.admits('write')], [true, true])
  assert.deepEqual(changes, ['ok null 40', 'away MISCONF 0', 'ok null 0'])
})

test('R16 a key of another type says nothing of Redis', () => {
  const { health, changes } = setUp()
  for (let time = 0; time < 9; time++) health.refused('read', 'WRONGTYPE')
  health.refused('write', 'WRONGTYPE')
  assert.deepEqual([health.admits('read'), health.admits('write')], [true, true])
  assert.deepEqual(changes, ['ok null 40'])
})
