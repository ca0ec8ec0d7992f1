import { isJsonObject } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import { operationsOf } from './find-operation.ts'
import { pathItems } from './path-items.ts'
import type { DeclaredOperation } from './types.ts'

/** The operations of a document in its order. Of two Path Items of a path the first declaration of a method counts. */
export function declaredOperations(compilation: Compilation): DeclaredOperation[] {
  const { paths } = compilation.root
  return Object.keys(isJsonObject(paths) ? paths : {})
    .filter(path => path.startsWith('/'))
    .flatMap(path => {
      const items = pathItems(compilation, path)
      const operations = items.flatMap(operationsOf)
      const first = new Map(operations.toReversed().map(each => [each.name.toLowerCase(), each]))
      return [...first.values()].toReversed().map(
        ({ name, value, at }): DeclaredOperation => ({
          method: name.toUpperCase(),
          path,
          items,
          operation: value,
          at
        })
      )
    })
}
