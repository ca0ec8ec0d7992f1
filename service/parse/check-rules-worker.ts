import '../base/forget-proto.ts'

import { parentPort, workerData } from 'node:worker_threads'

import { pointer } from '../base/json-pointer.ts'
import type { BrokenRule } from './check-structure.ts'
import { structureFaults } from './check-structure.ts'
import { loadParser } from './load-parser.ts'
import { VERSION_KEY } from './parser-ajv.ts'

/** The operation that a message of the parser begins with. */
const OPERATION = /^\/paths(\/.*)\/(get|put|post|delete|options|head|patch|trace)\b/

// The parser asks for it, and Node would load its own HTTP client then.
Reflect.deleteProperty(global, 'Headers')

const document = JSON.parse(workerData)
const faults = structureFaults(document)
// The rules presuppose the structure.
parentPort?.postMessage(faults.length > 0 ? faults : await ruleErrors())

/** Checks the parser's rules. Its messages name the operation only in words, so it is read from them. */
async function ruleErrors(): Promise<BrokenRule[]> {
  const { validate } = await loadParser()
  // The parser knows no version after 3.1; its rules hold for 3.2, too.
  const isLater = /^3\.[2-9]/.test(String(document.openapi))
  const result = await validate(
    isLater ? { ...document, openapi: '3.1.1', [VERSION_KEY]: document.openapi } : document,
    {
      resolve: { external: false, file: false },
      validate: { errors: { colorize: false } }
    }
  )
  const found = [...(result.valid ? [] : result.errors), ...result.warnings]
  return found.map(error => {
    const { message } = error
    if ('pointer' in error && typeof error.pointer === 'string') {
      return { message, pointer: error.pointer }
    }
    const text = message.split('\n', 1)[0] ?? message
    const operation = OPERATION.exec(text.slice(Math.max(text.indexOf('/paths/'), 0)))
    const [, path = '', method = ''] = operation ?? []
    return { message: text, pointer: operation === null ? '' : pointer('/paths', path, method) }
  })
}
