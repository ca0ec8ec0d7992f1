import { plainName } from '../../base/plain-name.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { isScalar } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'

/** The members of an object that hold one value, by their names as `plainName` writes them. */
export function scalarMembers(
  compilation: Compilation,
  { properties }: SchemaView
): ReadonlyMap<string, string> {
  const scalars = [...properties].flatMap(([key, located]) => {
    const held = viewSchema(compilation, located)
    return isScalar(held) && held.kind !== 'any' && held.kind !== 'mixed'
      ? [[plainName(key), key] as const]
      : []
  })
  return new Map(scalars)
}
