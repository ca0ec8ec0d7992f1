import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { suite, test } from 'node:test'

import { readAll, readAnswers } from '../support/raw-request.ts'
import { startApp } from '../support/start-app.ts'

const HEALTH = 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n'
const DESCRIBE =
  'POST /metadata HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}'

suite('callers who do not wait', { concurrency: true }, () => {
  for (const [name, request, count] of [
    ['a few thousand health checks', HEALTH, 3_000],
    ['a few thousand bodies', DESCRIBE, 3_000],
    ['seventeen bodies', DESCRIBE, 17]
  ] as const) {
    test(`H6 a caller who sends ${name} without waiting is cut off before most of them reach a handler`, async t => {
      let described = 0
      const { url, arrivals } = await startApp(t, {
        operations: {
          describe: async () => {
            described++
            return new Promise(() => {})
          }
        },
        environment: { FLOW_TIMEOUT_MS: '2000' }
      })
      const { hostname, port } = new URL(url)
      const socket = connect(Number(port), hostname)
      socket.on('error', () => {})
      await once(socket, 'connect')
      const closed = new Promise(resolve => socket.once('close', resolve))
      const all = readAll(socket)
      socket.write(request.repeat(count))
      await closed
      assert.ok(readAnswers(await all).length <= 16)
      assert.ok(arrivals() <= 16, `${arrivals()} have arrived`)
      assert.ok(described <= 16, `${described} were described`)
      assert.equal((await fetch(`${url}/health`)).status, 200)
    })
  }
})

test('H6 sixteen requests at once on one connection, and a hundred one after the other, are answered', async t => {
  const { url } = await startApp(t)
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const all = readAll(socket)
  for (let round = 0; round < 7; round++) {
    socket.write(HEALTH.repeat(15))
    // The answers to the health checks before this one are there.
    await fetch(`${url}/health`)
  }
  socket.end(HEALTH)
  assert.equal(readAnswers(await all).length, 7 * 15 + 1)
})
