import type { OperationPatterns } from '../model/compile-options.ts'
import { chooseOperations } from './choose-operations.ts'
import type { Compilation } from './compilation.ts'
import { findOperation } from './endpoint/find-operation.ts'
import type { DeclaredMapping, NamedTypes } from './schema/named-types.ts'

/**
 * Leaves out the mappings whose operations are not chosen, and the types of which none remains
 * (docs/x-flow.md#include-and-exclude).
 */
export function chooseTypes(
  compilation: Compilation,
  { types, nameAt }: NamedTypes,
  options: OperationPatterns
): NamedTypes {
  if (options.include.length === 0 && options.exclude.length === 0) return { types, nameAt }
  const isChosen = chooseOperations(options)
  const isUsed = (mapping: DeclaredMapping): boolean =>
    isChosen(findOperation(compilation, mapping))
  const chosen = types.flatMap(type => {
    const mappings = type.mappings.filter(isUsed)
    return mappings.length === 0 && type.mappings.length > 0 ? [] : [{ ...type, mappings }]
  })
  const names = new Set(chosen.map(({ name }) => name))
  return {
    types: chosen,
    nameAt: new Map([...nameAt].filter(([, name]) => names.has(name)))
  }
}
