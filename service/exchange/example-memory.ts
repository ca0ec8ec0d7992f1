import { LRUCache } from 'lru-cache'

import { deepFreeze } from '../base/deep-freeze.ts'
import type { SampleRecord } from '../model/example-record.ts'
import type { Made, SampleProcess } from './example-process.ts'

/** Makes the value of a sample, or says why it could not. */
export type MakeSample = (sample: SampleRecord) => Promise<Made>

/** UTF-16 units of JSON that are remembered at the most; what was not used for longest goes first. */
const REMEMBERED_MAX = 16 * 1024 * 1024

/** Milliseconds for which a sample that could not be made is not tried again. */
const FAULT_MS = 60_000

/**
 * Makes each sample once: those who ask while it is made wait for the same value, those who come later are
 * given it. That too many waited is not remembered.
 *
 * @param now The clock, in milliseconds.
 */
export function rememberSamples({ make }: SampleProcess, now: () => number): MakeSample {
  const known = new LRUCache<SampleRecord, Made>({
    maxSize: REMEMBERED_MAX,
    sizeCalculation: made => JSON.stringify(made).length,
    perf: { now },
    ttlResolution: 0
  })
  const pending = new Map<SampleRecord, Promise<Made>>()

  const makeFirst = async (sample: SampleRecord): Promise<Made> => {
    const made = deepFreeze(await make(sample))
    if ('body' in made) known.set(sample, made)
    else if (made.fault !== 'busy') known.set(sample, made, { ttl: FAULT_MS })
    return made
  }

  return async sample => {
    const found = known.get(sample)
    if (found !== undefined) return found
    const waited = pending.get(sample)
    if (waited !== undefined) return waited
    const first = makeFirst(sample).finally(() => pending.delete(sample))
    pending.set(sample, first)
    return first
  }
}
