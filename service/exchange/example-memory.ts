import { LRUCache } from 'lru-cache'

import { deepFreeze } from '../base/deep-freeze.ts'
import type { MadeExampleRecord } from '../model/example-record.ts'
import type { Made, ExampleProcess } from './example-process.ts'

/** Makes an example, or says why it could not. */
export type MakeExample = (record: MadeExampleRecord) => Promise<Made>

/** UTF-16 units of JSON that are remembered at the most; what was not used for longest goes first. */
const REMEMBERED_MAX = 16 * 1024 * 1024

/** Milliseconds for which an example that could not be made is not tried again. */
const FAULT_MS = 60_000

/**
 * Makes each example once: those who ask while it is made wait for the same value, those who come later are
 * given it. That too many waited is not remembered.
 *
 * @param now The clock, in milliseconds.
 */
export function rememberExamples({ make }: ExampleProcess, now: () => number): MakeExample {
  const known = new LRUCache<MadeExampleRecord, Made>({
    maxSize: REMEMBERED_MAX,
    sizeCalculation: made => JSON.stringify(made).length,
    perf: { now },
    ttlResolution: 0
  })
  const pending = new Map<MadeExampleRecord, Promise<Made>>()

  const makeFirst = async (record: MadeExampleRecord): Promise<Made> => {
    const made = deepFreeze(await make(record))
    if ('body' in made) known.set(record, made)
    else if (made.fault !== 'busy') known.set(record, made, { ttl: FAULT_MS })
    return made
  }

  return async record => {
    const found = known.get(record)
    if (found !== undefined) return found
    const waited = pending.get(record)
    if (waited !== undefined) return waited
    const first = makeFirst(record).finally(() => pending.delete(record))
    pending.set(record, first)
    return first
  }
}
