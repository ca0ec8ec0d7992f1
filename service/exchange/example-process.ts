import type { ChildProcess } from 'node:child_process'

import type { JsonValue } from '../base/json.ts'
import type { MadeExampleRecord } from '../model/example-record.ts'
import { endedChild, startedChild } from '../processes/child-process.ts'
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

/** What the process says to an example: JSON text, blank where it made none, or why it was given up. */
type Reply = { readonly text: string } | 'slow' | 'large'

/**
 * One process that makes values with json-schema-faker, which some schemas keep busy for ever or feed
 * until memory ends. It starts with the first value, and is replaced when a value had to be given up.
 */
export function createExampleProcess(limits: ExampleLimits): ExampleProcess {
  let running: Promise<ChildProcess> | null = null
  let last: Promise<unknown> = Promise.resolve()
  let open = 0
  let closed = false

  const start = (): Promise<ChildProcess> => {
    const started = startedChild(WORKER, {
      execArgv: [`--max-old-space-size=${limits.memoryMb}`]
    })
    const forget = (): void => {
      if (running === started) running = null
    }
    started.then(child => child.once('exit', forget), forget)
    running = started
    return started
  }

  const perform = async (record: MadeExampleRecord): Promise<Made> => {
    if (closed) return { fault: 'busy' }
    const child = await (running ?? start())
    const reply = await replyOf(child, record, limits.timeMs)
    if (reply === 'slow') await endedChild(child)
    if (typeof reply === 'string') return { fault: closed ? 'busy' : reply }
    const made = reply.text === '' ? undefined : JSON.parse(reply.text)
    const body = fitMadeExample(record.schema, made)
    return body === undefined ? { fault: 'unfit' } : { body }
  }

  return {
    async make(record) {
      if (open > limits.waiting) return { fault: 'busy' }
      open++
      const made = last.then(() => perform(record)).finally(() => open--)
      last = made.catch(() => {})
      return made
    },
    async close() {
      closed = true
      const child = await running?.catch(() => null)
      if (child) await endedChild(child)
    }
  }
}

function replyOf(
  child: ChildProcess,
  { schema, seed }: MadeExampleRecord,
  timeMs: number
): Promise<Reply> {
  return new Promise(resolve => {
    // An answer that came while this process was busy is read before the time is called over.
    const timer = setTimeout(() => setImmediate(finish, 'slow'), timeMs)
    const ended = (): void => finish('large')
    const answered = (text: unknown): void => finish({ text: String(text) })
    const finish = (reply: Reply): void => {
      clearTimeout(timer)
      child.off('message', answered).off('exit', ended)
      resolve(reply)
    }
    child.once('message', answered).once('exit', ended)
    child.send(JSON.stringify({ schema, seed }), () => {})
  })
}
