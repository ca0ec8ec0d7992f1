import type { SchemaView } from '../schema/schema-view.ts'

/** What is known of the objects that a write would change. */
export type WrittenResource = {
  /** Words of the path and of the schema, in the singular, and those of the path alone. */
  readonly words: readonly string[]
  readonly pathWords: readonly string[]
  /** The schemas of its objects, as a load or a list shows them. */
  readonly views: readonly SchemaView[]
  /** Names of their members, as `plainName` writes them. */
  readonly names: ReadonlySet<string>
}
