import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'

import { compileCacheEnvironment } from '../../service/processes/compile-cache.ts'

/** How a process ended. */
export type Ended = { readonly code: number | null; readonly signal: string | null }

/** A command that runs as a process. */
export type StartedMain = {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export type StartedServe = StartedMain & {
  /** The address that it printed. */
  readonly url: string
  /** The lines that it has written to its standard output since. */
  readonly lines: readonly string[]
}

/** Settings by their names in the environment. */
type Environment = { readonly [name: string]: string }

/**
 * Starts the real command `serve`, until the test ends.
 *
 * @param environment Settings; by default 127.0.0.1 may be called, nothing is logged, a stop is short, and
 *   a document may take long to compile.
 * @param preload Modules to load first.
 */
export function startMain(
  t: TestContext,
  environment: Environment,
  preload: readonly string[] = []
): StartedMain {
  const options = preload.flatMap(module => ['--import', module])
  const child = spawn(process.execPath, [...options, 'service/main.ts', 'serve'], {
    env: {
      ...compileCacheEnvironment(),
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      EGRESS_ALLOW: '127.0.0.1',
      SHUTDOWN_GRACE_MS: '400',
      COMPILE_TIMEOUT_MS: '120000',
      ...environment
    }
  })
  t.after(() => child.kill('SIGKILL'))
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  return { child, ended }
}

/** Starts `serve` and waits until it has printed its address. */
export async function startServe(
  t: TestContext,
  environment: Environment = {},
  preload: readonly string[] = []
): Promise<StartedServe> {
  const { child, ended } = startMain(t, environment, preload)
  assert.ok(child.stdout)
  const output = createInterface({ input: child.stdout })
  const [line]: string[] = await once(output, 'line')
  const url = /^openapi-flow listens at (http:\/\/\S+)$/.exec(line ?? '')?.[1]
  assert.ok(url, line)
  const lines: string[] = []
  output.on('line', line => lines.push(line))
  return { child, url, lines, ended }
}

/** Reads standard error to its end. */
export async function readAll({ stderr }: ChildProcess): Promise<string> {
  assert.ok(stderr)
  return (await stderr.toArray()).join('')
}

/** Waits until an address refuses connections. */
export async function untilRefused(url: string): Promise<void> {
  const { hostname, port } = new URL(url)
  for (;;) {
    const socket = connect(Number(port), hostname)
    const isTaken = await once(socket, 'connect').then(
      () => true,
      () => false
    )
    socket.destroy()
    if (!isTaken) return
  }
}
