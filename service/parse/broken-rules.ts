import type { Pointer } from '../base/json-pointer.ts'
import { follow, pointer, pointerParts } from '../base/json-pointer.ts'
import type { JsonObject } from '../base/json.ts'
import { isJsonObject, textMember } from '../base/json.ts'
import type { BrokenRule } from './check-structure.ts'
import { structureFaults } from './check-structure.ts'
import { loadParser } from './load-parser.ts'
import { VERSION_KEY } from './parser-ajv.ts'
import { readParserMessage } from './parser-words.ts'

/** Most references from one to the next. */
const CHAIN_MAX = 20

/**
 * The rules of the OpenAPI Specification that a document breaks: those of its structure or, where that is right, those
 * of @readme/openapi-parser, which presuppose it. Hostile documents make the latter run endlessly.
 *
 * @param json The document as JSON, without aliases.
 */
export async function brokenRules(json: string): Promise<readonly BrokenRule[]> {
  const document = JSON.parse(json)
  const faults = structureFaults(document)
  if (faults.length > 0) return faults
  const { validate } = await loadParser()
  const result = await validate(
    { ...document, ...changedForParser(document) },
    {
      resolve: { external: false, file: false },
      validate: { errors: { colorize: false } }
    }
  )
  const found = [...(result.valid ? [] : result.errors), ...result.warnings]
  // The parser has resolved the references of its copy.
  const given: JsonObject = JSON.parse(json)
  return found.map(error => {
    const { message } = error
    const isOurs = 'pointer' in error && typeof error.pointer === 'string'
    return isOurs
      ? { message, pointer: placeOf(String(error.pointer), given) }
      : readParserMessage(message, given)
  })
}

/** The place in the document of what stands at a pointer once its references within the document are resolved. */
function placeOf(resolved: Pointer, document: JsonObject): Pointer {
  let at = ''
  for (const part of pointerParts(resolved) ?? []) {
    for (let steps = 0; steps < CHAIN_MAX; steps++) {
      const ref = textMember(follow(document, at), '$ref')
      if (ref === undefined || !ref.startsWith('#/')) break
      at = ref.slice(1)
    }
    at = pointer(at, part)
  }
  return at
}

/** What the parser takes in another form: it knows no version after 3.1, whose rules hold, and no extensions of `paths`. */
function changedForParser({ paths, openapi }: JsonObject): JsonObject {
  const entries = Object.entries(isJsonObject(paths) ? paths : {})
  const kept = entries.filter(([path]) => !path.startsWith('x-'))
  const isLater = /^3\.[2-9]/.test(String(openapi))
  return {
    ...(isJsonObject(paths) && { paths: Object.fromEntries(kept) }),
    ...(isLater && openapi !== undefined && { openapi: '3.1.1', [VERSION_KEY]: openapi })
  }
}
