import type { EndpointRecord } from './endpoint-record.ts'
import type { FieldRecord } from './field-record.ts'
import type { MappingRecord } from './mapping-record.ts'
import type { TypeRecord } from './type-record.ts'

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

/** An output of a manifest that is written to an API (docs/pipelines.md#api-outputs). */
export type ApiOutput = {
  readonly name: string
  /** The name of the input whose rows it takes. */
  readonly input: string
  readonly endpoint: EndpointRecord
  readonly mapping: MappingRecord
  /** The fields that are written; null for all that the rows of the input have. */
  readonly type: TypeRecord | null
  /** The file of the rows that were not written. */
  readonly rejects: string
  /** Most requests at once. */
  readonly concurrency: number
}
