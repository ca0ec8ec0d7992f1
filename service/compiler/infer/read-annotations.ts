import type { Pointer } from '../../base/json-pointer.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import { VERBS } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import { defaultMethod } from '../endpoint/find-operation.ts'
import { pathItems } from '../endpoint/path-items.ts'
import { findTypedSchemas } from '../schema/find-typed-schemas.ts'

/** What a person has written already, which inference leaves as it is. */
export type Annotations = {
  /** Names of types. */
  readonly names: readonly string[]
  /** Whether a schema has keys of a type. */
  isTyped(at: Pointer): boolean
  /** Whether a mapping uses an operation. */
  uses(method: string, path: string): boolean
}

export function readAnnotations(compilation: Compilation): Annotations {
  const typed = findTypedSchemas(compilation)
  const places = new Set(typed.map(({ at }) => at))
  const used = new Set(
    typed.flatMap(({ schema }) =>
      VERBS.flatMap(verb => {
        const given = member(schema, `x-flow-${verb}`)
        const mappings = isJsonArray(given) ? given : [given]
        return mappings.filter(isJsonObject).map(mapping => {
          const path = textMember(mapping, 'path') ?? ''
          const given = textMember(mapping, 'operation')
          const method = given ?? defaultMethod(verb, pathItems(compilation, path))
          return `${method.toUpperCase()} ${path}`
        })
      })
    )
  )
  const names = typed.flatMap(({ schema }) => textMember(schema['x-flow-type'], 'name') ?? [])
  return {
    names,
    isTyped: at => places.has(at),
    uses: (method, path) => used.has(`${method} ${path}`)
  }
}
