import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startQueuedPipeline, TOKEN } from '../support/queued-pipeline.ts'

test('C31 a part that failed is begun again on demand, and the others are not', async t => {
  const { run, list, submit, file, runOf, startWorker } = await startQueuedPipeline(t)
  let isDown = true
  list.instead = (_, response) => {
    const path = list.calls.at(-1) ?? ''
    if (!isDown || !path.includes('offset=200')) return false
    response.writeHead(403, { 'content-type': 'application/json' }).end('{"error":"not yours"}')
    return true
  }
  startWorker()
  const { code, err } = await submit()
  assert.equal(code, 1)
  assert.match(err, /part 1: .*not yours/)
  const { run: id, state } = await runOf()
  assert.equal(state, 'failed')
  assert.equal((await run(['jobs', id])).code, 1)
  isDown = false
  const calls = list.calls.length
  assert.equal((await run(['jobs', id, '--retry'])).code, 0)
  assert.equal((await submit()).code, 0)
  assert.equal(list.calls.length - calls, 2)
  assert.equal(file('queued.ndjson').split('\n').length, 351)
})

test('C31 a paused run begins nothing until it is resumed', async t => {
  const { run, list, submit, runOf, startWorker } = await startQueuedPipeline(t)
  const { promise: stopped, resolve } = Promise.withResolvers<'SIGINT'>()
  const waiting = run(['run', 'm.yaml', '--queue', '--dir', 'run'], {
    environment: { API_TOKEN: TOKEN },
    stopped
  })
  const found = async (): Promise<string> => {
    const { out } = await run(['jobs', '--json'])
    const [first]: { run: string }[] = JSON.parse(out)
    return first?.run ?? found()
  }
  const id = await found()
  assert.equal((await run(['jobs', id, '--pause'])).code, 0)
  resolve('SIGINT')
  const ended = await waiting
  assert.equal(ended.code, 3)
  assert.match(ended.err, new RegExp(`The run goes on: \`openapi-flow jobs ${id}\``))
  const worker = startWorker()
  await worker.until(/waiting for parts/)
  assert.equal((await runOf()).state, 'paused')
  assert.equal((await run(['jobs', id, '--resume'])).code, 0)
  assert.equal((await submit()).code, 0)
  assert.equal(list.calls.length, 4)
})

test('C31 a cancelled run is stopped, and changes no output', async t => {
  const { run, list, submit, file, runOf, startWorker } = await startQueuedPipeline(t)
  const { promise: called, resolve } = Promise.withResolvers<void>()
  list.instead = () => {
    resolve()
    return true
  }
  startWorker()
  const waiting = submit()
  await called
  const { run: id } = await runOf()
  assert.equal((await run(['jobs', id, '--cancel'])).code, 1)
  const { code, err } = await waiting
  assert.deepEqual([code, /the run was cancelled/.test(err)], [1, true])
  assert.throws(() => file('queued.ndjson'), { code: 'ENOENT' })
  assert.match((await run(['jobs', id, '--resume'])).err, /is cancelled/)
  assert.match((await submit()).err, /the run was cancelled/)
})
