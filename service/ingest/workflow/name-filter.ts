import type { LinearPattern } from '../../base/linear-pattern.ts'
import { linearPattern } from '../../base/linear-pattern.ts'

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
  const [taken, left] = [includes.map(linearPattern), excludes.map(linearPattern)]
  const matches = (patterns: readonly LinearPattern[], name: string): boolean =>
    patterns.some(fits => fits(name))
  return name => (taken.length === 0 || matches(taken, name)) && !matches(left, name)
}
