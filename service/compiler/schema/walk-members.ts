import type { Pointer } from '../../base/json-pointer.ts'
import type { Compilation } from '../compilation.ts'
import type { LocatedSchema, SchemaView } from './view-schema.ts'

/** How many members inside each other a walk visits, and how many schemas. */
const LEVELS_MAX = 4
const SCHEMAS_MAX = 500

/**
 * Visits the members of objects inside each other, up to four levels deep, the least nested first. A schema is
 * not visited inside of itself.
 *
 * @param visit Called for each member of each object; returns the objects of which the members come next.
 */
export function walkMembers<Node extends { readonly view: SchemaView }>(
  compilation: Compilation,
  roots: readonly Node[],
  visit: (above: Node, key: string, located: LocatedSchema) => readonly Node[]
): void {
  const open = roots.map(node => ({ node, around: [] as readonly Pointer[] }))
  let seen = 0
  for (const { node, around } of open) {
    const { at, kind, properties } = node.view
    if (kind !== 'object' || around.includes(at) || around.length === LEVELS_MAX) continue
    for (const [key, located] of properties) {
      if (++seen > SCHEMAS_MAX || !compilation.afford(1)) return
      for (const below of visit(node, key, located)) {
        open.push({ node: below, around: [...around, at] })
      }
    }
  }
}
