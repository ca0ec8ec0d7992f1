import '../base/forget-proto.ts'

import { parentPort, workerData } from 'node:worker_threads'

import { brokenRules } from './broken-rules.ts'

// The parser asks for it, and Node would load its own HTTP client then.
Reflect.deleteProperty(global, 'Headers')

parentPort?.postMessage(await brokenRules(workerData))
