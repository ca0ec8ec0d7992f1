import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { numbered, startLongList } from '../support/long-list.ts'
import { startFolder } from '../support/start-folder.ts'
import { startQueue } from '../support/start-queue.ts'
import { closedPort } from '../support/start-upstream.ts'

const TOKEN = 'the-token-of-the-api'

/** A pipeline that is cut into parts of two pages, and a queue. */
async function start(t: TestContext, options: { readonly [name: string]: string } = {}) {
  const list = await startLongList(t, 'offset', numbered(750))
  const directory = startFolder(t)
  const write = (name: string, path: string): void =>
    writeFileSync(
      join(directory, name),
      `CONFIG:
  inputs:
    things:
      url: "${list.url}/things"
      auth: { type: bearer, token: "{{ env.API_TOKEN }}" }
      pagination: { type: offset, page_size: 100 }
      response: { root_key: data }
      rate_limit: { max_retries: 0 }
      partition: { by: page, from: 1, to: 8, count: 4 }
  outputs: { lake: { format: json, path: ${path} } }
`
    )
  write('m.yaml', 'queued.ndjson')
  const queue = await startQueue(t, directory, options)
  const environment = { API_TOKEN: TOKEN }
  const submit = (...args: string[]) =>
    queue.run(['run', 'm.yaml', '--queue', '--dir', 'run', ...args], { environment })
  const file = (name: string): string => readFileSync(join(directory, name), 'utf8')
  const runOf = async () => {
    const { out } = await queue.run(['jobs', '--json'])
    const runs: { run: string; state: string; done: number }[] = JSON.parse(out)
    assert.equal(runs.length, 1)
    return runs[0] ?? assert.fail('no run')
  }
  return { ...queue, list, directory, write, submit, file, runOf }
}

test('C31 workers perform the parts of a queued run, whose output is that of a run without a queue', async t => {
  const { run, list, redis, write, submit, file, runOf, startWorker } = await start(t)
  startWorker('--at-once', '2')
  startWorker()
  const { code, out, err } = await submit()
  assert.equal(code, 0, err)
  const manifest = JSON.parse(out)
  assert.deepEqual(
    [manifest.isComplete, manifest.parts.length, manifest.outputs[0].rows],
    [true, 4, 750]
  )
  assert.ok(list.authorizations.every(each => each === `Bearer ${TOKEN}`))
  write('m.yaml', 'alone.ndjson')
  await run(['run', 'm.yaml', '--dir', 'alone'], { environment: { API_TOKEN: TOKEN } })
  assert.equal(file('queued.ndjson'), file('alone.ndjson'))
  const { run: id, state, done } = await runOf()
  assert.deepEqual([state, done], ['complete', 4])
  assert.equal((await run(['jobs', id])).out, 'm.yaml: complete, 4 of 4 parts are done\n')
  const again = await run(['jobs', id, '--cancel'])
  assert.match(again.err, new RegExp(`the run "${id}" is complete`))
  const kept = await Promise.all(
    (await redis.client.keys('*')).map(async key =>
      (await redis.client.dumpBuffer(key)).toString('latin1')
    )
  )
  assert.ok(kept.length > 0 && kept.every(text => !text.includes(TOKEN)))
})

test('C31 a part that failed is begun again on demand, and the others are not', async t => {
  const { run, list, submit, file, runOf, startWorker } = await start(t)
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
  assert.equal(file('queued.ndjson').split('\n').length, 751)
})

test('C31 a paused run begins nothing until it is resumed', async t => {
  const { run, list, submit, runOf, startWorker } = await start(t)
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
  assert.equal(list.calls.length, 8)
})

test('C31 a cancelled run is stopped, and changes no output', async t => {
  const { run, list, submit, file, runOf, startWorker } = await start(t)
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

test('C31 what a queue needs is said before anything is queued', async t => {
  const { run, redis, list, environment } = await start(t, { 'maxmemory-policy': 'allkeys-lru' })
  const args = ['run', 'm.yaml', '--queue']
  assert.match((await run(args)).err, /--queue needs --dir DIR/)
  const without = { environment: { API_TOKEN: TOKEN, REDIS_URL: '', STORE_KEY: '' } }
  assert.match((await run([...args, '--dir', 'run'], without)).err, /needs REDIS_URL and STORE_KEY/)
  assert.match((await run(['jobs'])).err, /warning: Redis may evict .*, not allkeys-lru/)
  assert.match((await run(['jobs', 'x'])).err, /there is no run "x"/)
  assert.match((await run(['jobs', '--retry'])).err, /--retry needs RUN/)
  assert.match((await run(['jobs', 'x', '--retry', '--pause'])).err, /do not go together/)
  assert.match((await run(['worker', '--at-once', '0'])).err, /--at-once "0" is no whole number/)
  const away = { environment: { REDIS_URL: `redis://${await closedPort()}` } }
  const { code, err } = await run(['jobs'], away)
  assert.deepEqual([code, err], [2, 'the Redis of REDIS_URL does not answer\n'])
  assert.deepEqual(
    [list.calls, await redis.client.dbsize(), environment.STORE_KEY !== ''],
    [[], 0, true]
  )
})
