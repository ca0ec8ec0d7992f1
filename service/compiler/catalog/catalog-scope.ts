import type { JsonValue } from '../../base/json.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import type { MappingScope } from '../endpoint/types.ts'
import type { FieldTree } from './field-tree.ts'
import type { Texts } from './short-text.ts'

/** What all entries of a catalog share. */
export type CatalogScope = {
  readonly scope: MappingScope
  readonly fields: FieldTree
  readonly texts: Texts
  /** The mappings of flow types by the key of their endpoint. */
  readonly mappings: ReadonlyMap<string, readonly MappingRecord[]>
  /** An example that is short enough to be shown; undefined for any other. */
  readonly shown: (example: JsonValue | undefined) => JsonValue | undefined
}

/** Most characters of one example as JSON, and of all of a catalog. */
const EXAMPLE_MAX = 10_000
const EXAMPLES_MAX = 2_000_000

/** Passes short examples on while all of them are not too long. */
export function createExampleFilter(): CatalogScope['shown'] {
  let left = EXAMPLES_MAX
  return example => {
    const { length } = example === undefined ? '' : JSON.stringify(example)
    if (length > Math.min(left, EXAMPLE_MAX)) return undefined
    left -= length
    return example
  }
}
