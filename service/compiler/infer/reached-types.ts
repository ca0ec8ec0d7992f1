import type { Pointer } from '../../base/json-pointer.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewAlternatives, viewItems, viewSchema } from '../schema/view-schema.ts'
import { componentOf } from './resource-words.ts'

/** Most component schemas that become types because others refer to them. */
const TYPES_MAX = 2_000

/**
 * The component schemas of objects that schemas refer to, however deep, by their pointers: each is a type of its own
 * under its key, so that nothing is unfolded (docs/x-flow.md#inference).
 *
 * @param isTyped Whether a schema is a type already.
 */
export function reachedTypes(
  compilation: Compilation,
  roots: readonly SchemaView[],
  isTyped: (at: Pointer) => boolean
): ReadonlyMap<Pointer, string> {
  const found = new Map<Pointer, string>()
  const visited = new Set<Pointer>()
  const open = [...roots]
  for (const view of open) {
    if (visited.has(view.at) || found.size >= TYPES_MAX) continue
    visited.add(view.at)
    for (const located of [...view.properties.values(), ...view.choices]) {
      if (!compilation.afford(1)) return found
      const held = viewSchema(compilation, located)
      const inner = held && (viewItems(compilation, held) ?? held)
      if (inner === undefined) continue
      const name = componentOf(inner)
      const isObject = inner.kind === 'object' && inner.properties.size > 0
      if (isObject && name !== undefined && !isTyped(inner.at)) found.set(inner.at, name)
      for (const choice of viewAlternatives(compilation, inner)) open.push(choice)
    }
  }
  return found
}
