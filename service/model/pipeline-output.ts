import type { FieldRecord } from './field-record.ts'

/** The formats in which a pipeline writes files. */
export const FILE_FORMATS = ['json', 'csv', 'parquet', 'delta'] as const

/** What becomes of the rows that are there. The first is the usual. */
export const WRITE_MODES = ['overwrite', 'append'] as const

/** An output of a manifest that is written as a file or a table (docs/pipelines.md#file-outputs). */
export type PipelineOutput = {
  readonly name: string
  /** The name of the input whose rows it takes. */
  readonly input: string
  readonly format: (typeof FILE_FORMATS)[number]
  readonly path: string
  readonly mode: (typeof WRITE_MODES)[number]
  /** Null where `schema` does not declare them. */
  readonly fields: readonly FieldRecord[] | null
}
