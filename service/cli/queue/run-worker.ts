import type { Child } from '../../processes/child-process.ts'
import { stopChild } from '../../processes/child-process.ts'
import type { CommandContext, CommandInput } from '../command.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { openRunQueue } from './open-run-queue.ts'
import { performPart } from './perform-part.ts'
import { AT_ONCE } from './worker-command.ts'

/** Parts at the same time on one machine. */
const AT_ONCE_MAX = 64

/**
 * `openapi-flow worker`: performs the parts of queued runs until it is stopped (docs/pipelines.md#workers). Parts under way are
 * then taken up by others.
 *
 * @returns 0 after a signal, 1 after an uncaught failure.
 * @throws CommandError for a wrong number, without `REDIS_URL`, or where Redis does not answer.
 */
export async function runWorker(input: CommandInput, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context
  const atOnce = atOnceOf(input.value(AT_ONCE) ?? '1')
  const queue = await openRunQueue(context)
  const stop = new AbortController()
  const idle: Child[] = []
  const scope = { ...context, queue, idle, stop: stop.signal }
  const end = queue.jobs.work(job => performPart(job, scope), atOnce)
  terminal.err('waiting for parts of runs')
  const reason = await terminal.untilStopped()
  const ended = end()
  stop.abort()
  await ended
  await Promise.all(idle.map(stopChild))
  await queue.close()
  return typeof reason === 'object' ? 1 : 0
}

function atOnceOf(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= AT_ONCE_MAX) return number
  throw new CommandError(`${AT_ONCE.name} "${text}" is no whole number from 1 to ${AT_ONCE_MAX}`)
}
