import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

import type { JsonValue } from '../base/json.ts'
import type { SampleRecord } from '../model/types.ts'
import { fitSample } from './fit-sample.ts'

/**
 * Why no value was made: too many wait; it took too long; it took too much memory; what came of it does not
 * fit the schema.
 */
export type SampleFault = 'busy' | 'slow' | 'large' | 'unfit'

export type Made = { readonly body: JsonValue } | { readonly fault: SampleFault }

export type SampleThread = {
  /** Makes the value of a sample, after those that wait already. */
  make(sample: SampleRecord): Promise<Made>
  /** Ends the thread; what waits is answered with `busy`. */
  close(): Promise<void>
}

export type SampleLimits = {
  /** Milliseconds for one value, from when the thread begins with it. */
  readonly timeMs: number
  /** Megabytes that the thread may hold. */
  readonly memoryMb: number
  /** Values that may wait while one is made. */
  readonly waiting: number
}

export const USUAL_SAMPLE_LIMITS: SampleLimits = { timeMs: 500, memoryMb: 64, waiting: 16 }

/** Beside this file, and of its kind: a source in a checkout, compiled in a package. */
const WORKER = new URL(`./sample-worker${import.meta.url.slice(-3)}`, import.meta.url)

/**
 * One thread that makes values with json-schema-faker, which some schemas keep busy for ever or feed
 * until memory ends. It starts with the first value, and is replaced when a value had to be given up.
 */
export function createSampleThread(limits: SampleLimits): SampleThread {
  let thread: Promise<Worker> | null = null
  let last: Promise<unknown> = Promise.resolve()
  let open = 0
  let closed = false

  const start = (): Promise<Worker> => {
    const started = startThread(limits.memoryMb)
    const forget = (): void => {
      if (thread === started) thread = null
    }
    started.then(worker => worker.once('exit', forget), forget)
    thread = started
    return started
  }

  const perform = async (sample: SampleRecord): Promise<Made> => {
    if (closed) return { fault: 'busy' }
    const worker = await (thread ?? start())
    const made = await answerOf(worker, sample, limits.timeMs)
    if (made === 'slow' || made === 'large') {
      await worker.terminate()
      return { fault: closed ? 'busy' : made }
    }
    const body = made === null ? undefined : fitSample(sample.schema, made.value)
    return body === undefined ? { fault: 'unfit' } : { body }
  }

  return {
    async make(sample) {
      if (open > limits.waiting) return { fault: 'busy' }
      open++
      const made = last.then(() => perform(sample)).finally(() => open--)
      last = made.catch(() => {})
      return made
    },
    async close() {
      closed = true
      const worker = await thread?.catch(() => null)
      await worker?.terminate()
    }
  }
}

async function startThread(memoryMb: number): Promise<Worker> {
  const worker = new Worker(WORKER, {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16 }
  })
  await once(worker, 'message')
  // Its end is what counts, whatever it died of.
  worker.on('error', () => {})
  return worker
}

/** What the thread makes of a sample: a value, null where it can make none, or why it was given up. */
function answerOf(
  worker: Worker,
  { schema, seed }: SampleRecord,
  timeMs: number
): Promise<{ readonly value: JsonValue } | null | 'slow' | 'large'> {
  return new Promise(resolve => {
    // An answer that has come while this thread was busy is read before the time is called over.
    const timer = setTimeout(() => setImmediate(finish, 'slow'), timeMs)
    const ended = (): void => finish('large')
    const answered = (text: string | null): void =>
      finish(text === null ? null : { value: JSON.parse(text) })
    const finish = (made: { readonly value: JsonValue } | null | 'slow' | 'large'): void => {
      clearTimeout(timer)
      worker.off('message', answered).off('exit', ended)
      resolve(made)
    }
    worker.once('message', answered).once('exit', ended)
    worker.postMessage(JSON.stringify({ schema, seed }))
  })
}
