import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { COMMON_ASKERS } from '../../service/base/askers.ts'
import type { SharedFlightTimes } from '../../service/documents/shared-flight.ts'
import { createSharedFlight } from '../../service/documents/shared-flight.ts'
import { ConnectorError } from '../../service/errors.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'
import type { Store } from '../../service/store/types.ts'

const TIMES: SharedFlightTimes = { waitMs: 20_000, failureMs: 1_000, lockMs: 1_000 }

/** A replica of those that share a store, and what they have done. */
function replicaOf(store: Store, clock = { time: 0 }) {
  const ports = { store, wait, newId: randomUUID, now: () => clock.time }
  const flight = createSharedFlight<string>(ports, TIMES)
  return (key: string, look: () => Promise<string | undefined>, work: () => Promise<string>) =>
    flight(key, COMMON_ASKERS, look, work)
}

const startStore = () => createMemoryStore({ maxBytes: 10_000, now: () => performance.now() })

test('R12 work that outlasts four lives of its lock is done once, whenever another replica asks', async () => {
  const store = startStore()
  let works = 0
  let done: string | undefined
  const look = async (): Promise<string | undefined> => done
  const work = async (): Promise<string> => {
    works++
    await wait(4 * TIMES.lockMs)
    done = 'done'
    return done
  }
  const first = replicaOf(store)('work', look, work)
  const second = replicaOf(store)('work', look, work)
  await wait(3 * TIMES.lockMs)
  const late = replicaOf(store)('work', look, work)
  assert.deepEqual(await Promise.all([first, second, late]), ['done', 'done', 'done'])
  assert.equal(works, 1)
  assert.equal(await store.claim('lock:work', 'next', 1), true)
})

for (const lifeS of [0.1, 0.3]) {
  test(`R23 a holder that is gone holds others up for the ${lifeS} s of its lock and no longer`, async () => {
    const store = startStore()
    assert.ok(await store.claim('lock:work', 'gone', lifeS))
    const begun = performance.now()
    const made = await replicaOf(store)(
      'work',
      async () => undefined,
      async () => 'made'
    )
    assert.equal(made, 'made')
    assert.ok(performance.now() - begun < TIMES.waitMs / 2)
  })
}

test('R11 H9 H15 a failure is shared for its time, except a full queue and a process that was killed', async () => {
  for (const [code, works] of [
    ['DOCUMENT_TIMEOUT', 1],
    ['DOCUMENT_NOT_PARSED', 1],
    ['COMPILER_ENDED', 2],
    // Who has joined tries again at once.
    ['COMPILER_BUSY', 3]
  ] as const) {
    const clock = { time: 1_000 }
    const once = replicaOf(startStore(), clock)
    let calls = 0
    const fail = () => {
      const work = async (): Promise<string> => {
        calls++
        throw new ConnectorError({ code, holes: {}, retryAfterSeconds: null })
      }
      return assert.rejects(
        once('work', async () => undefined, work),
        { code }
      )
    }
    await Promise.all([fail(), fail()])
    clock.time += 900
    await fail()
    assert.equal(calls, works)
    clock.time += 100
    await fail()
    assert.equal(calls, works + 1)
  }
})
