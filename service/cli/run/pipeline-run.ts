import type { CompiledPipeline } from '../../compiler/manifest/compile-pipeline.ts'
import type { Session } from '../../operations/session.ts'
import type { CommandDocument } from '../document/read-document.ts'
import type { Terminal } from '../terminal.ts'
import type { S3 } from './s3-bucket.ts'

/** A manifest that is run. */
export type PipelineRun = {
  /** FILE as it was typed. */
  readonly name: string
  readonly document: CommandDocument['document']
  readonly pipeline: CompiledPipeline
  readonly session: Session
  readonly s3: S3
  readonly signal: AbortSignal
  readonly terminal: Terminal
}
