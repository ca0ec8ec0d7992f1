import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { startQueuedPipeline, TOKEN } from '../support/queued-pipeline.ts'
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
  assert.match((await run(['worker', '--at-once', '0'])).err, /--at-once "0" is no whole number/)
  appendFileSync(join(directory, 'm.yaml'), apiOutput('http://127.0.0.1:1'))
  const toApi = await run([...args, '--dir', 's3://lake/run'], { environment: IN_S3 })
  assert.match(toApi.err, /`outputs.api` needs a directory of this machine/)
  const away = { environment: { REDIS_URL: `redis://${await closedPort()}` } }
  const { code, err } = await run(['jobs'], away)
  assert.deepEqual([code, err], [2, 'the Redis of REDIS_URL does not answer\n'])
  assert.deepEqual([list.calls, await redis.client.keys('openapi-flow:run*')], [[], []])
})
