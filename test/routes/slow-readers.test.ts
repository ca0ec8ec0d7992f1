import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gunzipSync, gzipSync } from 'node:zlib'

import type { ConnectorDescription, LoadResult } from '../../service/operations/types.ts'
import { openSocket } from '../support/raw-request.ts'
import { startApp } from '../support/start-app.ts'
import { untilRefused } from '../support/start-serve.ts'

/** Far more than the buffers of a connection hold. */
const LARGE = 40 * 1024 * 1024

const TYPES = Buffer.from(`[${JSON.stringify('x'.repeat(LARGE))}]`)

const DESCRIPTION: ConnectorDescription = {
  configurationValues: [],
  types: { gzip: gzipSync(TYPES), length: TYPES.length },
  diagnostics: [],
  providesIdentity: false
}

const RESULT: LoadResult = {
  objects: [
    {
      externalId: '1',
      internalId: null,
      developerName: 'Note',
      order: 0,
      properties: [
        {
          developerName: 'text',
          contentType: 'ContentString',
          contentValue: 'x'.repeat(LARGE),
          objectData: null
        }
      ]
    }
  ],
  hasMoreResults: false
}

async function startLarge(t: TestContext, environment: { readonly [name: string]: string }) {
  const served = { describe: 0, load: 0 }
  const started = await startApp(t, {
    environment: { MAX_IN_FLIGHT: '2', ...environment },
    operations: {
      describe: async () => {
        served.describe++
        return DESCRIPTION
      },
      load: async () => {
        served.load++
        return RESULT
      }
    }
  })
  /** Sends a request and reads nothing of its answer. */
  const ask = async (path: string, body: object): Promise<Socket> => {
    const socket = await openSocket(t, started.url)
    const text = JSON.stringify(body)
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`
    socket.pause().write(`${head}content-length: ${text.length}\r\n\r\n${text}`)
    return socket
  }
  return { ...started, served, ask }
}

const LOAD = { objectDataType: { developerName: 'Note' } }
const PATIENCE = { timeout: 60_000, interval: 20 }

for (const [path, body] of [
  ['/metadata/install', {}],
  ['/data', LOAD]
] as const) {
  test(`H5 an answer of ${path} that nobody reads keeps its turn, until its connection is closed`, async t => {
    const { ask, served, url } = await startLarge(t, { ANSWER_MIN_BYTES_PER_SECOND: '0' })
    const sockets = [await ask(path, body), await ask(path, body)]
    const count = (): number => served.describe + served.load
    await t.waitFor(() => assert.equal(count(), 2), PATIENCE)
    const next = fetch(`${url}/metadata`)
    // Whatever is going on ends before several other requests are answered.
    for (let round = 0; round < 20; round++) await (await fetch(`${url}/health`)).text()
    assert.equal(count(), 2)
    sockets[0]?.destroy()
    const { status } = await next
    assert.deepEqual([status, count()], [200, 3])
    await next.then(response => response.body?.cancel())
    sockets[1]?.destroy()
  })
}

test('H5 callers that do not read their answers lose their connections, and their turns', async t => {
  const { ask, served, log } = await startLarge(t, {
    // More than the buffers of a connection take in the first period.
    ANSWER_MIN_BYTES_PER_SECOND: '20000000'
  })
  const sockets = [await ask('/metadata/install', {}), await ask('/data', LOAD)]
  const closed = Promise.all(
    sockets.map(socket => {
      socket.on('end', () => socket.destroy())
      return once(socket, 'close')
    })
  )
  await t.waitFor(() => {
    const told = log.filter(line => line.includes('reads its answer too slowly'))
    assert.equal(told.length, 2)
  }, PATIENCE)
  for (const socket of sockets) socket.resume()
  await closed
  assert.deepEqual(served, { describe: 1, load: 1 })
  const last = [await ask('/metadata/install', {}), await ask('/data', LOAD)]
  await t.waitFor(() => assert.deepEqual(served, { describe: 2, load: 2 }), PATIENCE)
  for (const socket of last) socket.destroy()
})

test('H5 a caller that reads slowly but fast enough gets the whole answer', async t => {
  const { ask, log } = await startLarge(t, {
    FLOW_TIMEOUT_MS: '1000',
    ANSWER_MIN_BYTES_PER_SECOND: '100000'
  })
  const socket = await ask('/metadata/install', {})
  let bytes = 0
  socket.on('data', chunk => {
    bytes += chunk.length
    socket.pause()
    setTimeout(() => socket.resume(), 1)
  })
  socket.resume()
  await t.waitFor(() => assert.ok(bytes > 3 * TYPES.length), PATIENCE)
  assert.ok(!log.some(line => line.includes('too slowly')))
})

test('R22 a service that stops closes a connection once the answer that had begun is read', async t => {
  const { app, ask, url } = await startLarge(t, {
    ANSWER_MIN_BYTES_PER_SECOND: '0',
    // Silent connections are closed later than any test ends.
    FLOW_TIMEOUT_MS: '600000'
  })
  const socket = await ask('/metadata/install', {})
  await once(socket.resume(), 'data')
  socket.pause()
  const closing = app.close()
  await untilRefused(url)
  await once(socket.resume(), 'end')
  await closing
})

/** Bytes in buffers after garbage collection. */
function bufferBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  return process.memoryUsage().arrayBuffers
}

test('H5 readers of one description hold no copies of it, and read what was packed', async t => {
  const { ask, served, url } = await startLarge(t, { MAX_IN_FLIGHT: '40' })
  const before = bufferBytes()
  const asking = Array.from({ length: 20 }, () => ask('/metadata/install', {}))
  const sockets = await Promise.all(asking)
  await t.waitFor(() => assert.equal(served.describe, 20), PATIENCE)
  for (let round = 0; round < 20; round++) await (await fetch(`${url}/health`)).text()
  assert.ok(bufferBytes() - before < LARGE)
  const described: { readonly install: { readonly typeElements: unknown } } = JSON.parse(
    await (await fetch(`${url}/metadata`)).text()
  )
  assert.deepEqual(
    described.install.typeElements,
    JSON.parse(gunzipSync(gzipSync(TYPES)).toString())
  )
  for (const socket of sockets) socket.destroy()
})
