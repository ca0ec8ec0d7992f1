import { createRequire } from 'node:module'

import type { ErrorObject } from 'ajv'

const require = createRequire(import.meta.url)

/** Checks a document against the schema of its OpenAPI version. */
export type OpenApiValidator = {
  (document: unknown): boolean
  /** What the last document broke; null when it fitted. */
  errors?: ErrorObject[] | null
}

/**
 * Loads the validator of a version. It was compiled ahead by `npm run validators`, because that takes Ajv
 * longer than anything else that a command does.
 *
 * @param version Such as `3.1.0`. Versions later than 3.2 fit no schema.
 */
export function openApiValidator(version: string): OpenApiValidator {
  if (version.startsWith('3.2')) return require('../../validators/openapi-3.2.cjs')
  return version.startsWith('3.0')
    ? require('../../validators/openapi-3.0.cjs')
    : require('../../validators/openapi-3.1.cjs')
}
