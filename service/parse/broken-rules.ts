import type { JsonObject } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import type { BrokenRule } from './check-structure.ts'
import { structureFaults } from './check-structure.ts'
import { loadParser } from './load-parser.ts'
import { VERSION_KEY } from './parser-ajv.ts'
import { readParserMessage } from './parser-words.ts'

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
    return isOurs ? { message, pointer: String(error.pointer) } : readParserMessage(message, given)
  })
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
