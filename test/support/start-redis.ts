import type { ChildProcess } from 'node:child_process'
import type { TestContext } from 'node:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import type { Redis } from 'ioredis'

import { createRedis } from '../../service/store/create-redis.ts'
import { redisServer } from './redis-server.ts'
import { closedPort } from './start-upstream.ts'

export type StartedRedis = {
  readonly url: string
  /** Sends a command; waits until the server is up. */
  readonly client: Redis
  /** It takes connections and commands, and answers nothing. */
  freeze(): void
  thaw(): void
  /** Ends it with all that it holds. */
  kill(): Promise<void>
  /** Starts it again where it was, empty. */
  restart(): Promise<void>
}

/**
 * Starts a redis-server on a free port, until the test ends.
 *
 * @param options Redis settings by name, such as `{ maxmemory: '8mb' }`.
 */
export async function startRedis(
  t: TestContext,
  options: { readonly [name: string]: string } = {}
): Promise<StartedRedis> {
  const command = redisServer()
  const [, port = ''] = (await closedPort()).split(':')
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-redis-'))
  const settings = { ...ALONE, ...options, port, dir: directory }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  let child = await started(command, args)

  const url = `redis://127.0.0.1:${port}`
  const client = createRedis(url, {
    ...(options.requirepass === undefined ? {} : { password: options.requirepass }),
    maxRetriesPerRequest: null,
    retryStrategy: () => 20
  })
  // It is gone whenever a test wants it to be.
  client.on('error', () => {})
  t.after(async () => {
    client.disconnect()
    await ended(child)
    rmSync(directory, { recursive: true })
  })
  return {
    url,
    client,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () => ended(child),
    async restart() {
      child = await started(command, args)
    }
  }
}

/** The Redis of `REDIS_URL`, for tests that leave it alone; else one of the test's own. */
export async function redisUrl(t: TestContext): Promise<string> {
  return process.env.REDIS_URL ?? (await startRedis(t)).url
}

const ALONE = { bind: '127.0.0.1', save: '', appendonly: 'no' }

async function started(command: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', line => {
    if (line.includes('Ready to accept connections')) resolve()
  })
  child.once('exit', () => reject(new Error('redis-server ended before it was ready')))
  await ready
  return child
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}
