import type { JsonObject } from '../../base/json.ts'
import type { RunPart } from '../../bulk/partition.ts'
import type { ConfigurationValues } from '../../operations/types.ts'
import type { Child } from '../../processes/child-process.ts'
import { isAlive, runLongTask, startChild, stopChild } from '../../processes/child-process.ts'
import type { CommandContext } from '../command.ts'
import { CommandError } from '../terminal.ts'
import { makeMachineRateLimit } from './machine-rate-limit.ts'
import type { WorkerTask } from './worker-task.ts'

/** A source file in a checkout, a compiled one in the package, as this file. */
const WORKER = new URL(`./worker-process${import.meta.url.slice(-3)}`, import.meta.url)

/** Memory limit of a worker (MB). */
const MEMORY_MB = 1_024

/** How often a part is begun at most, by workers that die. */
const STARTS_MAX = 5

/** The command whose parts are read. */
export type WorkersScope = {
  readonly context: CommandContext
  /** FILE as it was typed. */
  readonly name: string
  readonly configuration: ConfigurationValues
  readonly partition: JsonObject
  readonly workers: number
  /** Ends all workers. */
  readonly signal: AbortSignal
}

/**
 * Reads parts of a run in processes of this machine, several at once, under one rate limit. A part whose process dies is
 * begun again by another one.
 *
 * @param store The directory of the run.
 * @throws CommandError for a part that cannot be read; those under way end with it.
 */
export async function runWorkers(
  { context, name, configuration, partition, workers, signal }: WorkersScope,
  store: string,
  parts: readonly RunPart[]
): Promise<void> {
  const { settings, terminal } = context
  const { environment, directory } = terminal
  const calls = await makeMachineRateLimit()
  const shared = { name, configuration, partition, settings, directory, store, calls: calls.path }
  const waiting = parts.map(part => ({ part, starts: 0 }))
  const children = new Set<Child>()
  const over = new AbortController()
  const end = AbortSignal.any([signal, over.signal])
  end.addEventListener('abort', () => children.forEach(child => void stopChild(child)), {
    once: true
  })
  const start = (): Child => {
    const warn = (message: string): void => terminal.err(`warning: ${message}`)
    const child = startChild({ worker: WORKER, memoryMb: MEMORY_MB, warn })
    children.add(child)
    return child
  }
  const work = async (): Promise<void> => {
    let child = start()
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (!isAlive(child)) {
          children.delete(child)
          child = start()
        }
        end.throwIfAborted()
        const task: WorkerTask = { ...shared, environment: { ...environment }, part: next.part }
        const isReady = (await child.ready) === 'ready'
        const outcome = isReady ? await runLongTask(child, task, terminal.err) : 'killed'
        end.throwIfAborted()
        if (typeof outcome === 'object') {
          assertRead(outcome.reply)
          continue
        }
        const starts = next.starts + 1
        const { part } = next.part
        if (starts === STARTS_MAX) {
          throw new CommandError(`the process of part ${part} has ended ${STARTS_MAX} times`)
        }
        terminal.err(`the process of part ${part} has ended; the part is begun again`)
        waiting.unshift({ part: next.part, starts })
      }
    } catch (error) {
      over.abort()
      throw error
    } finally {
      await stopChild(child)
    }
  }
  try {
    const ends = await Promise.allSettled(
      Array.from({ length: Math.min(workers, parts.length) }, work)
    )
    signal.throwIfAborted()
    const failed = ends.find(each => each.status === 'rejected' && each.reason !== end.reason)
    if (failed?.status === 'rejected') throw failed.reason
  } finally {
    await calls.remove()
  }
}

function assertRead(reply: unknown): void {
  const isReply = typeof reply === 'object' && reply !== null && 'failure' in reply
  if (isReply && reply.failure === null) return
  throw new CommandError(isReply ? String(reply.failure) : 'a worker has sent no reply')
}
