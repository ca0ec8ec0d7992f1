import '../base/forget-proto.ts'

import { parentPort, workerData } from 'node:worker_threads'

import type { ErrorObject } from 'ajv'

import { pointer, pointerParts } from '../base/json-pointer.ts'
import type { BrokenRule } from './check-rules.ts'
import { loadParser } from './load-parser.ts'
import { openApiValidator } from './openapi-validator.ts'

/** Keywords whose errors only say that a subschema failed; the subschema's errors say why. */
const COMPOSITE_KEYWORDS = new Set(['oneOf', 'anyOf', 'if', 'not', '$ref'])

/** Number of broken rules to report. */
const REPORTED_MAX = 20

// The parser asks for it, and Node would load its own HTTP client then.
Reflect.deleteProperty(global, 'Headers')

const document = JSON.parse(workerData)
// The parser refuses every document of a later version than 3.1.
const hasRules = !String(document.openapi).startsWith('3.2')
const broken = structureErrors() ?? (hasRules ? await ruleErrors() : [])
parentPort?.postMessage(broken.slice(0, REPORTED_MAX))

/** Checks the document against the OpenAPI schema. @returns Undefined when it is valid. */
function structureErrors(): BrokenRule[] | undefined {
  const check = openApiValidator(String(document.openapi))
  if (check(document)) return undefined
  const errors = (check.errors ?? []).filter(error => !isComposite(error))
  const depths = errors.map(({ instancePath }) => instancePath.split('/').length)
  const deepest = Math.max(...depths)
  // The alternative that validated deepest is the one that the author meant.
  const reported = errors.filter((_, index) => depths[index] === deepest)
  const byText = new Map(
    reported.map(error => [JSON.stringify([error.instancePath, error.message]), error])
  )
  return [...byText.values()].map(error => ({
    message: `the ${describeLocation(error)} ${error.message ?? 'does not fit'}`,
    pointer: pointerOf(error)
  }))
}

function isComposite({ keyword, params }: ErrorObject): boolean {
  return COMPOSITE_KEYWORDS.has(keyword) || params.missingProperty === '$ref'
}

function describeLocation({ instancePath, params }: ErrorObject): string {
  const name = pointerParts(instancePath)?.at(-1) ?? 'document'
  const extra = params.additionalProperty
  return extra === undefined ? `"${name}"` : `"${name}" with "${extra}"`
}

function pointerOf({ instancePath, params }: ErrorObject): string {
  const extra = params.additionalProperty
  return typeof extra === 'string' ? pointer(instancePath, extra) : instancePath
}

/** Checks the parser's rules. Its messages name the operation only in words, so it is read from them. */
async function ruleErrors(): Promise<BrokenRule[]> {
  const { validate } = await loadParser()
  const result = await validate(document, {
    resolve: { external: false, file: false },
    validate: { errors: { colorize: false } }
  })
  const found = [...(result.valid ? [] : result.errors), ...result.warnings]
  return found.map(({ message }) => {
    const text = message.split('\n', 1)[0] ?? message
    const operation = /`?\/paths(\/.*)\/(get|put|post|delete|options|head|patch|trace)\b/.exec(text)
    const [, path = '', method = ''] = operation ?? []
    return { message: text, pointer: operation === null ? '' : pointer('/paths', path, method) }
  })
}
