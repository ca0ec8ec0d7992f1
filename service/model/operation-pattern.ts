import type { LinearPattern } from '../base/linear-pattern.ts'
import { linearPattern, patternFault } from '../base/linear-pattern.ts'

/** A pattern of operations: of their tags, of their paths, or of both. */
export type OperationPattern = { readonly of: 'tag' | 'path' | null; readonly fits: LinearPattern }

/**
 * Reads a pattern of operations (docs/x-flow.md#include-and-exclude): `tag:` or `path:` in front say what it is for.
 *
 * @param line One without an `operationPatternFault`.
 */
export function operationPattern(line: string): OperationPattern {
  const { of, expression } = split(line)
  return { of, fits: linearPattern(expression) }
}

/** Why a pattern cannot be used; null if it can. */
export function operationPatternFault(line: string): string | null {
  return patternFault(split(line).expression)
}

function split(line: string): Pick<OperationPattern, 'of'> & { readonly expression: string } {
  const [, word = '', expression = ''] = /^(?:(tag|path):)?\s*(.*)$/is.exec(line) ?? []
  const of = word.toLowerCase()
  return { of: of === 'tag' || of === 'path' ? of : null, expression }
}
