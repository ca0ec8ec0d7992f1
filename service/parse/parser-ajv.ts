import type { ErrorObject } from 'ajv'

import { openApiValidator } from './openapi-validator.ts'

/** Where the parser is to find the class below. */
export const PARSER_AJV = import.meta.url

/** Takes the place of Ajv in @readme/openapi-parser, which would compile the schema of OpenAPI itself. */
class ParserAjv {
  errors: ErrorObject[] | null = null

  /** @param document Its version decides on the schema, as it does in the parser. */
  validate(_schema: object, document: { readonly openapi: string }): boolean {
    const validator = openApiValidator(document.openapi)
    const isValid = validator(document)
    this.errors = validator.errors ?? null
    return isValid
  }
}

// biome-ignore lint/style/noDefaultExport: the parser imports it as it imports Ajv.
export { ParserAjv as default }
