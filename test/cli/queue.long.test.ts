import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'

import { holdFirstCall, startQueuedPipeline, TOKEN } from '../support/queued-pipeline.ts'
import { startS3 } from '../support/start-s3.ts'

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

test('C31 a worker that was taken for dead and wakes up commits nothing', async t => {
  const { redis, list, submit, file, startWorker } = await startQueuedPipeline(t)
  const late = startWorker()
  // The first call of the late worker is answered when another one has done its part.
  const { called, answer } = holdFirstCall(list)
  const waiting = submit()
  await called
  late.child.kill('SIGSTOP')
  startWorker()
  const { code, err } = await waiting
  assert.equal(code, 0, err)
  const before = file('queued.ndjson')
  const [key = ''] = await redis.client.keys('openapi-flow:run:*')
  const results = await redis.client.hgetall(key)
  answer()
  late.child.kill('SIGCONT')
  await late.until(/somebody else has begun it since| failed: /)
  assert.deepEqual(await redis.client.hgetall(key), results)
  assert.equal(file('queued.ndjson'), before)
})

test('C31 a worker that is stopped leaves its part to another one at once', async t => {
  const { list, submit, startWorker } = await startQueuedPipeline(t)
  const { promise: called, resolve } = Promise.withResolvers<void>()
  list.instead = call => {
    if (call === 1) resolve()
    return call === 1
  }
  const first = startWorker()
  const waiting = submit()
  await called
  const other = startWorker()
  first.child.kill('SIGTERM')
  const [code] = await once(first.child, 'close')
  assert.equal(code, 0)
  assert.equal((await waiting).code, 0)
  await t.waitFor(
    () => assert.equal(other.lines.filter(line => line.endsWith(' is done')).length, 3),
    { timeout: 60_000 }
  )
})

test('C31 parts are kept in S3, for which each worker signs itself', async t => {
  const { environment, calls } = await startS3(t)
  const { run, list, file, startWorker } = await startQueuedPipeline(t)
  startWorker([], environment)
  const args = ['run', 'm.yaml', '--queue', '--dir', 's3://lake/runs/1']
  const { code, err } = await run(args, { environment: { ...environment, API_TOKEN: TOKEN } })
  assert.equal(code, 0, err)
  assert.equal(file('queued.ndjson').split('\n').length, list.records.length + 1)
  // The worker looks once whether the directory is that of the run, and twice where it writes the outputs.
  const heads = calls.filter(call => /^GET .*\/head\.json/.test(call))
  assert.equal(heads.length, 3)
})
