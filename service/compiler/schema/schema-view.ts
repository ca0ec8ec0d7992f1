import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaKind, Structure } from './schema-kind.ts'

/** A schema as the document has it, and where it is. */
export type LocatedSchema = {
  readonly schema: JsonValue
  readonly at: Pointer
  /** What an earlier part of an `allOf` says of the same property, items or values. */
  readonly under?: LocatedSchema
  /** The property is of `then`, `else`, `dependentSchemas` or one of several choices: no other is changed by it. */
  readonly conditional?: true
}

/**
 * What a Schema Object says once references, `allOf`, null and single choices are resolved. Properties
 * and items are not resolved.
 */
export type SchemaView = {
  /** Where the resolved schema is: equal pointers are one schema. */
  readonly at: Pointer
  /** The Schema Object there, with its extensions. */
  readonly node: JsonObject
  /** What it says of its values, keyword by keyword over all of its parts; without schemas. */
  readonly keywords: JsonObject
  /** What its `properties` or `items` imply without a `type`. */
  readonly structure: Structure | null
  readonly kind: SchemaKind
  readonly format: string
  readonly nullable: boolean
  /** A choice allows null. */
  readonly nullChoice: boolean
  /** A choice allows empty text and nothing else, as what clears the value. */
  readonly blankChoice: boolean
  /** Null is the only value. */
  readonly onlyNull: boolean
  readonly readOnly: boolean
  readonly writeOnly: boolean
  readonly title: string | null
  readonly description: string | null
  /** In document order, those of `allOf` parts first. Without those that nothing fits. */
  readonly properties: ReadonlyMap<string, LocatedSchema>
  /** The names of properties that nothing fits. */
  readonly absent: ReadonlySet<string>
  /** Members that every value must have. */
  readonly required: readonly string[]
  readonly items: LocatedSchema | null
  /** The schema of a map's values (`additionalProperties`); null for none, or an empty one. */
  readonly mapValues: LocatedSchema | null
  /** The alternatives of a `oneOf` or `anyOf` of several objects. */
  readonly choices: readonly LocatedSchema[]
  /** All alternatives, also those of other kinds; without null, empty text, and those that nothing fits. */
  readonly alternatives: readonly LocatedSchema[]
  /** The Discriminator Object. */
  readonly discriminator: { readonly value: JsonObject; readonly at: Pointer } | null
  /** Values of `enum` or `const`, also those of all alternatives. */
  readonly allowed: readonly JsonValue[] | null
  /** Titles of allowed values, by their text. */
  readonly titles: ReadonlyMap<string, string>
}

/** By pointer; a property that several parts declare has a view of its own. */
export type Views = Map<Pointer | LocatedSchema, SchemaView | undefined>

/** The resolution of one schema. */
export type Walk = {
  readonly compilation: Compilation
  readonly known: Views
  /** The schemas that are being resolved, outermost first. */
  readonly around: Set<Pointer | LocatedSchema>
  /** Resolves another schema; undefined, with a diagnostic, where it cannot be read. */
  view(located: LocatedSchema): SchemaView | undefined
  /** How many choices are among them. */
  choices: number
  steps: number
  /** How often a schema was left out because it is being resolved already. */
  cuts: number
}

/** A schema of one value, such as a text, or of what may be one. */
type ScalarView = SchemaView & { readonly kind: Exclude<SchemaKind, 'object' | 'array'> }

export function isScalar(view: SchemaView | undefined): view is ScalarView {
  return view !== undefined && view.kind !== 'object' && view.kind !== 'array'
}
