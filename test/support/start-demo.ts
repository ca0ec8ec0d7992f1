import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import type { Lifetime } from './lifetime.ts'

export type StartedDemo = {
  /** The address of the workbench, as the demo tells it. */
  readonly workbench: string
  /** Of the help desk, without a slash at its end. */
  readonly api: string
  readonly apiKey: string
}

/** Runs `npm run demo` until the test ends, and reads what it tells people to open. */
export async function startDemo(t: Lifetime): Promise<StartedDemo> {
  const child = spawn(process.execPath, ['demo/run-demo.ts'], {
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const closed = once(child, 'close')
  t.after(async () => {
    child.kill('SIGTERM')
    await closed
  })
  let workbench = ''
  for await (const line of createInterface({ input: child.stdout })) {
    const [, what, url = '', apiKey = ''] =
      /^ {2}(workbench|help desk) +(\S+) +API key (\S+)$/.exec(line) ?? []
    if (what === 'workbench') workbench = url
    if (what === 'help desk') return { workbench, api: url, apiKey }
  }
  return assert.fail('the demo has ended before it told what to open')
}
