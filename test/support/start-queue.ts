import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'

import { compileCacheEnvironment } from '../../service/processes/compile-cache.ts'
import type { CommandRun } from './run-in-terminal.ts'
import { runInTerminal } from './run-in-terminal.ts'
import type { StartedRedis } from './start-redis.ts'
import { startRedis } from './start-redis.ts'

/** A worker as a process of its own. */
export type StartedWorker = {
  readonly child: ChildProcess
  /** Lines of its standard error. */
  readonly lines: readonly string[]
  /** Resolves when a line matches. */
  until(pattern: RegExp): Promise<void>
}

/** A Redis with a queue, for commands in one directory. */
export type StartedQueue = {
  readonly redis: StartedRedis
  readonly environment: { readonly [name: string]: string }
  /** Runs a command. */
  run(args: readonly string[], more?: Parameters<typeof runInTerminal>[1]): Promise<CommandRun>
  startWorker(args?: readonly string[], environment?: StartedQueue['environment']): StartedWorker
}

/**
 * Starts a Redis and what takes its jobs, until the test ends.
 *
 * @param options Settings of Redis.
 */
export async function startQueue(
  t: TestContext,
  directory: string,
  options: { readonly [name: string]: string } = {}
): Promise<StartedQueue> {
  const redis = await startRedis(t, options)
  const environment = {
    REDIS_URL: redis.url,
    STORE_KEY: randomBytes(32).toString('base64')
  }
  return {
    redis,
    environment,
    run: (args, more = {}) =>
      runInTerminal(args, {
        ...{ directory, ...more },
        environment: { ...environment, ...more.environment }
      }),
    startWorker: (args = [], more = {}) =>
      startWorker(t, directory, { ...environment, ...more }, args)
  }
}

function startWorker(
  t: TestContext,
  directory: string,
  environment: StartedQueue['environment'],
  args: readonly string[]
): StartedWorker {
  const child = spawn(
    process.execPath,
    [join(process.cwd(), 'service/main.ts'), 'worker', ...args],
    {
      cwd: directory,
      env: { ...compileCacheEnvironment(), PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'ignore', 'pipe']
    }
  )
  const lines: string[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stderr }).on('line', line => {
    lines.push(line)
    for (const look of waiting) look()
  })
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
  })
  return {
    child,
    lines,
    until: pattern =>
      new Promise(resolve => {
        const look = (): void => {
          if (!lines.some(line => pattern.test(line))) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      })
  }
}
