import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { createRandom } from '../../bench/seeded-random.ts'
import { assertRate } from '../support/assert-rate.ts'
import { numbered, startLongList } from '../support/long-list.ts'
import { startFolder } from '../support/start-folder.ts'
import { startQueue } from '../support/start-queue.ts'

const SEED = 21
const PARTS = 8
const PAGES = 48
const PAGE_SIZE = 25
const RATE = 2

/** How late a call may come to the API, on a busy machine (ms). */
const DELAY_MS = 1_000

/** How long Redis is away (ms). */
const AWAY_MS = 700

function manifestOf(url: string, path: string, rest: string): string {
  return `CONFIG:
  inputs:
    things:
      url: "${url}/things"
      pagination: { type: offset, page_size: ${PAGE_SIZE} }
      response: { root_key: data }
      schema: [{ name: id, type: long }, { name: name, type: string }, { name: size, type: long }]
${rest}
  outputs: { lake: { format: json, path: ${path} } }
`
}

test('C31 H01 four workers, two of which are killed, and Redis once, write what a single run writes, under one rate limit', async t => {
  const list = await startLongList(t, 'offset', numbered(PAGES * PAGE_SIZE))
  const cut = `      rate_limit: { requests_per_second: ${RATE} }
      partition: { by: page, from: 1, to: ${PAGES}, count: ${PARTS} }`
  const directory = startFolder(t, {
    'single.yaml': manifestOf(list.url, 'single.ndjson', ''),
    'queued.yaml': manifestOf(list.url, 'queued.ndjson', cut)
  })
  const { redis, run, startWorker } = await startQueue(t, directory, { appendonly: 'yes' })
  const sortedLines = (name: string): string =>
    readFileSync(join(directory, name), 'utf8').split('\n').toSorted().join('\n')
  assert.equal((await run(['run', 'single.yaml'])).code, 0)

  const random = createRandom(SEED)
  const workers = [1, 2, 3, 4].map(() => startWorker())
  await Promise.all(workers.map(({ until }) => until(/waiting for parts/)))
  const calls: number[] = []
  const killWorker = (): void => {
    const [worker] = workers.splice(Math.floor(random() * workers.length), 1)
    worker?.child.kill('SIGKILL')
  }
  const restarted: Promise<void>[] = []
  const killRedis = (): void => {
    const restart = async (): Promise<void> => {
      await redis.kill()
      await wait(AWAY_MS)
      await redis.restart()
    }
    restarted.push(restart())
  }
  const moment = (): number => 4 + Math.floor(random() * (PAGES / 2))
  const faults = [killWorker, killWorker, killRedis].map(fault => ({ at: moment(), fault }))
  list.instead = () => {
    calls.push(performance.now())
    for (const { at, fault } of faults) if (at === calls.length) fault()
    return false
  }
  const { code, out, err } = await run(['run', 'queued.yaml', '--queue', '--dir', 'parts'])
  await Promise.all(restarted)
  assert.equal(code, 0, err)
  assert.deepEqual([workers.length, restarted.length], [2, 1])

  assert.equal(sortedLines('queued.ndjson'), sortedLines('single.ndjson'))
  const manifest = JSON.parse(out)
  const [file] = manifest.outputs[0].files
  const bytes = readFileSync(join(directory, 'queued.ndjson'))
  assert.equal(file.sha256, createHash('sha256').update(bytes).digest('hex'))
  assert.deepEqual(
    manifest.parts.map(({ rows }: { rows: number }) => rows),
    Array(PARTS).fill((PAGES / PARTS) * PAGE_SIZE)
  )
  assert.deepEqual(
    readdirSync(join(directory, 'parts')).filter(name => name.endsWith('.ndjson')),
    []
  )
  assertRate(calls, RATE, DELAY_MS)
  const closest = Math.min(...calls.slice(RATE).map((at, index) => at - (calls[index] ?? 0)))
  assert.ok(closest < 1_500, `${RATE} calls took ${closest} ms, so that nothing was held back`)
})
