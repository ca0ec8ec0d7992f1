import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { suite, test } from 'node:test'

import { listen } from '../../service/plugins/listen.ts'
import { readAll, readAnswers } from '../support/raw-request.ts'
import { buildApp } from '../support/start-app.ts'
import { closedPort } from '../support/start-upstream.ts'

/** Two addresses of this machine, in place of those of `localhost`: there may be no IPv6. */
const LOOPBACK = ['127.0.0.1', '127.0.0.2']

const DESCRIBE =
  'POST /metadata HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}'

/** A service at both addresses whose descriptions are never there. */
async function startBoth(t: TestContext) {
  const described: (() => void)[] = []
  const order: string[] = []
  const { app } = buildApp({
    operations: { describe: () => new Promise(() => void described.splice(0).map(tell => tell())) },
    environment: { FLOW_TIMEOUT_MS: '2000' }
  })
  app.addHook('onResponse', async () => void order.push('answered'))
  const { address, ended } = await listen(app, { host: 'localhost', port: 0 }, LOOPBACK)
  t.after(() => app.close())
  const isAsked = new Promise<void>(resolve => described.push(resolve))
  return { app, ended, isAsked, order, port: address.port }
}

suite('localhost', { concurrency: true }, () => {
  for (const host of LOOPBACK) {
    test(`H6 localhost at ${host} closes a connection with more than sixteen unanswered requests`, async t => {
      const { port } = await startBoth(t)
      const socket = connect(port, host)
      socket.on('error', () => {})
      const all = readAll(socket)
      socket.write(DESCRIBE.repeat(17))
      assert.ok(readAnswers(await all).length <= 16)
      assert.equal((await fetch(`http://${host}:${port}/health`)).status, 200)
    })

    test(`localhost at ${host} answers malformed requests, CONNECT and unknown expectations as one service`, async t => {
      const { port } = await startBoth(t)
      const ask = async (text: string): Promise<number | undefined> => {
        const socket = connect(port, host)
        socket.on('error', () => {})
        socket.end(text)
        return readAnswers(await readAll(socket))[0]?.status
      }
      assert.equal(await ask('GET / HTTP/9\r\n\r\n'), 400)
      assert.equal(await ask('CONNECT a:1 HTTP/1.1\r\nhost: x\r\n\r\n'), 400)
      assert.equal(
        await ask('GET /health HTTP/1.1\r\nhost: x\r\nexpect: tea\r\nconnection: close\r\n\r\n'),
        200
      )
    })
  }

  test('a service at localhost ends when the requests at its further addresses are answered', async t => {
    const { app, port, ended, isAsked, order } = await startBoth(t)
    const answer = fetch(`http://127.0.0.2:${port}/metadata`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}'
    })
    await isAsked
    const closing = app
      .close()
      .then(ended)
      .then(() => order.push('ended'))
    assert.equal((await answer).status, 504)
    await closing
    assert.deepEqual(order, ['answered', 'ended'])
    await assert.rejects(fetch(`http://127.0.0.2:${port}/health`))
  })
})

test('localhost is served at the addresses that there are', async t => {
  const { app, log } = buildApp({})
  t.after(() => app.close())
  const [, port = ''] = (await closedPort()).split(':')
  // An address of documentation (RFC 5737) is none of this machine.
  const { ended } = await listen(app, { host: 'localhost', port: Number(port) }, [
    '127.0.0.1',
    '192.0.2.1'
  ])
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200)
  assert.ok(log.some(line => line.includes('192.0.2.1')))
  await app.close()
  await ended()
})

test('another host is one address', async t => {
  const { app } = buildApp({})
  t.after(() => app.close())
  const { address, ended } = await listen(app, { host: '127.0.0.2', port: 0 }, LOOPBACK)
  assert.equal(address.address, '127.0.0.2')
  const other = connect(address.port, '127.0.0.1')
  await assert.rejects(once(other, 'connect'))
  await app.close()
  await ended()
})
