import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { oneAsker } from '../../service/base/askers.ts'
import { createOwner } from '../../service/base/owner.ts'
import type { PoolOptions } from '../../service/processes/process-pool.ts'
import { createProcessPool } from '../../service/processes/process-pool.ts'
import { childrenOf } from '../support/child-processes.ts'

const WORKER = new URL('./odd-worker.ts', import.meta.url)
const S3CRET = 's3cret-text'

/** Far more than any task of these tests needs, so that only a hang ends by it. */
const PATIENT_MS = 60_000

type Ended = {
  readonly worker: string
  readonly code: number | null
  readonly signal: string | null
}
type Logged = Ended & { readonly lines: readonly string[] }

function startPool(t: TestContext, options: Partial<PoolOptions<string>> = {}) {
  const logged: unknown[] = []
  const pool = createProcessPool<{ readonly act: string; readonly text: string }, string>({
    worker: WORKER,
    processes: 1,
    waiting: 100,
    waitingOfOwner: 4,
    timeMs: PATIENT_MS,
    memoryMb: 64,
    idleMs: PATIENT_MS,
    isReply: message => typeof message === 'string',
    warn: (message, facts) => logged.push({ message, ...facts }),
    ...options
  })
  t.after(() => pool.close())
  const run = (act: string, owner = 'acme') =>
    pool.run({ act, text: S3CRET }, oneAsker(createOwner(null, owner)))
  /** The only line of the log, once it is there. */
  const told = async (): Promise<Logged> => {
    while (logged.length === 0) await wait(5)
    assert.equal(logged.length, 1)
    return JSON.parse(JSON.stringify(logged[0]))
  }
  return { pool, run, logged, told }
}

const pids = (): number[] => childrenOf(process.pid).map(({ pid }) => pid)

test('a process runs one task at a time', async t => {
  const { run } = startPool(t)
  const done = await Promise.all([run('echo'), run('echo', 'globex')])
  assert.deepEqual(done, [{ reply: `${S3CRET}!` }, { reply: `${S3CRET}!` }])
  assert.equal(pids().length, 1)
})

for (const [act, ended] of [
  ['throw', { code: 1, signal: null }],
  ['parse', { code: 1, signal: null }],
  ['exit', { code: 7, signal: null }],
  ['grow', { code: null, signal: 'SIGABRT' }]
] as const) {
  test(`R23 a worker that ends by "${act}" leaves its reason in the log, without what it was given`, async t => {
    const { run, told } = startPool(t)
    assert.deepEqual(await run(act), { fault: 'large' })
    const { worker, code, signal, lines } = await told()
    assert.deepEqual({ worker, code, signal }, { worker: 'odd-worker.ts', ...ended })
    const said = lines.join('\n')
    assert.ok(!said.includes(S3CRET), said)
    const reason = { throw: /^TypeError\n\s+at /, parse: /^SyntaxError\n/, exit: /^$/ }
    assert.match(said, act === 'grow' ? /FATAL ERROR: .*heap out of memory/ : reason[act])
    assert.deepEqual(await run('echo'), { reply: `${S3CRET}!` })
  })
}

test('R23 stopping a process logs no crash', async t => {
  const { pool, run, logged } = startPool(t, { timeMs: 200 })
  assert.deepEqual(await run('hang'), { fault: 'slow' })
  await pool.prepare()
  await pool.close()
  assert.deepEqual(logged, [])
})

test('closing the pool kills a process that is still starting, and rejects who waits for it', async t => {
  const { pool, run } = startPool(t)
  const before = pids().length
  const [first, second, preparing] = [run('echo'), run('hang'), pool.prepare()]
  const prepared = preparing.then(
    () => 'is there',
    (error: unknown) => String(error)
  )
  while (pids().length < before + 2) await wait(1)
  await pool.close()
  assert.deepEqual([await first, await second], [{ fault: 'closed' }, { fault: 'closed' }])
  assert.match(await prepared, /did not start/)
  assert.equal(pids().length, before)
  assert.deepEqual(await run('echo'), { fault: 'closed' })
})

test('running and queued tasks resolve to closed when the pool is closed', async t => {
  const { pool, run } = startPool(t)
  await pool.prepare()
  const tasks = [run('hang'), run('echo'), run('echo', 'globex')]
  await wait(0)
  await pool.close()
  assert.deepEqual(await Promise.all(tasks), Array(3).fill({ fault: 'closed' }))
})

test('a worker that does not start is an error of ours, and leaves its reason in the log', async t => {
  for (const worker of ['./no-such-worker.ts', './process-pool.test.ts.txt']) {
    const { run, told } = startPool(t, { worker: new URL(worker, import.meta.url) })
    await assert.rejects(run('echo'), /did not start/)
    const { code, lines } = await told()
    assert.equal(code, 1)
    assert.match(lines.join('\n'), /^Error\n/)
  }
})
