import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'node:test'

import { withProcesses } from '../../bench/processes.ts'

const API = './tickets-api.ts'

test('a measurement that fails leaves no process behind', async () => {
  const pids: number[] = []
  const failing = withProcesses(async start => {
    pids.push((await start(API)).pid, (await start('./redis.ts')).pid)
    throw new Error('the answers differ')
  })
  await assert.rejects(failing, /the answers differ/)
  assert.equal(pids.length, 2)
  assert.deepEqual(pids.filter(isRunning), [])
})

test('a process that ends before it answers fails the measurement, which says which', async () => {
  const asked = withProcesses(start => start('../test/bench/ending-process.ts'))
  await assert.rejects(asked, /ending-process\.ts ended with 3 before it answered/)
})

test('the processes of a measurement that is killed end by themselves', async () => {
  const measurement = fork(new URL('endless-measurement.ts', import.meta.url), { execArgv: [] })
  const [pid] = await once(measurement, 'message')
  assert.ok(isRunning(Number(pid)))
  measurement.kill('SIGKILL')
  await once(measurement, 'exit')
  while (isRunning(Number(pid))) await wait(20)
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
