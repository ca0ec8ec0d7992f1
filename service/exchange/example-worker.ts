import '../base/forget-proto.ts'

import { parseWritten } from '../base/exact-number.ts'
import type { MadeExampleRecord } from '../model/example-record.ts'
import { answerTasks } from '../processes/answer-tasks.ts'
import { makeExample } from './made/make-example.ts'

answerTasks((task: string) => JSON.stringify(makeExample(parseWritten<MadeExampleRecord>(task))))
