import { RE2JS } from 're2js'

/** Whether a name is to be cataloged. */
export type NameFilter = (name: string) => boolean

/** A filter pattern of a workflow file. */
export type FilterPattern = {
  readonly includes?: readonly string[]
  readonly excludes?: readonly string[]
}

/**
 * Makes the filter of a pattern (docs/catalog.md#filters): a name passes if it matches one of `includes`, or there are
 * none, and none of `excludes`. Expressions begin at the start of the name and ignore its letter case. They are matched
 * in linear time.
 *
 * @param pattern Of expressions without a `patternFault`.
 */
export function createNameFilter({ includes = [], excludes = [] }: FilterPattern = {}): NameFilter {
  const [taken, left] = [includes.map(compile), excludes.map(compile)]
  const matches = (expressions: readonly RE2JS[], name: string): boolean =>
    expressions.some(expression => expression.matcher(name).lookingAt())
  return name => (taken.length === 0 || matches(taken, name)) && !matches(left, name)
}

/** Why an expression cannot be used; null if it can. */
export function patternFault(expression: string): string | null {
  try {
    compile(expression)
    return null
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'unknown'
  }
}

function compile(expression: string): RE2JS {
  return RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE)
}
