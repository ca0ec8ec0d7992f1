import type { JobQueue } from '../../bulk/job-queue.ts'
import { openJobQueue } from '../../bulk/job-queue.ts'
import { evictionPolicy, openJobRedis } from '../../store/job-redis.ts'
import { createSealer, readKeys } from '../../store/sealer.ts'
import type { SharedRun, SharedRuns } from '../../store/shared-runs.ts'
import { createSharedRuns } from '../../store/shared-runs.ts'
import type { CommandContext } from '../command.ts'
import { CommandError } from '../terminal.ts'

/** The runs that workers share, and the queue of their parts. */
export type RunQueue = {
  readonly runs: SharedRuns
  readonly jobs: JobQueue
  close(): Promise<void>
}

/** How long Redis may take to answer for the first time (ms). */
const CONNECT_MS = 5_000

/**
 * Opens the queue in the Redis of `REDIS_URL` (docs/pipelines.md#queue).
 *
 * @throws CommandError without `REDIS_URL`, or where Redis does not answer.
 */
export async function openRunQueue({ settings, terminal }: CommandContext): Promise<RunQueue> {
  const { REDIS_URL, STORE_KEY } = settings
  const keys = readKeys(STORE_KEY) ?? []
  if (REDIS_URL === '' || keys.length === 0) {
    throw new CommandError('a queue needs REDIS_URL and STORE_KEY, the same for all workers')
  }
  const redis = await openJobRedis(REDIS_URL, CONNECT_MS)
  if (redis === null) throw new CommandError('the Redis of REDIS_URL does not answer')
  const policy = await evictionPolicy(redis)
  if (policy !== 'noeviction') {
    terminal.err(
      `warning: Redis may evict runs and jobs when its memory is full; set its maxmemory-policy to noeviction, not ${policy}`
    )
  }
  const jobs = openJobQueue(redis)
  return {
    runs: createSharedRuns(redis, createSealer(keys)),
    jobs,
    async close() {
      await jobs.close()
      redis.disconnect()
    }
  }
}

/** Adds the parts of a run to the queue that wait, the last one if all others are done. */
export async function addWaiting(
  { jobs }: Pick<RunQueue, 'jobs'>,
  { id, round, parts, done }: SharedRun,
  waiting: readonly number[]
): Promise<void> {
  const last = parts - 1
  const ready = waiting.filter(part => part !== last || done === last)
  await jobs.add(ready.map(part => ({ run: id, part, round })))
}
