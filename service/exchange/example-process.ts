import { LRUCache } from 'lru-cache'

import type { JsonValue } from '../base/json.ts'
import { COMMON_OWNER } from '../base/owner.ts'
import { deepFreeze, dictionary, isJsonArray, isJsonObject, member } from '../base/json.ts'
import type { MadeExampleRecord, MadeExampleSchema } from '../model/example-record.ts'
import type { Warn } from '../processes/child-process.ts'
import { createProcessPool } from '../processes/process-pool.ts'

/**
 * Why no example was made: the queue is full, it took too long, it took too much memory, or the value does not
 * fit the schema.
 */
export type ExampleFault = 'busy' | 'slow' | 'large' | 'unfit'

export type Made = { readonly body: JsonValue } | { readonly fault: ExampleFault }

/** Makes an example from its schema (docs/x-flow.md#generated-examples). */
export type MakeExample = (record: MadeExampleRecord) => Promise<Made>

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
  /** Length of the queue. */
  readonly waiting: number
}

export const USUAL_EXAMPLE_LIMITS: ExampleLimits = { timeMs: 500, memoryMb: 64, waiting: 16 }

/** The worker has the extension of this file: .ts in a checkout, .js in a package. */
const WORKER = new URL(`./example-worker${import.meta.url.slice(-3)}`, import.meta.url)

/** How long the process may idle before it ends. */
const IDLE_MS = 10 * 60_000

/** Size of the example cache, in UTF-16 units of JSON. */
const CACHE_MAX = 16 * 1024 * 1024

/** How long a failed example is not tried again. */
const FAULT_MS = 60_000

/** Digits that a `multipleOf` value is rounded to, so that 0.1 + 0.2 is 0.3. */
const DIGITS = 12

/**
 * Runs json-schema-faker in a process of its own, because some schemas make it loop forever or exhaust the
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
    async make({ schema, seed }) {
      const outcome = await pool.run(JSON.stringify({ schema, seed }), COMMON_OWNER)
      if ('fault' in outcome) return { fault: outcome.fault === 'closed' ? 'busy' : outcome.fault }
      const made = outcome.reply === '' ? undefined : JSON.parse(outcome.reply)
      const body = fitMadeExample(schema, made)
      return body === undefined ? { fault: 'unfit' } : { body }
    },
    close: () => pool.close()
  }
}

/**
 * Caches examples, so that each is made once for all callers. A full queue is not cached.
 *
 * @param now A monotonic clock (ms).
 */
export function cacheExamples(make: MakeExample, now: () => number): MakeExample {
  const isBusy = (made: Made): boolean => 'fault' in made && made.fault === 'busy'
  const cache = new LRUCache<MadeExampleRecord, Made>({
    maxSize: CACHE_MAX,
    // A size above the maximum keeps a value out of the cache.
    sizeCalculation: made => (isBusy(made) ? CACHE_MAX + 1 : JSON.stringify(made).length),
    perf: { now },
    ttlResolution: 0,
    // Waiting callers get their example even if it is evicted meanwhile.
    ignoreFetchAbort: true,
    async fetchMethod(record, _, { options }) {
      const made = deepFreeze(await make(record))
      if ('fault' in made) options.ttl = FAULT_MS
      return made
    }
  })
  return record => cache.forceFetch(record)
}

/**
 * Fits a made value to its schema: restores the digits of constants, rounds binary fractions, and drops what the
 * schema does not name. Undefined if a part is missing or of another type.
 */
export function fitMadeExample(
  schema: MadeExampleSchema,
  value: JsonValue | undefined
): JsonValue | undefined {
  if ('const' in schema) return schema.const
  switch (schema.type) {
    case 'object':
      return isJsonObject(value) ? fitMembers(schema.properties, value) : undefined
    case 'array': {
      if (!isJsonArray(value) || value.length < schema.minItems) return undefined
      const items = value.slice(0, schema.maxItems).map(item => fitMadeExample(schema.items, item))
      return items.every(item => item !== undefined) ? items : undefined
    }
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'integer':
      return Number.isSafeInteger(value) ? value : undefined
    case 'number': {
      if (typeof value !== 'number') return undefined
      return schema.multipleOf === undefined ? value : Number(value.toPrecision(DIGITS))
    }
    default:
      return schema satisfies never
  }
}

function fitMembers(
  properties: { readonly [key: string]: MadeExampleSchema },
  value: JsonValue
): JsonValue | undefined {
  const members = dictionary<JsonValue>()
  for (const [key, schema] of Object.entries(properties)) {
    const fitted = fitMadeExample(schema, member(value, key))
    if (fitted === undefined) return undefined
    members[key] = fitted
  }
  return members
}
