#!/usr/bin/env node
import { once } from 'node:events'

import { runCommand } from './cli/run-command.ts'
import type { StopReason } from './cli/terminal.ts'

// What a document or a request names `__proto__` is nowhere more than a name (security row B8).
Reflect.deleteProperty(Object.prototype, '__proto__')

const terminal = {
  out: (line: string) => process.stdout.write(`${line}\n`),
  err: (line: string) => process.stderr.write(`${line}\n`),
  environment: process.env,
  directory: process.cwd()
}

/** The first signal to stop; a second one is left to the system, which ends the process. */
async function untilStopped(): Promise<StopReason> {
  const stopped = new AbortController()
  const { signal } = stopped
  const sent = (name: 'SIGTERM' | 'SIGINT'): Promise<StopReason> =>
    once(process, name, { signal }).then(() => name)
  const reason = await Promise.race([sent('SIGTERM'), sent('SIGINT')])
  stopped.abort()
  return reason
}

// Whoever reads the output may stop reading, as `head` does.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runCommand(process.argv.slice(2), terminal, untilStopped)
