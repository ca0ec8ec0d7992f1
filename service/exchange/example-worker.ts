import '../base/forget-proto.ts'

import { generateSync } from 'json-schema-faker'

import type { MadeExampleRecord } from '../model/example-record.ts'
import { answerTasks } from '../processes/answer-tasks.ts'

/** Deeper than any compiled schema, so that the generator cuts nothing. */
const DEPTH_MAX = 100

answerTasks((task: string) => makeExample(JSON.parse(task)))

/** Returns JSON text, blank if no value can be made. */
function makeExample({ schema, seed }: MadeExampleRecord): string {
  const options = { seed, alwaysFakeOptionals: true, maxDepth: DEPTH_MAX }
  try {
    return JSON.stringify(generateSync(JSON.parse(JSON.stringify(schema)), options)) ?? ''
  } catch {
    // A contradictory schema makes the generator throw errors of many kinds.
    return ''
  }
}
