import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { COMMON_ASKERS, createAskers, oneAsker } from '../../service/base/askers.ts'
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
  const pool = createProcessPool<
    { readonly act: string; readonly text: string; readonly signal?: string },
    string
  >({
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

/** Waits for the turn of each task and names it when it ends. */
function inOrder(tasks: readonly (readonly [name: string, task: Promise<unknown>])[]) {
  const order: string[] = []
  return Promise.all(tasks.map(async ([name, task]) => [await task, order.push(name)])).then(
    () => order
  )
}

test('H9 a task is in the queue of all who ask for it, and its earliest turn counts', async t => {
  const { pool, run } = startPool(t)
  const others = ['a', 'b'].map(tenant => oneAsker(createOwner(null, tenant)))
  const askers = createAskers(others[0] ?? COMMON_ASKERS)
  const first = run('echo', 'a')
  const flood = Array.from(
    { length: 3 },
    (_, index) => [`flood ${index}`, run('echo', 'a')] as const
  )
  const joined = pool.run({ act: 'echo', text: 'joined' }, askers)
  const late = run('echo', 'c')
  if (others[1] !== undefined) askers.join(others[1])
  const order = await inOrder([['first', first], ...flood, ['joined', joined], ['late', late]])
  assert.deepEqual(order, ['first', 'late', 'joined', 'flood 0', 'flood 1', 'flood 2'])
  assert.deepEqual(await joined, { reply: 'joined!' })
})

test('H9 a full queue of one asker does not refuse a task for which another may wait', async t => {
  const { pool, run } = startPool(t)
  const running = run('echo', 'a')
  const waiting = Array.from({ length: 4 }, () => run('echo', 'a'))
  assert.deepEqual(await run('echo', 'a'), { fault: 'busy' })
  const askers = createAskers(oneAsker(createOwner(null, 'a')))
  askers.join(oneAsker(createOwner(null, 'b')))
  assert.deepEqual(await pool.run({ act: 'echo', text: 'x' }, askers), { reply: 'x!' })
  await Promise.all([running, ...waiting])
})

test('H6 tasks of another door token take the places of one that fills all of them', async t => {
  const { pool, run } = startPool(t, { waiting: 4 })
  const running = run('echo', 'x')
  const flood = Array.from({ length: 5 }, (_, index) => run('echo', `invented ${index}`))
  const another = oneAsker(createOwner('another', 'b'))
  const answers = await Promise.all([1, 2].map(() => pool.run({ act: 'echo', text: 'x' }, another)))
  assert.deepEqual(answers, Array(2).fill({ reply: 'x!' }))
  const ends = await Promise.all([running, ...flood])
  assert.equal(ends.filter(end => 'fault' in end && end.fault === 'busy').length, 3)
})

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGABRT', 'SIGSEGV'] as const) {
  test(`H15 a task whose process is ended by ${signal} from outside is done in a fresh process`, async t => {
    const { pool, logged } = startPool(t)
    const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-pool-'))
    t.after(() => rmSync(directory, { recursive: true }))
    const text = join(directory, 'was-killed')
    const task = { act: 'kill once', text, signal }
    assert.deepEqual(await pool.run(task, COMMON_ASKERS), { reply: `${text}!` })
    assert.equal(logged.length, 1)
  })
}

test('H15 a task whose process is ended from outside twice is given up, and not for its size', async t => {
  const { pool, run, logged } = startPool(t)
  const task = { act: 'kill', text: '', signal: 'SIGKILL' }
  assert.deepEqual(await pool.run(task, COMMON_ASKERS), { fault: 'killed' })
  assert.equal(logged.length, 2)
  assert.deepEqual(await run('echo'), { reply: `${S3CRET}!` })
})

const killAll = (): void => {
  for (const pid of pids()) process.kill(pid, 'SIGKILL')
}

test('H15 a process that is ended while it is idle fails no task', async t => {
  const { run } = startPool(t)
  assert.deepEqual(await run('echo'), { reply: `${S3CRET}!` })
  killAll()
  assert.deepEqual(await run('echo'), { reply: `${S3CRET}!` })
})

test('H15 a process that is ended while it starts fails no task', async t => {
  const { run } = startPool(t)
  const task = run('echo')
  await t.waitFor(() => assert.equal(pids().length, 1), { timeout: PATIENT_MS, interval: 1 })
  killAll()
  assert.deepEqual(await task, { reply: `${S3CRET}!` })
})
