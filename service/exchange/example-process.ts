import type { JsonValue } from '../base/json.ts'
import type { MadeExampleRecord } from '../model/example-record.ts'
import type { Warn } from '../processes/child-process.ts'
import { createProcessPool } from '../processes/process-pool.ts'
import { fitMadeExample } from './fit-made-example.ts'

/**
 * Why no value was made: too many wait; it took too long; it took too much memory; what came of it does not
 * fit the schema.
 */
export type ExampleFault = 'busy' | 'slow' | 'large' | 'unfit'

export type Made = { readonly body: JsonValue } | { readonly fault: ExampleFault }

export type ExampleProcess = {
  /** Makes an example, after those that wait already. */
  make(record: MadeExampleRecord): Promise<Made>
  /** Ends the process; what waits is answered with `busy`. */
  close(): Promise<void>
}

export type ExampleLimits = {
  /** Milliseconds for one value, from when the process begins with it. */
  readonly timeMs: number
  /** Megabytes that the process may hold. */
  readonly memoryMb: number
  /** Values that may wait while one is made. */
  readonly waiting: number
}

export const USUAL_EXAMPLE_LIMITS: ExampleLimits = { timeMs: 500, memoryMb: 64, waiting: 16 }

/** Beside this file, and of its kind: a source in a checkout, compiled in a package. */
const WORKER = new URL(`./example-worker${import.meta.url.slice(-3)}`, import.meta.url)

/** Milliseconds without work after which the process ends. */
const IDLE_MS = 10 * 60_000

/**
 * One process that makes values with json-schema-faker, which some schemas keep busy for ever or feed
 * until memory ends. It starts with the first value, and is replaced when a value had to be given up.
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
      const outcome = await pool.run(JSON.stringify({ schema, seed }), '')
      if ('fault' in outcome) return { fault: outcome.fault === 'closed' ? 'busy' : outcome.fault }
      const made = outcome.reply === '' ? undefined : JSON.parse(outcome.reply)
      const body = fitMadeExample(schema, made)
      return body === undefined ? { fault: 'unfit' } : { body }
    },
    close: () => pool.close()
  }
}
