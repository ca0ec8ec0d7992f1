import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { makeMachineRateLimit } from '../../service/cli/run/machine-rate-limit.ts'
import { createProcessClock } from '../support/process-clock.ts'

const SOURCE = pathToFileURL('service/cli/run/machine-rate-limit.ts').href

/** One call a minute. */
const SCRIPT = `const { openMachineRateLimit } = await import('${SOURCE}')
const request = { windows: [{ calls: 1, ms: 60_000 }], afterMs: 0, withinMs: Infinity, allowance: null, instead: null }
const { waitMs } = await openMachineRateLimit(process.argv[1]).take('api', request)
console.log(waitMs)`

test('C31 H01 a rate limit of a machine holds while somebody sets its clock', async t => {
  const clock = createProcessClock(t)
  const { path, remove } = await makeMachineRateLimit()
  t.after(remove)
  const waits: number[] = []
  for (const seconds of [0, 3_600, -3_600]) {
    clock.set(seconds)
    const env = { ...process.env, ...clock.environment }
    const args = ['--input-type=module', '-e', SCRIPT, path]
    const { stdout } = await promisify(execFile)(process.execPath, args, { env })
    waits.push(Number(stdout))
  }
  const [first = -1, second = -1, third = -1] = waits
  assert.equal(first, 0)
  assert.ok(second > 30_000 && second <= 60_000, `${second}`)
  assert.ok(third > 90_000 && third <= 120_000, `${third}`)
})
