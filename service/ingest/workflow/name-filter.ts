import { RE2JS } from 're2js'

/** Whether a name is to be cataloged. */
export type NameFilter = (name: string) => boolean

/** A filter pattern of a workflow file; null for none. */
export type FilterPattern = {
  readonly includes?: readonly string[] | null
  readonly excludes?: readonly string[] | null
} | null

/**
 * Makes the filter of a pattern (docs/catalog.md#filters): a name passes if it matches one of `includes`, or there are
 * none, and none of `excludes`. Expressions begin at the start of the name and ignore its letter case. They are matched
 * in linear time.
 *
 * @throws PatternError for an expression that cannot be read.
 */
export function createNameFilter(pattern: FilterPattern | undefined): NameFilter {
  const includes = (pattern?.includes ?? []).map(compile)
  const excludes = (pattern?.excludes ?? []).map(compile)
  const matches = (expressions: readonly RE2JS[], name: string): boolean =>
    expressions.some(expression => expression.matcher(name).lookingAt())
  return name => (includes.length === 0 || matches(includes, name)) && !matches(excludes, name)
}

/** An expression of a filter that cannot be read. The message says why. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/** Why an expression cannot be used; null if it can. */
export function patternFault(expression: string): string | null {
  try {
    compile(expression)
    return null
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

function compile(expression: string): RE2JS {
  try {
    return RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read'
    throw new PatternError(reason.replace(/^error parsing regexp: /, ''))
  }
}
