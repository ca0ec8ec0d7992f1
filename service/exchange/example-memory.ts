import { LRUCache } from 'lru-cache'

import { deepFreeze } from '../base/json.ts'
import type { MadeExampleRecord } from '../model/example-record.ts'
import type { ExampleProcess, Made } from './example-process.ts'

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
  const examples = new LRUCache<MadeExampleRecord, Made>({
    maxSize: REMEMBERED_MAX,
    // What is larger than all may be is not kept.
    sizeCalculation: made => (isBusy(made) ? REMEMBERED_MAX + 1 : JSON.stringify(made).length),
    perf: { now },
    ttlResolution: 0,
    // Those who wait are answered though it makes room meanwhile.
    ignoreFetchAbort: true,
    async fetchMethod(record, _, { options }) {
      const made = deepFreeze(await make(record))
      if ('fault' in made) options.ttl = FAULT_MS
      return made
    }
  })
  return record => examples.forceFetch(record)
}

function isBusy(made: Made): boolean {
  return 'fault' in made && made.fault === 'busy'
}
