import { isJsonArray, member } from '../base/json.ts'
import type { OperationPatterns } from '../model/compile-options.ts'
import type { OperationPattern } from '../model/operation-pattern.ts'
import { operationPattern } from '../model/operation-pattern.ts'
import type { DeclaredOperation } from './endpoint/types.ts'

/** Whether an operation is used. */
export type OperationChoice = (operation: Pick<DeclaredOperation, 'path' | 'operation'>) => boolean

/**
 * Chooses operations by patterns of their paths and tags (docs/x-flow.md#include-and-exclude): those that one of
 * `include` fits, or all without any, but for those that one of `exclude` fits.
 */
export function chooseOperations({ include, exclude }: OperationPatterns): OperationChoice {
  const [included, excluded] = [include.map(operationPattern), exclude.map(operationPattern)]
  return ({ path, operation }) => {
    const given = member(operation, 'tags')
    const tags = isJsonArray(given) ? given.filter(tag => typeof tag === 'string') : []
    const fits = (pattern: OperationPattern): boolean =>
      (pattern.of !== 'tag' && pattern.fits(path)) ||
      (pattern.of !== 'path' && tags.some(pattern.fits))
    return (included.length === 0 || included.some(fits)) && !excluded.some(fits)
  }
}
