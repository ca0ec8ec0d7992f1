import type { JsonObject } from '../base/json.ts'
import { textMember } from '../base/json.ts'
import type { BrokenRule } from './check-structure.ts'
import { structureFaults } from './check-structure.ts'

/** Where the parser is to find the class below. */
export const PARSER_AJV = import.meta.url

/** An extension with the version of a document whose `openapi` is not its own. */
export const VERSION_KEY = 'x-checked-as'

type ParserError = BrokenRule & { readonly instancePath: string }

/** Takes the place of Ajv in @readme/openapi-parser, which has resolved the references of the document. */
class ParserAjv {
  errors: ParserError[] | null = null

  validate(_schema: object, document: JsonObject): boolean {
    const faults = structureFaults(document, textMember(document, VERSION_KEY))
    this.errors = faults.map(fault => ({ ...fault, instancePath: fault.pointer }))
    return faults.length === 0
  }
}

// biome-ignore lint/style/noDefaultExport: the parser imports it as it imports Ajv.
export { ParserAjv as default }
