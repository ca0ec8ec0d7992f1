import { registerHooks } from 'node:module'

import { PARSER_AJV } from './parser-ajv.ts'
import { BETTER_ERRORS, PARSER_ERRORS } from './parser-errors.ts'

type Parser = typeof import('@readme/openapi-parser')

/** Modules that @readme/openapi-parser gets in place of those that it names. */
const REPLACED: { readonly [name: string]: string } = {
  'ajv-draft-04': PARSER_AJV,
  'ajv/dist/2020.js': PARSER_AJV,
  [BETTER_ERRORS]: PARSER_ERRORS
}

/**
 * Loads @readme/openapi-parser with the structure of `check-structure.ts` in place of Ajv and the schemas of OpenAPI. With
 * its own, loading it and the first call of `validate` take ten times as long.
 */
export async function loadParser(): Promise<Parser> {
  const parser = import.meta.resolve('@readme/openapi-parser')
  const hooks = registerHooks({
    resolve(name, context, next) {
      const url = context.parentURL === parser ? REPLACED[name] : undefined
      return url === undefined ? next(name, context) : { url, shortCircuit: true }
    }
  })
  try {
    return await import('@readme/openapi-parser')
  } finally {
    hooks.deregister()
  }
}
