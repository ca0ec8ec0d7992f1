import { randomUUID } from 'node:crypto'

import type { PartJob } from '../../bulk/job-queue.ts'
import type { PartHold } from '../../store/shared-runs.ts'
import type { CommandContext } from '../command.ts'
import { CommandError } from '../terminal.ts'
import type { RunQueue } from './open-run-queue.ts'
import { addWaiting } from './open-run-queue.ts'
import type { PartScope } from './part-process.ts'
import { inProcess } from './part-process.ts'
import type { TaskRun } from './part-task.ts'
import type { RunPayload } from './run-payload.ts'
import { readPayload } from './run-payload.ts'

/** How often a part is begun at most, by workers that die. */
const STARTS_MAX = 20

/** Runs that a worker has in mind. */
const KNOWN_MAX = 16

/** A worker, and the runs that it has read, the latest last. */
export type WorkerScope = PartScope & { readonly known: Map<string, RunPayload> }

/** A worker can perform nothing, and ends. The message is for the user. */
export class WorkerUnfit extends CommandError {}

/**
 * Performs a part of a run in another process, so that one that is busy holds up nothing else, and commits it if nobody
 * else has begun it since.
 *
 * @returns `waiting` when the worker was stopped meanwhile.
 * @throws WorkerUnfit for a run of another `STORE_KEY`; CommandError where the process of the part ended. The part is to be
 *   begun again.
 */
export async function performPart(job: PartJob, scope: WorkerScope): Promise<'over' | 'waiting'> {
  const { queue, stop, terminal, known } = scope
  const { runs } = queue
  const payload = await payloadOf(job.run, scope)
  // Redis has lost the run.
  if (payload === null) return 'over'
  const hold: PartHold = { run: job.run, part: job.part, token: randomUUID() }
  const starts = await runs.begin(hold, job.round)
  if (starts === 0) return addLast(job, queue)
  const { name, parts } = payload
  const isLast = job.part === parts.length
  const part = isLast ? 'the last step' : `part ${job.part} of ${parts.length}`
  const tell = (what: string): void => terminal.err(`${name}: ${part} ${what}`)
  if (starts > STARTS_MAX) {
    const reason = `it was begun ${STARTS_MAX} times`
    await runs.fail(hold, reason)
    tell(`failed: ${reason}`)
    return 'over'
  }
  const results = isLast ? [...(await runs.results(job.run)).values()] : []
  tell(`begins, run ${job.run}`)
  const reply = await inProcess(taskRun(job.run, payload, scope), hold, results, scope)
  if (reply === 'stopped') {
    if (stop.aborted) return 'waiting'
    tell('is stopped: somebody else has begun it since, or the run was cancelled')
    return 'over'
  }
  if ('failure' in reply) {
    known.delete(job.run)
    await runs.fail(hold, reply.failure)
    tell(`failed: ${reply.failure}`)
    return 'over'
  }
  const isCommitted = await runs.commit(hold, reply.result)
  tell(
    isCommitted
      ? 'is done'
      : 'is not committed: somebody else has begun it since, or the run was cancelled'
  )
  return addLast(job, queue)
}

/** The last part becomes a job when all others are done, also after a worker died between the two. */
async function addLast({ run, part }: PartJob, queue: RunQueue): Promise<'over'> {
  const found = await queue.runs.find(run)
  const last = (found?.parts ?? 0) - 1
  if (found !== null && part !== last && found.done === last) {
    await addWaiting(queue, found, [last])
  }
  return 'over'
}

/**
 * What a worker needs of a run; null for one that is not known.
 *
 * @throws WorkerUnfit for one that is sealed with another key.
 */
async function payloadOf(
  run: string,
  { queue: { runs }, known }: WorkerScope
): Promise<RunPayload | null> {
  const read = known.get(run)
  if (read !== undefined) return read
  const text = await runs.text(run)
  if (text === undefined) {
    if ((await runs.find(run)) === null) return null
    throw new WorkerUnfit(
      'this worker has another STORE_KEY than the command that gave the run; set the same on all machines'
    )
  }
  const payload = readPayload(text)
  known.set(run, payload)
  const [oldest] = known.keys()
  if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest)
  return payload
}

function taskRun(id: string, payload: RunPayload, { settings, terminal }: WorkerScope): TaskRun {
  return { id, payload, settings, environment: s3Environment(terminal) }
}

/** Who signs for S3 is a matter of each machine. */
function s3Environment({ environment }: CommandContext['terminal']): TaskRun['environment'] {
  const names = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && /^(AWS_|HOME$|USERPROFILE$)/.test(name) ? [[name, value] as const] : []
  )
  return Object.fromEntries(names)
}
