import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

import { compileCacheEnvironment } from '../../service/processes/compile-cache.ts'

/** A command as a process of its own. */
export type ProcessRun = {
  readonly child: ChildProcess & { readonly stdout: Readable }
  /** How it ended, and its standard error. */
  readonly ended: Promise<{
    readonly code: number | null
    readonly signal: NodeJS.Signals | null
    readonly err: string
  }>
}

/**
 * Starts the real command as a process.
 *
 * @param environment All that it has besides `PATH`.
 */
export function runAsProcess(
  directory: string,
  args: readonly string[],
  environment: { readonly [name: string]: string } = {}
): ProcessRun {
  const child = spawn(process.execPath, [join(process.cwd(), 'service/main.ts'), ...args], {
    cwd: directory,
    env: { ...compileCacheEnvironment(), PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const err: Buffer[] = []
  child.stderr.on('data', chunk => err.push(chunk))
  const ended = once(child, 'close').then(([code, signal]) => ({
    code,
    signal,
    err: Buffer.concat(err).toString()
  }))
  return { child, ended }
}
