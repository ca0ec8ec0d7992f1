import { parentPort } from 'node:worker_threads'

import { generateSync } from 'json-schema-faker'

import type { SampleRecord } from '../model/types.ts'

/** Deeper than any copy of a schema is: the generator is not to cut what the copy has. */
const DEPTH_MAX = 100

parentPort?.on('message', (task: string) => parentPort?.postMessage(makeSample(JSON.parse(task))))
parentPort?.postMessage('ready')

/** JSON text of a value; null where none can be made. */
function makeSample({ schema, seed }: SampleRecord): string | null {
  const options = { seed, alwaysFakeOptionals: true, maxDepth: DEPTH_MAX }
  try {
    return JSON.stringify(generateSync({ ...schema }, options)) ?? null
  } catch {
    // Schemas that contradict themselves end in errors of many kinds.
    return null
  }
}
