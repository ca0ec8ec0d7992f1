import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { assertRate } from '../support/assert-rate.ts'
import { childrenOf } from '../support/child-processes.ts'
import type { CommandRun } from '../support/run-in-terminal.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFolder } from '../support/start-folder.ts'
import { startUpstream } from '../support/start-upstream.ts'

/** Starts an API with a list of numbers that is cut by id, and a pipeline of it. */
async function start(t: TestContext, { count = 80, rate = 0 } = {}) {
  const api = {
    url: '',
    calls: [] as { readonly at: number; readonly from: number }[],
    instead: (_from: number): boolean => false,
    refused: -1
  }
  api.url = await startUpstream(t, (request, response) => {
    const { searchParams } = new URL(request.url ?? '', api.url)
    const number = (name: string, usual: number): number => Number(searchParams.get(name) ?? usual)
    const [from, to] = [number('min_id', 0), number('max_id', count + 1)]
    api.calls.push({ at: performance.now(), from })
    if (api.instead(from)) return
    if (from === api.refused) return void response.writeHead(403).end()
    const offset = number('offset', 0)
    const ids = Array.from({ length: count }, (_, at) => at + 1).filter(id => id >= from && id < to)
    const data = ids.slice(offset, offset + 10).map(id => ({ id }))
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }))
  })
  const directory = startFolder(t, {
    'm.yaml': `CONFIG:
  inputs:
    things:
      url: "${api.url}/things"
      pagination: { type: offset, page_size: 10 }
      response: { root_key: data }
      ${rate === 0 ? '' : `rate_limit: { requests_per_second: ${rate} }`}
      partition: { by: id, from: 1, to: ${count + 1}, count: 4, from_param: min_id, to_param: max_id }
  outputs: { lake: { format: json, path: things.ndjson } }
`
  })
  const run = (options: readonly string[]): Promise<CommandRun> =>
    runInTerminal(['run', 'm.yaml', ...options], { directory })
  const rows = (): unknown[] =>
    readFileSync(join(directory, 'things.ndjson'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line).id)
  return { api, run, rows, directory, all: Array.from({ length: count }, (_, at) => at + 1) }
}

test('C31 workers read parts at once under one rate limit, and the rows are in the order of the parts', async t => {
  const rate = 5
  const { api, run, rows, all, directory } = await start(t, { rate, count: 200 })
  const { code, out, err } = await run(['--workers', '2'])
  assert.equal(code, 0, err)
  assert.deepEqual(rows(), all)
  assert.equal(JSON.parse(out).parts.length, 4)
  assert.deepEqual(readdirSync(directory).toSorted(), ['m.yaml', 'things.ndjson'])
  assert.equal(api.calls.length, 24)
  // Two workers with a limit each would need half of the time, and be found even with a delay of a second.
  assertRate(
    api.calls.map(({ at }) => at),
    rate,
    1_000
  )
})

test('C31 parts whose processes are killed are begun again', async t => {
  const { api, run, rows, all } = await start(t)
  let isKilled = false
  api.instead = from => {
    if (from !== 40 || isKilled) return false
    isKilled = true
    for (const { pid } of childrenOf(process.pid)) process.kill(pid, 'SIGKILL')
    return true
  }
  const { code, err } = await run(['--workers', '2'])
  assert.equal(code, 0, err)
  assert.match(err, /the process of part \d has ended; the part is begun again/)
  assert.deepEqual(rows(), all)
})

test('C31 a part that the API refuses ends all workers, and the same command goes on', async t => {
  const { api, run, rows, all } = await start(t)
  api.refused = 40
  const failed = await run(['--workers', '2'])
  assert.match(failed.err, /\[API_ERROR\]/)
  assert.match(
    failed.err,
    /"m\.yaml\.run" has the parts that are complete: the same command goes on/
  )
  assert.equal(failed.code, 1)
  api.refused = -1
  const { code, err } = await run(['--workers', '2'])
  assert.equal(code, 0, err)
  assert.deepEqual(rows(), all)
})

for (const { options, says } of [
  { options: ['--workers', '0'], says: /^--workers "0" is not a whole number from 1 to 64/ },
  { options: ['--workers', '65'], says: /is not a whole number from 1 to 64/ },
  { options: ['--workers', '2', '--commit', '--dir', 'd'], says: /do not go together/ }
]) {
  test(`C31 run ${options.join(' ')} is refused`, async t => {
    const { api, run } = await start(t)
    const { code, err } = await run(options)
    assert.match(err, says)
    assert.deepEqual([code, api.calls], [2, []])
  })
}
