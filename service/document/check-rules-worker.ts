import { parentPort, workerData } from 'node:worker_threads'

import { validate } from '@readme/openapi-parser'

const result = await validate(JSON.parse(workerData), {
  resolve: { external: false, file: false },
  validate: { errors: { colorize: false } }
}).catch(() => null)

const errors = result === null || result.valid ? [] : result.errors
const found = result === null ? null : [...errors, ...result.warnings]
parentPort?.postMessage(found?.map(({ message }) => message) ?? null)
