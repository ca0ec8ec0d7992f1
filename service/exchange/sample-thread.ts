import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

import type { JsonValue } from '../base/json.ts'
import { withDeadline } from '../net/deadline.ts'
import type { SampleRecord } from '../model/types.ts'
import { fitSample } from './fit-sample.ts'
