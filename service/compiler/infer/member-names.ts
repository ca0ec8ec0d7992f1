import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewAlternatives, viewSchema } from '../schema/view-schema.ts'

/** Members under which some APIs keep what an object has, beside its id and type. */
const HOLDERS = ['attributes', 'properties', 'fields']

/** The names of the members of an object, in all its forms, and of what it has in a member of its own. */
export function memberNames(compilation: Compilation, view: SchemaView): string[] {
  return viewAlternatives(compilation, view).flatMap(({ properties }) => {
    const held = HOLDERS.flatMap(name => properties.get(name) ?? [])
    const inner = held.flatMap(located => [
      ...(viewSchema(compilation, located)?.properties.keys() ?? [])
    ])
    return [...properties.keys(), ...inner]
  })
}
