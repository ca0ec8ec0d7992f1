import { createRequire } from 'node:module'

/** What the parser imports, and where it is to find the function below. */
export const BETTER_ERRORS = '@readme/better-ajv-errors'
export const PARSER_ERRORS = import.meta.url

/** Takes the place of that package in @readme/openapi-parser: loads it once there are errors to describe. */
function betterAjvErrors(...args: readonly unknown[]): unknown {
  const require = createRequire(import.meta.resolve('@readme/openapi-parser'))
  return require(BETTER_ERRORS)(...args)
}

// biome-ignore lint/style/noDefaultExport: the parser imports it as it imports that package.
export { betterAjvErrors as default }
