import type { PartJob } from '../../bulk/job-queue.ts'
import { stopChild } from '../../processes/child-process.ts'
import type { CommandContext, CommandInput } from '../command.ts'
import { describeFailure } from '../describe-failure.ts'
import { tellFailure } from '../stop-signal.ts'
import type { ExitCode } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'
import { openRunQueue } from './open-run-queue.ts'
import type { WorkerScope } from './perform-part.ts'
import { performPart, WorkerUnfit } from './perform-part.ts'
import { AT_ONCE } from './worker-command.ts'

/** Parts at the same time on one machine. */
const AT_ONCE_MAX = 64

/**
 * `openapi-flow worker`: performs the parts of queued runs until it is stopped (docs/pipelines.md#workers). Parts under way are
 * then taken up by others.
 *
 * @returns 0 after a signal, 1 after an uncaught failure.
 * @throws CommandError for a wrong number, without `REDIS_URL`, where Redis does not answer, and for a `STORE_KEY` that is
 *   not that of the runs.
 */
export async function runWorker(input: CommandInput, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context
  const atOnce = wholeNumber(AT_ONCE, input.value(AT_ONCE) ?? '1', 1, AT_ONCE_MAX)
  const queue = await openRunQueue(context)
  const stop = new AbortController()
  const scope: WorkerScope = {
    ...context,
    ...{ queue, idle: [], known: new Map(), stop: stop.signal }
  }
  const unfit = Promise.withResolvers<WorkerUnfit>()
  const perform = async (job: PartJob): Promise<'over' | 'waiting'> => {
    try {
      return await performPart(job, scope)
    } catch (error) {
      if (error instanceof WorkerUnfit) unfit.resolve(error)
      else if (!stop.signal.aborted) terminal.err(againOf(job, error))
      throw error
    }
  }
  const end = queue.jobs.work(perform, atOnce)
  terminal.err('waiting for parts of runs')
  const reason = await Promise.race([terminal.untilStopped(), unfit.promise])
  const ended = end()
  stop.abort()
  await ended
  await Promise.all(scope.idle.map(({ child }) => stopChild(child)))
  await queue.close()
  if (reason instanceof WorkerUnfit) throw reason
  tellFailure(reason, terminal)
  return typeof reason === 'object' ? 1 : 0
}

/** What is said of a part that could not be performed, and is begun again. */
function againOf({ run, part }: PartJob, error: unknown): string {
  return `warning: part ${part} of run ${run} is begun again: ${describeFailure(error)}`
}
