import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type { ProcessRun } from './run-as-process.ts'
import { runAsProcess } from './run-as-process.ts'
import { batchManifest, sendJson, startRowStore } from './start-row-store.ts'
import { startFolder } from './start-folder.ts'

/** Numbers from 0 below 1, the same in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state / 2 ** 32
  }
}

/**
 * Writes rows to an API that answers 2.5% of the requests with 503 and closes 2.5% of the connections without an answer,
 * half of these after it has applied the rows. The process is killed twice. Asserts that each row is accounted for
 * exactly once: the API's own log has it once where the ledger says saved, at most once where the rejects say unknown.
 *
 * @returns How many rows are unknown.
 */
export async function writeUnderFailures(
  t: TestContext,
  { rows: count, batch, seed }: { rows: number; batch: number; seed: number }
): Promise<number> {
  const store = await startRowStore(t)
  const random = seeded(seed)
  const rows = Array.from(
    { length: count },
    (_, at) => `{"id":${at + 1},"name":"Thing ${at + 1}"}\n`
  )
  const directory = startFolder(t, {
    'm.yaml': batchManifest(
      store.url,
      `batch_size: ${batch}\nrate_limit: { retry_on: [429, 503], max_retries: 8 }`
    ),
    'in.ndjson': rows.join('')
  })
  const args = ['write', 'm.yaml', 'things', '--in', 'in.ndjson']
  const kept = ['--ledger', 'rows.ledger', '--rejects', 'rejects.ndjson', '--concurrency', '8']
  const kills = [Math.floor(count / batch / 3), Math.floor((count / batch) * 0.6)]
  let run: ProcessRun | null = null
  store.instead = ({ rows: sent }, response) => {
    const chance = random()
    if (store.calls.length >= (kills[0] ?? Number.POSITIVE_INFINITY)) {
      kills.shift()
      run?.child.kill('SIGKILL')
    }
    if (chance < 0.025) sendJson(response, 503, { error: 'busy' })
    else if (chance < 0.05) {
      if (chance < 0.0375) store.applied.push(...sent)
      response.destroy()
    } else return false
    return true
  }
  for (const end of ['SIGKILL', 'SIGKILL', null]) {
    run = runAsProcess(directory, [...args, ...kept])
    const { signal, code, err } = await run.ended
    assert.equal(signal, end, err)
    if (end === null) assert.ok(code === 0 || code === 3, err)
  }

  const applied = new Map<unknown, number>()
  for (const { id } of store.applied) applied.set(id, (applied.get(id) ?? 0) + 1)
  const saved = new Set<number>()
  for (const line of linesOf(directory, 'rows.ledger').slice(1)) {
    const { row, is } = JSON.parse(line)
    if (is !== 'saved') continue
    assert.ok(!saved.has(row), `row ${row} was saved twice`)
    saved.add(row)
  }
  const unknown = new Set<number>()
  for (const line of linesOf(directory, 'rejects.ndjson')) {
    const { row, outcome } = JSON.parse(line)
    assert.equal(outcome, 'unknown')
    assert.ok(!unknown.has(row.id), `row ${row.id} is listed twice`)
    unknown.add(row.id)
  }
  for (let id = 1; id <= count; id++) {
    assert.notEqual(saved.has(id), unknown.has(id), `row ${id} is accounted for once`)
    const times = applied.get(id) ?? 0
    assert.ok(saved.has(id) ? times === 1 : times <= 1, `row ${id} was applied ${times} times`)
  }
  return unknown.size
}

function linesOf(directory: string, name: string): string[] {
  return readFileSync(join(directory, name), 'utf8').split('\n').slice(0, -1)
}
