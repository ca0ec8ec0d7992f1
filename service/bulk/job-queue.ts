import { Queue, WaitingError, Worker } from 'bullmq'

import type { JobRedis } from '../store/job-redis.ts'
import { isRedisReply, redisCode } from '../store/redis-error.ts'

/** A part of a run that somebody has to perform. It has no secrets. */
export type PartJob = { readonly run: string; readonly part: number; readonly round: number }

/** Delivers parts of runs to workers, each at least once, and to another worker where one dies. */
export type JobQueue = {
  /** A job that is in the queue is not added again. */
  add(jobs: readonly PartJob[]): Promise<void>
  /**
   * Performs jobs until it is stopped.
   *
   * @param perform Resolves when the job is over, or to `waiting` when somebody else has to begin it. Where it
   *   throws, the job is delivered again after a second.
   * @param atOnce Jobs at the same time.
   * @returns Takes no more jobs, and resolves when those under way are over.
   */
  work(perform: (job: PartJob) => Promise<'over' | 'waiting'>, atOnce: number): () => Promise<void>
  close(): Promise<void>
}

const QUEUE = { name: 'parts', prefix: 'openapi-flow' } as const

/** A worker is taken for dead when it was not heard of for so long, and is noticed at one of the next two looks (ms). */
const LOCK_MS = 10_000
const LOOK_MS = 5_000

/** How long a worker waits for Redis before it asks again (ms). */
const AWAY_MS = 1_000

/** Jobs that are added by one command. */
const ADDED_AT_ONCE = 500

const AGAIN_MS = 1_000

/** Who begins a part counts how often; BullMQ need not. */
const ALWAYS = Number.MAX_SAFE_INTEGER

/**
 * Opens the queue in Redis.
 *
 * @param warn Told once of each refusal of Redis, after which a command is repeated.
 */
export function openJobQueue(redis: JobRedis, warn: (message: string) => void): JobQueue {
  const told = new Set<string>()
  // A lost connection is followed by another one.
  const onError = (error: Error): void => {
    const code = isRedisReply(error) ? redisCode(error) : null
    if (code === null || told.has(code)) return
    told.add(code)
    warn(`Redis refuses a command of the queue (${code})`)
  }

  const { name, prefix } = QUEUE
  // The version of Redis and what it does with full memory are looked at before.
  const connecting = { connection: redis, prefix, skipVersionCheck: true } as const
  const queue = new Queue<PartJob>(name, connecting)
  queue.on('error', onError)
  return {
    async add(jobs) {
      for (let start = 0; start < jobs.length; start += ADDED_AT_ONCE) {
        await queue.addBulk(jobs.slice(start, start + ADDED_AT_ONCE).map(described))
      }
    },
    work(perform, atOnce) {
      const worker = new Worker<PartJob>(
        name,
        async (job, token) => {
          if ((await perform(job.data)) === 'over') return
          await job.moveToWait(token)
          throw new WaitingError()
        },
        {
          ...connecting,
          ...{ concurrency: atOnce, maxStalledCount: ALWAYS },
          ...{ lockDuration: LOCK_MS, stalledInterval: LOOK_MS, runRetryDelay: AWAY_MS }
        }
      )
      worker.on('error', onError)
      return () => worker.close()
    },
    close: () => queue.close()
  }
}

function described(data: PartJob) {
  const { run, part, round } = data
  const opts = {
    ...{ jobId: `${run}-${part}-${round}`, attempts: ALWAYS, backoff: AGAIN_MS },
    ...{ removeOnComplete: true, removeOnFail: true }
  }
  return { name: 'part', data, opts }
}
