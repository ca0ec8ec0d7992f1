import { splitPath } from '../../base/dotted-path.ts'
import type { AnswerStep } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewAlternatives, viewSchema } from '../schema/view-schema.ts'

/** The schema at the end of a path, and the members that lead there. */
export type SchemaWay = {
  readonly steps: readonly AnswerStep[]
  /** As the document has it, and resolved. */
  readonly located: LocatedSchema
  readonly view: SchemaView
}

/**
 * Follows a dotted path through a schema and its alternatives, first as one member; undefined where the schema
 * does not show it.
 */
export function followSchema(
  compilation: Compilation,
  schema: LocatedSchema,
  path: string
): SchemaWay | undefined {
  let located = schema
  let view = viewSchema(compilation, schema)
  const steps: AnswerStep[] = []
  const keys = view?.properties.has(path) === true ? [path] : splitPath(path)
  for (const [index, key] of keys.entries()) {
    const holders = view === undefined ? [] : viewAlternatives(compilation, view)
    const holder = holders.find(({ properties }) => properties.has(key))
    const inside = holder?.properties.get(key)
    const held = inside && viewSchema(compilation, inside)
    if (holder === undefined || inside === undefined || held === undefined) return undefined
    // What leads to the list may be null where the schema says so.
    const mayBeNull = index < keys.length - 1 && held.nullable
    const required = holder.required.includes(key) && !mayBeNull
    steps.push({ key, required, members: [...holder.properties.keys()] })
    located = inside
    view = held
  }
  return view && { steps, located, view }
}
