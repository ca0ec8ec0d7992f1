import '../base/forget-proto.ts'

import { generateSync } from 'json-schema-faker'

import type { MadeExampleRecord } from '../model/example-record.ts'
import { answerTasks } from '../processes/answer-tasks.ts'

/** Deeper than any copy of a schema is: the generator is not to cut what the copy has. */
const DEPTH_MAX = 100

answerTasks((task: string) => makeExample(JSON.parse(task)))

/** JSON text of a value; blank where none can be made. */
function makeExample({ schema, seed }: MadeExampleRecord): string {
  const options = { seed, alwaysFakeOptionals: true, maxDepth: DEPTH_MAX }
  try {
    return JSON.stringify(generateSync({ ...schema }, options)) ?? ''
  } catch {
    // Schemas that contradict themselves end in errors of many kinds.
    return ''
  }
}
