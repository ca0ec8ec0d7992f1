import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { startQueuedPipeline, TOKEN } from '../support/queued-pipeline.ts'
import { closedPort } from '../support/start-upstream.ts'

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
  appendFileSync(
    join(directory, 'm.yaml'),
    '    api: { format: rest_api, url: "http://127.0.0.1:1/things", schema: [{ name: id, type: long }] }\n'
  )
  const toApi = await run([...args, '--dir', 'run'], { environment: { API_TOKEN: TOKEN } })
  assert.match(toApi.err, /`outputs.api` is an API, which workers do not write to/)
  const away = { environment: { REDIS_URL: `redis://${await closedPort()}` } }
  const { code, err } = await run(['jobs'], away)
  assert.deepEqual([code, err], [2, 'the Redis of REDIS_URL does not answer\n'])
  assert.deepEqual([list.calls, await redis.client.keys('openapi-flow:run*')], [[], []])
})
