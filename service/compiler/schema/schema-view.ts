import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaKind } from './schema-kind.ts'

/** A schema as the document has it, and where it is. */
export type LocatedSchema = { readonly schema: JsonValue; readonly at: Pointer }

/**
 * What a Schema Object says once references, `allOf`, null and single choices are resolved. Properties
 * and items are not resolved.
 */
export type SchemaView = {
  /** Where the resolved schema is: equal pointers are one schema. */
  readonly at: Pointer
  /** The Schema Object there, with its extensions. */
  readonly node: JsonObject
  readonly kind: SchemaKind
  readonly format: string
  readonly nullable: boolean
  readonly readOnly: boolean
  readonly writeOnly: boolean
  readonly title: string | null
  readonly description: string | null
  /** In document order, those of `allOf` parts first; own ones win. */
  readonly properties: ReadonlyMap<string, LocatedSchema>
  /** Members that every value must have. */
  readonly required: readonly string[]
  readonly items: LocatedSchema | null
  /** The schema of a map's values (`additionalProperties`); null for none, or an empty one. */
  readonly mapValues: LocatedSchema | null
  /** The alternatives of a `oneOf` or `anyOf` of several objects. */
  readonly choices: readonly LocatedSchema[]
  /** The Discriminator Object. */
  readonly discriminator: { readonly value: JsonObject; readonly at: Pointer } | null
  /** Values of `enum` or `const`. */
  readonly allowed: readonly JsonValue[] | null
}

export type Views = Map<Pointer, SchemaView | undefined>

/** The resolution of one schema. */
export type Walk = {
  readonly compilation: Compilation
  readonly known: Views
  /** Pointers of the schemas that are being resolved, outermost first. */
  readonly around: Set<Pointer>
  /** Resolves another schema; undefined, with a diagnostic, where it cannot be read. */
  view(located: LocatedSchema): SchemaView | undefined
  /** How many choices are among them. */
  choices: number
  steps: number
  /** How often a schema was left out because it is being resolved already. */
  cuts: number
}
