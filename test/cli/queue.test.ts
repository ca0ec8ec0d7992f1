import assert from 'node:assert/strict'
import { once } from 'node:events'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { holdFirstCall, startQueuedPipeline, TOKEN } from '../support/queued-pipeline.ts'
import { startRowStore } from '../support/start-row-store.ts'
import { closedPort } from '../support/start-upstream.ts'

const IN_S3 = {
  API_TOKEN: TOKEN,
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
  AWS_REGION: 'c'
}

/** A further output of a manifest. */
function apiOutput(url: string): string {
  return `    api: { format: rest_api, url: "${url}/things", schema: [{ name: id, type: long }, { name: name, type: string }] }\n`
}

test('C31 workers perform the parts of a queued run, whose output is that of a run without a queue', async t => {
  const { run, list, redis, write, submit, file, runOf, startWorker } = await startQueuedPipeline(t)
  startWorker(['--at-once', '2'])
  const { code, out, err } = await submit()
  assert.equal(code, 0, err)
  const manifest = JSON.parse(out)
  assert.deepEqual(
    [manifest.isComplete, manifest.parts.length, manifest.outputs[0].rows],
    [true, 2, 350]
  )
  assert.ok(list.authorizations.every(each => each === `Bearer ${TOKEN}`))
  write('m.yaml', 'alone.ndjson')
  await run(['run', 'm.yaml', '--dir', 'alone'], { environment: { API_TOKEN: TOKEN } })
  assert.equal(file('queued.ndjson'), file('alone.ndjson'))
  const { run: id, state, done } = await runOf()
  assert.deepEqual([state, done], ['complete', 2])
  assert.equal((await run(['jobs', id])).out, 'm.yaml: complete, 2 of 2 parts are done\n')
  const again = await run(['jobs', id, '--cancel'])
  assert.match(again.err, new RegExp(`the run "${id}" is complete`))
  const kept = await Promise.all(
    (await redis.client.keys('*')).map(async key =>
      (await redis.client.dumpBuffer(key)).toString('latin1')
    )
  )
  assert.ok(kept.length > 0 && kept.every(text => !text.includes(TOKEN)))
})

test('C31 a queued run writes its rows to an API once, from the command that waits for it', async t => {
  const store = await startRowStore(t)
  const { submit, file, directory, runOf, startWorker } = await startQueuedPipeline(t)
  appendFileSync(join(directory, 'm.yaml'), apiOutput(store.url))
  startWorker(['--at-once', '2'])
  let refusals = 1
  store.instead = (_, response) => {
    if (refusals === 0) return false
    refusals--
    response.writeHead(503).end()
    return true
  }
  const { code, out, err } = await submit()
  assert.equal(code, 0, err)
  const { isComplete, outputs } = JSON.parse(out)
  assert.deepEqual([isComplete, outputs.length], [true, 2])
  const ids = store.applied.map(({ id }) => Number(id))
  assert.deepEqual(
    ids.toSorted((a, b) => a - b),
    Array.from({ length: 350 }, (_, index) => index + 1)
  )
  assert.equal(file('queued.ndjson').split('\n').length, 351)
  assert.equal((await runOf()).state, 'complete')
  const calls = store.calls.length
  const again = await submit()
  assert.deepEqual([again.code, again.out, store.calls.length], [0, out, calls], again.err)
})

test('C31 what a queue needs is said before anything is queued', async t => {
  const { run, redis, list, directory } = await startQueuedPipeline(t, {
    'maxmemory-policy': 'allkeys-lru'
  })
  const args = ['run', 'm.yaml', '--queue']
  assert.match((await run(args)).err, /--queue needs --dir DIR/)
  const without = { environment: { API_TOKEN: TOKEN, REDIS_URL: '', STORE_KEY: '' } }
  assert.match((await run([...args, '--dir', 'run'], without)).err, /needs REDIS_URL and STORE_KEY/)
  assert.match((await run(['jobs'])).err, /warning: Redis may evict .*, not allkeys-lru/)
  assert.match((await run(['jobs', 'x'])).err, /there is no run "x"/)
  assert.match((await run(['jobs', '--retry'])).err, /--retry needs RUN/)
  assert.match((await run(['jobs', 'x', '--retry', '--pause'])).err, /do not go together/)
  assert.match(
    (await run(['worker', '--at-once', '0'])).err,
    /--at-once "0" is not a whole number from 1 to 64/
  )
  appendFileSync(join(directory, 'm.yaml'), apiOutput('http://127.0.0.1:1'))
  const toApi = await run([...args, '--dir', 's3://lake/run'], { environment: IN_S3 })
  assert.match(toApi.err, /`outputs.api` needs a directory of this machine/)
  const away = { environment: { REDIS_URL: `redis://${await closedPort()}` } }
  const { code, err } = await run(['jobs'], away)
  assert.deepEqual([code, err], [2, 'the Redis of REDIS_URL does not answer (ECONNREFUSED)\n'])
  assert.deepEqual([list.calls, await redis.client.keys('openapi-flow:run*')], [[], []])
})

test('C31 a Redis that refuses is told with what it refuses', async t => {
  const { run, redis } = await startQueuedPipeline(t)
  await redis.client.acl('SETUSER', 'queue', 'on', '>right', '+@all', '~*', '&*', '-info')
  const as = (user: string) => ({
    environment: { REDIS_URL: redis.url.replace('//', `//${user}@`) }
  })
  const wrong = await run(['jobs'], as('queue:wrong'))
  assert.equal(wrong.err, 'the Redis of REDIS_URL refuses its user or password (WRONGPASS)\n')
  assert.equal(wrong.code, 2)
  const { code, err } = await run(['jobs'], as('queue:right'))
  assert.match(
    err,
    /^warning: Redis does not say whether it may evict runs and jobs \(NOPERM\); set/
  )
  assert.equal(code, 0)
  // Nothing is left open.
  const clients = async (): Promise<number> =>
    String(await redis.client.client('LIST'))
      .trim()
      .split('\n').length
  while ((await clients()) > 1) await wait(10)
})

test('C31 a worker with another STORE_KEY ends, and its part is performed by others', async t => {
  const { submit, startWorker, file } = await startQueuedPipeline(t)
  const other = startWorker([], { STORE_KEY: Buffer.alloc(32, 7).toString('base64') })
  const ended = once(other.child, 'close')
  const waiting = submit()
  const [code] = await ended
  assert.equal(code, 2)
  assert.match(
    other.lines.join('\n'),
    /^this worker has another STORE_KEY than the command that gave the run; set the same/m
  )
  startWorker()
  const run = await waiting
  assert.equal(run.code, 0, run.err)
  assert.equal(file('queued.ndjson').split('\n').length, 351)
})

test('C31 Ctrl-C ends the wait for a run also while Redis is away', async t => {
  const { redis, run } = await startQueuedPipeline(t)
  const stop = Promise.withResolvers<'SIGINT'>()
  const waiting = run(['run', 'm.yaml', '--queue', '--dir', 'run'], {
    environment: { API_TOKEN: TOKEN },
    stopped: stop.promise
  })
  while ((await redis.client.keys('openapi-flow:run:*')).length === 0) await wait(5)
  await redis.kill()
  stop.resolve('SIGINT')
  const { code, err } = await waiting
  assert.equal(code, 3)
  assert.match(err, /The run goes on: `openapi-flow jobs|stopped before all parts were queued/)
})

test('C31 a run that Redis has lost is given to the workers again by the same command', async t => {
  const { redis, list, submit, file, startWorker } = await startQueuedPipeline(t)
  const lost = submit()
  while ((await redis.client.keys('openapi-flow:run:*')).length === 0) await wait(5)
  await redis.client.flushall()
  const { code, err } = await lost
  assert.match(err, /Redis has lost the run [\w-]+: the same command gives it to the workers again/)
  assert.equal(code, 1)
  startWorker()
  const again = await submit()
  assert.equal(again.code, 0, again.err)
  assert.deepEqual([file('queued.ndjson').split('\n').length, list.calls.length], [351, 4])
})

test('C31 a worker that Redis refuses to tell something keeps its part', async t => {
  const { redis, list, submit, startWorker } = await startQueuedPipeline(t)
  const { called, answer } = holdFirstCall(list)
  const worker = startWorker()
  const waiting = submit()
  await called
  await redis.client.acl('SETUSER', 'default', '-hmget')
  // Both ask: the worker whether it holds its part, and the command how far the run is.
  const { code, err } = await waiting
  assert.equal(code, 2)
  assert.match(err, /Redis refuses a command \(NOPERM\)/)
  const refused = async (): Promise<number> =>
    JSON.stringify(await redis.client.acl('LOG')).split('hmget').length - 1
  await redis.client.acl('LOG', 'RESET')
  while ((await refused()) === 0) await wait(50)
  await redis.client.acl('SETUSER', 'default', '+hmget')
  answer()
  const again = await submit()
  assert.equal(again.code, 0, again.err)
  assert.equal(worker.child.exitCode, null)
  assert.equal(list.calls.length, 4)
})

test('C31 a rate limit that Redis refuses to keep fails the part, with what to do', async t => {
  const { redis, directory, submit, list, startWorker } = await startQueuedPipeline(t)
  const file = join(directory, 'm.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('max_retries: 0', 'max_retries: 0, requests_per_second: 50'))
  const keys = ['~openapi-flow:run*', '~openapi-flow:parts*']
  await redis.client.acl('SETUSER', 'queue', 'on', '>right', '+@all', '&*', ...keys)
  startWorker([], { REDIS_URL: redis.url.replace('//', '//queue:right@') })
  const { code, err } = await submit()
  assert.match(err, /parts 0, 1: the Redis of REDIS_URL refuses what a rate limit needs \(NOPERM\)/)
  assert.deepEqual([code, list.calls], [1, []])
})

for (const command of [['worker'], ['run', 'm.yaml', '--queue', '--dir', 'run']]) {
  test(`C31 ${command[0]} tells an uncaught failure by which it ends`, async t => {
    const { run } = await startQueuedPipeline(t)
    const { code, err } = await run(command, {
      environment: { API_TOKEN: TOKEN },
      stopped: Promise.resolve({ failure: new TypeError('secret') })
    })
    assert.match(err, /^the command failed: TypeError\n +at /m)
    assert.doesNotMatch(err, /secret/)
    assert.notEqual(code, 0)
  })
}
