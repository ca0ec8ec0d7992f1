/** How a list of a manifest is read on from the last time (docs/pipelines.md#incremental). */
export type IncrementalRecord = {
  /** JSON name of the field whose greatest value is kept. */
  readonly field: string
  /** The parameter of the query that takes it in the next read. */
  readonly param: string
  /** The file that keeps it. */
  readonly state: string
}
