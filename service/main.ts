#!/usr/bin/env node
import './base/forget-proto.ts'

import { once } from 'node:events'

import { errorCode } from './base/error-code.ts'
import { runCommand } from './cli/run-command.ts'
import type { StopReason, Terminal } from './cli/terminal.ts'
import { systemReason } from './cli/terminal.ts'
import { describeError } from './plugins/request-log.ts'

/** Clears the line of the cursor, and returns to its start. */
const CLEAR_LINE = '\r\u001b[2K'

let hasStatus = false

/** The command awaits what it writes, and says itself what became of it. */
let tellsOutput = false

const terminal: Terminal = {
  out: line => void process.stdout.write(`${line}\n`),
  write(text) {
    tellsOutput = true
    return new Promise((resolve, reject) => {
      process.stdout.write(text, error => (error ? reject(error) : resolve()))
    })
  },
  err(line) {
    process.stderr.write(`${hasStatus ? CLEAR_LINE : ''}${line}\n`)
    hasStatus = false
  },
  status(line) {
    if (!process.stderr.isTTY) return
    process.stderr.write(CLEAR_LINE + line.slice(0, process.stderr.columns - 1))
    hasStatus = line !== ''
  },
  get input() {
    return process.stdin
  },
  isShown: { out: process.stdout.isTTY === true, err: process.stderr.isTTY === true },
  environment: process.env,
  directory: process.cwd(),
  untilStopped
}

/** How long the process may take to exit after an uncaught failure (ms). */
const FAILURE_EXIT_MS = 4_500

/**
 * Waits for the first SIGTERM, SIGINT or uncaught failure. A second signal, or a failure while the service
 * stops, ends the process at once.
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
    setTimeout(() => process.exit(1), FAILURE_EXIT_MS).unref()
    resolve({ failure })
  })
  const reason = await Promise.race([sent('SIGTERM'), sent('SIGINT'), failed])
  stopped.abort()
  return reason
}

let isOutputLost = false
process.stdout.on('error', error => {
  if (tellsOutput) return
  const code = errorCode(error) ?? error.name
  // The reader of a pipe may close it early, as `head` does.
  if (code === 'EPIPE') process.exit(0)
  // A service goes on without its output, and a command has failed. It may have ended before this is known.
  process.exitCode ||= 1
  if (!isOutputLost) terminal.err(`the output could not be written: ${systemReason(error) ?? code}`)
  isOutputLost = true
})
process.stderr.on('error', () => {})

const exitCode = await runCommand(process.argv.slice(2), terminal)
process.exitCode = isOutputLost && exitCode === 0 ? 1 : exitCode
