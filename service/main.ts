#!/usr/bin/env node
import './base/forget-proto.ts'

import { once } from 'node:events'

import { runCommand } from './cli/run-command.ts'
import type { StopReason } from './cli/terminal.ts'
import { describeError } from './plugins/request-log.ts'

const terminal = {
  out: (line: string) => process.stdout.write(`${line}\n`),
  err: (line: string) => process.stderr.write(`${line}\n`),
  environment: process.env,
  directory: process.cwd()
}

/** Milliseconds after a failure that nobody has caught, in which the process ends whatever holds it up. */
const FAILED_END_MS = 4_500

/**
 * The first signal to stop, or failure that nobody has caught. A second signal is left to the system, which
 * ends the process; so does a failure while it stops.
 */
async function untilStopped(): Promise<StopReason> {
  const stopped = new AbortController()
  const { signal } = stopped
  const sent = (name: 'SIGTERM' | 'SIGINT'): Promise<StopReason> =>
    once(process, name, { signal }).then(() => name)
  const { promise: failed, resolve } = Promise.withResolvers<StopReason>()
  process.on('uncaughtException', (failure: unknown) => {
    if (signal.aborted) {
      const { type, stack } = describeError(failure)
      terminal.err(`the service failed while it stopped: ${type}\n${stack}`)
      process.exit(1)
    }
    setTimeout(() => process.exit(1), FAILED_END_MS).unref()
    resolve({ failure })
  })
  const reason = await Promise.race([sent('SIGTERM'), sent('SIGINT'), failed])
  stopped.abort()
  return reason
}

// Whoever reads the output may stop reading, as `head` does.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runCommand(process.argv.slice(2), terminal, untilStopped)
