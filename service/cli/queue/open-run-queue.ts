import type { JobQueue } from '../../bulk/job-queue.ts'
import { openJobQueue } from '../../bulk/job-queue.ts'
import { StoreUnavailable } from '../../store/entry.ts'
import type { JobRedis } from '../../store/job-redis.ts'
import { evictionPolicy, openJobRedis } from '../../store/job-redis.ts'
import { isRefusedUser } from '../../store/redis-error.ts'
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
  const redis = await openJobRedis(REDIS_URL, CONNECT_MS).catch(error => {
    throw error instanceof StoreUnavailable ? new CommandError(faultOf(error.message)) : error
  })
  const warning = await evictionWarning(redis)
  if (warning !== null) terminal.err(`warning: ${warning}`)
  const jobs = openJobQueue(redis, message => terminal.err(`warning: ${message}`))
  return {
    runs: createSharedRuns(redis, createSealer(keys)),
    jobs,
    async close() {
      await jobs.close()
      redis.disconnect()
    }
  }
}

/** @param reason The code by which Redis, or the system, refused. */
function faultOf(reason: string): string {
  return isRefusedUser(reason)
    ? `the Redis of REDIS_URL refuses its user or password (${reason})`
    : `the Redis of REDIS_URL does not answer (${reason})`
}

/** What has to be said of how Redis treats full memory; null for nothing. */
async function evictionWarning(redis: JobRedis): Promise<string | null> {
  const needed = 'set its maxmemory-policy to noeviction'
  try {
    const policy = await evictionPolicy(redis)
    if (policy === 'noeviction') return null
    return `Redis may evict runs and jobs when its memory is full; ${needed}, not ${policy}`
  } catch (error) {
    if (error instanceof StoreUnavailable) {
      return `Redis does not say whether it may evict runs and jobs (${error.message}); ${needed}`
    }
    redis.disconnect()
    throw error
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
