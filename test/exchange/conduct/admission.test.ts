import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'

import { startUpstream } from '../../support/start-upstream.ts'
import { conducted, ends, problem, testTime } from './conducted.ts'

test('H10 an origin gets so many calls at once, over as many connections, and all are answered', async t => {
  const connections = new Set<number | undefined>()
  const running = new Set<ServerResponse>()
  let most = 0
  const url = await startUpstream(t, (request, response) => {
    connections.add(request.socket.remotePort)
    running.add(response)
    most = Math.max(most, running.size)
    setImmediate(() => {
      running.delete(response)
      response.end('{}')
    })
  })
  const slots = { running: 2, waiting: 64, waitMs: 60_000 }
  const call = conducted(t, url, testTime().ports, { slots })
  const calls = Array.from({ length: 40 }, () => call())
  assert.deepEqual(await ends(calls), Array(40).fill(200))
  assert.equal(most, 2)
  // A connection may still be busy with the end of one call when the next begins.
  assert.ok(connections.size <= 4, `${connections.size} connections`)
})

test('C6 R3 a tenant whose calls hang holds up neither another tenant nor another origin', async t => {
  const hanging = await startUpstream(t, ({ url }, response) => {
    if (url !== '/hang') response.end('{}')
  })
  const healthy = await startUpstream(t, (_, response) => response.end('{}'))
  const slots = { running: 2, waiting: 1, waitMs: 60_000 }
  const call = conducted(t, hanging, testTime().ports, { slots })
  const controller = new AbortController()
  const { signal } = controller
  const held = Array.from({ length: 3 }, () =>
    call({ url: `${hanging}/hang`, tenant: 'a', signal })
  )
  await problem('ORIGIN_BUSY', call({ tenant: 'a' }))
  assert.equal((await call({ tenant: 'b' })).status, 200)
  assert.equal((await call({ url: `${healthy}/things`, tenant: 'a' })).status, 200)
  controller.abort(new Error('hung up'))
  for (const one of held) await assert.rejects(one, /hung up/)
})

test('R4 ORIGIN_BUSY tells at once who finds too many waiting, and in time who waits too long', async t => {
  let calls = 0
  const hanging = await startUpstream(t, () => calls++)
  const healthy = await startUpstream(t, (_, response) => response.end('{}'))
  const slots = { running: 1, waiting: 1, waitMs: 50 }
  const call = conducted(t, hanging, testTime().ports, { slots })
  const controller = new AbortController()
  const running = call({ signal: controller.signal })
  const waiting = problem('ORIGIN_BUSY', call())
  const refused = await problem('ORIGIN_BUSY', call())
  assert.deepEqual([refused.status, refused.retryAfterSeconds], [503, 1])
  // Other origins do not feel it.
  assert.equal((await call({ url: `${healthy}/things` })).status, 200)
  assert.equal((await waiting).retryAfterSeconds, 1)
  // There is room to wait again.
  await problem('ORIGIN_BUSY', call())
  assert.equal(calls, 1)
  controller.abort(new Error('hung up'))
  await assert.rejects(running, /hung up/)
})

test('the place of a call that ends, however it ends, goes to the one that has waited longest', async t => {
  const urls: (string | undefined)[] = []
  const answers: ((response: ServerResponse) => void)[] = [
    response => response.writeHead(404).end(),
    response => response.destroy(),
    response => response.end('{}')
  ]
  const base = await startUpstream(t, ({ url }, response) => {
    urls.push(url)
    answers.shift()?.(response)
  })
  const slots = { running: 1, waiting: 9, waitMs: 60_000 }
  const call = conducted(t, base, testTime().ports, { slots })
  const calls = ['/1', '/2', '/3'].map(path =>
    call({ url: base + path, method: 'POST', retry: { max: 0 } })
  )
  assert.deepEqual(await ends(calls), ['API_ERROR', 'UPSTREAM_RESET', 200])
  assert.deepEqual(urls, ['/1', '/2', '/3'])
})

test('whoever hangs up while waiting for a place leaves the queue', async t => {
  const held: ServerResponse[] = []
  const base = await startUpstream(t, (_, response) => held.push(response))
  const slots = { running: 1, waiting: 1, waitMs: 60_000 }
  const call = conducted(t, base, testTime().ports, { slots })
  const first = call()
  const controller = new AbortController()
  const second = call({ signal: controller.signal })
  controller.abort(new Error('hung up'))
  await assert.rejects(second, /hung up/)
  const third = call()
  while (held.length === 0) await new Promise(resolve => setImmediate(resolve))
  held[0]?.end('{}')
  await first
  while (held.length === 1) await new Promise(resolve => setImmediate(resolve))
  held[1]?.end('{}')
  assert.equal((await third).status, 200)
})
