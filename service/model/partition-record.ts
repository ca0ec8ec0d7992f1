/** How an input is cut into parts that can be read by themselves (docs/pipelines.md#partitions). */
export type PartitionRecord = RangePartition | IdPartition | PagePartition

/** Ranges of the values of a field: whole numbers, days, or seconds. */
export type RangePartition = {
  readonly by: 'range'
  /** The JSON name of the field. */
  readonly field: string
  readonly kind: 'number' | 'date' | 'date-time'
  /** The least value, and the one above the greatest, as `1`, `2025-01-01` or `2025-01-01T00:00:00Z`. */
  readonly from: string
  readonly to: string
  readonly count: number
  /** The parameters of the query that take the bounds; null for none. */
  readonly fromParam: string | null
  readonly toParam: string | null
}

/** Values of a variable, such as the ids of parents, for each of which there is a list. */
export type IdPartition = {
  readonly by: 'ids'
  readonly variable: string
  /** The values, or the file that has one a line. */
  readonly ids: readonly string[] | { readonly file: string }
  readonly count: number
}

/** Pages of a list that is paged by offset or page number. */
export type PagePartition = {
  readonly by: 'pages'
  /** The first page and the last one, counted from 1. What follows the last one belongs to the last part. */
  readonly from: number
  readonly to: number
  readonly count: number
}
