import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createTurns, inTurns } from '../../service/time/turns.ts'
import { json, startApp } from '../support/start-app.ts'

/** Other work of the same thread, which leaves one turn in so many to a body. */
const OTHERS = 30

/** How long that work goes on (ms): longer than a connection may be silent besides the time of a request. */
const OTHERS_MS = 2_200

/** Keeps the thread at work in turns. */
function keepBusy(): Promise<unknown> {
  const { signal } = new AbortController()
  const end = performance.now() + OTHERS_MS
  const work = Array.from({ length: OTHERS }, () =>
    inTurns(createTurns(signal), () => performance.now() > end)
  )
  return Promise.all(work)
}

test('H3 a body whose many objects or numbers are read for long leaves its request all of its time, and its answer', async t => {
  let loads = 0
  const { url } = await startApp(t, {
    // Connections that are silent for five seconds are closed.
    environment: { FLOW_TIMEOUT_MS: '3000', REQUEST_MAX_OBJECTS: '1000000' },
    operations: {
      load: () => {
        loads++
        return new Promise(() => {})
      }
    }
  })
  const busy = keepBusy()
  const began = performance.now()
  const bodies = [Array(200_000).fill({ a: 1 }), Array(400_000).fill(1)]
  const loading = bodies.map(async zz => {
    const response = await fetch(
      `${url}/data`,
      json('POST', { objectDataType: { developerName: 'Note' }, zz })
    )
    const { code }: { readonly code: string } = JSON.parse(await response.text())
    assert.deepEqual([response.status, code], [504, 'FLOW_TIMEOUT'])
    assert.ok(
      performance.now() - began > 5_000,
      'the connection was silent for longer than it may be'
    )
  })
  await Promise.all(loading)
  assert.equal(loads, 2)
  await busy
})
