import { setTimeout as wait } from 'node:timers/promises'

import type { Child } from '../../processes/child-process.ts'
import { isAlive, runLongTask, startChild, stopChild } from '../../processes/child-process.ts'
import type { PartHold } from '../../store/shared-runs.ts'
import type { CommandContext } from '../command.ts'
import { CommandError } from '../terminal.ts'
import type { RunQueue } from './open-run-queue.ts'
import type { PartReply, PartTask, TaskRun } from './part-task.ts'

/** A source file in a checkout, a compiled one in the package, as this file. */
const PART_WORKER = new URL(`./part-worker${import.meta.url.slice(-3)}`, import.meta.url)

/** Memory limit of a process that performs parts (MB). */
const PART_MEMORY_MB = 2_048

/** How often a worker asks whether a part is still its own (ms). */
const HELD_MS = 2_000

/** A process that performs parts, and the run that it has open; null for none. */
export type PartProcess = { readonly child: Child; run: string | null }

/** What performs parts on this machine. */
export type PartScope = CommandContext & {
  readonly queue: RunQueue
  /** Processes that wait for a part. */
  readonly idle: PartProcess[]
  /** Ends the parts under way; others take them up again. */
  readonly stop: AbortSignal
}

/**
 * Performs a part in a process that has its run open, else in another one.
 *
 * @returns `stopped` where the worker is stopped, or the part is no longer its own.
 * @throws CommandError where the process ended.
 */
export async function inProcess(
  run: TaskRun,
  hold: PartHold,
  results: readonly string[],
  { queue, stop, terminal, idle }: PartScope
): Promise<PartReply | 'stopped'> {
  // Else the last one.
  const open = idle.findIndex(each => each.run === run.id)
  const [found = startPartProcess(terminal)] = idle.splice(open, 1)
  const { child } = found
  const over = new AbortController()
  const onStop = (): void => void stopChild(child)
  stop.addEventListener('abort', onStop)
  void watchHold(child, hold, queue, over.signal)
  const onNotice = (text: string): void => {
    if (text.startsWith('warning: ')) terminal.err(`${run.payload.name}: ${text}`)
    // Nothing but what is shown of it is lost.
    queue.runs.tell(hold, text).catch(() => {})
  }
  try {
    const isReady = !stop.aborted && (await child.ready) === 'ready'
    const task: PartTask = { part: hold.part, run: found.run === run.id ? null : run, results }
    found.run = run.id
    const outcome = isReady ? await runLongTask(child, task, onNotice) : null
    if (outcome !== null && typeof outcome === 'object') {
      const reply = replyOf(outcome.reply)
      // A part that is begun again after a failure is not to meet what is open of it.
      if ('failure' in reply) found.run = null
      return reply
    }
    if (stop.aborted || child.isStopping) return 'stopped'
    throw new CommandError('the process of the part has ended')
  } finally {
    over.abort()
    stop.removeEventListener('abort', onStop)
    if (isAlive(child) && !child.isStopping) idle.push(found)
  }
}

function startPartProcess({ err }: CommandContext['terminal']): PartProcess {
  const warn = (message: string): void => err(`warning: ${message}`)
  return {
    child: startChild({ worker: PART_WORKER, memoryMb: PART_MEMORY_MB, warn }),
    run: null
  }
}

/** Ends the process of a part that somebody else has begun since, or whose run was cancelled. */
async function watchHold(
  child: Child,
  hold: PartHold,
  { runs }: RunQueue,
  signal: AbortSignal
): Promise<void> {
  while (await wait(HELD_MS, true, { signal }).catch(() => false)) {
    // Where Redis refuses to say it, it is asked again; only the holder can commit the part anyway.
    const isHeld = await runs.isHeld(hold).catch(() => true)
    // By then, the process may have another part.
    if (!isHeld && !signal.aborted) return stopChild(child)
  }
}

function replyOf(reply: unknown): PartReply {
  const isObject = typeof reply === 'object' && reply !== null
  if (isObject && 'failure' in reply) return { failure: String(reply.failure) }
  if (isObject && 'result' in reply) return { result: String(reply.result) }
  throw new CommandError('the process of the part sent a message that is no reply')
}
