import type { ChildProcess, ForkOptions } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * Starts a process for work that may take all time and memory there is, once it has said that it is ready.
 * It gets nothing of this one: neither its options nor its environment, which holds secrets.
 *
 * @param worker What it runs, which sends a message when it is ready.
 */
export async function startedChild(
  worker: URL,
  options: Pick<ForkOptions, 'execArgv' | 'serialization'>
): Promise<ChildProcess> {
  const child = fork(fileURLToPath(worker), {
    ...options,
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc']
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const failed = (): void => reject(new Error('a process of the service did not start'))
  child.on('error', reject)
  child.once('exit', failed)
  child.once('message', () => resolve())
  await promise
  child.off('exit', failed)
  return child
}

export function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}

/** Ends a process, and waits until it is gone. */
export async function endedChild(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return
  child.ref()
  child.kill('SIGKILL')
  await once(child, 'exit')
}
