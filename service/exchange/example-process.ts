import { LRUCache } from 'lru-cache'

import type { Askers } from '../base/askers.ts'
import { parseWritten } from '../base/exact-number.ts'
import type { JsonValue } from '../base/json.ts'
import { deepFreeze } from '../base/json.ts'
import type { MadeExampleRecord } from '../model/example-record.ts'
import type { Warn } from '../processes/child-process.ts'
import { createJoinedFlight } from '../processes/joined-flight.ts'
import { createProcessPool } from '../processes/process-pool.ts'

/**
 * Why no example was made: the queue is full, it took too long, it took too much memory, or its process was ended from
 * outside.
 */
export type ExampleFault = 'busy' | 'slow' | 'large' | 'killed'

export type Made = { readonly body: JsonValue } | { readonly fault: ExampleFault }

/**
 * Makes an example from its schema (docs/x-flow.md#generated-examples).
 *
 * @param askers In whose queues it waits; the earliest turn counts.
 */
export type MakeExample = (record: MadeExampleRecord, askers: Askers) => Promise<Made>

export type ExampleProcess = {
  readonly make: MakeExample
  /** Ends the process. Waiting tasks are answered with `busy`. */
  close(): Promise<void>
}

export type ExampleLimits = {
  /** Time for one example, from when the process begins with it (ms). */
  readonly timeMs: number
  /** Memory of the process (MB). */
  readonly memoryMb: number
  /** Examples that wait, of all owners together. */
  readonly waiting: number
  /** Examples of one owner that wait. */
  readonly waitingOfOwner: number
}

export const USUAL_EXAMPLE_LIMITS: ExampleLimits = {
  timeMs: 2_000,
  memoryMb: 64,
  waiting: 1_024,
  waitingOfOwner: 16
}

/** The worker has the extension of this file: .ts in a checkout, .js in a package. */
const WORKER = new URL(`./example-worker${import.meta.url.slice(-3)}`, import.meta.url)

/** How long the process may idle before it ends. */
const IDLE_MS = 10 * 60_000

/** Size of the example cache, in UTF-16 units of JSON. */
const CACHE_MAX = 16 * 1024 * 1024

/** How long a failed example is not tried again. */
const FAULT_MS = 60_000

/**
 * Makes examples in a process of its own, because some patterns make json-schema-faker loop forever or exhaust the
 * memory. The process starts with the first example, and is replaced after one that exceeds its limits.
 */
export function createExampleProcess(limits: ExampleLimits, warn: Warn): ExampleProcess {
  const pool = createProcessPool<string, string>({
    ...limits,
    worker: WORKER,
    processes: 1,
    idleMs: IDLE_MS,
    isReply: message => typeof message === 'string',
    warn
  })
  return {
    async make({ schema, seed, idSeed }, askers) {
      const outcome = await pool.run(JSON.stringify({ schema, seed, idSeed }), askers)
      if ('fault' in outcome) return { fault: outcome.fault === 'closed' ? 'busy' : outcome.fault }
      return { body: parseWritten(outcome.reply) }
    },
    close: () => pool.close()
  }
}

/** Stands for a full queue in a flight. */
const BUSY = Symbol('busy')

/** Faults of an example itself, which will not be over soon. */
const LASTING: ReadonlySet<ExampleFault> = new Set(['slow', 'large'])

/**
 * Caches examples, so that each is made once for all callers. Of faults only those of the example itself are cached,
 * not a full queue, nor a process that was ended from outside.
 *
 * @param now A monotonic clock (ms).
 */
export function cacheExamples(make: MakeExample, now: () => number): MakeExample {
  const flight = createJoinedFlight<Made, MadeExampleRecord>(error => error === BUSY)
  const cache = new LRUCache<MadeExampleRecord, Made>({
    maxSize: CACHE_MAX,
    sizeCalculation: made => JSON.stringify(made).length,
    perf: { now },
    ttlResolution: 0
  })
  const makeAndCache = async (record: MadeExampleRecord, askers: Askers): Promise<Made> => {
    const made = deepFreeze(await make(record, askers))
    if (!('fault' in made)) cache.set(record, made)
    else if (LASTING.has(made.fault)) cache.set(record, made, { ttl: FAULT_MS })
    // Only who has begun it has a full queue.
    else if (made.fault === 'busy') throw BUSY
    return made
  }
  return async (record, askers) => {
    const known = cache.get(record)
    if (known !== undefined) return known
    try {
      return await flight(record, askers, all => makeAndCache(record, all))
    } catch (error) {
      if (error === BUSY) return { fault: 'busy' }
      throw error
    }
  }
}
